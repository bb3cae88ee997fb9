"""The last figures found, as data, and the page that is written from them.

python -m bench.mesures                        writes docs/measures.md (`make mesures`)
python -m bench.mesures sortie/mesures.json    keeps the figures of a long run first (`make mesures ARGS=...`)
"""

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec

from bench.course import Course
from bench.mesure import Mesure, lisible
from bench.registre import NOMS

DONNEES = Path(__file__).with_name("mesures.json")
PAGE = Path(__file__).parents[1] / "docs" / "measures.md"
_TETE = """# Measures

Written by `make mesures` from `bench/mesures.json`: each figure as it was last found, beside what it is held to in the same run; `×` is a ratio of
what is measured to what it is measured against, and a figure in bold missed its bound. `make bench` runs all of them, `make bench ARGS=frappe` one; a
long run's are kept by `make mesures ARGS=sortie/mesures.json`. Load: processes that ran or waited when the bench began. How they came to be, the
faults and the storm: [notes](measures-notes.md).

| bench | what | against | bound | found | of what | date | load |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""


@dataclass(frozen=True, kw_only=True)
class Retenue(Mesure):
    """A figure that was kept: of which bench, when, and the machine's load then, where it was noted."""

    banc: str
    date: str
    charge: float | None = None


def lire(donnees: Path = DONNEES) -> list[Retenue]:
    """Return the figures kept, in the order of the benches."""
    return msgspec.json.decode(donnees.read_bytes(), type=list[Retenue])


def retenir(retenues: list[Retenue], course: Course) -> list[Retenue]:
    """Return the figures kept once a run has given its own: a bench that was run has these, and the older of those it left out.

    Raises ValueError for a short run, whose figures say nothing.
    """
    if course.court:
        raise ValueError("a short run's figures are not kept")
    anciennes = {(r.banc, r.nom): r for r in retenues}
    nouvelles = {nom: [r for r in retenues if r.banc == nom] for nom in NOMS}
    for joue in course.bancs:
        if joue.mesures:
            trouvees = [Retenue(**asdict(m), banc=joue.nom, date=course.date[:10], charge=joue.charge[0]) for m in joue.mesures]
            nouvelles[joue.nom] = [anciennes.get((r.banc, r.nom), r) if r.trouve is None else r for r in trouvees]
    return [r for nom in NOMS for r in nouvelles[nom]]


def page(retenues: list[Retenue]) -> str:
    """Return the page, a line a figure."""
    return _TETE + "".join(f"| {' | '.join(_cellules(r))} |\n" for r in retenues)


def _cellules(r: Retenue) -> tuple[str, ...]:
    trouve = "not yet" if r.trouve is None else lisible(r.trouve, r.unite)
    charge = "not noted" if r.charge is None else f"{r.charge:.2f}"
    return (
        f"`{r.banc}`", r.quoi, r.contre or "a bound alone", lisible(r.borne, r.unite), f"**{trouve}**" if r.tenue is False else trouve, r.detail,
        r.date, charge,
    )  # fmt: skip


def main() -> int:
    retenues = lire()
    for course in sys.argv[1:]:
        retenues = retenir(retenues, msgspec.json.decode(Path(course).read_bytes(), type=Course))
        DONNEES.write_text(json.dumps([asdict(r) for r in retenues], ensure_ascii=False, indent=1) + "\n")
    PAGE.write_text(page(retenues))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
