"""Scanning into the tray: pages as they come, a stop, and how to go on after a fault."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from guichet.presenters.documents import DocumentsPresenter
from guichet.presenters.taches import en_mots

if TYPE_CHECKING:
    from guichet.documents.page import Page
    from guichet.documents.sources.decouverte import Trouve
    from guichet.documents.sources.numerisation import Numerisation

SOURCES = ("vitre", "chargeur", "recto_verso")
ENCRES = ("RGB24", "Grayscale8")


class NumerisationPresenter(QObject):
    """One scan at a time; one that follows a fault goes on with its document.

    `avance`: pages of the document received so far; `finie`: all were; `arretee`: why it stopped, in words; `intercalees`: how many
    sheets were given their backs.
    """

    avance = Signal(int)
    finie = Signal(int)
    arretee = Signal(str)
    trouves = Signal(list)
    intercalees = Signal(int)
    _recue = Signal(bytes)

    def __init__(self, documents: DocumentsPresenter) -> None:
        super().__init__()
        self._documents = documents
        self._en_cours: Numerisation | None = None
        self.recues, self._a_suivre = 0, False
        self._rectos: list[str] | None = None
        self._rendues, self._lues, self._lue = 0, list[str](), True
        self._recue.connect(self._ajouter)
        documents.poste.ferme.connect(self._abandonner)

    @property
    def en_cours(self) -> bool:
        """Whether a scan is under way."""
        return self._en_cours is not None

    @property
    def peut_retourner(self) -> bool:
        """Whether the last scan's pile may be turned over for its backs."""
        return self.recues > 0 and self._rectos is None

    def chercher(self) -> None:
        """Look for the scanners of this workstation, then the network's; `trouves` gives them by name."""

        def travail() -> "list[Trouve]":
            from guichet.documents.sources import decouverte

            return [*decouverte.chercher_ici(), *decouverte.chercher()]

        self._documents.poste.taches.large(travail, self.trouves.emit, lambda _: self.trouves.emit([]))

    def numeriser(self, saisie: str, source: str, ppp: int, encre: str, *, versos: bool = False) -> None:
        """Scan from the device at an address; its pages go to the tray one by one.

        `versos`: the pile of the last scan was turned over: these pages are its backs, the last sheet's first.
        """
        from guichet.documents.sources.escl import Encre, Source, adresse_complete
        from guichet.documents.sources.messages import SANE, WIA, Demande
        from guichet.documents.sources.numerisation import Numerisation

        adresse = saisie.strip() if saisie.strip().startswith((SANE, WIA)) else adresse_complete(saisie)
        if not adresse:
            self.arretee.emit("Donnez l'adresse du numériseur, par exemple 192.168.1.20 : elle est sur son écran, à « Réseau ».")
            return
        numerisation = self._en_cours = Numerisation(Demande(adresse, Source(source), ppp, Encre(encre)))
        if not self._a_suivre:
            self._rectos = self._lues if versos else None
            self.recues, self._rendues, self._lues = 0, 0, []
        self.avance.emit(self.recues)
        self._documents.preparer()

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
        cote = "Page numérisée" if self._rectos is None else "Verso"
        self._documents.recevoir(f"{cote} {self.recues}", octets, self._noter)
        self.avance.emit(self.recues)

    def _noter(self, pages: "list[Page]") -> None:
        """A page was read, or refused."""
        self._rendues += 1
        self._lues += [p.id for p in pages]
        self._conclure()

    def _finir(self) -> None:
        self._en_cours, self._a_suivre, self._lue = None, False, False
        self._conclure()

    def _conclure(self) -> None:
        """Once the device has no more and every page was read, say so; put the backs behind their fronts."""
        if self._en_cours is None and not self._lue and self._rendues == self.recues:
            self._lue = True
            self.finie.emit(self.recues)
            self._intercaler()

    def _intercaler(self) -> None:
        """Put each back behind its front; when they are not as many, say so and move nothing."""
        if self._rectos is None:
            return
        rectos, self._rectos = self._rectos, None
        if self._documents.intercaler(rectos, self._lues):
            self.intercalees.emit(len(rectos))
        else:
            self.arretee.emit(
                f"{len(rectos)} recto(s) mais {len(self._lues)} verso(s) : rien n'a été intercalé, les pages reçues restent à la suite dans le bac. "
                "Recomptez les feuilles, retirez les versos, puis numérisez-les à nouveau."
            )

    def _arreter(self, erreur: BaseException) -> None:
        self._en_cours, self._a_suivre, self._lue = None, True, True
        self.arretee.emit(en_mots(erreur))
