"""« Attestations et relevés », at the counter: made, read on screen, saved, printed; refused in words."""

import pypdf
import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QFileDialog
from sqlalchemy import select

from guichet.store.tables import journal_local, recherche
from guichet.views.dossiers.papiers import PapiersDialog
from tests.views.outils import cliquer, coupes, page_dessinee, photographier, textes


@pytest.fixture
def dialogue(qtbot, fenetre_sur):
    _, page = fenetre_sur("dossiers")
    qtbot.keyClicks(page.recherche, "martin")
    qtbot.waitUntil(lambda: page.liste.count() > 0)
    qtbot.keyClick(page.recherche, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.presenter.carte is not None)
    cliquer(qtbot, page.carte, "Attestations et relevés…")
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), PapiersDialog))
    ouvert = QApplication.activeModalWidget()
    qtbot.waitExposed(ouvert)
    yield ouvert
    ouvert.close()


def _etablir(qtbot, dialogue, rang):
    dialogue.type.setCurrentIndex(rang)
    qtbot.mouseClick(dialogue.etablir, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialogue.etablir.isEnabled)


@pytest.mark.exigence("PAI-02", "PAI-03", "PAI-04", "PAI-06", "PAI-15", "MC-05")
def test_a_paper_is_read_saved_and_printed(qtbot, dialogue, monkeypatch, tmp_path):
    """From the card's own button, the latest payment's attestation is one press away (PAI-02); the menu is the other access: test_menu.py."""
    assert not dialogue.papier.imprimer.isEnabled()
    assert [dialogue.type.itemText(n) for n in range(dialogue.type.count())] == [
        "Attestation de paiement", "Attestation de quotient familial", "Attestation sur une période", "Relevé de compte d'un mois",
        "Lettre à la caisse",
    ]  # fmt: skip
    assert dialogue.type.currentText() == "Attestation de paiement"
    cliquer(qtbot, dialogue, "Établir")
    qtbot.waitUntil(dialogue.papier.imprimer.isEnabled)
    assert "Attestation de paiement" in dialogue.papier.apercu.accessibleDescription()
    qtbot.waitUntil(lambda: page_dessinee(dialogue.papier.apercu))
    photographier(dialogue, "papier")
    sortie = tmp_path / "remis.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(sortie), ""))
    qtbot.mouseClick(dialogue.papier.enregistrer, Qt.MouseButton.LeftButton)
    assert "enregistré" in dialogue.papier.message.text()
    assert "Attestation de paiement" in pypdf.PdfReader(sortie).pages[0].extract_text()
    imprimante = QPrinter(QPrinter.PrinterMode.HighResolution)
    imprimante.setOutputFileName(str(tmp_path / "imprime.pdf"))
    dialogue.papier.sortir_sur(imprimante)
    assert len(pypdf.PdfReader(tmp_path / "imprime.pdf").pages) == 1
    assert "imprimante" in dialogue.papier.message.text()
    session = dialogue.parent().poste.session

    def inscrits():
        with session.coffre.lecture() as connexion:
            return set(connexion.scalars(select(journal_local.c.action).where(journal_local.c.objet == dialogue.papier._papier.objet)))

    qtbot.waitUntil(lambda: inscrits() == {"attestation", "enregistrement_pdf", "impression"})


def test_a_disk_that_refuses_leaves_the_paper_on_screen(qtbot, dialogue, monkeypatch, tmp_path):
    _etablir(qtbot, dialogue, 3)
    (tmp_path / "un fichier").write_bytes(b"")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "un fichier" / "x.pdf"), ""))
    qtbot.mouseClick(dialogue.papier.enregistrer, Qt.MouseButton.LeftButton)
    assert "n'a pas pu être enregistré" in dialogue.papier.message.text()
    assert dialogue.papier.enregistrer.isEnabled()


@pytest.mark.exigence("PAI-05")
def test_a_period_beyond_24_months_says_so(qtbot, dialogue):
    dialogue.du.setDate(QDate.currentDate().addMonths(-30))
    _etablir(qtbot, dialogue, 2)
    assert "24 mois, de date à date" in dialogue.papier.message.text()
    assert not dialogue.papier.imprimer.isEnabled()
    photographier(dialogue, "papier-refuse")
    dialogue.du.setDate(QDate.currentDate().addMonths(-12))
    _etablir(qtbot, dialogue, 2)
    qtbot.waitUntil(dialogue.papier.imprimer.isEnabled)


@pytest.mark.exigence("AMC-06", "AMC-13", "PAI-16")
@pytest.mark.parametrize(("theme", "pour_cent"), [("clair", 100), ("contraste", 100), ("clair", 200)])
def test_a_cpam_s_counter_gives_its_own_papers(qtbot, fenetre_sur, theme, pour_cent):
    """AMC-13: rights, daily allowances, what is taxed; AMC-06: the last 27 months and this one."""
    _, page = fenetre_sur("dossiers", theme, pour_cent, qui="Conseillère CPAM 31")
    with page.presenter.poste.session.coffre.lecture() as connexion:
        page.recherche.setText(connexion.scalar(select(recherche.c.numero).where(recherche.c.role == "responsable").limit(1)))
    qtbot.waitUntil(lambda: page.liste.count() > 0)
    qtbot.keyClick(page.recherche, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.presenter.carte is not None)
    assert "Dossier n°" in page.carte.sous_titre.text()
    assert not any("Quotient" in t for t in textes(page.carte))
    dialogue = page.carte.demander_papiers()
    qtbot.waitExposed(dialogue)
    noms = [dialogue.type.itemText(n) for n in range(dialogue.type.count())]
    assert noms[:4] == [
        "Attestation de droits", "Attestation de paiement d'indemnités journalières", "Relevé fiscal d'une année", "Relevé de compte d'un mois",
    ]  # fmt: skip
    dialogue.type.setCurrentIndex(3)
    assert dialogue.mois.count() == 28
    dialogue.mois.setCurrentIndex(2)
    choisi = dialogue.mois.currentText()
    dialogue.type.setCurrentIndex(2)
    assert (dialogue.mois.accessibleName(), dialogue.mois.currentText()) == ("Année", str(QDate.currentDate().year() - 1))
    assert choisi not in [dialogue.mois.itemText(n) for n in range(dialogue.mois.count())]
    dialogue.type.setCurrentIndex(0)
    assert not dialogue.mois.isVisible()
    _etablir(qtbot, dialogue, 0)
    qtbot.waitUntil(dialogue.papier.imprimer.isEnabled)
    assert "frais de santé" in dialogue.papier.apercu.accessibleDescription()
    qtbot.waitUntil(lambda: page_dessinee(dialogue.papier.apercu))
    qtbot.waitUntil(lambda: coupes(dialogue) == [])
    photographier(dialogue, f"papier-cpam-{theme}-{pour_cent}")
    dialogue.close()
