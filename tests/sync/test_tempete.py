"""The storm of tests/tempete: some acts at each run, many by `make test-long`; the mutants by hand (docs/measures.md)."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ampleur import ampleur
from tests.tempete.mutants import MUTANTS

RACINE = Path(__file__).parents[2]
OPERATIONS = ampleur("actes_de_la_tempete")


@pytest.mark.ampleur
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("graine", [1000, 2000])
def test_nothing_is_lost_nor_done_twice_in_the_storm(graine):
    """Lost, doubled, late and cut requests, killed ends, restores, rights taken and given back, purges: zero lost, diverging or repaired."""
    commande = [sys.executable, "-m", "tests.tempete", str(OPERATIONS), str(graine)]
    rendu = subprocess.run(commande, cwd=RACINE, capture_output=True, text=True, check=False)
    assert rendu.returncode == 0, f"{rendu.stdout}\n{rendu.stderr[-2000:]}"
    assert int(re.search(r"'actes': (\d+)", rendu.stdout)[1]) >= OPERATIONS
    for sort in ("postes tués", "repliques tuées", "restaurations", "droits changés"):
        assert f"'{sort}'" in rendu.stdout, f"the storm had no {sort}"
    # Each of the line's faults is always on in a test of its own (test_fautes.py); here they come as chance has it.
    de_ligne = re.findall(r"'(?:perdues|reponses|coupees|doublees|retardees|poisons)': (\d+)", rendu.stdout)
    assert len(de_ligne) >= 3


@pytest.mark.parametrize("nom", MUTANTS)
def test_each_mutant_still_switches_off_the_rule_it_names(nom):
    for fichier, avant, _ in MUTANTS[nom]:
        assert (RACINE / "guichet" / fichier).read_text().count(avant) == 1, f"{fichier}: {avant!r}"


def test_there_is_a_mutant_for_at_least_eighteen_rules():
    assert len(MUTANTS) >= 18
