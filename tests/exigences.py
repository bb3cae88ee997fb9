"""Which tests show which requirement: read from their marks, written in docs/exigences.md (`make exigences`).

A test says `@pytest.mark.exigence("DEM-04")`; a row of docs/requirements.md says in its last column what no test shows.
Marks are read from the source, not by collecting the tests: it takes a second, and a mark speaks for all the cases of its test.
"""

import ast
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

RACINE = Path(__file__).parents[1]
EXIGENCES = RACINE / "docs/requirements.md"
CARTE = RACINE / "docs/exigences.md"
ETATS = ("shown", "partly", "not yet", "not for a desktop")
"""A row whose state is not written is « shown »; « partly » and « not for a desktop » say what is missing or why."""

TETE = """\
# Where each requirement is shown

Written by `make exigences` from the marks of the tests and the last column of [requirements.md](requirements.md): not to be edited by hand.
The tests named, under `tests/`, fail when the thing is taken away. What is « partly » shown says what is missing.
"""


@dataclass(frozen=True)
class Exigence:
    """One row of docs/requirements.md: `etat` is one of ETATS, `detail` what is missing, what there is, or why not."""

    id: str
    groupe: str
    etat: str
    detail: str


def lire_exigences(texte: str) -> list[Exigence]:
    """Return the rows of a text laid out as docs/requirements.md, in their order. Raises ValueError for a state that is none."""
    lues = []
    groupe = ""
    for ligne in texte.splitlines():
        if ligne.startswith("## "):
            groupe = ligne.removeprefix("## ")
        elif trouve := re.fullmatch(r"\| ([A-Z]+-\d+) \|.*\|([^|]*)\|", ligne):
            etat, _, detail = (trouve[2].strip() or "shown").partition(": ")
            if etat not in ETATS or (etat in ("partly", "not for a desktop") and not detail):
                raise ValueError(f"{trouve[1]}: « {trouve[2].strip()} » is no state")
            lues.append(Exigence(trouve[1], groupe, etat, detail))
    return lues


@cache
def collecter(dossier: Path = RACINE / "tests") -> Mapping[str, Sequence[str]]:
    """Return, by id of requirement, the node ids of the tests that claim it, without their cases: « tests/rules/test_temps.py::test_x ».

    Raises ValueError for a mark that is not on a test of its module, or names something else than ids written in full.
    """
    essais = defaultdict(list)
    for fichier in sorted(dossier.rglob("test_*.py")):
        source = fichier.read_text(encoding="utf-8")
        if "mark.exigence" in source:
            for test, exigence in _marques(fichier, ast.parse(source)):
                essais[exigence].append(f"{fichier.relative_to(dossier.parent).as_posix()}::{test}")
    return dict(essais)


def essais_de(ids: Sequence[str]) -> list[str]:
    """Return, once each, the node ids that pytest takes for these requirements. Raises KeyError for one that no test claims."""
    return list(dict.fromkeys(essai for id_ in ids for essai in collecter()[id_]))


def _marques(fichier: Path, module: ast.Module) -> Iterator[tuple[str, str]]:
    lues = set()
    for test in module.body:
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
            for marque in test.decorator_list:
                if isinstance(marque, ast.Call) and ast.unparse(marque.func) == "pytest.mark.exigence":
                    lues.add(marque.func)
                    yield from ((test.name, _id(fichier, argument)) for argument in marque.args)
    for noeud in ast.walk(module):
        if isinstance(noeud, ast.Attribute) and noeud.attr == "exigence" and noeud not in lues:
            raise ValueError(f"{fichier.name}, line {noeud.lineno}: mark.exigence goes on a test of the module")


def _id(fichier: Path, argument: ast.expr) -> str:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    raise ValueError(f"{fichier.name}, line {argument.lineno}: an id is written in full")


def fautes(exigences: Sequence[Exigence], essais: Mapping[str, Sequence[str]]) -> list[str]:
    """Say what does not hold between the rows and the marks: nothing, where both are right."""
    ids = Counter(e.id for e in exigences)
    dites = [f"{id_}: written twice" for id_, fois in ids.items() if fois > 1]
    dites += [f"{id_}: claimed by {', '.join(tests)}, and no row has it" for id_, tests in essais.items() if id_ not in ids]
    for e in exigences:
        montree = e.id in essais
        if e.etat in ("shown", "partly") and not montree:
            dites.append(f"{e.id}: « {e.etat} », and no test claims it")
        if e.etat in ("not yet", "not for a desktop") and montree:
            dites.append(f"{e.id}: « {e.etat} », and {', '.join(essais[e.id])} claims it")
    return dites


def rediger(exigences: Sequence[Exigence], essais: Mapping[str, Sequence[str]]) -> str:
    """Write the map: counts by group, then each row with its state and its tests."""
    groupes = list(dict.fromkeys(e.groupe for e in exigences))
    comptes = {groupe: Counter(e.etat for e in exigences if e.groupe == groupe) for groupe in groupes}
    lignes = [TETE, f"| Group | {' | '.join(ETATS)} | rows |", "|---|" + "--:|" * (len(ETATS) + 1)]
    for nom, compte in [*comptes.items(), ("**Total**", Counter(e.etat for e in exigences))]:
        lignes.append(f"| {nom} | {' | '.join(str(compte[etat]) for etat in ETATS)} | {compte.total()} |")
    for groupe in groupes:
        lignes += ["", f"## {groupe}", "", "| Id | State | Shown by |", "|---|---|---|"]
        for e in exigences:
            if e.groupe == groupe:
                etat = f"{e.etat}: {e.detail}" if e.detail else e.etat
                lignes.append(f"| {e.id} | {etat} | {', '.join(t.removeprefix('tests/') for t in essais.get(e.id, []))} |")
    return "\n".join(lignes) + "\n"


def main() -> int:
    """Write docs/exigences.md and say the counts; say instead what does not hold, and return 1."""
    exigences, essais = lire_exigences(EXIGENCES.read_text(encoding="utf-8")), collecter()
    if dites := fautes(exigences, essais):
        sys.stderr.write("\n".join(dites) + "\n")
        return 1
    CARTE.write_text(rediger(exigences, essais), encoding="utf-8")
    comptes = Counter(e.etat for e in exigences)
    sys.stdout.write(f"docs/exigences.md: {', '.join(f'{comptes[etat]} {etat}' for etat in ETATS)}; {len(exigences)} rows\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
