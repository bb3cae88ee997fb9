"""Locks the screen when nobody is at it: idle, asleep, or another session in front (research/security.md §4)."""

import time
from datetime import timedelta

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow

from guichet.presenters.poste import PostePresenter
from guichet.views.systeme import ecouter

_BATTEMENT_S = 5
_SAUT_S = 60
"""The wall clock ahead of ours by this much between two beats: the machine slept."""
_GESTES = frozenset({
    QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel, QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate,
})  # fmt: skip
_SUIVIE = "guichet_suivie"


class Veilleur(QObject):
    """Listens to the windows themselves: only what a hand does counts, not a text that moves or a page that is read again.

    `discretion`: the key that hides the screen was pressed, over a dialog perhaps, where the window's shortcuts are silent.
    """

    discretion = Signal()

    def __init__(self, app: QGuiApplication, poste: PostePresenter, apres: timedelta) -> None:
        super().__init__(poste)
        self._poste, self._apres = poste, apres.total_seconds()
        self._dernier = self._battu = time.monotonic()
        self._mur = time.time()
        self._coeur = QTimer(self)
        self._coeur.setInterval(_BATTEMENT_S * 1000)
        self._coeur.timeout.connect(self.battre)
        app.focusWindowChanged.connect(self._suivre)
        self._suivre(app.focusWindow())
        for signal in (poste.ouvert, poste.deverrouille):
            signal.connect(self._commencer)
        for signal in (poste.ferme, poste.verrouille):
            signal.connect(self._coeur.stop)
        self._systeme = ecouter(app, poste.verrouiller, self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note what a hand does; Ctrl+L locks in a dialog too, where the window's shortcuts are silent."""
        if event.spontaneous() and event.type() in _GESTES:
            self._dernier = time.monotonic()
            if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_L and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
                self._poste.verrouiller()
                return True
            if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_F9 and event.type() == QEvent.Type.KeyPress:
                self.discretion.emit()
                return True
        return super().eventFilter(watched, event)

    def battre(self) -> None:
        """Lock after too long without a hand, or after a sleep."""
        maintenant, mur = time.monotonic(), time.time()
        dormi = (mur - self._mur) - (maintenant - self._battu)
        self._battu, self._mur = maintenant, mur
        if dormi > _SAUT_S or maintenant - self._dernier >= self._apres:
            self._poste.verrouiller()

    def _commencer(self, _: object = None) -> None:
        self._dernier = self._battu = time.monotonic()
        self._mur = time.time()
        self._coeur.start()

    def _suivre(self, fenetre: QWindow | None) -> None:
        if fenetre is not None and not fenetre.property(_SUIVIE):
            fenetre.setProperty(_SUIVIE, True)
            fenetre.installEventFilter(self)
