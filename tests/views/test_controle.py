"""The responsable's own: the journal of his site, and the copy of their data that people ask for."""

import json

import pypdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from sqlalchemy import func, select

from guichet.presenters.controle import ControlePresenter
from guichet.store import sortie
from guichet.store.tables import journal_local
from guichet.views.widgets.journal import JournalDialog
from tests.views.conftest import QUI
from tests.views.outils import boutons, cliquer, photographier


@pytest.fixture
def responsable(fenetre_sur, monkeypatch):
    monkeypatch.setitem(QUI, "dossiers", "Responsable d'accueil Caf 31")
    return fenetre_sur("dossiers")


def _ouvrir_un_dossier(qtbot, page):
    page.recherche.setText("martin")
    qtbot.waitUntil(lambda: page.liste.model().rowCount() > 0)
    page.liste.setFocus()
    page.liste.setCurrentIndex(page.liste.model().index(0, 0))
    qtbot.keyClick(page.liste, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(page.carte.nom.text()))


def _journal(qtbot, fenetre):
    qtbot.keyClick(fenetre, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(fenetre.recherche, "consultations")
    qtbot.waitUntil(lambda: fenetre._palette.isVisible() and fenetre._palette.liste.count() == 1)
    qtbot.keyClick(fenetre.recherche, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(fenetre.findChildren(JournalDialog)))
    return fenetre.findChild(JournalDialog)


def _tout_est_parti(session):
    """Ask the vault itself: what the window says of it may be a moment old."""
    with session.coffre.lecture() as connexion:
        return sortie.comptes(connexion).en_attente == 0


def test_the_responsable_reads_who_did_what_and_why(qtbot, responsable):
    fenetre, page = responsable
    _ouvrir_un_dossier(qtbot, page)
    fenetre.poste.synchroniser()
    qtbot.waitUntil(lambda: _tout_est_parti(fenetre.poste.session))
    dialogue = _journal(qtbot, fenetre)
    qtbot.waitUntil(lambda: dialogue.table.rowCount() > 0)
    lignes = [[dialogue.table.item(r, c).text() for c in range(5)] for r in range(dialogue.table.rowCount())]
    numero = page.presenter.carte.numero
    assert any((qui, quoi, sur) == ("Aurore Delmas", "Dossier ouvert", f"Dossier n° {numero}") for _, qui, quoi, sur, _ in lignes)
    photographier(dialogue, "journal-clair-100")
    dialogue.accept()
    presenter = ControlePresenter(fenetre.poste)
    with qtbot.waitSignal(presenter.page_lue) as encore:
        presenter.lire_la_suite()
    assert encore.args[0][0].action == "lecture_journal"


def test_others_are_not_offered_it(qtbot, fenetre_sur):
    fenetre, page = fenetre_sur("dossiers")
    from guichet.presenters.recherche import RecherchePresenter

    presenter = RecherchePresenter(fenetre.poste)
    with qtbot.waitSignal(presenter.propositions, check_params_cb=lambda r, p, a: r is not None) as recu:
        presenter.chercher("journal")
    assert [a.cle for a in recu.args[2]] == []
    _ouvrir_un_dossier(qtbot, page)
    assert not page.carte.exporter.isVisible()


def test_a_person_is_given_a_copy_of_his_data(qtbot, responsable, tmp_path, monkeypatch):
    fenetre, page = responsable
    _ouvrir_un_dossier(qtbot, page)
    numero = page.presenter.carte.numero
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "donnees.pdf"), ""))
    qtbot.mouseClick(page.carte.exporter, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    assert "pas chiffrés" in QApplication.activeModalWidget().informativeText()
    cliquer(qtbot, QApplication.activeModalWidget(), "J'ai compris")
    lu = json.loads((tmp_path / "donnees.json").read_bytes())
    assert lu["numero"] == numero
    texte = "\n".join(p.extract_text() for p in pypdf.PdfReader(tmp_path / "donnees.pdf").pages).replace("\t", " ")
    assert numero in texte
    assert "Combien de temps elles sont gardées" in texte
    assert "Aurore Delmas" not in texte
    assert sorted(p.name for p in tmp_path.iterdir()) == ["donnees.json", "donnees.pdf"]
    assert boutons(fenetre, "Exporter ces données…")


def test_an_export_that_cannot_be_written_says_so(qtbot, responsable, tmp_path, monkeypatch):
    _, page = responsable
    _ouvrir_un_dossier(qtbot, page)
    (tmp_path / "plein").write_text("")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "plein" / "donnees.pdf"), ""))
    with qtbot.waitSignal(page.presenter.refuse) as refus:
        qtbot.mouseClick(page.carte.exporter, Qt.MouseButton.LeftButton)
    assert "n'a pas pu être écrit" in refus.args[0]


def _recherches(fenetre):
    with fenetre.poste.session.coffre.lecture() as connexion:
        return connexion.scalar(select(func.count()).select_from(journal_local).where(journal_local.c.action == "recherche"))


def test_a_search_that_is_only_looked_at_is_journaled_once(qtbot, fenetre_sur):
    fenetre, page = fenetre_sur("dossiers")
    avant = _recherches(fenetre)
    page.recherche.setText("marti")
    page.recherche.setText("martin")
    qtbot.waitUntil(lambda: page.liste.model().rowCount() > 0)
    assert _recherches(fenetre) == avant, "not at each letter"
    qtbot.waitUntil(lambda: _recherches(fenetre) == avant + 1)
    page.liste.setFocus()
    page.liste.setCurrentIndex(page.liste.model().index(0, 0))
    qtbot.keyClick(page.liste, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(page.carte.nom.text()))
    assert _recherches(fenetre) == avant + 1
    qtbot.keyClick(fenetre, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(fenetre.recherche, page.presenter.carte.nom.split()[0].lower())
    qtbot.waitUntil(lambda: _recherches(fenetre) == avant + 2)
