"""Hears the system say that nobody is in front any more: it sleeps, its session is locked or another takes the screen (research/security.md §4)."""

import logging
import sys
from collections.abc import Callable
from ctypes import wintypes
from typing import Any

from PySide6.QtCore import SLOT, QAbstractNativeEventFilter, QByteArray, QCoreApplication, QObject, Slot
from PySide6.QtDBus import QDBusConnection
from PySide6.QtGui import QWindow

_LOGIND, _CHEMIN = "org.freedesktop.login1", "/org/freedesktop/login1"
_SESSION = f"{_LOGIND}.Session"
_WM_POWERBROADCAST, _PBT_APMSUSPEND = 0x0218, 0x0004
_WM_WTSSESSION_CHANGE = 0x02B1
_DEPARTS = frozenset({0x2, 0x4, 0x6, 0x7})
"""Console left, remote session left, session ended, session locked (Windows' WTS_*)."""


class Logind(QObject):
    """Linux: sleep, `loginctl lock-session`, the desktop's own lock (LockedHint) and a switch of session (Active), over the system's bus."""

    def __init__(self, bus: QDBusConnection, partir: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._partir = partir
        for chemin, interface, nom, signature, ecoute in (
            (_CHEMIN, f"{_LOGIND}.Manager", "PrepareForSleep", "b", "sur_sommeil(bool)"),
            # Any session of the machine: when another one moves, ours is not in front either, or is locked already.
            ("", _SESSION, "Lock", "", "sur_verrou()"),
            ("", "org.freedesktop.DBus.Properties", "PropertiesChanged", "sa{sv}as", "sur_changement(QString,QVariantMap,QStringList)"),
        ):
            # The stub asks for bytes, which the function refuses. Without its signature, a signal that has another one would fell the program.
            if not bus.connect(_LOGIND, chemin, interface, nom, signature, self, SLOT(ecoute)):  # type: ignore[call-overload]
                logging.getLogger(__name__).warning("%s.%s cannot be heard: the screen will not lock with it", interface, nom)

    @Slot(bool)
    def sur_sommeil(self, commence: bool) -> None:
        """Hear that the machine is about to sleep, or woke up."""
        if commence:
            self._partir()

    @Slot()
    def sur_verrou(self) -> None:
        """Hear that the session must be locked."""
        self._partir()

    @Slot(str, "QVariantMap", "QStringList")
    def sur_changement(self, interface: str, valeurs: dict[str, Any], _: list[str]) -> None:
        """Hear that the session was locked by its desktop, or is no more the one on the screen."""
        if interface == _SESSION and (valeurs.get("LockedHint") is True or valeurs.get("Active") is False):
            self._partir()


class Windows(QAbstractNativeEventFilter):
    """Windows: sleep and changes of session, as messages to a window of our own, never shown."""

    def __init__(self, app: QCoreApplication, partir: Callable[[], None]) -> None:
        super().__init__()
        self._partir = partir
        self._oreille = QWindow()
        fenetre = int(self._oreille.winId())
        app.installNativeEventFilter(self)
        if sys.platform == "win32":
            import ctypes

            # 0: this session's changes alone (NOTIFY_FOR_THIS_SESSION).
            if not ctypes.windll.wtsapi32.WTSRegisterSessionNotification(fenetre, 0):
                logging.getLogger(__name__).warning("changes of session cannot be heard: %s", ctypes.WinError())

    def nativeEventFilter(self, eventType: QByteArray | bytes | bytearray | memoryview, message: int) -> object:  # noqa: N803 (Qt's own)
        """Look at a message, and let it pass."""
        if QByteArray(eventType).data() == b"windows_generic_MSG":
            recu = wintypes.MSG.from_address(int(message))
            sommeil = recu.message == _WM_POWERBROADCAST and recu.wParam == _PBT_APMSUSPEND
            if sommeil or (recu.message == _WM_WTSSESSION_CHANGE and recu.wParam in _DEPARTS):
                self._partir()
        return False, 0


def ecouter(app: QCoreApplication, partir: Callable[[], None], parent: QObject) -> Logind | Windows | None:
    """Call `partir` when the system says so; the caller keeps what is returned, None where nothing is said (a Linux without a bus)."""
    if sys.platform == "win32":
        return Windows(app, partir)
    bus = QDBusConnection.systemBus()
    return Logind(bus, partir, parent) if bus.isConnected() else None
