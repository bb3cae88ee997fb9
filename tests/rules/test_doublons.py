"""How much two people look alike: the same person written twice, and people who only resemble her."""

from dataclasses import replace
from datetime import date

import pytest

from guichet.rules.doublons import Identite, a_signaler, comparer

JOUR = date(2026, 11, 22)
ELLE = Identite("Dupont", "", "Marie Claire", "F", date(1985, 3, 9), "Toulouse", "285033155500142")


def _score(**autre):
    return comparer(ELLE, replace(ELLE, **({"nir": "", "commune_naissance": ""} | autre)), JOUR)


@pytest.mark.parametrize(
    "autre",
    [
        {}, {"nom_naissance": "Dupond"}, {"nom_naissance": "DUPONT-", "prenoms": "marie"}, {"prenoms": "Claire Marie"},
        {"ne_le": date(1985, 9, 3)}, {"prenoms": "Marie", "ne_le": date(1985, 3, 8)},
        {"nom_naissance": "Martin", "nom_usage": "Dupont"}, {"nom_naissance": "Autre", "nir": ELLE.nir, "commune_naissance": "Toulouse"},
    ],
    ids=["the same", "one letter", "hyphen and case", "first names swapped", "day and month swapped", "one digit", "married", "same NIR"],
)  # fmt: skip
def test_the_same_person_written_twice_is_told(autre):
    ressemblance = _score(**autre)
    assert a_signaler(ressemblance, JOUR), ressemblance


@pytest.mark.parametrize(
    "autre",
    [
        {"prenoms": "Julie"}, {"prenoms": "Julie", "commune_naissance": "Toulouse"}, {"ne_le": date(1959, 1, 2)},
        {"nom_naissance": "Martin", "prenoms": "Paul", "sexe": "M"}, {"nom_naissance": "Bernard", "ne_le": date(1985, 3, 9)},
        {"nir": "185033155500129", "commune_naissance": "Toulouse"},
    ],
    ids=["twins", "twins of one town", "mother and daughter", "born on the day", "a first name and a day", "two NIR that stay"],
)  # fmt: skip
def test_people_who_only_resemble_her_are_not(autre):
    ressemblance = _score(**autre)
    assert not a_signaler(ressemblance, JOUR), ressemblance


def test_it_says_why():
    raisons = _score(nom_naissance="Dupond", ne_le=date(1985, 9, 3)).raisons
    assert raisons == ("noms proches : DUPONT, DUPOND", "même premier prénom", "jour et mois de naissance inversés")


def test_a_number_that_waits_for_another_is_no_contradiction():
    attente = comparer(replace(ELLE, nir="785033155500175"), ELLE, JOUR)
    assert a_signaler(attente, JOUR)
    assert "NIR" not in " ".join(attente.raisons)


def test_it_is_the_same_both_ways_and_stays_within_a_hundred():
    autre = replace(ELLE, nom_naissance="Dupond", sexe="M", nir="")
    assert comparer(ELLE, autre, JOUR).score == comparer(autre, ELLE, JOUR).score
    assert comparer(ELLE, ELLE, JOUR).score == 100
    assert comparer(ELLE, Identite("Z", "", "Y", "M", date(1900, 1, 1)), JOUR).score == 0
