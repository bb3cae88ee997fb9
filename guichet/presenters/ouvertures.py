"""Opening a dossier at the counter: the form, who looks like the person, the opening."""

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from guichet.presenters.brouillon import BrouillonPresenter
from guichet.presenters.poste import PostePresenter
from guichet.presenters.taches import en_mots

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from guichet.services.ouvertures import Ouverture, Ressemblant

    _Controle = tuple[dict[str, str], dict[str, str], list[Ressemblant]]


class OuverturesPresenter(QObject):
    """`commencee`: the form; `fautes`: what is wrong, by field; `controlee`: what is kept, and who looks like the person; `ouverte`: scope and dossier."""

    commencee = Signal(object)
    fautes = Signal(object)
    controlee = Signal(object, object)
    ouverte = Signal(str, str)
    refuse = Signal(str)

    def __init__(self, poste: PostePresenter) -> None:
        super().__init__()
        self._poste = poste
        self._brouillon = BrouillonPresenter(poste, self._garder, self)

    def commencer(self, recherche: str) -> None:
        """Ask for the form, filled in with what was searched."""
        session = self._poste.session

        def travail() -> "Ouverture":
            from guichet.services import ouvertures

            return ouvertures.commencer(session, recherche, date.today())

        self._poste.taches.base(travail, self.commencee.emit, self._refuser)

    def noter(self, saisies: "Mapping[str, str]") -> None:
        """Keep what is being typed, once the hand rests."""
        self._brouillon.noter(saisies)

    def abandonner(self) -> None:
        """Forget what was typed: the person's identity does not wait for the next one's."""
        self._brouillon.noter({})
        self._brouillon.finir()

    def controler(self, saisies: "Mapping[str, str]") -> None:
        """Ask what is wrong with what was typed or, when nothing is, who looks like the person."""
        session = self._poste.session

        def travail() -> "_Controle":
            from guichet.services import ouvertures

            bons, fautes = ouvertures.controler(session, saisies, date.today())
            return bons, fautes, ouvertures.ressemblants(session, bons, date.today()) if not fautes else []

        def puis(rendu: "_Controle") -> None:
            bons, fautes, semblables = rendu
            self.fautes.emit(fautes)
            if not fautes:
                self.controlee.emit(bons, semblables)

        self._poste.taches.base(travail, puis, self._refuser)

    def ouvrir(self, saisies: "Mapping[str, str]", organisme_id: str, ecartes: "Collection[str]") -> None:
        """Open the dossier."""
        self._brouillon.oublier()
        session = self._poste.session

        def travail() -> tuple[str, str]:
            from guichet.services import ouvertures

            return ouvertures.ouvrir(session, saisies, organisme_id, ecartes, date.today())

        def puis(ou: tuple[str, str]) -> None:
            self.ouverte.emit(*ou)
            self._poste.apres_saisie()

        self._poste.taches.base(travail, puis, self._refuser)

    def _garder(self, saisies: "Mapping[str, str]") -> None:
        from guichet.services import ouvertures

        ouvertures.garder(self._poste.session, saisies)

    def _refuser(self, erreur: BaseException) -> None:
        self.refuse.emit(en_mots(erreur))
