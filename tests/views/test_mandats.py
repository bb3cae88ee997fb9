"""« Mandats » in the window: given in front of the person, printed, taken back after a question."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from sqlalchemy import select

from guichet.models import Mandat
from guichet.rules.visiteurs import Acte
from guichet.store.tables import recherche
from guichet.views.dossiers.a_faire import AFaireDialog
from tests.views.outils import cliquer, page_dessinee, photographier, se_poser, textes


@pytest.fixture
def page(qtbot, fenetre_sur):
    _, ouverte = fenetre_sur("dossiers")
    _ouvrir(qtbot, ouverte, "martin")
    return ouverte


def _ouvrir(qtbot, page, saisie):
    qtbot.keyClicks(page.recherche, saisie)
    qtbot.waitUntil(lambda: page.liste.count() > 0)
    qtbot.keyClick(page.recherche, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.presenter.carte is not None)


def _dialogue(qtbot, page):
    dialogue = page.carte.montrer_mandats()
    qtbot.waitExposed(dialogue)
    return dialogue


def test_without_a_visit_there_is_nothing_to_sign(qtbot, fenetre_sur):
    fenetre, page = fenetre_sur("dossiers")
    with fenetre.poste.session.coffre.lecture() as connexion:
        sans = recherche.c.dossier_id.not_in(select(Mandat.dossier_id))  # another test gives one
        numero = connexion.scalar(select(recherche.c.numero).where(recherche.c.role == "responsable", sans).order_by(recherche.c.numero))
    _ouvrir(qtbot, page, numero)
    dialogue = _dialogue(qtbot, page)
    assert dialogue.pages.count() == 1
    qtbot.waitUntil(lambda: "Ouvrez une visite" in "".join(textes(dialogue)))
    photographier(dialogue, "mandats-vide")
    dialogue.close()


def test_a_mandate_is_given_printed_taken_back_and_told_before_it_ends(qtbot, page):
    visite = page.carte.demander_visite()
    cliquer(qtbot, visite, "Ouvrir la visite")
    qtbot.waitUntil(lambda: page.presenter.poste.visite is not None)
    dialogue = _dialogue(qtbot, page)
    dialogue.pages.setCurrentIndex(1)
    cliquer(qtbot, dialogue, "Établir")
    qtbot.waitUntil(dialogue.message.isVisible)
    assert "au moins un acte" in dialogue.message.text()
    for acte in (Acte.ENVOYER_MAIL, Acte.MODIFIER_COORDONNEES):
        dialogue.actes[acte].setChecked(True)
    dialogue.duree.setCurrentIndex(0)
    cliquer(qtbot, dialogue, "Établir")
    qtbot.waitUntil(dialogue.papier.imprimer.isEnabled)
    assert "Signature de la personne" in dialogue.papier.apercu.accessibleDescription()
    qtbot.waitUntil(lambda: page_dessinee(dialogue.papier.apercu))
    photographier(dialogue, "mandat-neuf")
    dialogue.pages.setCurrentIndex(0)
    qtbot.waitUntil(lambda: "● en cours" in textes(dialogue))
    se_poser()
    photographier(dialogue, "mandats")
    retirer = next(b for b in dialogue.findChildren(QPushButton) if b.accessibleName() == "Retirer : Envoyer un mail")
    qtbot.mouseClick(retirer, Qt.MouseButton.LeftButton)
    question = dialogue.findChild(QMessageBox)
    assert "ne se défait pas" in question.informativeText()
    cliquer(qtbot, question, "Retirer")
    qtbot.waitUntil(lambda: any("Envoyer un mail, retiré le" in t for t in textes(dialogue)))
    assert "● en cours" in textes(dialogue)
    for case in dialogue.actes.values():
        case.setChecked(False)
    dialogue.duree.setCurrentIndex(2)
    cliquer(qtbot, dialogue, "Renouveler…")
    assert dialogue.pages.currentIndex() == 1
    assert [a for a, case in dialogue.actes.items() if case.isChecked()] == [Acte.MODIFIER_COORDONNEES], "what was taken back stays so"
    assert dialogue.duree.currentIndex() == 0
    dialogue.close()
    page.presenter.terminer_visite()
    qtbot.waitUntil(lambda: page.presenter.poste.visite is None)
    _ce_qui_attend(qtbot, page)


def _ce_qui_attend(qtbot, page):
    """The list of what waits names the mandate that ends today, and opens its dossier."""
    qtbot.waitUntil(page.a_faire.isVisible)
    qtbot.mouseClick(page.a_faire, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), AFaireDialog))
    dialogue = QApplication.activeModalWidget()
    se_poser()
    photographier(dialogue, "a-faire")
    assert "mandats qui finissent : 1" in dialogue.resume.text()
    dernier = dialogue.liste.item(dialogue.liste.count() - 1)
    texte = dernier.text()
    assert "Mandat qui finit le" in texte
    dialogue.liste.setCurrentItem(dernier)
    cliquer(qtbot, dialogue, "Ouvrir")
    qtbot.waitUntil(lambda: page.presenter.carte is not None)
    assert page.presenter.carte.numero in texte
