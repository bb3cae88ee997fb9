"""The forty-one lines (B-10), and what of them each visitor may do."""

from datetime import date

import pytest

from guichet.models.enums import Qualite
from guichet.rules.catalogue import catalogue, possibles
from guichet.rules.visiteurs import Acte, vue_agent, vue_visiteur
from tests import attendus

JOUR = date(2026, 11, 22)


def _permises(qualite):
    return {p.ligne.ligne: p.permis for p in possibles(vue_visiteur(qualite, "x", JOUR), JOUR) if p.permis}


@pytest.mark.exigence(
    "DEM-02", "DEM-06", "DEM-03", "APP-06", "APP-10", "RDV-16", "CTC-12", "DOC-10", "AUT-13", "PREST-10", "PROV-07", "SIM-16"
)
def test_the_totals_of_the_table():
    """Each of the forty-one, its three ticks and its help sheets; the totals are those that B-10 gives."""
    lignes = catalogue(JOUR)
    assert [(x.ligne, x.section, x.libelle, _coches(x), list(x.fiches)) for x in lignes] == attendus.QUARANTE_ET_UNE
    assert (len(lignes), sum(x.na for x in lignes), sum(x.alloc for x in lignes), sum(x.appli for x in lignes)) == (41, 14, 39, 22)
    assert all(x.actes for x in lignes)


def _coches(ligne):
    return "".join("✓" if coche else "–" for coche in (ligne.na, ligne.alloc, ligne.appli))


@pytest.mark.exigence("DEM-06", "APP-10")
def test_the_lines_that_are_not_on_the_telephone():
    hors_appli = {x.libelle: (x.section, x.alloc) for x in catalogue(JOUR) if not x.appli}
    for libelle in ("Ressources annuelles", "Patrimoine", "Avantage vieillesse"):
        assert hors_appli.pop(libelle) == ("Déclaration", True), "on the site, and there alone"
    assert hors_appli.pop("Envoi d'un courrier") == ("Échanges avec la Caf", True)
    assert {section for section, _ in hors_appli.values()} == {"Simulation de droits", "Création de compte", "Demande de prestation"}


@pytest.mark.exigence("PREST-10")
def test_an_allocataire_does_all_that_the_site_lets_him():
    assert set(_permises(Qualite.ALLOCATAIRE)) == {x.ligne for x in catalogue(JOUR) if x.alloc}


@pytest.mark.exigence("PREST-10", "PROV-07", "RDV-16", "SIM-16")
def test_somebody_without_a_dossier_does_the_fourteen():
    assert set(_permises(Qualite.NON_ALLOCATAIRE)) == {2247, 2248, 2249, 2250, 2251, 2253, 2256, 2259, 2261, 2262, 2263, 2289, 2290, 2291}


@pytest.mark.exigence("AUT-08", "AUT-11", "PREST-10", "PREST-12")
def test_a_husband_without_delegation_does_what_aut_08_lists():
    permises = _permises(Qualite.CONJOINT)
    assert set(permises) == {2247, 2248, 2249, 2250, 2251, 2253, 2258, 2263, 2268, 2272, 2289}
    assert permises[2253] == {Acte.CREER_ESPACE}, "AUT-11: a space of his own, without managing the dossier"
    assert permises[2258] == {Acte.DEMANDER_AJPA}
    assert permises[2263] == {Acte.DEMANDER_AAH, Acte.DEMANDER_BAFA, Acte.DEMANDER_PALA}
    assert permises[2268] == {Acte.DECLARER_SEPARATION}
    assert permises[2272] == {Acte.MODIFIER_COORDONNEES}


@pytest.mark.parametrize("qualite", [Qualite.ENFANT, Qualite.BAILLEUR, Qualite.TIERS_MANDATE])
def test_the_others_ask_for_nothing(qualite):
    actes = set().union(*_permises(qualite).values())
    assert not {a for a in actes if a.startswith(("demander", "declarer", "modifier", "telecharger"))}


@pytest.mark.exigence("AUT-10", "AUT-11", "APP-02")
@pytest.mark.parametrize("qualite", [Qualite.ENFANT, Qualite.CONJOINT, Qualite.CONJOINT_AUTORISE])
def test_each_member_of_a_household_may_have_a_space_of_his_own(qualite):
    assert _permises(qualite)[2253] == {Acte.CREER_ESPACE}
    assert 2253 not in _permises(Qualite.ALLOCATAIRE), "he has one"


def test_an_agent_alone_sees_each_line_open():
    assert all(p.permis == p.ligne.actes for p in possibles(vue_agent("x"), JOUR))
