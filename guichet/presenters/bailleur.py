"""The « Bailleur » tab: the filtered list by windows, the selection, the card, the July rents."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from guichet.presenters.poste import PostePresenter
from guichet.presenters.taches import en_mots

if TYPE_CHECKING:
    from guichet.services.locataires import Campagne
    from guichet.store.locataires import Criteres, FicheLocataire, LigneLocataire


class BailleurPresenter(QObject):
    """`liste_changee` when the filter or the data changed; the table then asks for its windows by `demander`."""

    bailleur_lu = Signal(str, str, str)
    liste_changee = Signal()
    page_lue = Signal(int, list)
    selection_changee = Signal()
    fiche_lue = Signal(object)
    a_declarer_lus = Signal(object, list)
    declares = Signal(int)
    refuse = Signal(str)

    def __init__(self, poste: PostePresenter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.poste = poste
        self.total = 0
        self.selection: set[str] = set()
        self._filtre: Criteres | None = None
        self._generation = 0
        self._premiere = True
        poste.change.connect(self._recompter)

    def commencer(self) -> None:
        """Read who the landlord is, then the whole list; with a single tenant, go straight to his card (BAI-13)."""
        session = self.poste.session

        def travail() -> tuple[str, str, str]:
            from guichet.services import locataires

            return locataires.bailleur(session)

        self.poste.taches.base(travail, lambda b: self.bailleur_lu.emit(*b), self._refuser)
        self.appliquer(attendus=False, nom="", numero="", code_postal="")

    def appliquer(self, *, attendus: bool, nom: str, numero: str, code_postal: str) -> None:
        """Apply a filter; the selection stays."""
        session = self.poste.session

        def travail() -> "tuple[Criteres, int]":
            from guichet.services import locataires

            filtre = locataires.criteres(attendus=attendus, nom=nom, numero=numero, code_postal=code_postal)
            return filtre, locataires.compter(session, filtre)

        self.poste.taches.base(travail, self._compte, self._refuser)

    def demander(self, debut: int, nombre: int) -> None:
        """Read a window of the list; a window of an older filter is dropped."""
        session, filtre, generation = self.poste.session, self._filtre, self._generation
        if filtre is None:
            return

        def travail() -> "Sequence[LigneLocataire] | None":
            if generation != self._generation:
                return None
            from guichet.services import locataires

            return locataires.lire(session, filtre, debut, nombre)

        def puis(lignes: "Sequence[LigneLocataire] | None") -> None:
            if lignes is not None and generation == self._generation:
                self.page_lue.emit(debut, list(lignes))

        self.poste.taches.base(travail, puis, self._refuser)

    def cocher(self, id_: str, *, coche: bool) -> None:
        """Put a tenant in the selection or take him out."""
        (self.selection.add if coche else self.selection.discard)(id_)
        self.selection_changee.emit()

    def tout_selectionner(self) -> None:
        """Select every tenant of the filter, shown or not (BAI-10)."""
        session, filtre = self.poste.session, self._filtre
        if filtre is None:
            return

        def travail() -> frozenset[str]:
            from guichet.services import locataires

            return locataires.identifiants(session, filtre)

        self.poste.taches.base(travail, self._selectionner, self._refuser)

    def quitter(self) -> None:
        """Empty the selection."""
        self._selectionner(frozenset())

    def _selectionner(self, ids: frozenset[str]) -> None:
        self.selection = set(ids)
        self.selection_changee.emit()

    def ouvrir_fiche(self, id_: str) -> None:
        """Read a tenant's card."""
        session = self.poste.session

        def travail() -> "FicheLocataire":
            from guichet.services import locataires

            return locataires.fiche(session, id_)

        self.poste.taches.base(travail, self.fiche_lue.emit, self._refuser)

    def continuer(self, ids: Sequence[str] | None = None) -> None:
        """Prepare the July rents of the selection, or of the tenants given."""
        session, choisis = self.poste.session, tuple(self.selection if ids is None else ids)

        def travail() -> "tuple[Campagne, Sequence[LigneLocataire]]":
            from guichet.services import locataires

            return locataires.campagne(date.today()), locataires.a_declarer(session, choisis)

        self.poste.taches.base(travail, lambda r: self.a_declarer_lus.emit(r[0], list(r[1])), self._refuser)

    def declarer(self, loyers: Mapping[str, int], mois: date) -> None:
        """Declare the rents, in cents by tenant."""
        session, choisis = self.poste.session, dict(loyers)

        def travail() -> int:
            from guichet.services import locataires

            return locataires.declarer_loyers(session, choisis, mois)

        def puis(nombre: int) -> None:
            self.selection -= set(choisis)
            self.selection_changee.emit()
            self.declares.emit(nombre)
            self.poste.apres_saisie()

        self.poste.taches.base(travail, puis, self._refuser)

    def _recompter(self) -> None:
        session, filtre = self.poste.session, self._filtre
        if filtre is None:
            return

        def travail() -> "tuple[Criteres, int]":
            from guichet.services import locataires

            return filtre, locataires.compter(session, filtre)

        self.poste.taches.base(travail, self._compte, self._refuser)

    def _compte(self, rendu: "tuple[Criteres, int]") -> None:
        self._filtre, self.total = rendu
        self._generation += 1
        self.liste_changee.emit()
        if self._premiere and self.total == 1:
            self._ouvrir_le_seul()
        self._premiere = False

    def _ouvrir_le_seul(self) -> None:
        session, filtre = self.poste.session, self._filtre

        def travail() -> "FicheLocataire":
            from guichet.services import locataires

            assert filtre is not None
            return locataires.fiche(session, locataires.lire(session, filtre, 0, 1)[0].id)

        self.poste.taches.base(travail, self.fiche_lue.emit, self._refuser)

    def _refuser(self, erreur: BaseException) -> None:
        self.refuse.emit(en_mots(erreur))
