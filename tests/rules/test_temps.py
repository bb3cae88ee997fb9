"""Slots, processing times, dated rules."""

from datetime import date, time

import pytest

from guichet.models.enums import Mode, Role, Thematique, TypeOrganisme
from guichet.ressources import donnees
from guichet.rules.creneaux import Fermeture, Ouverture, est_ferie, horaires
from guichet.rules.delais import Avancement, avancement
from guichet.rules.regles import RegleAbsente, en_vigueur

LUNDI_MATIN = Ouverture((1,), time(8, 30), time(10, 0), 20, "sur_site")


def test_slots_every_twenty_minutes_and_the_last_one_is_whole():
    trouves = [debut.strftime("%H:%M") for debut, _ in horaires(LUNDI_MATIN, (), date(2023, 3, 13), 1, "Europe/Paris")]
    assert trouves == ["08:30", "08:50", "09:10", "09:30"]


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


def test_the_rule_of_the_day_applies():
    regles = {"x": [{"effet_le": date(2020, 1, 1), "v": 1}, {"effet_le": date(2027, 1, 1), "v": 2}]}
    assert en_vigueur(regles, "x", date(2026, 12, 31))["v"] == 1
    assert en_vigueur(regles, "x", date(2027, 1, 1))["v"] == 2
    with pytest.raises(RegleAbsente):
        en_vigueur(regles, "x", date(2019, 12, 31))


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
