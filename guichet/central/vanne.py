"""One heavy batch at a time: workstations that come back after an outage take turns, and people at work do not wait behind them."""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from guichet.central.mesures import MESURES
from guichet.central.refus import RefusCentre
from guichet.contract.codes import Code

LEGER = 20
"""Operations up to which a batch is a person's ordinary work, and never waits."""
_FILE_S = 4.0
"""Heavy batches wait here, rather than at the workstation, up to this long: `Retry-After` counts in whole seconds, and several come back in each."""
_PART = 6
"""When batches queue, they take one part in so many of the time: the rest is for people at work."""
_DUREE_S, _LISSAGE, _ATTENTE_MAX_S = 0.1, 0.2, 300.0


class Vanne:
    """Lets one heavy batch of this replica in, and a few behind it; tells the others when to come back, one turn after the other."""

    def __init__(self) -> None:
        self._place, self._calcul = threading.Lock(), threading.Lock()
        self._dedans, self._duree, self._libre, self._dernier_tour = 0, _DUREE_S, 0.0, 0.0
        MESURES.lots_en_file.set_function(lambda: self.en_file)

    @property
    def en_file(self) -> int:
        """How many heavy batches are here, the one under way included."""
        return self._dedans

    @contextmanager
    def passer(self, operations: int) -> Iterator[None]:
        """Hold the place of a heavy batch. Raises RefusCentre 429 with the time until the turn given, in seconds (RFC 6585 §4)."""
        if operations <= LEGER:
            yield
            return
        attente = self._entrer()
        if attente:
            raise RefusCentre(429, Code.OCCUPE, "Le centre reçoit beaucoup d'envois : le vôtre reprendra à son tour.", attente)
        try:
            with self._place:
                time.sleep(max(0.0, self._libre - time.monotonic()))
                debut = time.monotonic()
                try:
                    yield
                finally:
                    self._sortir(debut)
        finally:
            with self._calcul:
                self._dedans -= 1

    def _entrer(self) -> float:
        """Take a place in the queue; when it is full, return in how many seconds to come back, which makes one more turn."""
        with self._calcul:
            if self._dedans * self._duree * _PART < _FILE_S:
                self._dedans += 1
                return 0
            maintenant = time.monotonic()
            self._dernier_tour = max(self._dernier_tour, maintenant) + self._duree * _PART
            return min(math.ceil(self._dernier_tour - maintenant), _ATTENTE_MAX_S)

    def _sortir(self, debut: float) -> None:
        """Note how long a batch takes, and leave time to others when more batches wait."""
        with self._calcul:
            fin = time.monotonic()
            self._duree += _LISSAGE * (fin - debut - self._duree)
            self._libre = fin + (fin - debut) * (_PART - 1) if self._dedans > 1 else fin
