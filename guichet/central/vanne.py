"""One heavy batch at a time: workstations that come back after an outage take turns, and people at work do not wait behind them."""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from guichet.central.refus import RefusCentre
from guichet.contract.codes import Code

LEGER = 20
"""Operations up to which a batch is a person's ordinary work, and never waits."""
_FILE = 8
"""Heavy batches that wait here rather than at the workstation: `Retry-After` counts in whole seconds, and several come back in each."""
_DUREE_S, _LISSAGE, _ATTENTE_MAX_S = 0.1, 0.2, 300.0


class Vanne:
    """Lets one heavy batch of this replica in, and a few behind it; tells the others when to come back, one turn after the other."""

    def __init__(self) -> None:
        self._place, self._file, self._calcul = threading.Lock(), threading.Semaphore(_FILE), threading.Lock()
        self._duree, self._dernier_tour = _DUREE_S, 0.0

    @contextmanager
    def passer(self, operations: int) -> Iterator[None]:
        """Hold the place of a heavy batch. Raises RefusCentre 429 with the time until the turn given, in seconds (RFC 6585 §4)."""
        if operations <= LEGER:
            yield
            return
        if not self._file.acquire(blocking=False):
            detail = "Le centre reçoit beaucoup d'envois : le vôtre reprendra à son tour."
            raise RefusCentre(429, Code.OCCUPE, detail, self._donner_un_tour())
        try:
            with self._place:
                debut = time.monotonic()
                yield
                self._duree += _LISSAGE * (time.monotonic() - debut - self._duree)
        finally:
            self._file.release()

    def _donner_un_tour(self) -> float:
        """Return in how many seconds to come back: as many turns wait already, each as long as a batch has lately been."""
        with self._calcul:
            maintenant = time.monotonic()
            self._dernier_tour = max(self._dernier_tour, maintenant) + self._duree
            return min(math.ceil(self._dernier_tour - maintenant), _ATTENTE_MAX_S)
