"""Slots, processing times, dated rules."""

from datetime import date, time

import pytest

from guichet.models.enums import Mode, Role, Thematique, TypeOrganisme
from guichet.ressources import donnees
from guichet.rules.creneaux import Fermeture, Ouverture, horaires
from guichet.rules.delais import Avancement, Publication, avancement, en_retard, observer, reponse_attendue
from guichet.rules.jours import avancer, est_ferie, ouvres
from guichet.rules.regles import RegleAbsente, en_vigueur

LUNDI_MATIN = Ouverture((1,), time(8, 30), time(10, 0), 20, "sur_site")


@pytest.mark.exigence("RDV-17")
def test_slots_every_twenty_minutes_and_the_last_one_is_whole():
    trouves = [debut.strftime("%H:%M") for debut, _ in horaires(LUNDI_MATIN, (), date(2023, 3, 13), 1, "Europe/Paris")]
    assert trouves == ["08:30", "08:50", "09:10", "09:30"]
    assert en_vigueur(donnees("regles.yaml"), "creneaux", date.today())["pas_min"] == LUNDI_MATIN.pas_min == 20, (
        "where nothing else is said"
    )


def test_no_slot_on_holidays_nor_absences():
    assert est_ferie(date(2027, 3, 29)), "Easter Monday is computed, not listed"
    assert not list(horaires(LUNDI_MATIN, (), date(2027, 3, 29), 1, "Europe/Paris"))
    ferme = (Fermeture(date(2023, 3, 13), date(2023, 3, 13)),)
    assert not list(horaires(LUNDI_MATIN, ferme, date(2023, 3, 13), 1, "Europe/Paris"))


def test_summer_time_keeps_the_hour_of_the_place():
    dimanche = Ouverture((7,), time(9), time(9, 20), 20, "sur_site")
    (hiver, _), (ete, _) = horaires(dimanche, (), date(2027, 3, 21), 8, "Europe/Paris")
    assert (hiver.hour, ete.hour) == (9, 9)
    assert hiver.utcoffset() != ete.utcoffset()


@pytest.mark.exigence("SUI-02", "SUI-03")
@pytest.mark.parametrize(
    ("du", "au", "arrivee", "attendu"),
    [
        (date(2024, 4, 8), date(2024, 4, 15), date(2024, 4, 10), Avancement.EN_COURS),
        (date(2024, 4, 8), date(2024, 4, 15), date(2024, 4, 20), Avancement.EN_ATTENTE),
        (date(2024, 5, 31), date(2024, 6, 7), date(2024, 6, 1), Avancement.EN_COURS),
        (date(2024, 4, 8), date(2024, 4, 15), date(2024, 4, 7), Avancement.DEVRAIT_ETRE_TRAITEE),
        (date(2024, 4, 8), date(2024, 4, 15), date(2024, 4, 15), Avancement.EN_COURS),
    ],
)
def test_processing_windows_of_b09(du, au, arrivee, attendu):
    assert avancement(arrivee, du, au) is attendu


@pytest.mark.parametrize(
    ("jour", "feries", "ouvrables"),
    [
        (date(2027, 3, 26), {"57", "67", "68"}, {"", "31", "974"}),  # Good Friday, in Alsace-Moselle alone
        (date(2026, 12, 26), {"57", "67"}, {"", "31"}),
        (date(2030, 12, 20), {"974"}, {"", "31", "971", "972", "973", "976"}),  # abolition of slavery, each place its own day
        (date(2030, 5, 22), {"972"}, {"", "974", "971"}),
        (date(2030, 5, 27), {"971"}, {"", "974", "972"}),
        (date(2030, 6, 10), {"", "31", "57", "973"}, set()),  # Whit Monday (and Guyana's)
        (date(2035, 7, 14), {"", "57", "974"}, set()),
    ],
)
def test_holidays_of_each_territory_for_any_year(jour, feries, ouvrables):
    assert {d for d in feries | ouvrables if est_ferie(jour, d)} == feries


