"""`make bench` (or `python -m bench [--court] [NAME...]`): one table, kept as JSON in `sortie/`; ends non-zero when a bound is missed.

`--court` takes small sizes: a bench that a change has broken is seen in seconds. Its figures say nothing, and are not judged.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from bench.course import jouer, tableau
from bench.registre import NOMS

SORTIE = Path(__file__).parents[1] / "sortie"


def main(dits: Sequence[str] | None = None) -> int:
    """Run what the command line says, or what is said in its place."""
    arguments = _arguments(dits)
    if arguments.court:
        from tests.derivation import alleger

        alleger()  # the cost of a passphrase is not what a short run tries
    course = jouer(arguments.noms or NOMS, court=arguments.court)
    garde = arguments.json or SORTIE / ("mesures-court.json" if arguments.court else "mesures.json")
    garde.parent.mkdir(parents=True, exist_ok=True)
    garde.write_text(json.dumps(course.en_json(), ensure_ascii=False, indent=1) + "\n")
    print(tableau(course))
    print(f"{course.date}, Python {course.python}, {course.processeurs} processors; kept in {garde}")
    return 0 if course.reussie else 1


def _arguments(dits: Sequence[str] | None) -> argparse.Namespace:
    lecteur = argparse.ArgumentParser(prog="python -m bench", description="Measures, each held to a bound.")
    lecteur.add_argument("noms", nargs="*", metavar="NAME", help=f"all by default: {', '.join(NOMS)}")
    lecteur.add_argument("--court", action="store_true", help="small sizes, figures not judged")
    lecteur.add_argument("--json", type=Path, help="where to keep what was found (sortie/mesures.json)")
    arguments = lecteur.parse_args(dits)
    if inconnus := set(arguments.noms) - set(NOMS):
        lecteur.error(f"no such bench: {', '.join(sorted(inconnus))}")
    return arguments


if __name__ == "__main__":
    raise SystemExit(main())
