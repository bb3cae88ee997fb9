"""Every search is journaled, opened or not: once its answer has been under somebody's eyes for a moment, not at each letter."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from guichet.presenters.taches import Taches

if TYPE_CHECKING:
    from collections.abc import Callable

    from guichet.services.session import Session

_REGARDE_MS = 2000


class NoteurDeRecherches(QObject):
    """One for the window, whichever box the search was typed in. `session` gives the open session, or None."""

    def __init__(self, taches: Taches, session: "Callable[[], Session | None]", parent: QObject) -> None:
        super().__init__(parent)
        self._taches, self._session = taches, session
        self._saisie = self._notee = ""
        self._minuteur = QTimer(self)
        self._minuteur.setSingleShot(True)
        self._minuteur.setInterval(_REGARDE_MS)
        self._minuteur.timeout.connect(self.noter)

    def montrer(self, saisie: str) -> None:
        """People found for a text are on the screen."""
        self._saisie = saisie
        self._minuteur.start()

    def noter(self) -> None:
        """Journal the search on the screen, once: it was looked at, or led to an opening."""
        self._minuteur.stop()
        session, saisie = self._session(), self._saisie
        if session is None or not saisie.strip() or saisie == self._notee:
            return
        self._notee = saisie

        def travail() -> None:
            from guichet.services import dossiers

            dossiers.noter_recherche(session, saisie)

        self._taches.base(travail)

    def oublier(self, _: object = None) -> None:
        """Another agent, or nobody: what was typed is forgotten."""
        self._minuteur.stop()
        self._saisie = self._notee = ""
