"""« Mon Compte »: the twelve entries, in their order, each where it leads; greyed for who may not."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from guichet.views.dossiers.fiche import FicheDialog
from guichet.views.dossiers.suivi import SuiviDialog
from tests.views.outils import cliquer, photographier, textes

DOUZE = [
    "Accueil Mon Compte", "Consulter mes paiements et droits", "Télécharger une attestation", "Suivre mes démarches",
    "Consulter mes courriers, courriels", "Mes ressources", "Déclarer un changement", "Simuler ou demander une prestation", "Mon agenda",
    "Contacter ma Caf", "Gérer Mon Compte", "Déconnexion : terminer la visite",
]  # fmt: skip


@pytest.fixture
def page(qtbot, fenetre_sur):
    _, ouverte = fenetre_sur("dossiers")
    qtbot.keyClicks(ouverte.recherche, "martin")
    qtbot.waitUntil(lambda: ouverte.liste.count() > 0)
    qtbot.keyClick(ouverte.recherche, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: ouverte.presenter.carte is not None)
    return ouverte


def _actions(page):
    return {a.text().replace("&", ""): a for a in page.carte.menu.bouton.menu().actions()}


def _dialogue(qtbot, genre):
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), genre))
    qtbot.wait(50)
    return QApplication.activeModalWidget()


@pytest.mark.exigence("DOC-12", "MC-02", "MC-10", "PAI-02", "SUI-01")
def test_the_twelve_entries_lead_where_they_say(qtbot, page):
    actions = _actions(page)
    assert list(actions) == DOUZE
    assert {n for n, a in actions.items() if not a.isEnabled()} == {DOUZE[6], DOUZE[7], DOUZE[11]}, "nobody stands there"
    actions["Suivre mes démarches"].trigger()
    suivi = _dialogue(qtbot, SuiviDialog)
    assert [suivi.onglets.tabText(n).replace("&", "") for n in range(3)] == ["Démarches", "Courriers et courriels", "Pièces demandées"]
    photographier(suivi, "suivi")
    suivi.accept()
    actions["Consulter mes courriers, courriels"].trigger()
    courriers = _dialogue(qtbot, SuiviDialog)
    assert courriers.onglets.currentIndex() == 1
    courriers.accept()
    actions["Contacter ma Caf"].trigger()
    fiche = _dialogue(qtbot, FicheDialog)
    assert fiche.table.item(1, 1).text() == "3230"
    photographier(fiche, "fiche-contacts")
    fiche.accept()
    actions["Mon agenda"].trigger()
    assert page.carte._boite_agenda.visibleRegion().boundingRect().height() > 0


@pytest.mark.exigence("MC-06")
def test_a_visit_opens_the_rest_and_its_end_is_there(qtbot, page):
    cliquer(qtbot, page.carte.demander_visite(), "Ouvrir la visite")
    qtbot.waitUntil(lambda: page.presenter.carte is not None and page.presenter.carte.vue.qualite is not None)
    assert all(a.isEnabled() for a in _actions(page).values())
    _actions(page)["Déconnexion : terminer la visite"].trigger()
    qtbot.waitUntil(lambda: page.presenter.poste.visite is None)
    assert textes(page.carte.menu.bouton)
