"""Repères: the tables that decide, as anybody may read them at the counter."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt

from guichet.services.reperes import _contacts
from tests.views.outils import photographier

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def page(qtbot, fenetre_sur):
    fenetre, page = fenetre_sur("reperes")
    fenetre.onglets.setCurrentIndex(3)
    qtbot.waitUntil(lambda: page.liste.count() == 10)
    return page


def _choisir(page, titre):
    page.liste.setCurrentItem(page.liste.findItems(titre, Qt.MatchFlag.MatchExactly)[0])


def _lignes(page):
    modele = page.table.model()
    return [[modele.data(modele.index(r, c)) for c in range(modele.columnCount())] for r in range(modele.rowCount())]


def test_the_table_of_visitors_is_shown_as_it_decides(page):
    _choisir(page, "Qui peut voir quoi")
    modele = page.table.model()
    titres = [modele.headerData(c, Qt.Orientation.Horizontal) for c in range(modele.columnCount())]
    lignes = {x[0]: dict(zip(titres[1:], x[1:], strict=True)) for x in _lignes(page)}
    assert set(lignes["Les coordonnées des autres membres"].values()) == {"✕ non"}
    assert lignes["Les paiements"]["Allocataire"] == "✓ oui"
    assert lignes["Les paiements"]["Conjoint"] == "✕ non"
    assert "AUT-01" in page.source.text()


def test_what_a_closed_dossier_still_takes_is_the_last_column(page):
    _choisir(page, "Qui peut faire quoi")
    modele = page.table.model()
    assert modele.headerData(modele.columnCount() - 1, Qt.Orientation.Horizontal) == "Dossier fermé"
    reste = {x[0]: x[-1] for x in _lignes(page)}
    assert (reste["Envoyer un mail"], reste["Demander une prestation"]) == ("✓ oui", "✕ non")
    assert "d'un dossier fermé" in page.intro.text()
    assert "AUT-12" in page.source.text()


@pytest.mark.exigence("DEM-02", "PORT-15", "PRO-05")
def test_the_forty_one_lines_and_their_filter(qtbot, page):
    _choisir(page, "Démarches en ligne")
    assert len(_lignes(page)) == 41
    qtbot.keyClicks(page.recherche, "ressources rsa")
    assert [x[1] for x in _lignes(page)] == [
        "Ressources trim. Revenu de solidarité active (Rsa)", "Ressources trim. Revenu de solidarité active (Rsa) en FALC",
    ]  # fmt: skip
    photographier(page.window(), "reperes-filtre")
    page.recherche.setText("rien de tel")
    assert page.message.isVisible()
    assert "Effacez le filtre" in page.message.text()
    _choisir(page, "Prestations")
    assert len(_lignes(page)) == 25
    assert not page.message.isVisible()


@pytest.mark.exigence("PREST-03", "PREST-05", "PRO-04")
def test_who_asks_for_what(page):
    _choisir(page, "Demander une prestation")
    lignes = {x[0]: x[1:] for x in _lignes(page)}
    assert "Apl, Alf ou Als" in lignes["Aide au logement"][1]
    assert "conjoint même sans délégation" in lignes["Aah, Ajpa, Bafa, Pala"][0]


@pytest.mark.exigence("LOC-05", "SUI-02", "SUI-04", "SUI-05")
def test_the_windows_of_each_body(page):
    _choisir(page, "Délais de traitement")
    assert len(_lignes(page)) >= 3
    assert "inutile de relancer" in page.intro.text()


@pytest.mark.exigence("ADD-13", "AUT-02", "AUT-13", "AUT-14", "CTC-11", "DEM-09", "LOC-01", "LOC-04", "MC-09", "MC-11", "PRO-07")
def test_how_to_reach_the_caf_and_where(qtbot, page):
    _choisir(page, "Contacter la Caf")
    lignes = {x[0]: x for x in _lignes(page)}
    assert lignes["Pensions alimentaires (Aripa)"][1:3] == ["3238", "lundi à vendredi, 09:00 à 16:30"]
    assert lignes["Pensions alimentaires (Aripa)"][3] in ("● ouvert", "○ fermé")
    _choisir(page, "Points d'accueil")
    qtbot.keyClicks(page.recherche, "gennevilliers")
    assert len(_lignes(page)) == 1
    assert "jeudi" in _lignes(page)[0][2]
    page.recherche.clear()
    _choisir(page, "Gérer Mon Compte")
    assert any("« Mes autorisations »" in x[1] for x in _lignes(page))
    assert any("indépendants" in x[0] and "trimestre" in x[1] for x in _lignes(page)), "DEM-09"
    _choisir(page, "Actualités")
    assert _lignes(page)
    photographier(page.window(), "reperes-actualites")


@pytest.mark.exigence("CTC-03")
@pytest.mark.parametrize(
    ("moment", "dit"),
    [
        (datetime(2026, 11, 20, 9, 0, tzinfo=PARIS), "● ouvert"), (datetime(2026, 11, 20, 16, 30, tzinfo=PARIS), "○ fermé"),
        (datetime(2026, 11, 21, 10, 0, tzinfo=PARIS), "○ fermé"), (datetime(2026, 11, 11, 10, 0, tzinfo=PARIS), "○ fermé"),
    ],
    ids=["friday", "closing time", "saturday", "armistice"],
)  # fmt: skip
def test_open_now(moment, dit):
    """CTC-03: Monday to Friday, 9:00 to 16:30, public holidays left out."""
    ligne = next(x for x in _contacts(moment.date(), moment).lignes if x[1] == "3238")
    assert ligne[3] == dit
