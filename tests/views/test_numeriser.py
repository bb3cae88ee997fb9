"""Scanning from the « Documents » tab, against a scanner on loopback: pages come to the tray, a fault says how to go on."""

from importlib.util import find_spec

import pytest
from PySide6.QtWidgets import QInputDialog

from guichet.documents.sources.decouverte import Trouve
from tests.documents.faux_escl import FauxEscl
from tests.documents.test_escl import _feuille
from tests.views.outils import au_calme, cliquer, coupes, photographier


@pytest.fixture
def numeriser(qtbot, fenetre_sur):
    def ouvrir(*peau):
        fenetre, page = fenetre_sur("documents", *peau)
        _vider(qtbot, fenetre, page)
        dialogue = page.numeriser()
        qtbot.waitUntil(dialogue.isVisible)
        return fenetre, page, dialogue

    return ouvrir


def _vider(qtbot, fenetre, page):
    """Take away what an agent who left during a test had in his tray: it is found again before any other file is read."""
    repris = []
    fenetre.poste.taches.fichiers(lambda: None, repris.append)
    qtbot.waitUntil(lambda: bool(repris))
    if page.presenter.pages:
        page.presenter.retirer(range(len(page.presenter.pages)))


def _commencer(qtbot, dialogue, faux):
    dialogue.adresse.setText(faux.adresse)
    dialogue.source.setCurrentIndex(1)
    cliquer(qtbot, dialogue, "Numériser")


def test_a_jam_keeps_its_pages_and_the_rest_comes_after(qtbot, numeriser):
    _, page, dialogue = numeriser()
    with FauxEscl(_feuille, 3, adf="ScannerAdfJam", page={3: 409}) as faux:
        _commencer(qtbot, dialogue, faux)
        qtbot.waitUntil(lambda: "coincée" in dialogue.message.text())
        assert "Les 2 pages reçues sont gardées." in dialogue.message.text()
        qtbot.waitUntil(lambda: len(page.presenter.pages) == 2)
        faux.fautes.clear()
        faux.feuilles = 1
        cliquer(qtbot, dialogue, "Reprendre à la page 3")
        qtbot.waitUntil(lambda: "3 page(s) ajoutée(s)" in dialogue.message.text())
    qtbot.waitUntil(lambda: len(page.presenter.pages) == 3)
    assert [page.bac.item(n).text() for n in range(3)] == ["Page numérisée 1", "Page numérisée 2", "Page numérisée 3"]
    dialogue.reject()
    page.presenter.annuler()
    assert len(page.presenter.pages) == 2, "a scanned page is undone as any other"


def test_a_pile_is_turned_over_for_its_backs(qtbot, numeriser):
    """The feeder gives the backs from the last sheet to the first; they are put where they belong, in one step that is undone in one."""
    _, page, dialogue = numeriser()
    with FauxEscl(_feuille, 3) as faux:
        _commencer(qtbot, dialogue, faux)
        qtbot.waitUntil(dialogue.versos.isVisible)
        assert "retournez la pile" in dialogue.message.text()
        qtbot.waitUntil(lambda: len(page.presenter.pages) == 3)
        rectos = [p.contenu for p in page.presenter.pages]
        faux.feuilles = 3
        cliquer(qtbot, dialogue, "Numériser les versos")
        qtbot.waitUntil(lambda: "3 feuille(s) recto verso" in dialogue.message.text())
    pages = page.presenter.pages
    assert [p.nom for p in pages] == [f"Page numérisée {n}" for n in range(1, 7)]
    assert [p.contenu for p in pages[::2]] == rectos
    dialogue.reject()
    page.presenter.annuler()
    assert [p.nom for p in page.presenter.pages[3:]] == ["Verso 1", "Verso 2", "Verso 3"]
    assert [p.contenu for p in pages[1::2]] == [p.contenu for p in page.presenter.pages[:2:-1]], "the last sheet's back comes first"


