"""The « Repères » tab: tables to look things up in, and the lines of one that match what is typed."""

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from guichet.presenters.poste import PostePresenter
from guichet.presenters.taches import en_mots

if TYPE_CHECKING:
    from guichet.services.reperes import Rubrique


class ReperesPresenter(QObject):
    """`lues` when the tables are there; `montree` when another table, or other lines of it, must be shown."""

    lues = Signal()
    montree = Signal()
    refuse = Signal(str)

    def __init__(self, poste: PostePresenter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._poste = poste
        self.rubriques: tuple[Rubrique, ...] = ()
        self.lignes: tuple[tuple[str, ...], ...] = ()
        self._rang, self._filtre = 0, ""
        poste.change.connect(self.lire)

    @property
    def rubrique(self) -> "Rubrique | None":
        """The table that is shown."""
        return self.rubriques[self._rang] if self.rubriques else None

    def lire(self) -> None:
        """Read the tables, again after a synchronisation."""
        session = self._poste.session

        def travail() -> "tuple[Rubrique, ...]":
            from guichet.services import reperes

            return reperes.rubriques(session, date.today())

        self._poste.taches.base(travail, self._garder, lambda erreur: self.refuse.emit(en_mots(erreur)))

    def choisir(self, rang: int) -> None:
        """Show another table."""
        self._rang = max(rang, 0)
        self._choisir_lignes()

    def filtrer(self, texte: str) -> None:
        """Keep the lines where each word that is typed is found."""
        self._filtre = texte
        self._choisir_lignes()

    def _garder(self, rubriques: "tuple[Rubrique, ...]") -> None:
        nouvelles = rubriques != self.rubriques
        self.rubriques = rubriques
        if nouvelles:
            self.lues.emit()
            self._choisir_lignes()

    def _choisir_lignes(self) -> None:
        from guichet.rules.recherche import plier

        mots, rubrique = plier(self._filtre).split(), self.rubrique
        lignes = rubrique.lignes if rubrique is not None else ()
        self.lignes = tuple(x for x in lignes if all(mot in plier(" ".join(x)) for mot in mots))
        self.montree.emit()
