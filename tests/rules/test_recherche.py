"""What an advisor types, understood."""

from datetime import date

import pytest

from guichet.rules.recherche import Champ, Critere, Requete, cle_de_tri, comprendre, plier

JOUR = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("saisie", "critere"),
    [
        ("1 63 06 31 555 082", Critere(Champ.NIR, "1630631555082")),
        ("163063155508251", Critere(Champ.NIR, "1630631555082")),
        ("P33392250", Critere(Champ.PROVISOIRE, "P33392250")),
        ("p333", Critere(Champ.PROVISOIRE, "P333", prefixe=True)),
        ("06 39 98 12 34", Critere(Champ.TELEPHONE, "+33639981234")),
        ("4127380", Critere(Champ.NUMERO, "4127380")),
        ("0041", Critere(Champ.NUMERO, "0041", prefixe=True)),
        ("09031990", Critere(Champ.NAISSANCE, "1990-03-09")),
    ],
)
def test_numbers_are_recognised(saisie, critere):
    assert critere in comprendre(saisie, JOUR).criteres


@pytest.mark.parametrize(("saisie", "jour"), [("9/3/90", date(1990, 3, 9)), ("09.03.1990", date(1990, 3, 9)), ("1/2/25", date(2025, 2, 1))])
def test_birth_dates(saisie, jour):
    assert comprendre(saisie, JOUR) == Requete(naissance=jour)


def test_a_name_and_a_birth_date_narrow_each_other():
    assert comprendre("d'Ornano-Lévy 9/3/90", JOUR) == Requete(("D", "ORNANO", "LEVY"), date(1990, 3, 9))


def test_an_impossible_date_is_not_one():
    assert comprendre("31/02/1990", JOUR).naissance is None


def test_folding_ignores_accents_hyphens_and_ligatures():
    assert plier("Œdipe-Éloïse d'Âmé") == "OEDIPE ELOISE D AME"
    assert cle_de_tri("Estève", "Camille") == "ESTEVE CAMILLE"


def test_nothing_typed_asks_nothing():
    assert comprendre("   ", JOUR).vide
