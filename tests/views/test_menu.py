"""« Mon Compte »: the twelve entries, in their order, each where it leads; greyed for who may not."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea

from guichet.models.enums import TypePapier
from guichet.views.dossiers.demarche import DemarcheDialog
from guichet.views.dossiers.fiche import FicheDialog
from guichet.views.dossiers.paiements import PaiementsDialog
from guichet.views.dossiers.papiers import PapiersDialog
from guichet.views.dossiers.possibles import PossiblesDialog
from guichet.views.dossiers.suivi import SuiviDialog
from tests.views.outils import boutons, cliquer, photographier, textes

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


def _choisir(qtbot, page, titre):
    """Open the menu from its button, go down to a line and press Enter, as somebody without a mouse does."""
    menu, rang, choisis = page.carte.menu.bouton.menu(), DOUZE.index(titre), []
    page.carte.menu.bouton.setFocus()

    def descendre():
        if not menu.isVisible():
            QTimer.singleShot(20, descendre)
            return
        for _ in range(rang + 1):
            qtbot.keyClick(menu, Qt.Key.Key_Down)
        choisis.append(menu.activeAction().text().replace("&", ""))
        qtbot.keyClick(menu, Qt.Key.Key_Return)

    QTimer.singleShot(0, descendre)
    qtbot.keyClick(page.carte.menu.bouton, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bool(choisis))
    assert choisis == [titre]


def _dialogue(qtbot, genre):
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), genre))
    return QApplication.activeModalWidget()


def _defiler(qtbot, page, texte, fin):
    """Scroll the card to its top or its end, away from these words, which an entry leads to."""
    zone = page.carte.parentWidget()
    while not isinstance(zone, QScrollArea):
        zone = zone.parentWidget()
    barre = zone.verticalScrollBar()
    qtbot.waitUntil(lambda: barre.maximum() > 0 and bool(_dit(page, texte)))  # laid out: all of it would not be seen at once

    def loin():
        barre.setValue(barre.maximum() if fin else 0)
        return not _vu(page, texte)

    qtbot.waitUntil(loin)


def _dit(page, texte):
    return [e for e in page.carte.findChildren(QLabel) if e.text() == texte and e.isVisible()]


def _vu(page, texte):
    """Tell if these words are before the eyes: what the card shows is made again at each reading."""
    return any(not e.visibleRegion().isEmpty() for e in _dit(page, texte))


@pytest.mark.exigence("MC-02", "MC-10", "PAI-02", "SUI-01", "DOC-12", "MC-11", "LOC-04")
def test_the_twelve_entries_lead_where_they_say(qtbot, page):
    page.window().resize(1280, 480)  # a small screen: what an entry leads to is not there yet
    actions = _actions(page)
    assert list(actions) == DOUZE
    assert {n for n, a in actions.items() if not a.isEnabled()} == {DOUZE[6], DOUZE[7], DOUZE[11]}, "nobody stands there"
    cliquer(qtbot, page.carte.demander_visite(), "Ouvrir la visite")
    qtbot.waitUntil(lambda: page.presenter.carte is not None and page.presenter.carte.vue.qualite is not None)
    assert all(a.isEnabled() for a in actions.values())

    nom = page.carte.nom.text()
    _defiler(qtbot, page, nom, fin=True)
    _choisir(qtbot, page, "Accueil Mon Compte")
    qtbot.waitUntil(lambda: _vu(page, nom))

    _choisir(qtbot, page, "Consulter mes paiements et droits")
    paiements = _dialogue(qtbot, PaiementsDialog)
    assert {"Paiements des 24 derniers mois", "Droits du mois"} <= set(textes(paiements))
    paiements.accept()

    _choisir(qtbot, page, "Télécharger une attestation")
    papiers = _dialogue(qtbot, PapiersDialog)
    assert papiers.type.currentData() == TypePapier.ATTESTATION_PAIEMENT
    papiers.reject()

    _choisir(qtbot, page, "Suivre mes démarches")
    suivi = _dialogue(qtbot, SuiviDialog)
    assert [suivi.onglets.tabText(n).replace("&", "") for n in range(3)] == ["Démarches", "Courriers et courriels", "Pièces demandées"]
    assert suivi.onglets.currentIndex() == 0
    photographier(suivi, "suivi")
    suivi.accept()

    _choisir(qtbot, page, "Consulter mes courriers, courriels")
    courriers = _dialogue(qtbot, SuiviDialog)
    assert courriers.onglets.currentIndex() == 1
    assert "reçu : Notification de vos droits" in textes(courriers.onglets.currentWidget())
    courriers.accept()

    _defiler(qtbot, page, "Ressources utilisées", fin=False)
    _choisir(qtbot, page, "Mes ressources")
    qtbot.waitUntil(lambda: _vu(page, "Ressources utilisées"))

    for titre in ("Déclarer un changement", "Simuler ou demander une prestation"):
        _choisir(qtbot, page, titre)
        demarche = _dialogue(qtbot, DemarcheDialog)
        qtbot.waitUntil(lambda d=demarche: d.liste.count() > 0)
        demarche.reject()

    _defiler(qtbot, page, "Agenda des six prochains mois", fin=False)
    _choisir(qtbot, page, "Mon agenda")
    qtbot.waitUntil(lambda: _vu(page, "Agenda des six prochains mois"))

    for titre, rubrique, premiere in (
        ("Contacter ma Caf", "Contacter la Caf", "Courriel"), ("Gérer Mon Compte", "Gérer Mon Compte", "Autoriser son conjoint à gérer le dossier"),
    ):  # fmt: skip
        _choisir(qtbot, page, titre)
        fiche = _dialogue(qtbot, FicheDialog)
        assert (fiche.windowTitle(), fiche.table.item(0, 0).text()) == (rubrique, premiere)
        photographier(fiche, f"fiche-{rubrique}")
        fiche.accept()

    _choisir(qtbot, page, "Déconnexion : terminer la visite")
    qtbot.waitUntil(lambda: page.presenter.poste.visite is None)
    assert page.presenter.carte is None, "nothing of who left is in sight"


@pytest.mark.exigence("MC-06")
def test_a_visit_opens_the_rest_and_its_end_is_there(qtbot, page):
    assert not boutons(page.carte, "Faire une démarche…"), "nobody is there to fill it in with"
    cliquer(qtbot, page.carte.demander_visite(), "Ouvrir la visite")
    qtbot.waitUntil(lambda: page.presenter.carte is not None and page.presenter.carte.vue.qualite is not None)
    suivre = f"Suivre les démarches ({len(page.presenter.carte.demarches)})…"
    for texte, genre in ((suivre, SuiviDialog), ("Faire une démarche…", DemarcheDialog), ("Démarches possibles…", PossiblesDialog)):
        cliquer(qtbot, page.carte, texte)
        _dialogue(qtbot, genre).reject()
        qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    cliquer(qtbot, page.window(), "Terminer la visite")
    qtbot.waitUntil(lambda: page.presenter.poste.visite is None)
    assert page.presenter.carte is None
