"""Hostile files: how long each takes its workshop, ready, to judge, and how much memory the workshop holds meanwhile."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bench.mesure import Banc, Mesure
from guichet.documents.erreurs import FichierRefuse
from guichet.documents.etabli import Etabli
from guichet.documents.page import Commande
from tests.documents.hostiles import abimes, actifs, tous
from tests.outils import ECHANTILLONS

_PAS_S, _VIDE_MO = 0.01, 50


@dataclass(frozen=True)
class Tailles:
    epuisants: bool
    """Whether those that exhaust are among them: they take seconds to make."""
    un_sur: int
    """One file in so many."""


def mesurer(t: Tailles) -> Iterator[Mesure]:
    fichiers = [(f.name, f.read_bytes()) for f in sorted((ECHANTILLONS / "hostile").glob("*")) if f.is_file()]
    ranges = [*fichiers, *tous()] if t.epuisants else [*actifs(), *abimes()]
    with Etabli() as etabli:
        juges = [(nom, *_juger(etabli, nom, octets)) for nom, octets in ranges[:: t.un_sur]]
    assert min(j[2] for j in juges) > _VIDE_MO, "a workshop that weighs nothing was not weighed"
    lent, lourd = max(juges, key=lambda j: j[1]), max(juges, key=lambda j: j[2])
    partages = len({nom for nom, _ in fichiers} & {j[0] for j in juges})
    detail = f"{len(juges)} files, {partages} of them shared, {sum(j[3] for j in juges)} refused"
    yield Mesure("duree", "a hostile file, the longest to judge", "", 5, lent[1], "s", f"{lent[0]}; {detail}")
    yield Mesure("memoire", "a hostile file, the most memory held by the workshop", "", 1000, lourd[2], "MB", f"{lourd[0]}; {detail}")


def _juger(etabli: Etabli, nom: str, octets: bytes) -> tuple[float, float, bool]:
    """Return seconds, megabytes at the highest, and whether the file was refused; the workshop is another one after that."""
    if etabli._processus is None:
        etabli.traiter("échauffement", Commande(_PAGE))
    balise = _Balance(etabli)
    refuse, debut = False, time.perf_counter()
    try:
        etabli.traiter(nom, Commande(octets, apercu=True))
    except FichierRefuse:
        refuse = True
    duree = time.perf_counter() - debut
    return duree, balise.fermer(), refuse


class _Balance(threading.Thread):
    """Weighs the workshop and all that it started, every hundredth of a second."""

    def __init__(self, etabli: Etabli) -> None:
        super().__init__(daemon=True)
        processus = etabli._processus
        assert processus is not None
        self._racine, self._fin, self._plus = processus.pid, threading.Event(), 0
        self._peser()
        self.start()

    def run(self) -> None:
        while not self._fin.wait(_PAS_S):
            self._peser()

    def _peser(self) -> None:
        self._plus = max(self._plus, sum(_tenus(pid) for pid in _famille(self._racine)))

    def fermer(self) -> float:
        """Stop, and return the most megabytes that were held together."""
        self._fin.set()
        self.join()
        return self._plus / 1e6


def _famille(pid: int) -> list[int]:
    with suppress(OSError):
        enfants = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [pid, *(n for e in enfants for n in _famille(int(e)))]
    return []


def _tenus(pid: int) -> int:
    with suppress(OSError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
    return 0


def _page() -> bytes:
    import cv2
    import numpy as np

    return cv2.imencode(".jpg", np.full((400, 300, 3), 250, np.uint8))[1].tobytes()


_PAGE = _page()

BANC = Banc(mesurer, court=Tailles(epuisants=False, un_sur=40), long=Tailles(epuisants=True, un_sur=1))
