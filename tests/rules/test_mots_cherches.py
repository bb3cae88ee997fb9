"""Each word that a search knows: months, kinds of streets, particles, sounds; and each number it tells from another."""

from datetime import date

import pytest

from guichet.rules.phonetique import cle_phonetique, initiales, se_ressemblent
from guichet.rules.recherche import Champ, Critere, cle_adresse, comprendre, plier

JOUR = date(2026, 11, 21)
MOIS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
VOIES = (
    "allée allées avenue boulevard chemin cours hameau impasse lotissement passage place quai résidence route rue sentier square venelle"
)
ABREGEES = {
    "all": "ALLEE", "av": "AVENUE", "ave": "AVENUE", "bd": "BOULEVARD", "bld": "BOULEVARD", "che": "CHEMIN", "imp": "IMPASSE", "pl": "PLACE",
    "res": "RESIDENCE", "rte": "ROUTE", "sq": "SQUARE",
}  # fmt: skip
PARTICULES = "d de du des l la le les von van der el al ben"


@pytest.mark.parametrize(("rang", "mois"), list(enumerate(MOIS.split(), start=1)))
def test_each_month_is_known_by_its_name(rang, mois):
    assert comprendre(f"1 {mois} 1990", JOUR).naissance == (date(1990, rang, 1), date(1990, rang, 1))


@pytest.mark.parametrize("voie", VOIES.split())
def test_each_kind_of_street_is_told_from_a_name(voie):
    assert comprendre(f"2 {voie} Lalande", JOUR).voie == f"{plier(voie)} LALANDE"


@pytest.mark.parametrize("court", ABREGEES)
def test_each_short_form_is_the_whole_word(court):
    assert cle_adresse(f"2 {court} Lalande") == f"{ABREGEES[court]} LALANDE 2"


@pytest.mark.parametrize("suite", ["bis", "ter", "quater"])
def test_a_number_keeps_what_repeats_it(suite):
    assert cle_adresse(f"2 {suite} rue Lalande") == f"RUE LALANDE 2 {suite.upper()}"
    assert cle_adresse(f"{suite} rue Lalande") == f"{suite.upper()} RUE LALANDE", "alone, it is a word"


@pytest.mark.parametrize("particule", PARTICULES.split())
def test_each_particle_may_be_left_out(particule):
    assert comprendre(f"{particule} Ornano", JOUR).essentiels == ("ORNANO",)


@pytest.mark.parametrize(
    ("saisie", "milieu"), [("123", ""), ("1234", "1234"), ("123456789012", "123456789012"), ("1234567890123", ""), ("P1234", "")]
)
def test_digits_of_the_middle_of_a_number(saisie, milieu):
    assert comprendre(saisie, JOUR).milieu == milieu


@pytest.mark.parametrize(
    ("saisie", "criteres"),
    [
        ("P3339225", [Critere(Champ.PROVISOIRE, "P3339225", prefixe=True)]), ("P33392250", [Critere(Champ.PROVISOIRE, "P33392250")]),
        ("G00000000018", [Critere(Champ.NUMERO, "G00000000018", prefixe=True)]), ("G000000000018", [Critere(Champ.NUMERO, "G000000000018")]),
        ("0041", [Critere(Champ.NUMERO, "0041", prefixe=True)]), ("4127380", [Critere(Champ.NUMERO, "4127380"), Critere(Champ.NIR, "4127380", prefixe=True)]),
        ("12345678", [Critere(Champ.NIR, "12345678", prefixe=True)]), ("9345678", [Critere(Champ.NUMERO, "9345678")]), ("16306", [Critere(Champ.NUMERO, "16306", prefixe=True), Critere(Champ.NIR, "16306", prefixe=True)]),
        ("1630631555", [Critere(Champ.NIR, "1630631555", prefixe=True)]), ("1630", [Critere(Champ.NUMERO, "1630", prefixe=True)]),
        ("16306 2A", [Critere(Champ.NIR, "163062A", prefixe=True)]), ("96306315", []), ("1630631555082", [Critere(Champ.NIR, "1630631555082")]),
    ],
)  # fmt: skip
def test_each_number_is_read_as_what_it_may_be(saisie, criteres):
    assert comprendre(saisie, JOUR).criteres == tuple(criteres)


def test_one_figure_is_no_number_and_a_whole_date_is_none():
    assert comprendre("7", JOUR).criteres == ()
    assert comprendre("09/03/1990", JOUR).criteres == ()


