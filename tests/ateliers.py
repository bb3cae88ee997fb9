"""The processes that read papers: kept warm from one test to the next, since each takes over a second to be ready; and those there are.

What one was asked about the same bytes in the same run is not asked again: a page takes seconds, and a hundred tests show the same ones.
"""

import atexit
import hashlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from guichet.documents import confinement
from guichet.documents.erreurs import Cause
from guichet.documents.etabli import Avancer, Etabli
from guichet.documents.page import Commande, PageTraitee
from tests.outils import PARTAGE

_AU_PLUS = 5_000_000
"""Bytes of an answer that is kept for the run."""
_libres: list[tuple["subprocess.Popen[bytes]", object]] = []
_refusants: set[int] = set()
"""Workshops that refused a file, by their process: what a hostile one may have done to it goes with it."""
_demarrer = confinement.demarrer
_arreter = Etabli.arreter
_demander = Etabli._demander


class _Rendu(msgspec.Struct):
    """What a workshop answered: a glimpse, the pages, why it refused."""

    vignette: bytes
    pages: list[PageTraitee]
    cause: str


def garder_au_chaud() -> None:
    """From now on, a workshop that is let go with nothing to do serves again; one that is busy, or refused a file, goes as in the product."""
    _tenir()
    atexit.register(_vider)


def _tenir() -> None:
    confinement.demarrer = _reprendre
    Etabli.arreter = _rendre
    Etabli._demander = _demander_une_fois


@contextmanager
def neufs() -> Iterator[None]:
    """Let workshops be made and go as in the product, for what is tried is that."""
    confinement.demarrer = _demarrer
    Etabli.arreter = _arreter
    Etabli._demander = _demander
    yield
    _tenir()


def _demander_une_fois(etabli: Etabli, commande: Commande, pages: list[PageTraitee], avancer: Avancer) -> str:
    """Ask as the product does, and keep the answer for who asks the same; what took too long may not, another time."""
    garde = Path(os.environ[PARTAGE]) / f"rendu-{hashlib.sha256(msgspec.msgpack.encode(commande)).hexdigest()}"
    if garde.exists() and not etabli._ferme.is_set():
        rendu = msgspec.msgpack.decode(garde.read_bytes(), type=_Rendu)
        if rendu.vignette:
            avancer(0, rendu.vignette)
        for page in rendu.pages:
            pages.append(page)
            avancer(len(pages), b"")
        return rendu.cause
    vignettes = [b""]

    def suivre(nombre: int, vignette: bytes) -> None:
        vignettes.append(vignette)
        avancer(nombre, vignette)

    cause = _demander(etabli, commande, pages, suivre)
    if cause and etabli._processus is not None:
        _refusants.add(etabli._processus.pid)
    octets = msgspec.msgpack.encode(_Rendu(max(vignettes, key=len), pages, cause))
    if cause != Cause.TROP_LONG and len(octets) < _AU_PLUS:
        ecrit = garde.with_suffix(f".{os.getpid()}-{id(etabli)}")
        ecrit.write_bytes(octets)
        ecrit.rename(garde)
    return cause


def _reprendre(module: str) -> tuple["subprocess.Popen[bytes]", object]:
    while module == "guichet.documents.atelier" and _libres:
        processus, travail = _libres.pop()
        if processus.poll() is None:
            return processus, travail
    return _demarrer(module)


def _rendre(etabli: Etabli) -> None:
    processus = etabli._processus
    if processus is None or processus.pid in _refusants or not etabli._un_a_la_fois.acquire(blocking=False):
        _arreter(etabli)
        return
    _libres.append((processus, etabli._travail))
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
