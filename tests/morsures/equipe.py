"""Several processes, each in a copy of the tree of its own, that try removals one after the other."""

import contextlib
import multiprocessing
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from queue import SimpleQueue

from tests.morsures.banc import Verdict, chauffer, copie, essayer, retire
from tests.morsures.liste import Retrait

_INTACTS: dict[tuple[str, ...], Verdict] = {}
"""What each set of tests says of the copy as it is, in this process."""


def essayer_tous(retraits: Sequence[Retrait], ouvriers: int) -> dict[str, Verdict]:
    """Share the removals between processes, and return the verdict of each, by its name."""
    contexte, verdicts = multiprocessing.get_context("spawn"), dict[str, Verdict]()
    places = contexte.SimpleQueue()
    with contextlib.ExitStack() as pile:
        for _ in range(ouvriers):
            places.put(pile.enter_context(copie()))
        equipe = pile.enter_context(ProcessPoolExecutor(ouvriers, contexte, chauffer_ici, (places,)))
        attendus = {equipe.submit(essayer_un, r): r for r in sorted(retraits, key=lambda r: (r.essais, r.fichier))}
        for rang, rendu in enumerate(as_completed(attendus), 1):
            nom, verdict = attendus[rendu].nom, rendu.result()
            verdicts[nom] = verdict
            sys.stdout.write(f"{rang:4}/{len(retraits)} {verdict.etat:6} {verdict.secondes:5.1f} s  {nom}\n")
            sys.stdout.flush()
    return verdicts


def chauffer_ici(places: "SimpleQueue[Path]") -> None:
    """Take a copy, and get ready to run tests there."""
    chauffer(places.get())


def essayer_un(retrait: Retrait) -> Verdict:
    """Try one removal in the copy where this process lives; its tests must first be green on the copy as it is."""
    racine = Path.cwd()
    travail = racine.parent
    if retrait.essais not in _INTACTS:
        _INTACTS[retrait.essais] = essayer(retrait.essais, travail)
    intact = _INTACTS[retrait.essais]
    if intact.etat != "vert":
        return Verdict("erreur", f"sans rien retirer : {intact.par or intact.etat}", intact.secondes)
    with retire(racine, retrait):
        return essayer(retrait.essais, travail)
