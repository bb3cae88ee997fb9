"""A document on its way: looked at, asked about, sent."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from guichet.presenters.documents import DocumentsPresenter
from guichet.presenters.taches import en_mots

if TYPE_CHECKING:
    from guichet.documents.page import Page
    from guichet.rules.depots import Canal
    from guichet.services.depots import Envoi, Examen
    from guichet.services.papiers import Papier
    from guichet.services.visites import VisiteOuverte
    from guichet.store.documents import DocumentEnvoye, PieceDemandee


class DepotPresenter(QObject):
    """Looks at what leaves, sends it, proves it.

    `examine`: a document is ready to leave, with what it lacks; `canal`: how the body of the visit takes documents, None without a visit;
    `parti`: it was kept, and leaves; `recu`: the proof of one; `attend`: of how many pages the words are read first, 0 once it waits no more.
    """

    examine = Signal(object)
    canal = Signal(object)
    occupe = Signal(bool)
    parti = Signal()
    recu = Signal(object)
    attend = Signal(int)

    def __init__(self, documents: DocumentsPresenter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._documents, self._poste = documents, documents.poste
        self._pages: tuple[Page, ...] = ()
        self._visite: VisiteOuverte | None = None
        self._attente: tuple[str, VisiteOuverte, tuple[str, ...]] | None = None
        documents.lecture_avance.connect(self._sur_lecture)

    def lire_le_canal(self) -> None:
        """Look for how the documents of the visit go; `canal` gives it."""
        visite = self._poste.visite
        if visite is None:
            self.canal.emit(None)
            return
        session = self._poste.session

        def travail() -> "Canal":
            from guichet.services import depots

            return depots.canal_de(session, visite)

        self._poste.taches.base(travail, lambda canal: self.canal.emit(canal), self._refuser)

    def examiner(self, type_piece: str) -> None:
        """Look at what the pages lack, once their words are read: what is expected is told by them, and they leave with them."""
        visite, ids = self._poste.visite, tuple(p.id for p in self._documents.document)
        if visite is None or not self._documents.prets or not self._documents.non_lues(ids):
            self._examiner(type_piece, ids)
            return
        self._attente = type_piece, visite, ids
        self.occupe.emit(True)
        self.attend.emit(self._documents.non_lues(ids))

    def sans_attendre(self) -> None:
        """Look at the pages as they are: those whose words are not read leave without."""
        if (attente := self.renoncer()) is not None:
            self._examiner(attente[0], attente[2])

    def renoncer(self) -> "tuple[str, VisiteOuverte, tuple[str, ...]] | None":
        """Wait no more, and send nothing; return what was waited for."""
        attente, self._attente = self._attente, None
        if attente is not None:
            self.occupe.emit(False)
            self.attend.emit(0)
        return attente

    def _sur_lecture(self) -> None:
        """Go on once all is read; whoever left, or took his pages back, sends nothing."""
        if self._attente is None:
            return
        if self._attente[1] != self._poste.visite or not self._documents.pages:
            self.renoncer()
        elif restantes := self._documents.non_lues(self._attente[2]):
            self.attend.emit(restantes)
        else:
            self.sans_attendre()

    def _examiner(self, type_piece: str, ids: tuple[str, ...]) -> None:
        """Convert the pages and look at what they lack; `examine` gives it."""
        visite = self._poste.visite
        if visite is None:
            self._documents.refuse.emit("Ouvrez d'abord une visite : le document ira au dossier de la personne présente.")
            return
        if not self._documents.prets:
            self._documents.refuse.emit("Une page est encore en cours de traitement : envoyez quand elle est prête.")
            return
        session, bac = self._poste.session, self._documents.bac
        pages = tuple(p for p in self._documents.pages if p.id in ids)
        if len(pages) != len(ids):
            self._documents.refuse.emit("Une page du document a changé pendant l'attente : rien n'est parti. Envoyez à nouveau.")
            return
        self._pages, self._visite = pages, visite
        self.occupe.emit(True)

        def travail() -> "Examen":
            from guichet.services import depots

            return depots.examiner(session, visite, bac, pages, type_piece)

        def puis(examen: "Examen") -> None:
            self.occupe.emit(False)
            self.examine.emit(examen)

        self._poste.taches.large(travail, puis, self._refuser)

    def envoyer(self, examen: "Examen", envoi: "Envoi") -> None:
        """Send what was examined; the tray is emptied of it only once it is kept."""
        session, visite, pages = self._poste.session, self._visite, self._pages
        if visite is None or visite != self._poste.visite:
            self._documents.refuse.emit("La visite a changé depuis : rien n'a été envoyé, les pages sont encore là.")
            return

        def travail() -> "DocumentEnvoye":
            from guichet.services import depots

            return depots.envoyer(session, visite, examen, envoi)

        def puis(document: "DocumentEnvoye") -> None:
            self._documents.noter_l_envoi(pages, document)
            self.parti.emit()

        self._poste.taches.large(travail, puis, self._refuser)

    def alleger(self, octets: int) -> None:
        """Make the pages light enough for so many bytes."""
        self._documents.alleger(octets)

    def reutiliser(self, piece: "PieceDemandee", document: "DocumentEnvoye") -> None:
        """Answer what was asked for with a document that was already given."""
        session, visite = self._poste.session, self._poste.visite
        if visite is None:
            return

        def travail() -> None:
            from guichet.services import depots

            depots.reutiliser(session, visite, piece, document)

        def puis(_: None) -> None:
            self._documents.refuse.emit(f"« {document.nom} » répond à la demande : il n'a pas à être donné une seconde fois.")
            self._poste.apres_saisie()

        self._poste.taches.base(travail, puis, self._refuser)

    def accuser(self, document: "DocumentEnvoye") -> None:
        """Make the proof that a document was given; `recu` gives it."""
        session, visite = self._poste.session, self._poste.visite
        if visite is None:
            return

        def travail() -> "Papier":
            from guichet.services import papiers

            return papiers.accuser(session, visite, document)

        self._poste.taches.base(travail, lambda papier: self.recu.emit(papier), self._refuser)

    def _refuser(self, erreur: BaseException) -> None:
        self.occupe.emit(False)
        self._documents.refuse.emit(en_mots(erreur))
