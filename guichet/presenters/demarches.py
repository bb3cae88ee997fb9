"""Filling in a démarche: what may be filled in, the draft, the sending."""

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from guichet.presenters.brouillon import BrouillonPresenter
from guichet.presenters.poste import PostePresenter
from guichet.presenters.taches import en_mots

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guichet.services.demarches import Connus, Proposition
    from guichet.services.visites import VisiteOuverte
    from guichet.store.demarches import Brouillon


class DemarchesPresenter(QObject):
    """`proposees`: the forms for the person at the counter; `reprise`: a draft or None, and what is known; `deposee`: the démarche has left the form."""

    proposees = Signal(object)
    reprise = Signal(object)
    deposee = Signal(str)
    refuse = Signal(str)

    def __init__(self, poste: PostePresenter, visite: "VisiteOuverte") -> None:
        super().__init__()
        self._poste, self._visite = poste, visite
        self._brouillon = BrouillonPresenter(poste, self._garder, self)

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
        self._brouillon.noter(code, saisies)

    def finir(self) -> None:
        """Keep at once what the hand has just typed: the form goes."""
        self._brouillon.finir()

    def deposer(self, code: str, saisies: "Mapping[str, str]") -> None:
        """Send a démarche."""
        self._brouillon.oublier()
        session, visite = self._poste.session, self._visite

        def travail() -> str:
            from guichet.services import demarches

            return demarches.deposer(session, visite, code, saisies, date.today())

        def puis(id_: str) -> None:
            self.deposee.emit(id_)
            self._poste.change.emit()
            self._poste.apres_saisie()

        self._poste.taches.base(travail, puis, self._refuser)

    def _garder(self, code: str, saisies: "Mapping[str, str]") -> None:
        from guichet.services import demarches

        demarches.garder(self._poste.session, self._visite, code, saisies)

    def _refuser(self, erreur: BaseException) -> None:
        self.refuse.emit(en_mots(erreur))
