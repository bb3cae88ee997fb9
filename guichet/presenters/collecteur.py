"""Cycles of objects, freed in the interface's thread alone.

Python frees them in whichever thread allocates, and Qt's objects die there with it: a timer of a window that is gone, ended by the thread
that talks to the centre, may take the whole program along.
"""

import gc
import time

from PySide6.QtCore import QObject, QTimer

_PERIODE_MS = 1_000
_ENTIER_S = 60.0
"""At most so often is everything gone through: it holds the window's thread for as long as it lasts."""


class Collecteur(QObject):
    """Does what Python's own collector did, by the same counts, between two events of the window."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._dernier = time.monotonic()
        battement = QTimer(self, interval=_PERIODE_MS)
        battement.timeout.connect(self.collecter)
        battement.start()

    def collecter(self) -> None:
        """Free the young, or everything when it is time."""
        dus = [compte > seuil for compte, seuil in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if dus[2] and time.monotonic() - self._dernier > _ENTIER_S:
            gc.collect()
            self._dernier = time.monotonic()
        elif dus[0]:
            gc.collect(1 if dus[1] else 0)
