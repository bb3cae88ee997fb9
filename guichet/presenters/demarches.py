"""Filling in a démarche: what may be filled in, the draft, the sending."""

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from guichet.presenters.poste import PostePresenter
from guichet.presenters.taches import en_mots

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guichet.services.demarches import Connus, Proposition
    from guichet.services.visites import VisiteOuverte
    from guichet.store.demarches import Brouillon

_REPOS_MS = 300


class DemarchesPresenter(QObject):
    """`proposees`: the forms for the person at the counter; `reprise`: a draft or None, and what is known; `deposee`: the démarche has left the form."""

    proposees = Signal(object)
    reprise = Signal(object)
    deposee = Signal(str)
    refuse = Signal(str)

    def __init__(self, poste: PostePresenter, visite: "VisiteOuverte") -> None:
        super().__init__()
        self._poste, self._visite = poste, visite
        self._a_garder: tuple[str, Mapping[str, str]] | None = None
        self._repos = QTimer(self)
        self._repos.setSingleShot(True)
        self._repos.setInterval(_REPOS_MS)
        self._repos.timeout.connect(self._garder)

    def proposer(self) -> None:
        """Look for the forms that the visitor's quality allows."""
        session, visite = self._poste.session, self._visite

        def travail() -> "tuple[Proposition, ...]":
            from guichet.services import demarches

            return demarches.proposees(session, visite)

        self._poste.taches.base(travail, self.proposees.emit, self._refuser)

    def reprendre(self, code: str) -> None:
        """Look for what was typed in a form and not sent."""
        session, visite = self._poste.session, self._visite

        def travail() -> "tuple[Brouillon | None, Connus]":
            from guichet.services import demarches

            return demarches.brouillon(session, visite, code), demarches.connus(session, visite, code, date.today())

        self._poste.taches.base(travail, self.reprise.emit, self._refuser)

    def noter(self, code: str, saisies: "Mapping[str, str]") -> None:
        """Keep what is being typed, once the hand rests."""
        self._a_garder = code, saisies
        self._repos.start()

    def finir(self) -> None:
        """Keep at once what the hand has just typed: the form goes."""
        self._repos.stop()
        self._garder()

    def deposer(self, code: str, saisies: "Mapping[str, str]") -> None:
        """Send a démarche."""
        self._repos.stop()
        self._a_garder = None
        session, visite = self._poste.session, self._visite

        def travail() -> str:
            from guichet.services import demarches

            return demarches.deposer(session, visite, code, saisies, date.today())

        def puis(id_: str) -> None:
            self.deposee.emit(id_)
            self._poste.change.emit()
            self._poste.apres_saisie()

        self._poste.taches.base(travail, puis, self._refuser)

    def _garder(self) -> None:
        if self._a_garder is None:
            return
        (code, saisies), session, visite, poste = self._a_garder, self._poste.session, self._visite, self._poste
        self._a_garder = None

        def travail() -> None:
            from guichet.services import demarches

            demarches.garder(session, visite, code, saisies)

        # The form may be gone when it is done.
        poste.taches.base(travail, lambda _: None, lambda erreur: poste.refuse.emit(en_mots(erreur)))

    def _refuser(self, erreur: BaseException) -> None:
        self.refuse.emit(en_mots(erreur))
