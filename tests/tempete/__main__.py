"""Run the storm from the command line (see the package)."""

import sys
import time
from collections import Counter

from tests.tempete.jeu import jouer

PAS = 80


def main(operations: int, graine: int) -> int:
    """Play games until so many acts were done; return 1 at the first fault."""
    total: Counter[str] = Counter()
    debut, jeux = time.monotonic(), 0
    while total["actes"] < operations:
        fautes, compte = jouer(graine + jeux, PAS)
        total += compte
        jeux += 1
        if fautes:
            print(f"graine {graine + jeux - 1} :", *fautes[:12], sep="\n  ")
            return 1
        print(f"{jeux} jeux, {total['actes']} actes, {time.monotonic() - debut:.0f} s", file=sys.stderr)
    print(f"{jeux} jeux, {time.monotonic() - debut:.0f} s, aucune faute", dict(total))
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["mutants"]:
        from tests.tempete.mutants import essayer

        raise SystemExit(essayer(sys.argv[2:]))
    raise SystemExit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
