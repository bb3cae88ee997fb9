"""What may be typed in each kind of field, what is sent of it, and what is said of the rest."""

from dataclasses import replace
from datetime import date

import pytest

from guichet.rules.formulaires import Champ, formulaires, lisible, ouverture, proposables, verifier

JOUR = date(2026, 11, 22)
CHAMP = Champ("c", "Champ", "texte", True, (), "", "", "", "")
ADRESSE_LONGUE = f"{'a' * 64}@{'b' * 186}.fr"


def _lire(genre, saisie, **reste):
    bons, fautes = verifier([replace(CHAMP, type=genre, **reste)], {"c": saisie}, JOUR)
    return fautes.get("c", bons.get("c"))


@pytest.mark.parametrize(
    ("genre", "saisie", "envoye"),
    [
        ("texte", "  Toulouse ", "Toulouse"), ("texte", "x" * 120, "x" * 120), ("long", "x" * 4000, "x" * 4000),
        ("date", "09032026", "2026-03-09"), ("date", "9/3/2026", "2026-03-09"), ("date", "01/01/2030", "2030-01-01"),
        ("date_passee", "22/11/2026", "2026-11-22"), ("mois", "07/2026", "2026-07"), ("mois", "7 2026", "2026-07"), ("mois", "11/2026", "2026-11"),
        ("annee", "2026", "2026"), ("annee", "1999", "1999"), ("entier", "1", "1"), ("entier", "99", "99"), ("entier", "07", "7"),
        ("montant", "1 205,40 €", "120540"), ("montant", "5", "500"), ("montant", "5,4", "540"), ("montant", "0", "0"),
        ("telephone", "06 39 98 12 34", "+33639981234"), ("courriel", "camille@exemple.fr", "camille@exemple.fr"),
        ("code_postal", "31000", "31000"), ("iban", "FR14 2004 1010 0505 0001 3M02 606", "FR1420041010050500013M02606"),
        ("nir", "1 63 06 31 555 082 51", "1630631555082"),
    ],
)  # fmt: skip
def test_what_is_right_is_sent_in_one_form(genre, saisie, envoye):
    assert _lire(genre, saisie) == envoye


@pytest.mark.parametrize(
    ("genre", "saisie", "dit"),
    [
        ("texte", "x" * 121, "120 caractères au plus : 121 ont été saisis."), ("long", "x" * 4001, "4000 caractères au plus : 4001 ont été saisis."),
        ("date", "31/02/2026", "Une date s'écrit JJ/MM/AAAA, par exemple 09/03/2026."), ("date", "mars 2026", "Une date s'écrit JJ/MM/AAAA, par exemple 09/03/2026."),
        ("date_passee", "23/11/2026", "Cette date est dans l'avenir."), ("mois", "13/2026", "Un mois s'écrit MM/AAAA, par exemple 07/2026."),
        ("mois", "12/2026", "Ce mois n'a pas commencé."), ("annee", "2027", "Une année s'écrit en quatre chiffres, et n'est pas dans l'avenir."),
        ("annee", "1899", "Une année s'écrit en quatre chiffres, et n'est pas dans l'avenir."), ("annee", "26", "Une année s'écrit en quatre chiffres, et n'est pas dans l'avenir."),
        ("entier", "0", "Un nombre, de 1 à 99."), ("entier", "100", "Un nombre, de 1 à 99."), ("entier", "deux", "Un nombre, de 1 à 99."),
        ("montant", "1,234", "Un montant en euros, par exemple 1 205,40. Écrivez 0 s'il n'y en a pas."),
        ("montant", "12345678", "Un montant en euros, par exemple 1 205,40. Écrivez 0 s'il n'y en a pas."),
        ("telephone", "06 39", "Un numéro français de dix chiffres, par exemple 06 39 98 12 34."),
        ("courriel", "camille@exemple", "Une adresse s'écrit nom@domaine.fr."), ("courriel", ADRESSE_LONGUE + "xx", "Une adresse s'écrit nom@domaine.fr."),
        ("code_postal", "3100", "Un code postal compte cinq chiffres."), ("code_postal", "2A004", "Un code postal compte cinq chiffres."),
        ("iban", "FR14", "Un IBAN français compte 27 caractères : 4 ont été saisis."),
        ("nir", "12", "Un NIR compte 13 caractères, ou 15 avec sa clé : 2 ont été saisis."), ("choix", "Peut-être", "Choisissez dans la liste."),
        ("texte", "   ", "À remplir."),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_said(genre, saisie, dit):
    assert _lire(genre, saisie, choix=("Oui", "Non")) == dit


def test_a_year_that_is_none_is_judged_too():
    assert _lire("mois", "01/0000") == f"{date(1, 1, 1):%Y-%m}"


@pytest.mark.exigence("SEC-07")
def test_a_field_is_required_unless_it_says_otherwise():
    assert _lire("texte", "") == "À remplir."
    assert _lire("texte", "", requis=False) is None
    assert _lire("choix", "Oui", choix=("Oui", "Non")) == "Oui"


@pytest.mark.exigence("CTC-06")
def test_an_address_is_typed_alike_twice():
    champs = [replace(CHAMP, code="courriel", type="courriel"), replace(CHAMP, code="encore", type="courriel", comme="courriel")]
    assert verifier(champs, {"courriel": "a@b.fr", "encore": "a@b.fr"}, JOUR) == ({"courriel": "a@b.fr", "encore": "a@b.fr"}, {})
    assert verifier(champs, {"courriel": "a@b.fr", "encore": "a@c.fr"}, JOUR)[1] == {
        "encore": "Les deux ne sont pas les mêmes : relisez-les."
    }
    assert verifier(champs, {"courriel": "a@b.fr", "encore": ""}, JOUR)[1] == {"encore": "À remplir."}
    assert verifier(champs, {"courriel": "faux", "encore": "a@b.fr"}, JOUR)[1] == {"courriel": "Une adresse s'écrit nom@domaine.fr."}


@pytest.mark.exigence("SEC-08")
@pytest.mark.parametrize(
    ("genre", "valeur", "lue"),
    [
        ("montant", "120540", "1\u202f205,40\u00a0€"), ("mois", "2026-07", "07/2026"), ("date", "2026-03-09", "09/03/2026"),
        ("date_passee", "2026-03-09", "09/03/2026"), ("texte", "Toulouse", "Toulouse"),
    ],
)  # fmt: skip
def test_what_is_sent_is_read_again_in_french(genre, valeur, lue):
    assert lisible(replace(CHAMP, type=genre), valeur) == lue


def test_what_asks_for_a_number_of_the_law_is_told():
    assert [f.code for f in formulaires(JOUR).values() if f.reserve] == ["depot_cpam", "banque"]


def test_a_form_that_goes_with_a_document_is_not_filled_in_by_itself():
    tous = [f.code for f in formulaires(JOUR).values() if not f.document]
    assert [f.code for f in proposables(JOUR, "caf")] == [f.code for f in proposables(JOUR, None)] == tous


def test_before_the_first_day_the_first_forms():
    assert list(formulaires(date(1970, 1, 1))) == list(formulaires(JOUR))
    assert ouverture(date(1970, 1, 1)) == ouverture(JOUR)