@pytest.mark.parametrize(
    ("saisie", "vide"), [("", True), ("Dupont", False), ("09/03/1990", False), ("4127380", False), ("12 rue Lalande", False)]
)
def test_what_asks_something_is_told(saisie, vide):
    assert comprendre(saisie, JOUR).vide is vide


@pytest.mark.parametrize(("saisie", "precisee"), [("Dupont", False), ("Dupont 31000", True), ("Dupont 9/3/1990", True)])
def test_what_narrows_the_words_is_told(saisie, precisee):
    assert comprendre(saisie, JOUR).precisee is precisee


def test_a_year_of_two_figures_is_never_in_the_future():
    assert comprendre("1/2/26", JOUR).naissance == (date(2026, 2, 1), date(2026, 2, 1))
    assert comprendre("1/2/27", JOUR).naissance == (date(1927, 2, 1), date(1927, 2, 1))


def test_words_around_a_postcode():
    assert comprendre("rue Lalande 31000 Toulouse", JOUR).voie == "RUE LALANDE"
    assert comprendre("rue Lalande 31000 Toulouse", JOUR).code_postal == "31000"
    assert comprendre("treize 1990 Dupont", JOUR).naissance is None


@pytest.mark.parametrize(
    ("texte", "plie"), [("Cœur", "COEUR"), ("Lætitia", "LAETITIA"), ("Weiß", "WEISS"), ("L'Haÿ-les-Roses", "L HAY LES ROSES")]
)
def test_each_letter_of_two_is_two(texte, plie):
    assert plier(texte) == plie


@pytest.mark.parametrize(
    ("un", "autre"),
    [
        ("Philippot", "Filippo"), ("Schmitz", "Chmit"), ("Lefebvre", "Lefevre"), ("Cecilia", "Sesilia"),
        ("Guenole", "Guenaule"), ("Walter", "Valter"), ("Yvette", "Ivete"), ("Boileaux", "Boilo"),
        ("Boeuf", "Beuf"), ("Germain", "Germin"), ("Laurent", "Lorant"), ("Izabelle", "Isabel"), ("Mathieux", "Matieu"),
    ],
)  # fmt: skip
def test_each_sound_is_written_in_two_ways(un, autre):
    assert se_ressemblent(plier(un), plier(autre))


@pytest.mark.parametrize(
    ("mot", "son"),
    [
        ("PHILIPPE", "FILI"), ("SCHMITT", "XMI"), ("SHEILA", "XELA"), ("CHARLES", "XARL"), ("HENRI", "1RI"), ("MATHIEU", "MATI"), ("LEFEBVRE", "LEFEVR"),
        ("FRANCK", "FR1K"), ("QUENTIN", "K1T2"), ("ACCART", "AKAR"), ("CECILE", "SESIL"), ("GUERIN", "GER2"), ("GERARD", "JERAR"), ("AGNES", "AN"),
        ("WALTER", "VALTER"), ("YVES", "IV"), ("BOILEAUX", "BOILO"), ("PEROT", "PERO"), ("EUGENE", "EJEN"), ("AIMEE", "EM"), ("SEINE", "SEIN"),
        ("GERMAIN", "JERM2"), ("MARTIN", "MART2"), ("SANDRA", "S1DRA"), ("SIMON", "SIM3"), ("ZACHARIE", "SAXARI"), ("ANNA", "ANA"), ("BLANCHET", "BL1"),
    ],
)  # fmt: skip
def test_how_each_sound_is_kept(mot, son):
    """1, 2 and 3 stand for the vowels of « an », « in » and « on »."""
    assert cle_phonetique(mot) == son


@pytest.mark.parametrize(("saisi", "connu"), [("ROY", "ROYE"), ("ROYE", "ROY"), ("LE", "LEE")])
def test_short_names_must_be_exact(saisi, connu):
    assert not se_ressemblent(saisi, connu)
    assert se_ressemblent(saisi, saisi)


@pytest.mark.parametrize("paire", ["FP", "CK", "CQ", "CS", "GJ", "IY", "IH", "VW", "EH", "AH", "OH", "SZ"])
def test_first_letters_that_are_written_one_for_the_other(paire):
    assert paire[1] in initiales(paire[0])
    assert paire[0] in initiales(paire[1])
    assert initiales("M") == "M"
