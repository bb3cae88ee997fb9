"""Several processes, each in a copy of the tree of its own, that try removals one after the other."""

import contextlib
import multiprocessing
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from queue import SimpleQueue

from tests.morsures.banc import PRODUIT, Verdict, chauffer, copie, essayer, retire
from tests.morsures.liste import REFERENCES, Retrait

_INTACTS: dict[tuple[str, ...], Verdict] = {}
"""What each set of tests says of the copy as it is, in this process."""


def essayer_tous(retraits: Sequence[Retrait], ouvriers: int) -> dict[str, Verdict]:
    """Share the removals between processes, and return the verdict of each, by its name."""
    verdicts, ecrites = dict[str, Verdict](), [r for r in retraits if not r.fichier.startswith(REFERENCES)]
    with contextlib.ExitStack() as pile:
        copies = [pile.enter_context(copie()) for _ in range(ouvriers)]
        for lot, produit in ((ecrites, ()), ([r for r in retraits if r not in ecrites], PRODUIT)):
            for nom, verdict in _partager(lot, copies, produit):
                verdicts[nom] = verdict
                sys.stdout.write(f"{len(verdicts):4}/{len(retraits)} {verdict.etat:6} {verdict.secondes:5.1f} s  {nom}\n")
                sys.stdout.flush()
    return verdicts


def _partager(lot: Sequence[Retrait], copies: Sequence[Path], produit: Sequence[str]) -> Iterator[tuple[str, Verdict]]:
    contexte = multiprocessing.get_context("spawn")
    places = contexte.SimpleQueue()
    for une in copies:
        places.put(une)
    with ProcessPoolExecutor(len(copies), contexte, _s_installer, (places, produit)) as equipe:
        attendus = {equipe.submit(essayer_un, r): r for r in sorted(lot, key=lambda r: (r.essais, r.fichier))}
        for rendu in as_completed(attendus):
            yield attendus[rendu].nom, rendu.result()


def _s_installer(places: "SimpleQueue[Path]", produit: Sequence[str]) -> None:
    chauffer(places.get(), produit)


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
