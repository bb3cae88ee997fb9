"""Numbers of people: B-05 and the vectors of research/security.md §6."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.rules.identifiants import IdentifiantRefuse, cle_nir, cle_rib, iban_verifie, nir_verifie, numero_telephone


@pytest.mark.exigence("CNX-02")
@pytest.mark.parametrize(
    ("saisie", "attendu"),
    [
        ("1 63 06 31 555 082", "1630631555082"),
        ("1 63 06 31 555 082 51", "1630631555082"),
        ("255081416802538", "2550814168025"),
        ("253072B07300470", "253072B073004"),
        ("180052a00400135", "180052A004001"),
        ("185057800607897", "1850578006078"),
        ("785057800608482", "7850578006084"),
        ("1.63.06.31.555.082", "1630631555082"),
    ],
)
def test_a_good_nir_is_read_however_it_is_typed(saisie, attendu):
    assert nir_verifie(saisie) == attendu


@pytest.mark.parametrize(
    ("treize", "cle"), [("1630631555082", "51"), ("1820681065023", "16"), ("2820295046199", "15"), ("2820681364636", "83")]
)
def test_keys_of_the_worked_examples(treize, cle):
    assert cle_nir(treize) == cle


@pytest.mark.exigence("CNX-02")
@pytest.mark.parametrize(
    ("saisie", "groupe"),
    [
        ("2 82 06 81 364 636 46", "la clé « 46 »"),
        ("253072B07300471", "la clé « 71 »"),
        ("0 63 06 31 555 082", "1er groupe, le sexe « 0 »"),
        ("1 6A 06 31 555 082", "2e groupe, l'année de naissance « 6A »"),
        ("1 63 15 31 555 082", "3e groupe, le mois de naissance « 15 »"),
        ("1 63 06 2C 555 082", "4e groupe, le département de naissance « 2C »"),
        ("1 63 06 31 55X 082", "5e groupe, la commune de naissance « 55X »"),
        ("1 63 06 31 555 O82", "6e groupe, le numéro d'ordre « O82 »"),
        ("163063155508", "12 ont été saisis"),
    ],
)
def test_a_bad_nir_names_the_group_at_fault(saisie, groupe):
    with pytest.raises(IdentifiantRefuse, match=groupe):
        nir_verifie(saisie)


@given(st.text(max_size=20))
def test_any_text_is_judged_and_nothing_else_escapes(texte):
    try:
        assert len(nir_verifie(texte)) == 13
    except IdentifiantRefuse as refus:
        assert str(refus)


@pytest.mark.parametrize(
    ("saisie", "e164"),
    [
        ("0612345678", "+33612345678"),
        ("06 39 98 12 34", "+33639981234"),
        ("+262692123456", "+262692123456"),
        ("06.39", None),
        ("bonjour", None),
    ],
)
def test_telephone(saisie, e164):
    assert numero_telephone(saisie) == e164


def test_each_one_digit_error_in_a_nir_is_caught():
    essayees = 0
    for graine in range(148):
        sexe, annee, mois, departement = (
            "12"[graine % 2],
            f"{graine % 100:02}",
            f"{graine % 12 + 1:02}",
            ("2A", "2B", f"{graine % 95 + 1:02}")[graine % 3],
        )
        treize = f"{sexe}{annee}{mois}{departement}{graine * 37 % 1000:03}{graine * 91 % 1000:03}"
        juste = treize + cle_nir(treize)
        assert nir_verifie(juste) == treize
        for place, chiffre in enumerate(juste):
            for autre in "0123456789":
                if chiffre.isdigit() and autre != chiffre:
                    essayees += 1
                    with pytest.raises(IdentifiantRefuse):
                        nir_verifie(juste[:place] + autre + juste[place + 1 :])
    assert essayees >= 19_000


@pytest.mark.parametrize("saisie", ["FR14 2004 1010 0505 0001 3M02 606", "fr14 20041010 05050001 3m02606", "BE71 0961 2345 6769"])
def test_a_good_iban_is_read_however_it_is_typed(saisie):
    assert iban_verifie(saisie) == saisie.upper().replace(" ", "")


@pytest.mark.exigence("AMA-09")
@pytest.mark.parametrize(
    ("saisie", "dit"),
    [
        ("FR00 1234 5123 4512 3456 7891 A12", "ne correspondent pas à sa clé"),  # B-05, the specimen
        ("FR76 2000 4019 2600 0003 1706 363", "ne correspondent pas à sa clé"),  # B-05, the altered one
        ("FR14 2004 1010 0505 0001 3M02 60", "27 caractères : 26"),
        ("FR95 1234 5123 4512 3456 7891 A12", "La clé du RIB, « 12 »"),  # the specimen with a right IBAN key
        ("ZZ04 2004 1010 0505 0001 3M02 606", "n'est pas un pays"),
        ("", "ne correspondent pas à sa clé"),
        ("12345 12345 1234567891A 12", "ne correspondent pas à sa clé"),
    ],
)
def test_a_bad_iban_says_what_to_read_again(saisie, dit):
    with pytest.raises(IdentifiantRefuse, match=dit):
        iban_verifie(saisie)


@pytest.mark.exigence("AMA-09")
def test_the_rib_key_of_b05():
    banque, guichet, compte = "12345", "12345", f"{1234567891}A"
    assert cle_rib(banque, guichet, compte) == "16"


@given(st.text(max_size=40) | st.from_regex(r"FR[0-9]{2} ?[0-9A-Z]{10,25}", fullmatch=True))
def test_any_text_is_judged_as_an_iban_and_nothing_else_escapes(texte):
    try:
        assert iban_verifie(texte)[:2].isalpha()
    except IdentifiantRefuse as refus:
        assert str(refus)