def test_working_days():
    assert avancer(date(2026, 4, 30), 1) == date(2026, 5, 4), "the first of May is a Friday"
    assert avancer(date(2026, 12, 24), 1) == date(2026, 12, 28)
    assert avancer(date(2027, 3, 25), 1) == date(2027, 3, 26)
    assert avancer(date(2027, 3, 25), 1, "67") == date(2027, 3, 30), "Good Friday and Easter Monday"
    assert ouvres(date(2026, 4, 30), date(2026, 5, 4)) == 1
    assert ouvres(date(2026, 5, 4), date(2026, 5, 4)) == ouvres(date(2026, 5, 5), date(2026, 5, 4)) == 0
    for n in range(40):
        assert ouvres(date(2026, 11, 2), avancer(date(2026, 11, 2), n)) == n


def test_an_answer_is_expected_after_the_time_that_the_body_takes_now():
    publie = Publication(date(2024, 4, 8), date(2024, 4, 15), date(2024, 7, 2))  # B-09, other requests
    du, au = reponse_attendue(date(2024, 4, 20), publie)
    assert du == avancer(date(2024, 4, 20), ouvres(date(2024, 4, 15), date(2024, 7, 2))) == date(2024, 7, 8)
    assert au == date(2024, 7, 15)
    avant_noel = Publication(date(2024, 12, 2), date(2024, 12, 3), date(2024, 12, 5))
    assert reponse_attendue(date(2024, 12, 19), avant_noel)[0] == date(2024, 12, 23)
    assert reponse_attendue(date(2024, 12, 19), avant_noel, "974")[0] == date(2024, 12, 24), "20 December, in La Réunion"
    assert not en_retard(date(2024, 4, 20), publie, date(2024, 7, 29), 10)
    assert en_retard(date(2024, 4, 20), publie, date(2024, 7, 30), 10)


def test_the_rule_of_the_day_applies():
    regles = {"x": [{"effet_le": date(2020, 1, 1), "v": 1}, {"effet_le": date(2027, 1, 1), "v": 2}]}
    assert en_vigueur(regles, "x", date(2026, 12, 31))["v"] == 1
    assert en_vigueur(regles, "x", date(2027, 1, 1))["v"] == 2
    with pytest.raises(RegleAbsente):
        en_vigueur(regles, "x", date(2019, 12, 31))


@pytest.mark.exigence("PORT-06", "PRO-05")
def test_reference_data_is_whole_dated_and_sourced():
    assert len(donnees("prestations.yaml")["prestations"]) == 25
    assert [m["code"] for m in donnees("motifs.yaml")["motifs"]] == ["01", "02", "03", "04", "06", "07", "09", "10", "13"]
    for nom in ("prestations.yaml", "motifs.yaml", "sites.yaml", "pieces.yaml"):
        assert donnees(nom)["effet_le"] <= date.today()
        assert donnees(nom)["source"]
    assert all(v["effet_le"] and v["source"] for versions in donnees("regles.yaml").values() for v in versions)
    assert {p["thematique"] for p in donnees("prestations.yaml")["prestations"]} == set(Thematique)
    assert {o["type"] for o in donnees("sites.yaml")["organismes"]} <= set(TypeOrganisme)
    assert {a["role"] for a in donnees("agents.yaml")["agents"]} <= set(Role)
    modes = {p["mode"] for o in donnees("sites.yaml")["organismes"] for s in o["sites"] for p in s["plages"]}
    assert modes == set(Mode)
    codes = {o["code"]: [s["nom"] for s in o["sites"]] for o in donnees("sites.yaml")["organismes"]}
    assert len(codes["caf-31"]) == 11
    assert codes["caf-92"] == ["Gennevilliers", "Chatenay", "Nanterre", "Montrouge", "Colombes"]


def test_what_was_observed_is_the_rank_itself_and_nothing_under_so_many():
    assert observer([9, 1, 5, 3, 7, 2, 8, 4, 6, 10], [30, 60, 90], 10, date(2026, 11, 22)) == (3, 6, 9, 10, date(2026, 11, 22))
    assert observer([4] * 9, [30, 60, 90], 10, date(2026, 11, 22)) is None
