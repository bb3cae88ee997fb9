"""What an advisor types, understood."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.rules.phonetique import cle_phonetique, initiales, se_ressemblent
from guichet.rules.recherche import Champ, Critere, Requete, cle_adresse, cle_de_tri, comprendre, plier

JOUR = date(2026, 11, 21)


@pytest.mark.exigence("PROV-02")
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
    assert comprendre(saisie, JOUR) == Requete(naissance=(jour, jour))


def test_a_name_and_a_birth_date_narrow_each_other():
    assert comprendre("d'Ornano-Lévy 9/3/90", JOUR) == Requete(("D", "ORNANO", "LEVY"), (date(1990, 3, 9), date(1990, 3, 9)))


def test_an_impossible_date_is_not_one():
    assert comprendre("31/02/1990", JOUR).naissance is None


def test_folding_ignores_accents_hyphens_and_ligatures():
    assert plier("Œdipe-Éloïse d'Âmé") == "OEDIPE ELOISE D AME"
    assert cle_de_tri("Estève", "Camille") == "ESTEVE CAMILLE"


def test_nothing_typed_asks_nothing():
    assert comprendre("   ", JOUR).vide


@pytest.mark.parametrize(
    ("saisie", "du", "au"),
    [
        ("mars 1990", date(1990, 3, 1), date(1990, 3, 31)),
        ("Févr. 1992", date(1992, 2, 1), date(1992, 2, 29)),
        ("9 mars 1990", date(1990, 3, 9), date(1990, 3, 9)),
        ("août 2001", date(2001, 8, 1), date(2001, 8, 31)),
    ],
)
def test_a_birth_in_words(saisie, du, au):
    assert comprendre(saisie, JOUR) == Requete(naissance=(du, au))
    assert comprendre(f"Dupont {saisie}", JOUR) == Requete(("DUPONT",), (du, au))


@pytest.mark.parametrize("saisie", ["mars", "Camille Mars", "31 fevrier 1990", "mars 90"])
def test_what_is_not_a_birth_in_words_stays_a_name(saisie):
    assert comprendre(saisie, JOUR).naissance is None


def test_a_postcode_narrows_a_name():
    assert comprendre("Martin 31000", JOUR) == Requete(("MARTIN",), code_postal="31000")


def test_particles_do_not_matter_but_alone():
    assert comprendre("Camille de La Tour", JOUR).essentiels == ("CAMILLE", "TOUR")
    assert comprendre("Le", JOUR).essentiels == ("LE",)


@pytest.mark.parametrize(
    ("saisi", "connu"),
    [
        ("Dupon", "Dupont"), ("Dupond", "Dupont"), ("Filipe", "Philippe"), ("Lefevre", "Lefebvre"), ("Matieu", "Mathieu"), ("Mathieux", "Mathieu"),
        ("Gotier", "Gauthier"), ("Levi", "Lévy"), ("Jerome", "Gérôme"), ("Cathy", "Kathie"), ("Chevallier", "Chevalier"), ("Matrin", "Martin"),
        ("Mzrtin", "Martin"), ("Martn", "Martin"), ("Marttin", "Martin"), ("Renau", "Renaud"), ("Bertran", "Bertrand"), ("Izabel", "Isabelle"),
    ],
)  # fmt: skip
def test_a_typing_error_or_the_same_sound_is_the_same_name(saisi, connu):
    assert se_ressemblent(plier(saisi), plier(connu))
    assert plier(connu)[0] in initiales(plier(saisi))


@pytest.mark.parametrize(
    ("saisi", "connu"), [("Martin", "Marchand"), ("Petit", "Grand"), ("Roy", "Rey"), ("Durand", "Dupont"), ("Lambert", "Imbert")]
)
def test_other_names_stay_others(saisi, connu):
    assert not se_ressemblent(plier(saisi), plier(connu))


@given(st.text(max_size=30))
def test_any_text_is_understood_and_has_a_sound(texte):
    requete = comprendre(texte, JOUR)
    assert all(mot and " " not in mot for mot in requete.mots)
    assert all(isinstance(cle_phonetique(mot), str) for mot in requete.mots)


@pytest.mark.parametrize(
    "nom", ["O'Brien", "Ngô Đình", "Łukasz", "Iñaki", "Çelik", "D’Ormesson", "Anne-Sophie", "محمد", "Ольга", "李娜", "ß-ﬁ"]
)
def test_names_of_any_script_keep_their_letters(nom):
    assert plier(nom)
    assert comprendre(nom, JOUR).mots


@pytest.mark.parametrize(
    ("saisie", "voie", "numero"),
    [
        ("12 rue des Lilas", "RUE DES LILAS", "12"), ("12, rue des Lilas 31000 Toulouse", "RUE DES LILAS", "12"),
        ("3 bis av du Lac", "AVENUE DU LAC", "3 BIS"), ("rue des lil", "RUE DES LIL", ""), ("bd de l'Embouchure", "BOULEVARD DE L EMBOUCHURE", ""),
        ("Dupont Jean", "", ""), ("Martin 31000", "", ""), ("12 dupont", "", ""),
    ],
)  # fmt: skip
def test_an_address_is_told_from_a_name(saisie, voie, numero):
    requete = comprendre(saisie, JOUR)
    assert (requete.voie, requete.numero_voie) == (voie, numero)
    assert requete.mots == () if numero else requete.mots


def test_an_address_is_found_by_what_is_typed_of_it():
    assert cle_adresse("3 bis, av. du Lac") == "AVENUE DU LAC 3 BIS"
    assert cle_adresse("Résidence Les Pins") == "RESIDENCE LES PINS"
    assert cle_adresse("") == ""


@given(st.text(max_size=60))
def test_any_text_has_one_key_and_only_one(texte):
    cle = cle_adresse(texte)
    assert cle == plier(cle)


@given(st.text(st.characters(max_codepoint=127), max_size=40))
def test_plain_letters_fold_as_any_others(texte):
    """An accented letter at the end takes the long way, and leaves the rest as the short one does."""
    assert plier(f"{texte} é") == f"{plier(texte)} E".strip()
