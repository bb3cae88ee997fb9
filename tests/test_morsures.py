"""The removals of `make morsures` as data: each still applies, each names tests that are there; the runs themselves are `.ci/run`'s and by hand."""

import re

import yaml

from tests.morsures.__main__ import tirer
from tests.morsures.liste import ICI, RACINE, REFERENCES, des_references, listes
from tests.morsures.references import coupes

LISTES, ENTREES = listes(), des_references()
"""Read here: a removal whose text is not there once any more stops this module, and says which."""


def test_there_are_at_least_three_hundred_listed_and_none_twice():
    assert len(LISTES) >= 300
    noms = [r.nom for r in (*LISTES, *ENTREES)]
    assert len(set(noms)) == len(noms)


def test_each_takes_something_out_of_the_product_before_tests_that_are_there():
    for retrait in LISTES:
        assert not retrait.fichier.startswith("tests/")
        assert (RACINE / retrait.fichier).read_text(encoding="utf-8")[retrait.debut : retrait.fin] != retrait.remplacement
    for essai in {essai for retrait in (*LISTES, *ENTREES) for essai in retrait.essais}:
        fichier, _, nom = essai.partition("::")
        source = (RACINE / fichier).read_text(encoding="utf-8")
        assert not nom or re.search(rf"^def {nom}\(", source, re.MULTILINE), essai


def test_each_file_of_reference_data_is_before_its_tests():
    assert set(yaml.safe_load((ICI / "references.yaml").read_text())) == {p.name for p in (RACINE / REFERENCES).glob("*.yaml")}


def test_what_is_taken_out_of_a_reference_file_is_each_of_its_entries():
    texte = (
        "# a comment\n\nregle: # opens a block\n  - effet_le: 2026-01-01\n    source: nobody\n    mois: 6 # months\n    droits: {a: [x, y], b: 1}\n"
        "liste: &nom\n  - code: un\n    libelle: Un\n  - {code: deux}\nautre: *nom\n"
    )
    assert [texte[debut:fin] for debut, fin in coupes(texte)] == [
        "    mois: 6 # months\n", "    droits: {a: [x, y], b: 1}\n", "a: [x, y], ", "x, ", ", y", ", b: 1",
        "  - code: un\n    libelle: Un\n", "    libelle: Un\n", "  - {code: deux}\n", "code: deux", "autre: *nom\n",
    ]  # fmt: skip


def test_a_sample_is_the_same_by_the_same_seed_and_cheap_more_often():
    tous = [*LISTES, *ENTREES]
    assert tirer(tous, 7) == tirer(tous, 7) != tirer(tous, 8)
    tires = [r.cout for graine in range(40) for r in tirer(tous, graine)]
    assert sum(tires) / len(tires) < sum(r.cout for r in tous) / len(tous) + 1
