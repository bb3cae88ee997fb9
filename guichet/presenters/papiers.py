"""Papers for the person at the counter: asked for, made, ready to be printed or saved."""

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from guichet.models.enums import TypePapier
from guichet.presenters.poste import PostePresenter
from guichet.presenters.taches import en_mots
from guichet.rules.papiers import Offre, offres

if TYPE_CHECKING:
    from guichet.services.carte import Carte
    from guichet.services.papiers import Papier


class PapiersPresenter(QObject):
    """`etabli`: the paper, which is kept nowhere; `refuse`: why there is none."""

    etabli = Signal(object)
    refuse = Signal(str)

    def __init__(self, poste: PostePresenter, carte: "Carte") -> None:
        super().__init__()
        self._poste, self._carte = poste, carte

    @property
    def en_visite(self) -> bool:
        """Whether somebody stands there, to whom a recap may be given."""
        return self._poste.visite is not None

    @property
    def offres(self) -> tuple[Offre, ...]:
        """The papers that the dossier's body gives."""
        return offres(self._carte.type_organisme, date.today())

    def etablir(self, type_: TypePapier, du: date, au: date) -> None:
        """Make a paper."""
        session, carte, visite = self._poste.session, self._carte, self._poste.visite

        def travail() -> "Papier":
            from guichet.services import papiers

            if type_ is TypePapier.RECAPITULATIF and visite is not None:
                return papiers.recapituler(session, visite)
            return papiers.etablir(session, carte, papiers.Demande(type_, du, au), visite)

        self._poste.taches.base(travail, self._montrer, lambda erreur: self.refuse.emit(en_mots(erreur)))

    def ecrire_lettre(self, objet: str, message: str) -> None:
        """Make a letter to the body."""
        session, carte, visite = self._poste.session, self._carte, self._poste.visite

        def travail() -> "Papier":
            from guichet.services import papiers

            return papiers.ecrire_lettre(session, carte, objet, message, visite)

        self._poste.taches.base(travail, self._montrer, lambda erreur: self.refuse.emit(en_mots(erreur)))

    def _montrer(self, papier: "Papier") -> None:
        self.etabli.emit(papier)
        self._poste.apres_saisie()


def enregistrer(poste: PostePresenter, papier: "Papier", chemin: str) -> None:
    """Write a paper where the agent says, whole or not at all, and journal it. Raises OSError."""
    from pathlib import Path

    from guichet.store.disque import ecrire_durablement

    ecrire_durablement(Path(chemin), papier.pdf)
    _noter(poste, papier, imprime=False)


def noter_impression(poste: PostePresenter, papier: "Papier") -> None:
    """Journal that a paper was printed."""
    _noter(poste, papier, imprime=True)


def _noter(poste: PostePresenter, papier: "Papier", *, imprime: bool) -> None:
    session = poste.session

    def travail() -> None:
        from guichet.services.papiers import noter_sortie

        noter_sortie(session, papier, imprime=imprime)

    poste.taches.base(travail)
