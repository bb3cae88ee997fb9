"""Rules of a few lines: masks, the journal's chain, mandates, passwords, papers' names, holidays, closed dossiers, likenesses, numbers."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from guichet.models.enums import Qualite, RoleMembre
from guichet.rules.conflits import POLITIQUES, Politique
from guichet.rules.creneaux import fin_de_fenetre
from guichet.rules.delais import Publication, dernier_retard
from guichet.rules.doublons import CHAMPS, Identite, comparer, identite
from guichet.rules.identifiants import (
    IdentifiantRefuse,
    contredit,
    est_de_comptoir,
    est_portable,
    nir_verifie,
    numero_de_comptoir,
    numero_telephone,
)
from guichet.rules.journal import ORIGINE, Maillon, Rupture, chainer, verifier
from guichet.rules.jours import est_ferie
from guichet.rules.mandats import MandatRefuse, empreinte, exiger_majeur, expiration, permis
from guichet.rules.masques import courriel_masque, nir_lisible, nir_masque, telephone_masque
from guichet.rules.mots_de_passe import bits
from guichet.rules.pieces import nommer, reperer, suggerer
from guichet.rules.visiteurs import Acte, Information, est_ferme, qualites_possibles, vue_ferme, vue_mandataire, vue_visiteur

JOUR = date(2026, 11, 22)


@pytest.mark.exigence("SEC-02")
def test_what_is_masked_keeps_its_last_figures():
    assert nir_masque("1630631555082") == "X XX XX XX XXX 082"
    assert telephone_masque("+33612344665") == "XX XX XX 46 65"
    assert courriel_masque("camille@exemple.fr") == "c•••@e•••.fr"
    assert (nir_lisible("1630631555082"), nir_lisible("163063155508251")) == ("1 63 06 31 555 082", "1 63 06 31 555 082 51")


def _chaine(*contenus):
    lignes, precedent = [], ORIGINE
    for rang, contenu in enumerate(contenus, start=1):
        precedent = chainer(precedent, rang, [contenu])
        lignes.append(Maillon(rang, [contenu], precedent))
    return lignes


def test_a_line_of_the_journal_changed_moved_or_taken_out_is_seen():
    une, deux, trois = _chaine("a", "b", "c")
    assert verifier([une, deux, trois]) == ([], 3, trois.maillon)
    assert verifier([une, deux._replace(contenu=["x"]), trois])[0] == [Rupture(2, "la ligne ou celle d'avant a été modifiée")]
    assert verifier([une, trois])[0] == [Rupture(3, "1 ligne(s) manquent avant elle")]
    assert verifier([une, une, deux])[0] == [Rupture(1, "ligne en double")]
    assert verifier([deux, trois], 1, une.maillon) == ([], 3, trois.maillon)


def test_who_wins_when_two_people_write_the_same_field():
    assert {table: {champ: str(p) for champ, p in champs.items()} for table, champs in POLITIQUES.items()} == {
        "contact": dict.fromkeys(("valeur", "code_postal", "commune"), Politique.FUSION),
        "personne": dict.fromkeys(("nom_naissance", "nom_usage", "prenoms", "ne_le"), Politique.STRICTE),
        "identifiant": {"valeur": Politique.STRICTE},
        "foyer": dict.fromkeys(("situation", "depuis"), Politique.STRICTE),
        "dossier": {"iban": Politique.STRICTE},
    }


@pytest.mark.parametrize(("jours", "fin"), [(1, JOUR), (31, date(2026, 12, 22)), (182, date(2027, 5, 22)), (365, date(2027, 11, 21))])
def test_a_mandate_lasts_one_of_four_times(jours, fin):
    assert expiration(JOUR, jours) == fin
    with pytest.raises(MandatRefuse, match="1, 31, 182 ou 365 jours"):
        expiration(JOUR, jours + 1)


def test_who_gives_a_mandate_is_of_age():
    exiger_majeur(date(2008, 11, 22), JOUR)
    with pytest.raises(MandatRefuse, match="mineure"):
        exiger_majeur(date(2008, 11, 23), JOUR)


def test_what_may_be_given_is_what_the_person_may_do_less_the_giving():
    assert set(permis(JOUR)) == set(Acte) - {Acte.AUTORISER, Acte.TELEPHONER}
    assert empreinte("x", "p", JOUR, JOUR, ["b", "a"]) == empreinte("x", "p", JOUR, JOUR, ["a", "b"])
    assert empreinte("x", "p", JOUR, JOUR, ["a"]) != empreinte("x", "p", JOUR, JOUR, ["a", "b"])


@pytest.mark.exigence("AUT-12")
def test_what_is_left_of_a_view_once_the_dossier_is_closed():
    vue = vue_visiteur(Qualite.ALLOCATAIRE, "x", JOUR)
    assert vue_ferme(vue, None, JOUR) == vue_ferme(vue, JOUR + timedelta(days=1), JOUR) == vue
    fermee = vue_ferme(vue, JOUR, JOUR)
    assert fermee.faire == {Acte.CONSULTER, Acte.TELECHARGER, Acte.TELEPHONER, Acte.ENVOYER_MAIL, Acte.ENVOYER_COURRIER}
    assert fermee.voir == vue.voir
    assert "fermé" in fermee.refus
    assert (est_ferme(None, JOUR), est_ferme(JOUR, JOUR), est_ferme(JOUR + timedelta(days=1), JOUR)) == (False, True, False)


def test_a_mandate_lets_the_dossier_be_read_when_it_says_so():
    vue = vue_visiteur(Qualite.TIERS_MANDATE, "x", JOUR)
    assert vue_mandataire(vue, frozenset({Acte.TELECHARGER})).voir == {Information.IDENTITE}
    tout = vue_mandataire(vue, frozenset({Acte.CONSULTER}))
    assert Information.PAIEMENTS in tout.voir
    assert tout.faire == {Acte.TELEPHONER, Acte.CONSULTER}


@pytest.mark.exigence("AUT-10")
@pytest.mark.parametrize(
    ("role", "autorise_le", "qualites"),
    [
        (RoleMembre.RESPONSABLE, None, (Qualite.ALLOCATAIRE, Qualite.TUTEUR_PHYSIQUE, Qualite.TUTEUR_MORAL, Qualite.TIERS_MANDATE)),
        (RoleMembre.CONJOINT, None, (Qualite.CONJOINT,)), (RoleMembre.CONJOINT, JOUR, (Qualite.CONJOINT_AUTORISE,)),
        (RoleMembre.CONJOINT, JOUR + timedelta(days=1), (Qualite.CONJOINT,)), (RoleMembre.ENFANT, None, (Qualite.ENFANT,)),
    ],
)  # fmt: skip
def test_in_which_qualities_somebody_may_stand(role, autorise_le, qualites):
    assert qualites_possibles(role, date(1985, 3, 9), autorise_le, JOUR) == qualites


@pytest.mark.parametrize(
    ("departement", "jour"),
    [
        ("57", date(2026, 12, 26)), ("67", date(2026, 12, 26)), ("68", date(2026, 12, 26)), ("971", date(2026, 5, 27)), ("972", date(2026, 5, 22)),
        ("973", date(2026, 6, 10)), ("974", date(2026, 12, 20)), ("976", date(2026, 4, 27)), ("977", date(2026, 10, 9)), ("978", date(2026, 5, 28)),
        ("986", date(2026, 7, 29)), ("987", date(2026, 3, 5)), ("988", date(2026, 9, 24)),
    ],
)  # fmt: skip
def test_each_department_s_own_holiday(departement, jour):
    assert est_ferie(jour, departement)
    assert not est_ferie(jour)


def test_what_is_confided_for_two_working_days_skips_the_others():
    vendredi = datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert fin_de_fenetre(vendredi, 2) == datetime(2026, 11, 24, tzinfo=UTC)
    veille_de_noel = datetime(2026, 12, 24, 9, tzinfo=UTC)
    assert fin_de_fenetre(veille_de_noel, 2) == datetime(2026, 12, 29, tzinfo=UTC)


def test_the_latest_arrival_that_is_overdue():
    publie = Publication(date(2024, 4, 8), date(2024, 4, 15), date(2024, 7, 2))
    assert dernier_retard(date(2024, 4, 1), publie, date(2024, 7, 30), 10) == date(2024, 4, 21)
    assert dernier_retard(date(2024, 7, 1), publie, date(2024, 7, 30), 10) is None


@pytest.mark.parametrize(
    ("dates", "precision", "nom"),
    [
        ([date(2026, 10, 2), date(2026, 9, 1)], "mois", "Papier 2026-10"), ([date(2026, 10, 2)], "annee", "Papier 2026"),
        ([date(2026, 10, 2)], "", "Papier"), ([date(2027, 1, 1)], "mois", "Papier"), ([], "mois", "Papier"),
        ([date(2027, 1, 1), date(2026, 1, 1)], "mois", "Papier 2026-01"),
    ],
)  # fmt: skip
def test_a_paper_s_name_has_the_latest_date_that_is_past(dates, precision, nom):
    assert nommer("Papier", precision, dates, JOUR) == nom


def test_a_kind_is_suggested_by_one_title_or_two_clues_and_never_by_less():
    connus = [{"code": "un", "titres": ["attestation de loyer"], "indices": ["bailleur", "locataire"]}]
    assert suggerer("Attestation de loyer", connus) == suggerer("le bailleur et le locataire", connus) == "un"
    assert suggerer("le bailleur", connus) == suggerer("", connus) == suggerer("sous-bailleurs locataires", connus) == ""
    assert suggerer("reçu : Attestatlon de loyer du mois", connus) == "un", "a reader takes one letter for another"
    assert suggerer("le bailleur, le locataire" + " suite" * 100 + " attestation de loyer", connus) == "un"


def test_numbers_of_a_paper_are_those_whose_keys_are_right():
    lu = reperer(
        "IBAN FR14 2004 1010 0505 0001 3M02 606 et FR00 1234 5123 4512 3456 7891 A12, NIR 1 63 06 31 555 082 51, le 31/02/2026 et le 01/03/2026"
    )
    assert (lu.ibans, lu.nirs, lu.dates) == (("FR1420041010050500013M02606",), ("1630631555082",), (date(2026, 3, 1),))


def test_what_a_password_is_worth():
    assert bits("") == bits("\n\t") == 0
    assert bits("azerty") < 20 < 50 < bits("cheval exact agrafe correcte")
    assert bits("Malika Serrano", ["malika", "serrano"]) < bits("Malika Serrano")


ELLE = Identite("Dupont", "", "Marie Claire", "F", date(1985, 3, 9), "Toulouse", "2850331555001")


@pytest.mark.parametrize(
    ("autre", "score", "raison"),
    [
        ({}, 100, "même NIR"), ({"nir": "2850331555002"}, 0, "NIR différents"), ({"nir": "", "commune_naissance": ""}, 90, "même nom de naissance"),
        ({"nir": "7850331555002", "commune_naissance": ""}, 90, "même nom de naissance"),
        ({"nir": "", "commune_naissance": "", "nom_naissance": "Autre", "nom_usage": "Dupont"}, 85, "nom d'usage de l'une, nom de l'autre"),
        ({"nir": "", "commune_naissance": "", "nom_naissance": "Dupond"}, 80, "noms proches : DUPONT, DUPOND"),
        ({"nir": "", "commune_naissance": "", "nom_naissance": "Autre"}, 40, "noms différents"),
        ({"nir": "", "commune_naissance": "", "prenoms": "Claire"}, 80, "prénoms proches : Marie Claire, Claire"),
        ({"nir": "", "commune_naissance": "", "prenoms": "Maria"}, 80, "prénoms proches : Marie Claire, Maria"),
        ({"nir": "", "commune_naissance": "", "prenoms": "Julie"}, 25, "prénoms différents"),
        ({"nir": "", "commune_naissance": "", "ne_le": date(1985, 9, 3)}, 75, "jour et mois de naissance inversés"),
        ({"nir": "", "commune_naissance": "", "ne_le": date(1985, 3, 8)}, 70, "dates de naissance à un chiffre près"),
        ({"nir": "", "commune_naissance": "", "ne_le": date(1960, 1, 2)}, 15, "dates de naissance différentes"),
        ({"nir": "", "commune_naissance": "toulouse"}, 100, "même commune de naissance"),
        ({"nir": "", "commune_naissance": "", "sexe": "M"}, 75, "sexe différent"),
        ({"nir": "", "commune_naissance": "", "nom_naissance": "Dupont Martin"}, 40, "noms différents"),
    ],
)  # fmt: skip
def test_each_likeness_counts_for_what_the_rule_says(autre, score, raison):
    lue = comparer(ELLE, replace(ELLE, **autre), JOUR)
    assert lue.score == score
    assert raison in lue.raisons


def test_what_is_not_known_of_one_of_two_people_says_nothing():
    inconnu = replace(ELLE, nir="", commune_naissance="", sexe="")
    assert comparer(inconnu, inconnu, JOUR).raisons == ("même nom de naissance", "même premier prénom", "même date de naissance")
    assert comparer(inconnu, replace(inconnu, sexe="F"), JOUR).score == comparer(replace(inconnu, sexe="F"), inconnu, JOUR).score == 90
    assert comparer(ELLE, replace(ELLE, nir=""), JOUR).score == comparer(replace(ELLE, nir=""), ELLE, JOUR).score == 100
    assert CHAMPS == ("nom_naissance", "nom_usage", "prenoms", "sexe", "ne_le", "commune_naissance", "pays_naissance")
    assert identite({"nom_naissance": "A", "nom_usage": None, "prenoms": "B", "sexe": "F", "ne_le": JOUR}) == Identite(
        "A", "", "B", "F", JOUR
    )


def test_a_nir_says_what_in_it_is_not_the_person_s():
    assert contredit("2850331555001", "F", date(1985, 3, 9)) == contredit("4850331555001", "F", date(1985, 3, 9)) == ""
    assert "le sexe" in contredit("1850331555001", "F", date(1985, 3, 9))
    assert "le sexe" in contredit("2850331555001", "M", date(1985, 3, 9))
    assert "l'année" in contredit("2850331555001", "F", date(1986, 3, 9))
    assert contredit("2850331555001", "X", date(1985, 3, 9)) == ""


@pytest.mark.parametrize(("mois", "bon"), [("01", True), ("12", True), ("20", True), ("30", True), ("42", True), ("50", True), ("99", True), ("00", False),
                                           ("13", False), ("19", False), ("21", False), ("29", False), ("43", False), ("49", False)])  # fmt: skip
def test_each_month_that_a_nir_may_have(mois, bon):
    numero = f"185{mois}31555001"
    if bon:
        assert nir_verifie(numero) == numero
    else:
        with pytest.raises(IdentifiantRefuse, match="mois de naissance"):
            nir_verifie(numero)


def test_a_counter_s_number_is_told_from_another():
    numero = numero_de_comptoir()
    assert est_de_comptoir(numero)
    assert not est_de_comptoir(numero[:-1] + str((int(numero[-1]) + 1) % 10)), "its check digit"
    assert not est_de_comptoir(numero[1:])
    assert not est_de_comptoir("X" + numero[1:])


def test_a_mobile_is_told_from_a_line():
    assert est_portable("+33612345678")
    assert not est_portable("+33561000000")
    assert not est_portable("rien")
    assert [numero_telephone(x) for x in ("639981234", "063998123", "06399812345", "33612345678", "+1234567890")] == [None] * 5
