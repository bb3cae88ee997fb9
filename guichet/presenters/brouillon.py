"""Keeping what is being typed, once the hand rests: a program that is killed finds it again."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from guichet.presenters.poste import PostePresenter
from guichet.presenters.taches import en_mots

_REPOS_MS = 300


class BrouillonPresenter(QObject):
    """Calls `garder` in the database worker with the last of what was noted."""

    def __init__(self, poste: PostePresenter, garder: Callable[..., None], parent: QObject) -> None:
        super().__init__(parent)
        self._poste, self._garder = poste, garder
        self._a_garder: tuple[object, ...] | None = None
        self._repos = QTimer(self)
        self._repos.setSingleShot(True)
        self._repos.setInterval(_REPOS_MS)
        self._repos.timeout.connect(self.finir)

    def noter(self, *saisi: object) -> None:
        """Remember what is typed now, in the place of what was noted before."""
        self._a_garder = saisi
        self._repos.start()

    def oublier(self) -> None:
        """Keep nothing of what was noted and not kept yet."""
        self._repos.stop()
        self._a_garder = None

    def finir(self) -> None:
        """Keep at once what the hand has just typed."""
        a_garder, garder, poste = self._a_garder, self._garder, self._poste
        self.oublier()
        if a_garder is not None:
            poste.taches.base(lambda: garder(*a_garder), sinon=lambda erreur: poste.refuse.emit(en_mots(erreur)))
