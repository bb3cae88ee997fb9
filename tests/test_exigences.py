"""The map of the requirements of « Dossiers » and « Documents »: whole, and naming only tests that are there."""

import re
from pathlib import Path

import pytest

RACINE = Path(__file__).parents[1]
AUSSI = ["AMC-06", "AMC-13"]
"""The papers of the Assurance Maladie; the rest of that family is not of these two."""
COMBIEN = {"MC": 13, "PAI": 17, "DEM": 10, "SUI": 6, "AUT": 14, "DOC": 13, "DEP": 6}
LIGNES = dict(re.findall(r"^\| ([A-Z]+-\d\d) \| (.+) \|$", (RACINE / "docs/exigences.md").read_text(encoding="utf-8"), re.MULTILINE))


def test_every_requirement_has_its_line():
    assert list(LIGNES) == [f"{famille}-{n:02}" for famille, combien in COMBIEN.items() for n in range(1, combien + 1)] + AUSSI


@pytest.mark.parametrize("exigence", LIGNES)
def test_its_tests_are_there(exigence):
    nommes = re.findall(r"([\w/]+\.py)::(\w+)", LIGNES[exigence])
    assert nommes
    for fichier, test in nommes:
        assert re.search(rf"^def {test}\(", (RACINE / "tests" / fichier).read_text(encoding="utf-8"), re.MULTILINE), test