def test_a_back_that_is_missing_moves_nothing_and_is_told(qtbot, numeriser):
    _, page, dialogue = numeriser()
    with FauxEscl(_feuille, 3) as faux:
        _commencer(qtbot, dialogue, faux)
        qtbot.waitUntil(dialogue.versos.isVisible)
        faux.feuilles = 2
        cliquer(qtbot, dialogue, "Numériser les versos")
        qtbot.waitUntil(lambda: "3 recto(s) mais 2 verso(s)" in dialogue.message.text())
    assert [p.nom for p in page.presenter.pages] == [*(f"Page numérisée {n}" for n in (1, 2, 3)), "Verso 1", "Verso 2"]
    dialogue.reject()


def test_a_scan_is_stopped_and_what_came_stays(qtbot, numeriser):
    _, page, dialogue = numeriser()
    with FauxEscl(_feuille, 30, attend=0.2) as faux:
        _commencer(qtbot, dialogue, faux)
        qtbot.waitUntil(lambda: len(page.presenter.pages) >= 1)
        assert not dialogue.lancer.isEnabled()
        cliquer(qtbot, dialogue, "Arrêter")
        qtbot.waitUntil(lambda: "arrêtée" in dialogue.message.text())
        assert 1 <= len(page.presenter.pages) < 30
        assert not faux.travaux
    dialogue.reject()


def test_closing_the_dialog_ends_the_scan(qtbot, numeriser):
    _, page, dialogue = numeriser()
    with FauxEscl(_feuille, 30, attend=0.2) as faux:
        _commencer(qtbot, dialogue, faux)
        qtbot.waitUntil(lambda: len(page.presenter.pages) >= 1)
        dialogue.reject()
        qtbot.waitUntil(lambda: not dialogue.presenter.en_cours)
        assert not faux.travaux


def test_pages_that_come_after_the_agent_left_are_not_the_next_one_s(qtbot, numeriser):
    fenetre, page, dialogue = numeriser()
    with FauxEscl(_feuille, 30, attend=0.2) as faux:
        _commencer(qtbot, dialogue, faux)
        qtbot.waitUntil(lambda: len(page.presenter.pages) >= 1)
        presenter = page.presenter
        fenetre.poste.sortir()
        assert presenter.pages == ()
        qtbot.waitUntil(lambda: not faux.travaux)
        au_calme(qtbot, fenetre)
        assert presenter.pages == ()


@pytest.mark.exigence("DOC-03")
@pytest.mark.skipif(find_spec("sane") is None, reason="python-sane is not there; `make sane` builds it, CI does")
def test_a_scanner_plugged_in_is_found_and_read(qtbot, numeriser, monkeypatch, tmp_path):
    """SANE's own test device, as a USB scanner would be."""
    (tmp_path / "dll.d").mkdir()
    (tmp_path / "dll.conf").write_text("test\n")
    (tmp_path / "test.conf").write_text("number_of_devices 1\ngeometry_max 300.0\nresolution_max 600.0\n")
    monkeypatch.setenv("SANE_CONFIG_DIR", str(tmp_path))
    monkeypatch.setattr("guichet.documents.sources.decouverte.chercher", list)
    _, page, dialogue = numeriser()
    cliquer(qtbot, dialogue, "Chercher les numériseurs")
    qtbot.waitUntil(lambda: "Noname frontend-tester : prêt" in dialogue.message.text())
    cliquer(qtbot, dialogue, "Numériser")
    qtbot.waitUntil(lambda: "1 page(s) ajoutée(s)" in dialogue.message.text())
    assert len(page.presenter.pages) == 1
    dialogue.reject()


