"""Somebody comes who has no dossier: received by his name, his appointment booked, nothing of anybody shown."""

import pytest

from guichet.views.dossiers.demarche import DemarcheDialog
from tests.views.outils import cliquer, photographier


@pytest.mark.exigence("RDV-03", "SEC-07")
def test_he_is_received_and_leaves(qtbot, fenetre_sur):
    fenetre, page = fenetre_sur("dossiers")
    dialogue = page.recevoir_sans_dossier()
    assert not dialogue.ouvrir.isEnabled()
    qtbot.keyClicks(dialogue.nom, "Odile Marty")
    qtbot.keyClicks(dialogue.preuve.jusquau, "31/02/2031")
    cliquer(qtbot, dialogue, "Ouvrir la visite")
    assert "JJ/MM/AAAA" in dialogue.preuve.faute.text()
    photographier(dialogue, "sans-dossier")
    dialogue.preuve.jusquau.setText("9/3/2031")
    cliquer(qtbot, dialogue, "Ouvrir la visite")
    qtbot.waitUntil(lambda: fenetre.poste.visite is not None)
    assert fenetre.poste.visite.preuve == "Carte d'identité, valable jusqu'au 09/03/2031"
    assert not page.sans_dossier.isVisible()
    assert not page.a_faire.isVisible(), "it names other people"
    photographier(fenetre, "sans-dossier-visite")
    cliquer(qtbot, page, "Faire une démarche sans dossier…")
    demarche = fenetre.findChild(DemarcheDialog)
    qtbot.waitUntil(lambda: demarche.liste.count() == 1)
    assert "pas allocataire" in demarche.liste.item(0).text()
    photographier(demarche, "sans-dossier-demarche")
    demarche.liste.setCurrentRow(0)
    cliquer(qtbot, demarche, "Remplir")
    qtbot.waitUntil(lambda: bool(demarche.saisies) and next(iter(demarche.saisies.values())).isVisible())
    noms = [saisie.accessibleName() for saisie in demarche.saisies.values()]
    assert "Votre nom" in noms
    assert [nom for nom in noms if "facultatif" in nom] == ["Votre nom d'usage (du conjoint, ex-conjoint, père et/ou mère) (facultatif)"]
    demarche.reject()
    rendez_vous = fenetre.page("rendezvous")
    assert rendez_vous.resume.pour.text() == "Odile Marty"
    cliquer(qtbot, fenetre, "Terminer la visite")
    qtbot.waitUntil(lambda: fenetre.poste.visite is None)
    qtbot.waitUntil(page.sans_dossier.isVisible)
    assert not page.ecrire.isVisible()
