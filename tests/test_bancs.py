"""The benches: each runs, at small sizes, and gives the figures that the page of measures tells; a long run is judged, and kept."""

import json
import math
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from bench import course, mesures
from bench.course import Course, Joue
from bench.mesure import Banc, Mesure, OutilAbsent, lisible
from bench.registre import NOMS
from tests.outils import jouer_banc

RACINE = Path(__file__).parents[1]
ECARTEES = {
    "demarrage": {"fenetre_visible"},  # git-cola
    "sync": {"initial", "octets", "tirer", "pousser"},  # PouchDB, from npm
    "documents": {"partagees_sous_97"},  # the shared photos
    "couche": {"temps", "rappel"},  # OCRmyPDF
}
"""What a short run leaves out, by bench: peers that are heavy or that a registry holds, photos by dozens."""


@pytest.mark.parametrize("nom", NOMS)
def test_a_bench_runs_short_and_gives_the_figures_of_the_page(nom, tmp_path):
    garde = tmp_path / "mesures.json"
    rendu = jouer_banc(nom, "--json", str(garde))
    assert rendu.returncode == 0, rendu.stdout + rendu.stderr
    (joue,) = msgspec.json.decode(garde.read_bytes(), type=Course).bancs
    if joue.absent:
        pytest.skip(f"{nom}: {joue.absent}")
    assert [_structure(m) for m in joue.mesures] == [_structure(m) for m in mesures.lire() if m.banc == nom]
    assert {m.nom for m in joue.mesures if m.trouve is None} == ECARTEES.get(nom, set())
    assert all(math.isfinite(m.trouve) and m.trouve >= 0 for m in joue.mesures if m.trouve is not None)
    assert all(m.detail for m in joue.mesures)


def _structure(mesure: Mesure) -> tuple[str, str, str, float, str]:
    return mesure.nom, mesure.quoi, mesure.contre, mesure.borne, mesure.unite


def test_every_bench_is_in_the_registry():
    """And the faults, which count rather than measure, have their own short run in tests/store/test_pannes.py."""
    bancs = [f.stem for f in (RACINE / "bench").glob("*.py") if "\nBANC = " in f.read_text()]
    assert sorted(bancs) == sorted(NOMS)


def test_the_page_is_what_the_data_says():
    assert mesures.page(mesures.lire()) == mesures.PAGE.read_text(), "stale: make mesures"


def _mesure(trouve: float | None, nom: str = "une") -> Mesure:
    return Mesure(nom, "opening", "the same alone", 2, trouve, "×", "3 turns")


def _course(*mesures: Mesure, court: bool = False, **reste: str) -> Course:
    return Course(court, bancs=[Joue("liste", (0.5, 0.75), 1, list(mesures), **reste)])


@pytest.mark.parametrize(
    ("joue", "reussies"),
    [
        (_course(_mesure(2), _mesure(None)), (True, True)),
        (_course(_mesure(1), _mesure(2.01)), (False, True)),
        (_course(absent="PostgreSQL"), (False, True)),
        (_course(erreur="KeyError"), (False, False)),
    ],
    ids=["held", "missed", "absent", "broken"],
)
def test_a_long_run_is_judged_by_its_bounds_a_short_one_by_whether_it_runs(joue, reussies):
    assert (joue.reussie, replace(joue, court=True).reussie) == reussies


def _banc(*mesures: Mesure, leve: Exception | None = None) -> Banc[int]:
    def mesurer(_: int):
        yield from mesures
        if leve is not None:
            raise leve

    return Banc(mesurer, 1, 2)


def test_a_bench_that_breaks_does_not_keep_the_others_from_running(monkeypatch):
    bancs = {
        "casse": _banc(_mesure(1), leve=KeyError("rid")),
        "absent": _banc(leve=OutilAbsent("node")),
        "bon": _banc(_mesure(1.5), _mesure(2.5, "deux"), _mesure(None, "trois")),
    }
    monkeypatch.setattr(course, "banc", bancs.__getitem__)
    faite = course.jouer(list(bancs), court=False)
    assert [(j.erreur, j.absent, len(j.mesures)) for j in faite.bancs] == [("KeyError: 'rid'", "", 0), ("", "node", 0), ("", "", 3)]
    lignes = course.tableau(faite).splitlines()
    assert [ligne.split()[0] for ligne in lignes] == ["bench", "casse", "absent", "bon.une", "bon.deux", "bon.trois"]
    attendus = ("load before, after", "BROKEN", "not run", "1.5 ×  held", "2.5 ×  MISSED", "left out")
    assert [mot in ligne for mot, ligne in zip(attendus, lignes, strict=True)] == [True] * 6
    assert all("{:.2f} → {:.2f}".format(*j.charge) in ligne for j, ligne in zip([faite.bancs[0], faite.bancs[1]], lignes[1:3], strict=True))
    gardee = json.loads(json.dumps(faite.en_json()))
    assert [m["tenue"] for m in gardee["bancs"][2]["mesures"]] == [True, False, None]
    assert gardee["processeurs"] > 0
    assert gardee["python"].startswith("3.")


def test_a_long_run_replaces_what_it_measured_and_keeps_what_it_left_out():
    avant = [mesures.Retenue("une", "old", "", 3, 1, "ms", "old", banc="liste", date="2026-11-21")]
    avant += [replace(avant[0], nom="deux"), replace(avant[0], nom="partie"), replace(avant[0], banc="bac")]
    apres = mesures.retenir(avant, replace(_course(_mesure(1.5), _mesure(None, "deux")), date="2026-11-30T10:00:00+00:00"))
    assert [(r.banc, r.nom, r.quoi, r.trouve, r.date, r.charge) for r in apres] == [
        ("liste", "une", "opening", 1.5, "2026-11-30", 0.5),
        ("liste", "deux", "old", 1, "2026-11-21", None),
        ("bac", "une", "old", 1, "2026-11-21", None),
    ]
    assert mesures.retenir(avant[3:], _course(erreur="KeyError")) == avant[3:]
    with pytest.raises(ValueError, match="short"):
        mesures.retenir(avant, _course(_mesure(1), court=True))


def test_a_figure_that_missed_its_bound_stands_out_on_the_page():
    tenue = mesures.Retenue("une", "opening", "", 2, 1.5, "ms", "3 turns", banc="liste", date="2026-11-30", charge=0.5)
    lignes = mesures.page([tenue, replace(tenue, trouve=2.5)]).splitlines()[-2:]
    assert lignes[0] == "| `liste` | opening | a bound alone | 2 ms | 1.5 ms | 3 turns | 2026-11-30 | 0.50 |"
    assert "| **2.5 ms** |" in lignes[1]


@pytest.mark.parametrize(
    ("valeur", "unite", "lu"), [(1 / 7, "×", "0.14 ×"), (0, "", "0"), (16.7, "ms", "16.7 ms"), (100, "MB", "100 MB"), (16, "ms", "16 ms")]
)
def test_a_value_is_written_as_one_reads_it(valeur, unite, lu):
    assert lisible(valeur, unite) == lu
