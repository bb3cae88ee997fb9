"""The processes that read papers: kept warm from one test to the next, since each takes over a second to be ready; and those there are."""

import atexit
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from guichet.documents import confinement
from guichet.documents.etabli import Etabli

_libres: list[tuple["subprocess.Popen[bytes]", object]] = []
_demarrer, _fermer = confinement.demarrer, Etabli.fermer


def garder_au_chaud() -> None:
    """From now on, a workshop that is let go with nothing to do serves again; one that is busy, or refused a file, goes as in the product."""
    confinement.demarrer, Etabli.fermer = _reprendre, _rendre
    atexit.register(_vider)


@contextmanager
def neufs() -> Iterator[None]:
    """Let workshops be made and go as in the product, for what is tried is that."""
    confinement.demarrer, Etabli.fermer = _demarrer, _fermer
    yield
    confinement.demarrer, Etabli.fermer = _reprendre, _rendre


def _reprendre(module: str) -> tuple["subprocess.Popen[bytes]", object]:
    while module == "guichet.documents.atelier" and _libres:
        processus, travail = _libres.pop()
        if processus.poll() is None:
            return processus, travail
    return _demarrer(module)


def _rendre(etabli: Etabli) -> None:
    if not etabli._un_a_la_fois.acquire(blocking=False):
        _fermer(etabli)
        return
    etabli._ferme.set()
    if etabli._processus is not None:
        _libres.append((etabli._processus, etabli._travail))
        etabli._processus = etabli._travail = None
    etabli._un_a_la_fois.release()


def _vider() -> None:
    while _libres:
        confinement.tuer(_libres.pop()[0])


def ateliers() -> set[int]:
    """Return the workshops that this process and its children have, by their process: another run's are not ours."""
    rendu = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    lignes = [(int(pid), int(parent), commande) for pid, parent, commande in (ligne.split(None, 2) for ligne in rendu.splitlines())]
    descendants, avant = {os.getpid()}, 0
    while avant != len(descendants):
        avant = len(descendants)
        descendants |= {pid for pid, parent, _ in lignes if parent in descendants}
    return {pid for pid, _, commande in lignes if pid in descendants and "guichet.documents.atelier" in commande}
