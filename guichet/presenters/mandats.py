"""Mandates of a dossier: read, given, taken back."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from guichet.presenters.poste import PostePresenter
from guichet.presenters.taches import en_mots

if TYPE_CHECKING:
    from collections.abc import Collection

    from guichet.rules.visiteurs import Acte
    from guichet.services.carte import Carte
    from guichet.services.mandats import MandatAffiche
    from guichet.services.papiers import Papier
    from guichet.store.mandats import MandatLu


class MandatsPresenter(QObject):
    """`lus`: the mandates as they stand; `etabli`: the paper to sign; `refuse`: why there is none."""

    lus = Signal(object)
    etabli = Signal(object)
    refuse = Signal(str)

    def __init__(self, poste: PostePresenter, carte: "Carte") -> None:
        super().__init__()
        self._poste, self._carte = poste, carte

    @property
    def en_visite(self) -> bool:
        """Whether somebody stands there, who may give a mandate."""
        return self._poste.visite is not None

    def lire(self) -> None:
        """Read the mandates of the dossier."""
        session, carte = self._poste.session, self._carte

        def travail() -> "tuple[MandatAffiche, ...]":
            from guichet.services import mandats

            return mandats.du_dossier(session, carte)

        self._poste.taches.base(travail, self.lus.emit, self._refuser)

    def accorder(self, jours: int, actes: "Collection[Acte]") -> None:
        """Write down a mandate that the person at the counter gives."""
        session, visite = self._poste.session, self._poste.visite
        if visite is None:
            return

        def travail() -> "Papier":
            from guichet.services import mandats

            return mandats.accorder(session, visite, jours, actes)

        def puis(papier: "Papier") -> None:
            self.etabli.emit(papier)
            self._apres()

        self._poste.taches.base(travail, puis, self._refuser)

    def revoquer(self, mandat: "MandatLu", ids: "Collection[str]") -> None:
        """Take acts back from a mandate."""
        session = self._poste.session

        def travail() -> None:
            from guichet.services import mandats

            mandats.revoquer(session, mandat, ids)

        self._poste.taches.base(travail, lambda _: self._apres(), self._refuser)

    def _apres(self) -> None:
        self.lire()
        self._poste.apres_saisie()

    def _refuser(self, erreur: BaseException) -> None:
        self.refuse.emit(en_mots(erreur))
