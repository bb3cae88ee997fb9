"""The « Documents » tab: the tray of pages with undo, the PDF, the sending."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from guichet.presenters.poste import PostePresenter
from guichet.presenters.taches import en_mots

if TYPE_CHECKING:
    from guichet.documents.etabli import Avancer
    from guichet.documents.page import Coins, Mode, Page, PageTraitee, Recadrer, Retouches
    from guichet.services.bac import Bac
    from guichet.services.documents import Compris, PagesComprises
    from guichet.store.documents import DocumentEnvoye, PieceDemandee


class DocumentsPresenter(QObject):
    """The tray is a tuple of pages; every edit makes another, so that each can be undone, and is kept at once.

    `import_avance`: files done, files asked for, pages of the one under way; `apercue`: a glimpse of it; `original_pret`: a page as it came, to show its corners on;
    `mot_de_passe_demande`: a PDF wants its password, after a wrong one or not; `occupe`: whether a page is being done again; `compris`: what the words
    of the pages suggest; `lecture_avance`: words were read, or pages changed.
    """

    bac_change = Signal()
    import_avance = Signal(int, int, int)
    apercu_pret = Signal(list, int)
    original_pret = Signal(object, object)
    mot_de_passe_demande = Signal(object, bool)
    occupe = Signal(bool)
    compris = Signal(object)
    lecture_avance = Signal()
    enregistre = Signal(str)
    envoye = Signal(object)
    documents_lus = Signal(list, list)
    refuse = Signal(str)
    apercue = Signal(bytes)
    _pages_du_fichier = Signal(int, int, bytes)

    def __init__(self, poste: PostePresenter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.poste = poste
        self.pages: tuple[Page, ...] = ()
        self._avant: list[tuple[Page, ...]] = []
        self._bac: Bac | None = None
        self._retouches: dict[str, Retouches] = {}
        self._renommees: dict[str, str] = {}
        self._comprises: PagesComprises = {}
        self._restants = self._demandes = 0
        self._annule = 0
        self._lit, self._illisibles, self._perdus = False, set[str](), 0
        self._visite_avant: object = poste.visite
        self._retirees = False
        self._visee = 0
        poste.change.connect(self.lire_envoyes)
        poste.visite_changee.connect(self._sur_visite)
        poste.verrouille.connect(lambda _: self._lacher())
        poste.deverrouille.connect(self._reprendre_apres_verrou)
        poste.ferme.connect(self._fermer)
        poste.quitte.connect(self._lacher)
        self._pages_du_fichier.connect(self._avancer)

    @property
    def peut_annuler(self) -> bool:
        """Whether an edit can be undone."""
        return bool(self._avant)

    def reprendre(self) -> None:
        """Show the tray as it was left, and be ready: who opens it brings papers."""
        bac = self._ouvert()
        self.poste.taches.fichiers(bac.reprendre, self._montrer_repris, self._refuser)
        self.preparer()

    def importer(self, chemins: Sequence[Path]) -> None:
        """Add the pages of files, in their order; a refused one leaves the others."""
        for chemin in chemins:
            self._importer(chemin, "")

    def ouvrir_protege(self, chemin: Path, mot_de_passe: str) -> None:
        """Add the pages of a PDF that has a password."""
        self._importer(chemin, mot_de_passe)

    def preparer(self) -> None:
        """Be ready for pages that come soon from a scanner or a telephone."""
        self.poste.taches.fichiers(self._ouvert().preparer, sinon=self._refuser)

    def recevoir(self, titre: str, octets: bytes, ensuite: "Callable[[list[Page]], None]") -> None:
        """Add the pages that a scanner or a telephone gave; `ensuite` is given them, or nothing when they were refused."""
        self._lire(lambda bac, avancer: bac.ajouter(titre, titre, octets, avancer), ensuite=ensuite)

    def coller(self, octets: bytes) -> None:
        """Add a pasted image."""
        self._lire(lambda bac, avancer: bac.ajouter("Image collée", "Image collée", octets, avancer))

    def arreter_import(self) -> None:
        """Let go of the files not read yet; the pages already there stay."""
        self._annule += 1
        self._restants = self._demandes = 0
        if self._bac is not None:
            self._bac.arreter()
        self.import_avance.emit(0, 0, 0)

    def tourner(self, rang: int, degres: int) -> None:
        """Turn a page clockwise."""
        retouches = self._voulues(rang)
        self._retoucher(rang, rotation=(retouches.rotation + degres) % 360)

    def teinter(self, rang: int, mode: "Mode") -> None:
        """Keep a page's colours, its greys, or its ink alone."""
        self._retoucher(rang, mode=mode)

    def recadrer(self, rang: int, coins: "Coins") -> None:
        """Crop a page at corners."""
        self._retoucher(rang, coins=coins)

    def rendre_entiere(self, rang: int) -> None:
        """Show all of a page's original again: no crop, no straightening."""
        from guichet.documents.page import Recadrer

        self._retoucher(rang, coins=None, recadrer=Recadrer.NON)

    def recadrer_seul(self, rang: int) -> None:
        """Let the program crop a page again."""
        from guichet.documents.page import Recadrer

        self._retoucher(rang, coins=None, recadrer=Recadrer.AUTO)

    def demander_l_original(self, rang: int) -> None:
        """Read a page as it came; `original_pret` gives it."""
        page, bac = self.pages[rang], self._ouvert()
        self.poste.taches.large(lambda: bac.voir_l_original(page), lambda o: self.original_pret.emit(page, o), self._refuser)

    def renommer(self, rang: int, nom: str) -> None:
        """Name a page."""
        if nom.strip() and nom != self.pages[rang].nom:
            self._remplacer(rang, nom=nom.strip())

    def dupliquer(self, rang: int) -> None:
        """Put a second one after a page."""
        self._changer((*self.pages[: rang + 1], _copie(self.pages[rang], debut=False), *self.pages[rang + 1 :]))

    def couper(self, rang: int) -> None:
        """Begin another document with a page, or join it again to the one before."""
        if rang > 0:
            self._remplacer(rang, debut=not self.pages[rang].debut)

    def viser(self, rang: int) -> None:
        """Say which page is looked at: its document is the one that is shown, kept and sent."""
        avant, self._visee = self.document, max(0, rang)
        if [p.id for p in avant] != [p.id for p in self.document]:
            self._comprendre()

    @property
    def document(self) -> "tuple[Page, ...]":
        """The pages of the document that is looked at: the whole tray, as long as it was not split."""
        from guichet.documents.page import documents_de

        documents = documents_de(self.pages)
        return documents[self.place[0] - 1] if documents else ()

    @property
    def place(self) -> tuple[int, int]:
        """Which document is looked at, from 1, and how many there are."""
        from guichet.documents.page import debuts

        places = debuts(self.pages)
        return max(1, sum(d <= self._visee for d in places)), len(places)

    def separer(self, rang: int) -> None:
        """Make a page of each paper of a picture."""
        page = self.pages[rang]
        self._refaire_plusieurs([page], lambda bac: bac.separer(page))

    def reunir(self, rangs: Sequence[int]) -> None:
        """Put pages one under the other on a single one: both sides of a card."""
        pages = [self.pages[i] for i in rangs]
        if len(pages) < 2:
            self.refuse.emit("Choisissez les pages à réunir : le recto, puis le verso avec Ctrl.")
            return
        self._refaire_plusieurs(pages, lambda bac: [bac.reunir(pages)])

    def intercaler(self, rectos: Sequence[str], versos: Sequence[str]) -> bool:
        """Put the backs of a pile between its fronts, the last one read being the first sheet's; return whether all are still there."""
        par_id = {p.id: p for p in self.pages}
        if len(rectos) != len(versos) or not par_id.keys() >= {*rectos, *versos}:
            return False
        melees = [par_id[i] for paire in zip(rectos, reversed(versos), strict=True) for i in paire]
        nommees = [_copie(p, nom=f"Page numérisée {rang}", debut=p.debut and p.id in rectos) for rang, p in enumerate(melees, start=1)]
        avant = next(i for i, p in enumerate(self.pages) if p.id in rectos or p.id in versos)
        autres = [p for p in self.pages if p.id not in {*rectos, *versos}]
        self._changer((*autres[:avant], *nommees, *autres[avant:]))
        return True

    def retirer_blanches(self) -> None:
        """Take the blank pages out; undo brings them back."""
        self.retirer(self.blanches)

    @property
    def blanches(self) -> list[int]:
        """The places of the pages that bear nothing."""
        return [i for i, p in enumerate(self.pages) if "blanche" in p.faite.notes]

    def retirer(self, rangs: Sequence[int]) -> None:
        """Take pages out; undo brings them back."""
        restent: list[Page] = []
        commence = False
        for i, page in enumerate(self.pages):
            commence = page.debut or commence
            if i not in rangs:
                restent.append(page if page.debut == commence else _copie(page, debut=commence))
                commence = False
        self._changer(tuple(restent))

    def deplacer(self, de: int, vers: int) -> None:
        """Move a page."""
        if de != vers and 0 <= vers < len(self.pages):
            liste = list(self.pages)
            page = liste.pop(de)
            if page.debut:  # its document goes on without it
                page = _copie(page, debut=False)
                if de < len(liste) and not liste[de].debut:
                    liste[de] = _copie(liste[de], debut=True)
            liste.insert(vers, page)
            self._changer(tuple(liste))

    def annuler(self) -> None:
        """Undo the last edit."""
        if self._avant:
            self._poser(self._avant.pop())

    def apercu(self) -> None:
        """Convert and show what will be sent: the PDF read back, and its size."""
        pages, bac = self.document, self._ouvert()

        def travail() -> "tuple[list[PageTraitee], int]":
            from guichet.services import documents

            pdf = documents.convertir(bac, pages)
            return documents.relire(pdf), len(pdf)

        self.poste.taches.large(travail, lambda r: self.apercu_pret.emit(*r), self._refuser)

    def enregistrer(self, chemin: Path) -> None:
        """Write the PDF to a file; that it left the vault is journaled."""
        pages, bac, session, visite = self.document, self._ouvert(), self.poste.session, self.poste.visite

        def travail() -> str:
            from guichet.services import documents

            documents.enregistrer(bac, pages, chemin)
            documents.noter_enregistrement(session, visite)
            return str(chemin)

        self.poste.taches.large(travail, self.enregistre.emit, self._refuser)

    @property
    def prets(self) -> bool:
        """Whether no page is being done again."""
        return not self._retouches

    def non_lues(self, ids: "Collection[str]") -> int:
        """Return of how many of these pages the words are still to be read."""
        return sum(p.id in ids for p in self._non_lues())

    @property
    def bac(self) -> "Bac":
        """The tray of the profile that is open."""
        return self._ouvert()

    def alleger(self, octets: int) -> None:
        """Make the pages of the document light enough for a PDF of so many bytes; undo brings them back."""
        pages = list(self.document)
        self._refaire_plusieurs(pages, lambda bac: bac.alleger(pages, octets))

    def noter_l_envoi(self, pages: "tuple[Page, ...]", document: "DocumentEnvoye") -> None:
        """Let go of pages that were sent."""
        self._vider(pages)
        self.envoye.emit(document)
        self.poste.apres_saisie()

    def lire_envoyes(self) -> None:
        """Read what is asked for, and what was given, for the dossier of the visit."""
        visite = self.poste.visite
        if visite is None or not visite.dossier_id:
            self.documents_lus.emit([], [])
            return
        session = self.poste.session

        def travail() -> "tuple[Sequence[PieceDemandee], Sequence[DocumentEnvoye]]":
            from guichet.services import documents

            return documents.a_transmettre(session, visite), documents.du_dossier(session, visite)

        self.poste.taches.base(travail, lambda lus: self.documents_lus.emit(list(lus[0]), list(lus[1])), self._refuser)

    def revoir(self, document: "DocumentEnvoye") -> None:
        """Show a document that was given."""
        session, visite = self.poste.session, self.poste.visite
        if visite is None:
            return

        def travail() -> "list[PageTraitee]":
            from guichet.services import documents

            return documents.revoir(session, visite, document.id)

        self.poste.taches.large(travail, lambda pages: self.apercu_pret.emit(pages, document.octets), self._refuser)

    def _sur_visite(self, visite: object) -> None:
        """Once somebody leaves, his papers leave the screen; they can be put back until the next one is there."""
        self.lire_envoyes()
        if visite is not None and self._retirees:
            self._retirees = False
            self._oublier_les_retirees()
            self.bac_change.emit()
        if visite is None and self._visite_avant is not None and self.pages and self._bac is not None:
            nombre, self._retirees = len(self.pages), True
            self._changer(())
            self.refuse.emit(
                f"La visite est terminée : {nombre} page(s) restée(s) dans le bac en ont été retirées. "
                "« Annuler » les remet, jusqu'à la prochaine visite."
            )
        self._visite_avant = visite

    # ---- files

    def _ouvert(self) -> "Bac":
        if self._bac is None:
            from guichet.services.bac import Bac

            self._bac = Bac(self.poste.session)
        return self._bac

    def _importer(self, chemin: Path, mot_de_passe: str) -> None:
        def sinon(erreur: BaseException) -> bool:
            from guichet.documents.erreurs import Cause, FichierRefuse

            protege = isinstance(erreur, FichierRefuse) and erreur.cause in (Cause.PROTEGE, Cause.MOT_DE_PASSE)
            if protege:
                self.mot_de_passe_demande.emit(chemin, bool(mot_de_passe))
            return protege

        self._lire(lambda bac, avancer: bac.importer(chemin, avancer, mot_de_passe), sinon)

    def _lire(
        self,
        travail: "Callable[[Bac, Avancer], list[Page]]",
        autrement: Callable[[BaseException], bool] = lambda _: False,
        ensuite: "Callable[[list[Page]], None]" = lambda _: None,
    ) -> None:
        """Read beside the window, in the order asked; `autrement` tells whether it has taken care of a refusal."""
        tour, bac = self._annule, self._ouvert()
        self._demandes += 1
        self._restants += 1
        self._avancer(tour, 0)

        def puis(pages: "list[Page]") -> None:
            if tour == self._annule:
                self._changer((*self.pages, *pages))
                self._un_de_moins()
                ensuite(pages)

        def sinon(erreur: BaseException) -> None:
            if tour == self._annule:
                if not autrement(erreur):
                    self._refuser(erreur)
                self._un_de_moins()
                ensuite([])

        def lire() -> "list[Page]":
            return travail(bac, partial(self._pages_du_fichier.emit, tour)) if tour == self._annule else []

        self.poste.taches.fichiers(lire, puis, sinon)

    def _lire_les_mots(self) -> None:
        """Read the words of the next pages that were not, once no file waits and no page is being done again."""
        restantes = self._non_lues()
        self.lecture_avance.emit()
        if self._restants or self._retouches or self._lit or not restantes:
            return
        from guichet.services.bac import a_lire

        bac, pages, self._lit, tour = self._ouvert(), a_lire(restantes), True, self._annule

        def puis(lues: "list[Page]") -> None:
            self._lit, par_id = False, {p.id: p for p in lues}
            self.pages = tuple(par_id.get(p.id, p) for p in self.pages)
            self._comprendre()
            self._lire_les_mots()

        def sinon(_: BaseException) -> None:
            self._lit = False
            if tour == self._annule:  # else its workshop was stopped with the file that waited for it
                # The pages themselves are well: they go without their words.
                self._illisibles.update(p.id for p in pages)
            self._lire_les_mots()

        self.poste.taches.fichiers(lambda: bac.lire_les_mots(pages), puis, sinon)

    def _non_lues(self) -> "list[Page]":
        return [p for p in self.pages if not p.lue and p.id not in self._illisibles]

    def _comprendre(self) -> None:
        pages, deja = self.document, self._comprises

        def travail() -> "Compris":
            from guichet.services import documents

            return documents.comprendre(pages, deja)

        self.poste.taches.large(travail, self.compris.emit, self._refuser)

    def _avancer(self, tour: int, pages: int, vignette: bytes = b"") -> None:
        if tour == self._annule and vignette:
            self.apercue.emit(vignette)
        elif tour == self._annule:
            self.import_avance.emit(self._demandes - self._restants, self._demandes, pages)

    def _un_de_moins(self) -> None:
        self._restants -= 1
        if self._restants == 0:
            self._demandes = 0
        self._avancer(self._annule, 0)
        self._lire_les_mots()

    # ---- edits

    def _voulues(self, rang: int) -> "Retouches":
        """What was decided about a page, what is being done of it included."""
        page = self.pages[rang]
        return self._retouches.get(page.id, page.retouches)

    def _retoucher(self, rang: int, **changees: "Coins | Mode | Recadrer | int | None") -> None:
        """Do a page again as decided; it is shown once it is done, unless something else was decided meanwhile."""
        import msgspec

        page, bac = self.pages[rang], self._ouvert()
        voulues = msgspec.structs.replace(self._voulues(rang), **changees)
        if voulues == page.retouches and page.id not in self._retouches:
            return
        self._retouches[page.id] = voulues
        self.occupe.emit(True)

        def finir(refaite: "Page | None") -> None:
            id_ = page.id
            while id_ in self._renommees:
                id_ = self._renommees[id_]
            if self._retouches.get(id_) is not voulues:
                return
            del self._retouches[id_]
            self.occupe.emit(bool(self._retouches))
            rangs = [i for i, p in enumerate(self.pages) if p.id == id_]
            if refaite is not None and rangs:
                ici = self.pages[rangs[0]]
                self._changer((*self.pages[: rangs[0]], _copie(refaite, nom=ici.nom, debut=ici.debut), *self.pages[rangs[0] + 1 :]))

        def sinon(erreur: BaseException) -> None:
            finir(None)
            self._refuser(erreur)

        self.poste.taches.large(lambda: bac.retoucher(page, voulues), finir, sinon)

    def _refaire_plusieurs(self, pages: "list[Page]", travail: "Callable[[Bac], list[Page]]") -> None:
        """Put what is made of some pages in the place of the first; if one of them has gone meanwhile, nothing changes."""
        bac = self._ouvert()
        self.occupe.emit(True)

        def puis(faites: "list[Page]") -> None:
            self.occupe.emit(bool(self._retouches))
            ids = [p.id for p in self.pages]
            if all(p.id in ids for p in pages):
                ici, parties = ids.index(pages[0].id), {p.id for p in pages}
                avant = [p for p in self.pages[:ici] if p.id not in parties]
                self._changer((*avant, *faites, *(p for p in self.pages[ici:] if p.id not in parties)))

        def sinon(erreur: BaseException) -> None:
            self.occupe.emit(bool(self._retouches))
            self._refuser(erreur)

        self.poste.taches.fichiers(lambda: travail(bac), puis, sinon)

    def _remplacer(self, rang: int, **champs: str | bool) -> None:
        """Say something else of a page; what is being done again of it goes on."""
        avant = self.pages[rang]
        apres = _copie(avant, **champs)
        if avant.id in self._retouches:
            self._retouches[apres.id] = self._retouches.pop(avant.id)
            self._renommees[avant.id] = apres.id
        self._changer((*self.pages[:rang], apres, *self.pages[rang + 1 :]))

    def _changer(self, pages: "tuple[Page, ...]") -> None:
        self._avant.append(self.pages)
        self._poser(pages)

    def _poser(self, pages: "tuple[Page, ...]") -> None:
        """Show these pages, and keep them."""
        if pages and pages[0].debut:  # what was before it went: it begins the tray
            pages = (_copie(pages[0], debut=False), *pages[1:])
        self.pages = pages
        bac = self._ouvert()
        self.poste.taches.base(lambda: bac.garder(pages), sinon=self._refuser)
        self.bac_change.emit()
        self._comprendre()
        self._lire_les_mots()

    def _montrer_repris(self, pages: "list[Page]") -> None:
        if pages:
            self.pages = (*pages, *self.pages)
            self.bac_change.emit()
            self._comprendre()
            self._lire_les_mots()

    def _vider(self, envoyees: "tuple[Page, ...]") -> None:
        """Let go of the pages that were sent; those that came meanwhile stay. Nothing of what was sent can be undone."""
        idees, bac = {p.id for p in envoyees}, self._ouvert()
        self._oublier_les_retirees()
        self._poser(tuple(p for p in self.pages if p.id not in idees))
        if not self._restants:
            self.poste.taches.base(bac.nettoyer, sinon=self._refuser)

    def _oublier_les_retirees(self) -> None:
        """Keep nothing of pages that are gone: no way back to them, no words of theirs."""
        self._avant.clear()
        self._comprises = {}

    def _fermer(self) -> None:
        """The profile closes: the tray stays in it, for its owner's return."""
        self._lacher()
        self.pages, self._avant = (), []
        self.lecture_avance.emit()
        self.bac_change.emit()

    def _reprendre_apres_verrou(self) -> None:
        """Say what the lock cut short, and go on reading."""
        if self._perdus:
            self.refuse.emit(f"Le verrouillage a interrompu l'ajout de {self._perdus} fichier(s) ou page(s) : ajoutez-les à nouveau.")
            self._perdus = 0
        self._lire_les_mots()

    def _lacher(self) -> None:
        """The vault is shut: what was being read or done again is given up."""
        self._perdus = self._restants
        self.arreter_import()
        bac, self._bac = self._bac, None
        if bac is not None:
            bac.fermer()
        self._retouches.clear()
        self._renommees.clear()
        self._comprises = {}  # another one: the words of who was there go, even of what is being understood
        self._lit = False
        self.occupe.emit(False)

    def _refuser(self, erreur: BaseException) -> None:
        self.refuse.emit(en_mots(erreur))


def _copie(page: "Page", **champs: str | bool) -> "Page":
    """Return a page under an id of its own."""
    import msgspec

    from guichet.models import uuid7

    return msgspec.structs.replace(page, id=uuid7(), **champs)
