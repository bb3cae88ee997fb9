"""The map of the requirements: whole, as the marks say it, and refusing what is not so."""

import pytest

from tests.exigences import CARTE, EXIGENCES, RACINE, Exigence, collecter, essais_de, fautes, lire_exigences, rediger

GROUPES = {
    "PORT": 21, "LOC": 8, "PRO": 22, "MCP": 4, "BAI": 20, "CNX": 15, "MDP": 13, "FC": 9, "CRE": 19, "PROV": 7, "TUT": 3, "AUT": 14, "MC": 13, "PAI": 17,
    "DEM": 10, "SIM": 19, "PREST": 13, "DOC": 13, "SUI": 6, "RDV": 17, "CTC": 13, "APP": 10, "CHAT": 2, "AMA": 18, "AMC": 22, "DEP": 6, "CPAM": 3,
    "OUT": 12, "SEC": 8, "ADD": 23,
}  # fmt: skip
"""How many rows each group of the documents gave."""


@pytest.fixture(scope="module")
def exigences():
    return lire_exigences(EXIGENCES.read_text(encoding="utf-8"))


def test_every_requirement_has_its_row(exigences):
    assert [e.id for e in exigences] == [f"{groupe}-{n:02}" for groupe, combien in GROUPES.items() for n in range(1, combien + 1)]


def test_marks_and_states_agree(exigences):
    assert fautes(exigences, collecter()) == []


def test_the_map_is_up_to_date(exigences):
    assert CARTE.read_text(encoding="utf-8") == rediger(exigences, collecter()), "make exigences"


def _une(etat):
    return [Exigence("X-01", "Group", etat, "why")]


@pytest.mark.parametrize(
    ("etat", "essais", "dit"),
    [
        ("shown", {}, "no test claims it"), ("partly", {}, "no test claims it"), ("not yet", {"X-01": ["t"]}, "t claims it"),
        ("not for a desktop", {"X-01": ["t"]}, "t claims it"), ("not yet", {"X-02": ["t"]}, "no row has it"),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_said(etat, essais, dit):
    (faute,) = fautes(_une(etat), essais)
    assert dit in faute


@pytest.mark.parametrize(("etat", "essais"), [("shown", {"X-01": ["t"]}), ("partly", {"X-01": ["t"]}), ("not yet", {})])
def test_what_holds_is_not_said(etat, essais):
    assert fautes(_une(etat), essais) == []


def test_a_row_without_a_state_of_the_list_is_refused():
    lues = lire_exigences("## Group\n| A-01 | x | |\n| A-02 | x | not yet |\n| A-03 | x | partly: y |")
    assert [(e.groupe, e.etat, e.detail) for e in lues] == [("Group", "shown", ""), ("Group", "not yet", ""), ("Group", "partly", "y")]
    for faux in ("done", "partly", "not for a desktop"):
        with pytest.raises(ValueError, match="A-01"):
            lire_exigences(f"| A-01 | x | {faux} |")


@pytest.mark.parametrize(
    "source",
    [
        "import pytest\n\nA = ['X-01']\n\n@pytest.mark.exigence(*A)\ndef test_x(): ...\n",
        "import pytest\n\npytestmark = pytest.mark.exigence('X-01')\n",
        "import pytest\n\n@pytest.mark.exigence('X-01')\ndef helper(): ...\n",
    ],
    ids=["not in full", "on a module", "on what is no test"],
)
def test_a_mark_that_could_claim_for_nothing_is_refused(tmp_path, source):
    (tmp_path / "test_x.py").write_text(source, encoding="utf-8")
    with pytest.raises(ValueError, match=r"test_x\.py, line"):
        collecter(tmp_path)


def test_the_tests_of_requirements_are_given_as_pytest_takes_them():
    trouves = essais_de(["PAI-05", "PAI-06"])
    assert len(trouves) == len(set(trouves)) >= 3
    for essai in trouves:
        fichier, _, nom = essai.partition("::")
        assert f"\ndef {nom}(" in (RACINE / fichier).read_text(encoding="utf-8")
