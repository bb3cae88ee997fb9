"""Scanning into the tray: pages as they come, a stop, and how to go on after a fault."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from guichet.presenters.documents import DocumentsPresenter
from guichet.presenters.taches import en_mots

if TYPE_CHECKING:
    from guichet.documents.sources.decouverte import Trouve
    from guichet.documents.sources.numerisation import Numerisation

SOURCES = ("vitre", "chargeur", "recto_verso")
ENCRES = ("RGB24", "Grayscale8")


class NumerisationPresenter(QObject):
    """One scan at a time; one that follows a fault goes on with its document.

    `avance`: pages of the document received so far; `finie`: all were; `arretee`: why it stopped, in words.
    """

    avance = Signal(int)
    finie = Signal(int)
    arretee = Signal(str)
    trouves = Signal(list)
    _recue = Signal(bytes)

    def __init__(self, documents: DocumentsPresenter) -> None:
        super().__init__()
        self._documents = documents
        self._en_cours: Numerisation | None = None
        self.recues, self._a_suivre = 0, False
        self._recue.connect(self._ajouter)
        documents.poste.ferme.connect(self._abandonner)

    @property
    def en_cours(self) -> bool:
        """Whether a scan is under way."""
        return self._en_cours is not None

    def chercher(self) -> None:
        """Look for the network's scanners; `trouves` gives them by name."""

        def travail() -> "list[Trouve]":
            from guichet.documents.sources import decouverte

            return decouverte.chercher()

        self._documents.poste.taches.large(travail, self.trouves.emit, lambda _: self.trouves.emit([]))

    def numeriser(self, saisie: str, source: str, ppp: int, encre: str) -> None:
        """Scan from the device at an address; its pages go to the tray one by one."""
        from guichet.documents.sources.escl import Encre, Source, adresse_complete
        from guichet.documents.sources.messages import Demande
        from guichet.documents.sources.numerisation import Numerisation

        adresse = adresse_complete(saisie)
        if not adresse:
            self.arretee.emit("Donnez l'adresse du numériseur, par exemple 192.168.1.20 : elle est sur son écran, à « Réseau ».")
            return
        numerisation = self._en_cours = Numerisation(Demande(adresse, Source(source), ppp, Encre(encre)))
        self.recues = self.recues if self._a_suivre else 0
        self.avance.emit(self.recues)

        def travail() -> None:
            for octets in numerisation.pages():
                self._recue.emit(octets)

        self._documents.poste.taches.large(travail, lambda _: self._finir(), self._arreter)

    def annuler(self) -> None:
        """Stop after the page under way; those received stay in the tray."""
        if self._en_cours is not None:
            self._en_cours.annuler()

    def _abandonner(self) -> None:
        """The profile closes: what still comes from the scanner is nobody's any more."""
        self.annuler()
        self._en_cours = None

    def _ajouter(self, octets: bytes) -> None:
        if self._en_cours is None:
            return
        self.recues += 1
        self._documents.numerisee(self.recues, octets)
        self.avance.emit(self.recues)

    def _finir(self) -> None:
        self._en_cours, self._a_suivre = None, False
        self.finie.emit(self.recues)

    def _arreter(self, erreur: BaseException) -> None:
        self._en_cours, self._a_suivre = None, True
        self.arretee.emit(en_mots(erreur))
