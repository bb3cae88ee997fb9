"""The « Documents » tab: the tray of pages with undo, the PDF, the sending."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from guichet.presenters.poste import PostePresenter
from guichet.presenters.taches import en_mots

if TYPE_CHECKING:
    from guichet.documents.page import Page
    from guichet.store.documents import DocumentEnvoye


class DocumentsPresenter(QObject):
    """The tray is a tuple of pages; every edit makes another, so that each can be undone."""

    bac_change = Signal()
    import_avance = Signal(int, int)
    apercu_pret = Signal(list, int)
    enregistre = Signal(str)
    envoye = Signal(object)
    documents_lus = Signal(list)
    refuse = Signal(str)

    def __init__(self, poste: PostePresenter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.poste = poste
        self.pages: tuple[Page, ...] = ()
        self._avant: list[tuple[Page, ...]] = []
        self._restants = self._demandes = 0
        self._annule = 0
        poste.change.connect(self.lire_envoyes)
        poste.visite_changee.connect(self._sur_visite)
        poste.ferme.connect(self._vider)

    @property
    def peut_annuler(self) -> bool:
        """Whether an edit can be undone."""
        return bool(self._avant)

    def importer(self, chemins: Sequence[Path]) -> None:
        """Add the pages of files, in their order, each read in its own process; a refused one leaves the others."""
        for chemin in chemins:
            self._lire(partial(_importer, chemin))

    def ajouter(self, pages: "Sequence[Page]") -> None:
        """Add pages that come from elsewhere than a file: a scanner's."""
        self._changer((*self.pages, *pages))

    def coller(self, octets: bytes) -> None:
        """Add a pasted image."""
        self._lire(lambda: _coller(octets))

    def arreter_import(self) -> None:
        """Let go of the files not read yet; the pages already there stay."""
        self._annule += 1
        self._restants = self._demandes = 0
        self.import_avance.emit(0, 0)

    def tourner(self, rang: int, degres: int) -> None:
        """Turn a page clockwise."""
        self._changer(tuple(p.tournee(degres) if i == rang else p for i, p in enumerate(self.pages)))

    def renommer(self, rang: int, nom: str) -> None:
        """Name a page."""
        if nom.strip() and nom != self.pages[rang].nom:
            self._changer(tuple(p.renommee(nom.strip()) if i == rang else p for i, p in enumerate(self.pages)))

    def retirer(self, rang: int) -> None:
        """Take a page out; undo brings it back."""
        self._changer(self.pages[:rang] + self.pages[rang + 1 :])

    def deplacer(self, de: int, vers: int) -> None:
        """Move a page."""
        if de != vers and 0 <= vers < len(self.pages):
            liste = list(self.pages)
            liste.insert(vers, liste.pop(de))
            self._changer(tuple(liste))

    def annuler(self) -> None:
        """Undo the last edit."""
        if self._avant:
            self.pages = self._avant.pop()
            self.bac_change.emit()

    def apercu(self) -> None:
        """Convert and show what will be sent: the PDF read back, and its size."""
        pages = self.pages

        def travail() -> "tuple[list[Page], int]":
            from guichet.services import documents

            pdf = documents.convertir(pages)
            return documents.relire(pdf), len(pdf)

        self.poste.taches.large(travail, lambda r: self.apercu_pret.emit(*r), self._refuser)

    def enregistrer(self, chemin: Path) -> None:
        """Write the PDF to a file; that it left the vault is journaled."""
        pages, session, visite = self.pages, self.poste.session, self.poste.visite

        def travail() -> str:
            from guichet.services import documents

            documents.enregistrer(pages, chemin)
            documents.noter_enregistrement(session, visite)
            return str(chemin)

        self.poste.taches.large(travail, self.enregistre.emit, self._refuser)

    def envoyer(self, type_piece: str, nom: str) -> None:
        """Convert and send to the dossier of the visit; the tray is emptied only once it is kept."""
        session, visite, pages = self.poste.session, self.poste.visite, self.pages
        if visite is None:
            self.refuse.emit("Ouvrez d'abord une visite : le document ira au dossier de la personne présente.")
            return

        def travail() -> "DocumentEnvoye":
            from guichet.services import documents

            return documents.envoyer(session, visite, pages, type_piece, nom)

        def puis(document: "DocumentEnvoye") -> None:
            self._vider()
            self.envoye.emit(document)
            self.poste.apres_saisie()

        self.poste.taches.large(travail, puis, self._refuser)

    def lire_envoyes(self) -> None:
        """Read what was given for the dossier of the visit."""
        visite = self.poste.visite
        if visite is None:
            self.documents_lus.emit([])
            return
        session = self.poste.session

        def travail() -> "Sequence[DocumentEnvoye]":
            from guichet.services import documents

            return documents.du_dossier(session, visite)

        self.poste.taches.base(travail, lambda d: self.documents_lus.emit(list(d)), self._refuser)

    def _sur_visite(self, _: object) -> None:
        self.lire_envoyes()

    def _lire(self, travail: "Callable[[], list[Page]]") -> None:
        tour = self._annule
        self._demandes += 1
        self._restants += 1
        self.import_avance.emit(self._demandes - self._restants, self._demandes)

        def puis(pages: "list[Page]") -> None:
            if tour == self._annule:
                self._changer((*self.pages, *pages))
                self._un_de_moins()

        def sinon(erreur: BaseException) -> None:
            if tour == self._annule:
                self._refuser(erreur)
                self._un_de_moins()

        self.poste.taches.fichiers(travail, puis, sinon)

    def _un_de_moins(self) -> None:
        self._restants -= 1
        if self._restants == 0:
            self._demandes = 0
        self.import_avance.emit(self._demandes - self._restants, self._demandes)

    def _changer(self, pages: "tuple[Page, ...]") -> None:
        self._avant.append(self.pages)
        self.pages = pages
        self.bac_change.emit()

    def _vider(self) -> None:
        self.pages, self._avant = (), []
        self.bac_change.emit()

    def _refuser(self, erreur: BaseException) -> None:
        self.refuse.emit(en_mots(erreur))


def _importer(chemin: Path) -> "list[Page]":
    from guichet.services import documents

    return documents.importer(chemin)


def _coller(octets: bytes) -> "list[Page]":
    from guichet.services import documents

    return documents.coller(octets)
