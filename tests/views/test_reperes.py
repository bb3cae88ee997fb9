"""Repères: the tables that decide, as anybody may read them at the counter."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt

from guichet.services.reperes import _contacts
from tests import attendus
from tests.views.outils import photographier

PARIS = ZoneInfo("Europe/Paris")
JOUR = date.today()


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


@pytest.mark.exigence("DEM-02", "DEM-03", "DEM-06", "PRO-05", "APP-10", "PORT-15")
def test_the_forty_one_lines_and_their_filter(qtbot, page):
    _choisir(page, "Démarches en ligne")
    mots = {"✓": "✓ oui", "–": "✕ non"}
    assert _lignes(page) == [
        [section, libelle, *(mots[coche] for coche in coches), " ; ".join(fiches)]
        for _, section, libelle, coches, fiches in attendus.QUARANTE_ET_UNE
    ]
    qtbot.keyClicks(page.recherche, "ressources rsa")
    assert [x[1] for x in _lignes(page)] == [
        "Ressources trim. Revenu de solidarité active (Rsa)", "Ressources trim. Revenu de solidarité active (Rsa) en FALC",
    ]  # fmt: skip
    photographier(page.window(), "reperes-filtre")
    page.recherche.setText("rien de tel")
    assert page.message.isVisible()
    assert "Effacez le filtre" in page.message.text()
    _choisir(page, "Prestations")
    assert sorted(_lignes(page)) == sorted([libelle, code] for code, libelle in attendus.PRESTATIONS.items())
    assert not page.message.isVisible()


@pytest.mark.exigence("PREST-03", "PREST-05", "PREST-10", "PREST-11", "PREST-13", "PRO-04")
def test_who_asks_for_what(page):
    _choisir(page, "Demander une prestation")
    assert _lignes(page) == attendus.DEMANDER


@pytest.mark.exigence("SUI-02", "SUI-03", "SUI-04", "SUI-05", "LOC-05")
def test_the_windows_of_each_body(page):
    """Whose each window is, and of which department: her own body's first, then the others', the Assurance Maladie's among them."""
    _choisir(page, "Délais de traitement")
    lundi = JOUR - timedelta(days=JOUR.weekday())
    caf = [("Autres demandes", 38, 10), ("Courriels", 26, 7), ("Demandes de RSA et d'AAH", 25, 7)]
    organismes = [
        ("Caf de la Haute-Garonne", "31", caf), ("CPAM de la Haute-Garonne", "31", caf[:1]), ("Caf des Hauts-de-Seine", "92", caf),
        ("France Services Auterive", "31", caf[:1]),
    ]  # fmt: skip
    vues = _lignes(page)
    assert [x[:6] for x in vues[:3]] == [_fenetre("Caf de la Haute-Garonne", "31", lundi, *x) for x in caf], "her own first"
    assert sorted(x[:6] for x in vues) == sorted(_fenetre(nom, ou, lundi, *x) for nom, ou, familles in organismes for x in familles)
    assert {x[6] for x in vues} == {"trop peu pour le dire"}
    assert "inutile de relancer" in page.intro.text()
    assert "arrivée après est en attente" in page.intro.text()


def _fenetre(organisme, departement, lundi, libelle, il_y_a, largeur):
    du = lundi - timedelta(days=il_y_a)
    au = du + timedelta(days=largeur)
    return [organisme, departement, libelle, f"{du:%d/%m/%Y}", f"{au:%d/%m/%Y}", f"{lundi:%d/%m/%Y}"]


@pytest.mark.exigence(
    "CTC-01", "CTC-02", "CTC-03", "CTC-04", "CTC-05", "CTC-13", "MC-10", "CTC-07", "CTC-08", "CTC-09", "CTC-10", "CTC-11", "LOC-04"
)
def test_how_to_reach_the_caf_and_where(qtbot, page):
    _choisir(page, "Contacter la Caf")
    assert [[*x[:3], x[4]] for x in _lignes(page)] == attendus.CONTACTS
    ouverts = {x[0]: x[3] for x in _lignes(page)}
    for heures in ("Pensions alimentaires (Aripa)", "Étudiants"):
        assert ouverts.pop(heures) in ("● ouvert", "○ fermé")
    assert set(ouverts.values()) == {""}, "the others have no hours"
    _choisir(page, "Points d'accueil")
    for lieu, organisme, adresse, horaires, numerique in attendus.POINTS_D_ACCUEIL:
        page.recherche.setText(lieu)
        assert [lieu, organisme, adresse, horaires, numerique] in _lignes(page), lieu
    page.recherche.clear()
    assert [x[0] for x in _lignes(page)] == sorted(x[0] for x in attendus.POINTS_D_ACCUEIL)


@pytest.mark.exigence("MC-11", "AUT-02", "AUT-03", "AUT-13", "AUT-14", "DEM-03", "DEM-09", "MC-12", "PAI-13", "CNX-10")
def test_what_the_person_does_by_herself(page):
    _choisir(page, "Gérer Mon Compte")
    assert _lignes(page) == attendus.GERER


@pytest.mark.exigence("ADD-13", "LOC-01", "MC-09", "PORT-06", "PRO-07")
def test_national_and_local_news_the_latest_first(page):
    _choisir(page, "Actualités")
    nouvelles = [
        ("Vie professionnelle", "Déclaration trimestrielle : les champs seront pré-remplis", "tous"),
        ("Vie personnelle", "Aide à la rentrée : l'attestation pour les 16-18 ans", "tous"),
        ("Logement", "Loyers de juillet : la déclaration des bailleurs est ouverte", "tous"),
        ("Accident de vie", "Fermeture des accueils le vendredi après-midi", "31"),
    ]
    jours = [JOUR - timedelta(days=3 + 5 * rang) for rang in range(4)]
    assert _lignes(page) == [[f"{le:%d/%m/%Y}", *dite] for le, dite in zip(jours, nouvelles, strict=True)]
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
