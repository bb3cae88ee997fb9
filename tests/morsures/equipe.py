"""Several processes, each in a copy of the tree of its own, that try removals one after the other."""

import contextlib
import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from queue import SimpleQueue

from tests.morsures.banc import PRODUIT, Verdict, chauffer, copie, essayer, retire
from tests.morsures.liste import REFERENCES, Retrait

_INTACTS: dict[tuple[str, ...], Verdict] = {}
"""What each set of tests says of the copy as it is, in this process."""


def essayer_tous(retraits: Sequence[Retrait], ouvriers: int) -> Iterator[tuple[str, Verdict]]:
    """Share the removals between processes; yield the name and the verdict of each as it comes, data last."""
    donnees = [r for r in retraits if r.fichier.startswith(REFERENCES)]
    with contextlib.ExitStack() as pile:
        copies = [pile.enter_context(copie()) for _ in range(ouvriers)]
        yield from _partager([r for r in retraits if not r.fichier.startswith(REFERENCES)], copies, ())
        yield from _partager(donnees, copies, PRODUIT)


def _partager(lot: Sequence[Retrait], copies: Sequence[Path], produit: Sequence[str]) -> Iterator[tuple[str, Verdict]]:
    if not lot:
        return
    contexte = multiprocessing.get_context("spawn")
    places = contexte.SimpleQueue()
    for une in copies:
        places.put(une)
    with ProcessPoolExecutor(len(copies), contexte, _s_installer, (places, produit)) as equipe:
        attendus = {equipe.submit(essayer_un, r): r for r in sorted(lot, key=lambda r: (r.essais, r.fichier))}
        try:
            for rendu in as_completed(attendus):
                yield attendus[rendu].nom, rendu.result()
        finally:
            equipe.shutdown(cancel_futures=True)  # who stops the run waits for one removal, not for all


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
