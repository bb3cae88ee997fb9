"""« Rendez-vous » as it is used: slots as they read, filters by mode and place, a booking that is taken back."""

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox

from guichet.views.formats import date_longue, heure, jour_de
from tests import attendus
from tests.menage import NUMERO, ecrire_menage
from tests.outils import centre_servi
from tests.views.outils import boutons, cliquer, repondre, textes

FIN = "Fin de chargement des horaires pour les critères de recherche désirés"


@pytest.fixture(scope="module")
def servi(monde, tmp_path_factory):
    dossier = tmp_path_factory.mktemp("rendezvous")
    with centre_servi(monde, dossier, ecrire_menage) as (centre, _):
        yield centre, dossier / "profils"


@pytest.fixture
def page(qtbot, fenetre_sur):
    _, ouverte = fenetre_sur("rendezvous")
    qtbot.waitUntil(lambda: ouverte.table.model().rowCount() > 0)
    return ouverte


def _lignes(page):
    modele = page.table.model()
    return [[modele.data(modele.index(r, c)) for c in range(modele.columnCount())] for r in range(modele.rowCount())]


def _decocher(qtbot, page, texte):
    case = next(c for c in page.findChildren(QCheckBox) if c.text() == texte and c.isVisible())
    case.setFocus()
    qtbot.keyClick(case, Qt.Key.Key_Space)
    assert not case.isChecked()


@pytest.mark.exigence("RDV-05", "RDV-07", "RDV-10", "RDV-11", "RDV-13")
def test_slots_of_every_place_read_in_the_order_of_their_hours(qtbot, page):
    assert page.titre.text() == "Prendre un rendez-vous : Caf de la Haute-Garonne"
    qtbot.waitUntil(lambda: page.motif.count() == len(attendus.MOTIFS))
    for rang, (motif, a_apporter) in enumerate(attendus.MOTIFS.items()):
        page.motif.setCurrentIndex(rang)
        assert page.motif.currentText() == motif
        assert (page.resume.motif.text(), page.resume.apporter.text()) == (motif[3:], a_apporter)
    modele = page.table.model()
    titres = [modele.headerData(c, Qt.Orientation.Horizontal) for c in range(modele.columnCount())]
    assert titres == ["Date", "Lieu", "Heure", "Mode"]
    creneaux = page.presenter.creneaux
    assert len({c.site_nom for c in creneaux[:60]}) > 1
    assert all(a.debut <= b.debut for a, b in pairwise(creneaux))
    modes = {"sur_site": "Sur site", "visio": "En visio", "telephone": "Par téléphone"}
    assert _lignes(page)[:40] == [
        [date_longue(jour_de(c.debut, c.fuseau)), c.site_nom, heure(c.debut, c.fuseau), modes[c.mode]] for c in creneaux[:40]
    ]
    assert page.fin.text() == f"{FIN} ({len(creneaux)} créneaux)"


@pytest.mark.exigence("RDV-02", "RDV-08")
def test_a_mode_that_is_left_out_is_not_offered(qtbot, page):
    offerts = [c.text() for c in page.findChildren(QCheckBox)]
    assert offerts[:3] == ["Sur site", "En visio", "Par téléphone"]
    assert {x[3] for x in _lignes(page)} == {"Sur site", "En visio", "Par téléphone"}
    _decocher(qtbot, page, "Sur site")
    assert {x[3] for x in _lignes(page)} == {"En visio", "Par téléphone"}
    _decocher(qtbot, page, "En visio")
    assert {x[3] for x in _lignes(page)} == {"Par téléphone"}
    assert {x[1] for x in _lignes(page)} == {"Rendez-vous téléphonique CAF 31"}
    _decocher(qtbot, page, "Par téléphone")
    assert _lignes(page) == []
    assert "cochez d'autres modes" in page.premier_creneau.text()
    assert page.fin.text() == ""
    assert not page.choisir.isEnabled()


@pytest.mark.exigence("RDV-01", "RDV-09", "RDV-10")
def test_a_place_that_is_left_out_is_not_offered(qtbot, page):
    lieux = {x[1] for x in _lignes(page)}
    assert lieux == {
        "Rendez-vous téléphonique CAF 31", "Auterive", "Bagneres de Luchon", "Blagnac", "Colomiers", "Cugnaux", "Muret", "Revel", "St Alban", "St Gaudens",
        "Toulouse Riquet",
    }, "those of the Caf of the département, and no other's"  # fmt: skip
    _decocher(qtbot, page, "Toulouse Riquet")
    assert {x[1] for x in _lignes(page)} == lieux - {"Toulouse Riquet"}
    for lieu in lieux - {"Toulouse Riquet", "St Gaudens"}:
        _decocher(qtbot, page, lieu)
    assert {x[1] for x in _lignes(page)} == {"St Gaudens"}
    assert page.fin.text() == f"{FIN} ({len(_lignes(page))} créneaux)"


@pytest.mark.exigence("RDV-02", "RDV-12")
def test_what_is_booked_for_the_visitor_is_cancelled_from_the_window(qtbot, page):
    fenetre = page.window()
    dossiers = fenetre.page("dossiers")
    dossiers.recherche.setText(NUMERO)
    qtbot.waitUntil(lambda: dossiers.liste.count() > 0 and NUMERO in dossiers.liste.item(0).text())
    qtbot.keyClick(dossiers.recherche, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dossiers.presenter.carte is not None)
    cliquer(qtbot, dossiers.carte.demander_visite(), "Ouvrir la visite")
    qtbot.waitUntil(lambda: fenetre.poste.visite is not None)
    fenetre.page("rendezvous")
    assert page.resume.pour.text() == f"DARTIGUELONGUE Leyla, n° {NUMERO}"
    creneau = page.presenter.creneaux[0]
    question = repondre(qtbot, "Valider", lambda: cliquer(qtbot, page, "Proposer"))
    assert question == f"Vous avez choisi un rendez-vous sur le site {creneau.site_nom}. Confirmez-vous votre choix ?"
    qtbot.waitUntil(lambda: page.resume.issue.text() == "✓ Confirmé")
    qtbot.waitUntil(lambda: len(boutons(page.resume, "Annuler ce rendez-vous")) == 2)  # beside the outcome, and in the dossier's list
    qtbot.waitUntil(lambda: creneau.id not in {c.id for c in page.presenter.creneaux})
    repondre(qtbot, "Le garder", lambda: cliquer(qtbot, page.resume, "Annuler ce rendez-vous"))
    assert page.resume.issue.text() == "✓ Confirmé"
    repondre(qtbot, "Annuler le rendez-vous", lambda: cliquer(qtbot, page.resume, "Annuler ce rendez-vous"))
    qtbot.waitUntil(lambda: page.resume.issue.text() == "✕ Annulé")
    qtbot.waitUntil(lambda: "✓ Confirmé" not in textes(page.resume))
    qtbot.waitUntil(lambda: creneau.id in {c.id for c in page.presenter.creneaux})  # somebody else may have it
    cliquer(qtbot, fenetre, "Terminer la visite")
    qtbot.waitUntil(lambda: fenetre.poste.visite is None)
