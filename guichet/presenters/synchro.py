"""What runs behind the window while a session is open: passes, files, and the centre's hints."""

import os
import random
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from guichet.services.session import Session
    from guichet.sync.passe import Bilan

PERIODE_S = 30.0
"""Between two passes, when the centre gives no hint."""
ETALEMENT_S = 20.0
"""Workstations that open together in the morning say hello over this long, unless something waits to be sent."""
_RECUL_MAX_S = 300.0
_AVANCE_S = 1.0
_POLITESSE = 10
"""Nice value of the threads that work behind the window: the scheduler lets its frames go first (make bench ARGS=image)."""


class Synchro(QObject):
    """Runs passes, sends files and listens, each on a thread of its own; what they give crosses to the interface thread by signals."""

    passe_finie = Signal(object)
    avance = Signal(int)
    fichiers_finis = Signal(object)
    fichier_avance = Signal(int, int)

    def __init__(self, session: "Session", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._fin, self._reveil, self._reveil_fichiers = threading.Event(), threading.Event(), threading.Event()

    def commencer(self) -> None:
        """Start the three threads; they end with `arreter`, or with the process."""
        for nom, corps in (("synchronisation", self._passes), ("fichiers", self._fichiers), ("ecoute", self._ecoute)):
            threading.Thread(target=corps, name=nom, daemon=True).start()

    def reveiller(self) -> None:
        """Ask for a pass, and for the files that wait, now."""
        self._reveil.set()
        self._reveil_fichiers.set()

    def arreter(self) -> None:
        """End; what is under way stops between two exchanges, by the session."""
        self._fin.set()
        self.reveiller()

    def _passes(self) -> None:
        """At once when woken, else at a period spread over the workstations; later and later while the centre does not answer."""
        _s_effacer()
        attente, echecs = self._premiere_attente(), 0
        while not self._fin.is_set():
            self._reveil.wait(attente)
            self._reveil.clear()
            if self._fin.is_set():
                return
            rendu = une_passe(self._session, espacer(self.avance.emit))
            if self._fin.is_set():
                return
            self.passe_finie.emit(rendu)
            with suppress(Exception):  # the next pass says what is wrong with the disk
                self._session.recopier()
            echecs = echecs + 1 if isinstance(rendu, BaseException) else 0
            recul = min(PERIODE_S * 2 ** min(echecs, 8), _RECUL_MAX_S) if echecs > 1 else PERIODE_S
            # A busy centre gives turns: neither before it, nor much later.
            tour = getattr(rendu, "reessayer", 0.0)
            attente = tour * random.uniform(1, 1.2) if tour else recul * random.uniform(0.8, 1.2)  # noqa: S311 (spreads load, no secret)
            self._reveil_fichiers.set()

    def _premiere_attente(self) -> float:
        try:
            etat = self._session.etat()
        except Exception:  # noqa: BLE001 (shut again already, or a disk in trouble: the pass says which)
            return 0
        if etat.comptes.en_attente or etat.synchronise_le is None:
            return 0
        return random.uniform(0, ETALEMENT_S)  # noqa: S311 (spreads load, no secret)

    def _fichiers(self) -> None:
        _s_effacer()
        while not self._fin.is_set():
            self._reveil_fichiers.wait()
            self._reveil_fichiers.clear()
            if self._fin.is_set():
                return
            try:
                rendu: int | BaseException = self._session.envoyer_fichiers(self.fichier_avance.emit)
            except Exception as erreur:  # noqa: BLE001 (the loop goes on; the error is shown or reported by the listener)
                rendu = erreur
            if self._fin.is_set():
                return
            if rendu != 0:
                self.fichiers_finis.emit(rendu)

    def _ecoute(self) -> None:
        """Wake a pass at each hint; without them the period does."""
        while not self._fin.is_set():
            try:
                for portee in self._session.ecouter():
                    if portee:
                        self._reveil.set()
            except Exception:  # noqa: BLE001, S110 (a hint is never needed: the passes say what is wrong)
                pass
            self._fin.wait(PERIODE_S * random.uniform(0.8, 1.2))  # noqa: S311 (spreads load, no secret)


def _s_effacer() -> None:
    """Give the calling thread, and those it starts, a lower priority, where the system has one for each thread."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _POLITESSE)


def espacer(dire: Callable[[int], None]) -> "Callable[[Bilan], None]":
    """Say how many rows a pass has received, once a second: each time the status bar is laid out and painted again."""
    dite = 0.0

    def avancer(bilan: "Bilan") -> None:
        nonlocal dite
        if time.monotonic() - dite >= _AVANCE_S:
            dite = time.monotonic()
            dire(bilan.recues)

    return avancer


def une_passe(session: "Session", avance: "Callable[[Bilan], None]") -> "Bilan | BaseException":
    """Run one pass; whatever stopped it is returned as a value for the interface thread to judge."""
    try:
        return session.synchroniser(avance)
    except Exception as erreur:  # noqa: BLE001 (the loop goes on; the error is shown or reported by the caller)
        return erreur
