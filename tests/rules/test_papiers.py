"""Which days a paper covers, and the reference that is typed from it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.rules.montants import montant
from guichet.rules.papiers import PeriodeRefusee, lire_reference, lisible, nouvelle_reference, offres, periode

JOUR, OUVERT = date(2024, 4, 20), date(2010, 1, 1)
MOIS, QUOTIENT, PERIODE, _ = offres("caf", JOUR)
DROITS, _, FISCAL, MENSUEL = offres("cpam", JOUR)


@pytest.mark.exigence("PAI-06")
def test_a_monthly_paper_is_that_of_the_whole_month():
    assert periode(MOIS, date(2024, 2, 14), date(2024, 2, 14), OUVERT, JOUR) == (date(2024, 2, 1), date(2024, 2, 29))
    assert periode(MOIS, date(2024, 4, 1), date(2024, 4, 1), OUVERT, JOUR) == (date(2024, 4, 1), JOUR)
    assert periode(MOIS, date(2024, 2, 1), date(2024, 2, 1), date(2024, 2, 10), JOUR)[0] == date(2024, 2, 10)


@pytest.mark.exigence("PAI-05")
def test_a_period_is_24_months_date_to_date():
    """PAI-05: the day itself passes, the next one does not."""
    assert periode(PERIODE, date(2022, 4, 20), JOUR, OUVERT, JOUR) == (date(2022, 4, 20), JOUR)
    with pytest.raises(PeriodeRefusee, match="24 mois, de date à date"):
        periode(PERIODE, date(2022, 4, 19), JOUR, OUVERT, JOUR)


def test_a_paper_of_the_day_is_of_no_other():
    for offre in (QUOTIENT, DROITS):
        assert offre.choix(JOUR) == []
        assert periode(offre, date(2019, 1, 1), date(2019, 1, 2), OUVERT, JOUR) == (JOUR, JOUR)


def test_months_and_years_are_offered_as_far_as_they_are_whole():
    """PAI-05, AMC-06: 24 months and this one, 27 and this one; a year that is over, known from its first day."""
    assert (len(MOIS.choix(JOUR)), MOIS.choix(JOUR)[0], MOIS.choix(JOUR)[-1]) == (25, date(2024, 4, 1), date(2022, 4, 1))
    assert MENSUEL.choix(JOUR)[-1] == date(2022, 1, 1)
    assert FISCAL.choix(JOUR) == [date(2023, 1, 1), date(2022, 1, 1)]
    assert FISCAL.choix(date(2024, 5, 1)) == [date(2023, 1, 1)], "2022 is known from February on"
    for offre in (MOIS, FISCAL):
        for jour in offre.choix(JOUR):
            assert periode(offre, jour, jour, OUVERT, JOUR)[0] == jour
    assert periode(FISCAL, date(2022, 7, 1), JOUR, OUVERT, JOUR) == (date(2022, 1, 1), date(2022, 12, 31))


@pytest.mark.exigence("PAI-04")
@pytest.mark.parametrize(
    ("du", "au", "ouvert", "mots"),
    [
        (date(2024, 4, 2), date(2024, 4, 1), OUVERT, "après sa fin"),
        (date(2024, 4, 2), date(2024, 4, 21), OUVERT, "dans l'avenir"),
        (date(2021, 1, 1), date(2021, 6, 1), OUVERT, "depuis le 01/04/2022"),
        (date(2023, 1, 1), date(2023, 6, 1), date(2023, 3, 1), "à la caisse d'origine"),
        (date(2023, 1, 1), date(2023, 2, 1), date(2023, 3, 1), "à sa caisse d'origine"),
    ],
)
def test_what_cannot_be_attested_says_why(du, au, ouvert, mots):
    """PAI-04: another département's time is the other Caf's to attest."""
    with pytest.raises(PeriodeRefusee, match=mots):
        periode(PERIODE, du, au, ouvert, JOUR)


@given(st.text(max_size=40))
def test_any_text_is_a_reference_or_is_not(texte):
    lue = lire_reference(texte)
    assert lue is None or lire_reference(lisible(lue).lower()) == lue


def test_a_reference_is_read_as_people_copy_it():
    une = nouvelle_reference()
    assert une != nouvelle_reference()
    assert lire_reference(f"  {lisible(une).lower().replace('0', 'o').replace('1', 'l')} ") == une


@pytest.mark.parametrize(("cents", "ecrit"), [(0, "0,00 €"), (5, "0,05 €"), (196477, "1 964,77 €"), (-123456789, "-1 234 567,89 €")])
def test_amounts_are_written_as_french_people_do(cents, ecrit):
    assert montant(cents).replace("\u202f", " ").replace("\u00a0", " ") == ecrit