@pytest.mark.parametrize(("trouves", "dit", "adresse"), [
    ([], "Aucun numériseur n'est branché", ""),
    ([Trouve("Copieur", "http://10.0.0.3:80/eSCL")], "Copieur : prêt", "http://10.0.0.3:80/eSCL"),
    ([Trouve("Accueil", "http://10.0.0.4:80/eSCL"), Trouve("Copieur", "http://10.0.0.3:80/eSCL")], "Accueil : prêt", "http://10.0.0.4:80/eSCL"),
])  # fmt: skip
def test_scanners_are_looked_for(qtbot, numeriser, monkeypatch, trouves, dit, adresse):
    """What the network answers is tried in tests/documents/test_escl.py; here, what becomes of it."""
    monkeypatch.setattr("guichet.documents.sources.decouverte.chercher", lambda: trouves)
    monkeypatch.setattr("guichet.documents.sources.decouverte.chercher_ici", list)
    _, _, dialogue = numeriser()
    dialogue.adresse.clear()
    cliquer(qtbot, dialogue, "Chercher les numériseurs")
    qtbot.waitUntil(lambda: dit in dialogue.message.text())
    assert dialogue.adresse.text() == adresse
    assert dialogue.trouves.isVisible() == (len(trouves) > 1)
    if dialogue.trouves.isVisible():
        dialogue.trouves.setCurrentIndex(1)
        dialogue.trouves.activated.emit(1)
        assert dialogue.adresse.text() == "http://10.0.0.3:80/eSCL"
    qtbot.waitUntil(lambda: coupes(dialogue) == [])  # what was just said takes its place
    dialogue.reject()


@pytest.mark.parametrize("saisie", ["", "   ", "ftp://x", "deux mots"])
def test_an_address_that_is_none_is_asked_for(qtbot, numeriser, saisie):
    _, page, dialogue = numeriser()
    dialogue.adresse.setText(saisie)
    cliquer(qtbot, dialogue, "Numériser")
    assert "Donnez l'adresse du numériseur" in dialogue.message.text()
    assert page.presenter.pages == ()
    dialogue.reject()


@pytest.mark.parametrize("peau", [("clair", 100), ("contraste", 200)])
def test_the_dialog_cuts_nothing_even_with_its_longest_fault(qtbot, numeriser, peau):
    _, _, dialogue = numeriser(*peau, (1280, 720))
    dialogue._arreter(
        "Le numériseur dit avoir lu plus de pages qu'il n'en a rendu. Comparez avec les feuilles, puis reprenez à la page qui manque. "
        "Les 12 pages reçues sont gardées."
    )
    qtbot.waitUntil(lambda: coupes(dialogue) == [])
    photographier(dialogue, f"numeriser-{peau[0]}-{peau[1]}")
    dialogue.reject()


def test_settings_are_taken_by_their_name_kept_and_forgotten(qtbot, numeriser, monkeypatch):
    page, dialogue = numeriser()[1:]
    liste = dialogue.profils.liste

    def choisir(nom):
        liste.setCurrentIndex(liste.findText(nom))
        liste.activated.emit(liste.currentIndex())

    def reglages(dialogue):
        return dialogue.source.currentData(), dialogue.ppp.currentData(), dialogue.encre.currentData()

    choisir("Papier courant recto verso")
    assert reglages(dialogue) == ("recto_verso", 200, "Grayscale8")
    assert not dialogue.profils.oublier.isVisible()
    dialogue.source.setCurrentIndex(dialogue.source.findData("vitre"))
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: ("Cartes grises", True))
    cliquer(qtbot, dialogue, "Garder ces réglages…")
    qtbot.waitUntil(dialogue.profils.oublier.isVisible)
    photographier(dialogue, "numeriser-profil")
    qtbot.waitUntil(lambda: coupes(dialogue) == [])
    dialogue.reject()
    encore = page.numeriser()
    qtbot.waitUntil(encore.isVisible)
    assert (encore.profils.liste.currentText(), reglages(encore)) == ("Cartes grises", ("vitre", 200, "Grayscale8")), "found again"
    cliquer(qtbot, encore, "Oublier ce profil")
    assert encore.profils.liste.findText("Cartes grises") < 0
    assert encore.profils.liste.currentText() == "Réglages libres"
    encore.reject()
