"""The « Rendez-vous » tab: whose it is, reasons, slots by mode and by place, taken, then cancelled from the window."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox

from tests import attendus
from tests.views.outils import boutons, cliquer, repondre, textes

PARIS = ZoneInfo("Europe/Paris")
LIEUX = [
    "Auterive", "Bagneres de Luchon", "Blagnac", "Colomiers", "Cugnaux", "Muret", "Rendez-vous téléphonique CAF 31", "Revel", "St Alban",
    "St Gaudens", "Toulouse Riquet",
]  # fmt: skip
MODES = {"Sur site": {"Sur site"}, "En visio": {"En visio"}, "Par téléphone": {"Par téléphone"}}


@pytest.fixture
def page(qtbot, fenetre_sur):
    _, ouverte = fenetre_sur("rendezvous")
    qtbot.waitUntil(lambda: ouverte.table.model().rowCount() > 0)
    qtbot.waitUntil(lambda: ouverte.motif.count() == len(attendus.MOTIFS))
    return ouverte


def _lignes(page):
    modele = page.table.model()
    return [[modele.data(modele.index(r, c)) for c in range(4)] for r in range(modele.rowCount())]


def _cases(page):
    return {c.text(): c for c in page.findChildren(QCheckBox) if c.isVisible()}


def _cocher(qtbot, page, *voulus):
    """Leave these boxes ticked, of modes or of places, by a click on each other one."""
    qtbot.waitUntil(lambda: list(_cases(page)) == [*MODES, *LIEUX])
    for texte, case in _cases(page).items():
        if (texte in MODES) is (voulus[0] in MODES) and case.isChecked() is not (texte in voulus):
            case.click()


@pytest.mark.exigence("RDV-05", "RDV-07", "RDV-08", "RDV-09", "RDV-10", "RDV-11", "RDV-13", "RDV-01", "RDV-17")
def test_slots_are_found_by_mode_and_by_place(qtbot, page):
    assert page.titre.text() == "Prendre un rendez-vous : Caf de la Haute-Garonne"
    for rang, (motif, a_apporter) in enumerate(attendus.MOTIFS.items()):
        page.motif.setCurrentIndex(rang)
        assert page.motif.currentText() == motif
        assert (page.resume.motif.text(), page.resume.apporter.text()) == (motif[3:], a_apporter)
    modele = page.table.model()
    titres = [modele.headerData(c, Qt.Orientation.Horizontal) for c in range(modele.columnCount())]
    assert titres == ["Date", "Site", "Heure", "Mode"]
    qtbot.waitUntil(lambda: list(_cases(page)) == [*MODES, *LIEUX])
    assert all(case.isChecked() for case in _cases(page).values())
    tous = _lignes(page)
    assert [(c.debut, c.site_nom) for c in page.presenter.creneaux] == sorted((c.debut, c.site_nom) for c in page.presenter.creneaux)
    for mode, vus in MODES.items():
        _cocher(qtbot, page, mode)
        assert {x[3] for x in _lignes(page)} == vus
        assert _lignes(page) == [x for x in tous if x[3] == mode]
    _cocher(qtbot, page, *MODES)
    for lieu in ("St Gaudens", "Toulouse Riquet", "Rendez-vous téléphonique CAF 31"):
        _cocher(qtbot, page, lieu)
        assert _lignes(page) == [x for x in tous if x[1] == lieu]
        assert _lignes(page)
        nombre = len(_lignes(page))
        assert page.fin.text() == f"Fin de chargement des horaires pour les critères de recherche désirés ({nombre} créneaux)"
    _cocher(qtbot, page, "En visio")  # by telephone alone, nobody is seen
    assert _lignes(page) == []
    assert "Aucun créneau libre pour ces critères" in page.premier_creneau.text()
    assert page.fin.text() == ""
    assert not page.choisir.isEnabled()


@pytest.mark.exigence("RDV-02", "RDV-03", "RDV-12")
def test_a_slot_is_taken_named_and_given_back_from_the_window(qtbot, fenetre_sur):
    fenetre, dossiers = fenetre_sur("dossiers")
    qtbot.keyClicks(dossiers.recherche, "martin")
    qtbot.waitUntil(lambda: dossiers.liste.count() > 0)
    qtbot.keyClick(dossiers.recherche, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dossiers.presenter.carte is not None)
    cliquer(qtbot, dossiers.carte.demander_visite(), "Ouvrir la visite")
    qtbot.waitUntil(lambda: fenetre.poste.visite is not None)
    visite, page = fenetre.poste.visite, fenetre.page("rendezvous")
    qtbot.waitUntil(lambda: page.table.model().rowCount() > 0)
    qtbot.waitUntil(lambda: "Aucun rendez-vous à venir." in textes(page.resume))
    assert page.resume.pour.text() == f"{visite.nom}, n° {visite.numero}"
    _cocher(qtbot, page, "St Gaudens")
    voulu = page.presenter.creneaux[1]
    page.table.selectRow(1)
    question = repondre(qtbot, "Annuler", lambda: cliquer(qtbot, page, "Choisir ce créneau"))
    assert question == "Vous avez choisi un rendez-vous sur le site St Gaudens. Confirmez-vous votre choix ?"
    assert page.resume.issue.text() == "", "nothing is taken by who goes back"
    repondre(qtbot, "Valider", lambda: cliquer(qtbot, page, "Choisir ce créneau"))
    qtbot.waitUntil(lambda: page.resume.issue.text() == "✓ Confirmé")
    ici = voulu.debut.astimezone(PARIS)
    assert f"à {ici:%H:%M}\nSt Gaudens, sur site" in page.resume.quand.text()
    qtbot.waitUntil(lambda: voulu.id not in {c.id for c in page.presenter.creneaux})
    qtbot.waitUntil(lambda: bool([b for b in boutons(page.resume, "Annuler ce rendez-vous") if b.isVisible()]))
    repondre(qtbot, "Le garder", lambda: cliquer(qtbot, page.resume, "Annuler ce rendez-vous"))
    assert page.resume.issue.text() == "✓ Confirmé"
    repondre(qtbot, "Annuler le rendez-vous", lambda: cliquer(qtbot, page.resume, "Annuler ce rendez-vous"))
    qtbot.waitUntil(lambda: page.resume.issue.text() == "✕ Annulé")
    qtbot.waitUntil(lambda: voulu.id in {c.id for c in page.presenter.creneaux})
    assert voulu.debut > datetime.now(PARIS) - timedelta(hours=1)
    cliquer(qtbot, fenetre, "Terminer la visite")
    qtbot.waitUntil(lambda: fenetre.poste.visite is None)
