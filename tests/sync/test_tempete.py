"""The storm of tests/tempete: some acts at each run, many by `make test-long`; the mutants by hand (docs/measures.md)."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ampleur import ampleur
from tests.tempete.mutants import MUTANTS

RACINE = Path(__file__).parents[2]
OPERATIONS, EN_PARALLELE = ampleur("actes_de_la_tempete"), 2


@pytest.mark.ampleur
@pytest.mark.timeout(7200)
def test_nothing_is_lost_nor_done_twice_in_the_storm():
    """Lost, doubled, late and cut requests, killed ends, restores, rights taken and given back, purges: zero lost, diverging or repaired."""
    commandes = [
        [sys.executable, "-m", "tests.tempete", str(OPERATIONS // EN_PARALLELE), str(1000 * (rang + 1))] for rang in range(EN_PARALLELE)
    ]
    jeux = [subprocess.Popen(c, cwd=RACINE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for c in commandes]
    rendus = [(jeu.communicate(), jeu.returncode) for jeu in jeux]
    assert [code for _, code in rendus] == [0] * EN_PARALLELE, "\n".join(f"{dit}\n{erreur[-2000:]}" for (dit, erreur), _ in rendus)
    actes = sum(int(re.search(r"'actes': (\d+)", dit)[1]) for (dit, _), _ in rendus)
    assert actes >= OPERATIONS
    for faute in (
        "postes tués",
        "repliques tuées",
        "perdues",
        "reponses",
        "coupees",
        "doublees",
        "restaurations",
        "droits changés",
        "poisons",
    ):
        assert any(f"'{faute}'" in dit for (dit, _), _ in rendus), f"the storm had no {faute}"


@pytest.mark.parametrize("nom", MUTANTS)
def test_each_mutant_still_switches_off_the_rule_it_names(nom):
    for fichier, avant, _ in MUTANTS[nom]:
        assert (RACINE / "guichet" / fichier).read_text().count(avant) == 1, f"{fichier}: {avant!r}"


def test_there_is_a_mutant_for_at_least_eighteen_rules():
    assert len(MUTANTS) >= 18
