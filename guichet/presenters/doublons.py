"""A pair of people who may be one: compared, told apart, joined, separated."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from guichet.presenters.poste import PostePresenter
from guichet.presenters.taches import en_mots

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from guichet.services.doublons import Comparaison
    from guichet.store.doublons import DoublonLu


class DoublonsPresenter(QObject):
    """`compares`: both side by side; `fini`: what was done, in words, and the dossier to open, if there is one."""

    compares = Signal(object)
    fini = Signal(str, str)
    refuse = Signal(str)

    def __init__(self, poste: PostePresenter, doublon: "DoublonLu") -> None:
        super().__init__()
        self._poste, self._doublon = poste, doublon

    def comparer(self) -> None:
        """Read both."""
        session, doublon = self._poste.session, self._doublon

        def travail() -> "Comparaison":
            from guichet.services import doublons

            return doublons.comparer(session, doublon.portee, doublon.id)

        self._poste.taches.base(travail, self.compares.emit, self._refuser)

    def ecarter(self) -> None:
        """Say that they are two."""
        session, doublon = self._poste.session, self._doublon

        def travail() -> tuple[str, str]:
            from guichet.services import doublons

            doublons.ecarter(session, doublon)
            return self.tr("Noté : ce sont deux personnes. Cette ressemblance ne sera plus proposée."), ""

        self._poste.taches.base(travail, self._finir, self._refuser)

    def fusionner(self, comparaison: "Comparaison", garde: str, repris: "Collection[str]") -> None:
        """Join them at the centre."""
        session = self._poste.session

        def travail() -> tuple[str, str]:
            from guichet.services import doublons

            return self.tr("Les deux fiches sont réunies."), doublons.fusionner(session, comparaison, garde, repris)

        self._au_centre(travail)

    def separer(self) -> None:
        """Undo their merge at the centre."""
        session, doublon = self._poste.session, self._doublon

        def travail() -> tuple[str, str]:
            from guichet.services import doublons

            restes = doublons.separer(session, doublon)
            if restes:
                texte = self.tr("Les deux fiches sont séparées. {0} donnée(s) changée(s) depuis la fusion restent comme elles sont.")
                return texte.format(restes), ""
            return self.tr("Les deux fiches sont séparées, comme avant la fusion."), ""

        self._au_centre(travail)

    def _au_centre(self, travail: "Callable[[], tuple[str, str]]") -> None:
        self._poste.taches.large(travail, self._finir, self._refuser)

    def _finir(self, rendu: tuple[str, str]) -> None:
        self.fini.emit(*rendu)
        self._poste.apres_saisie()

    def _refuser(self, erreur: BaseException) -> None:
        self.refuse.emit(en_mots(erreur))
