"""The tray of papers: files become pages, each kept as it came with what was decided about it, until all become one PDF."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from nacl.exceptions import CryptoError

from guichet.documents.etabli import Avancer, Etabli, lire_les_octets
from guichet.documents.page import LETTRES_PDF, Commande, Genre, Mode, Page, PageTraitee, Recadrer, Retouches
from guichet.models import uuid7
from guichet.services.session import Refus, Session
from guichet.store import bac as depot
from guichet.store.disque import PIECE_OCTETS, libres

_ENSEMBLE = 4
"""Pages read in one go: what a file that is added waits for."""
_HORS_IMAGES = 4096
"""Bytes of a page that are not its picture's: its words, its place in the file."""
_PERDUE = "Une page du bac n'est plus lisible sur ce poste. Retirez « {0} », puis ajoutez-la à nouveau."


class Bac:
    """The tray of one profile. Files have a workshop, and pages done again another: an edit waits for no long import."""

    def __init__(self, session: Session) -> None:
        self._coffre = session.coffre
        self._fichiers, self._pages = Etabli(), Etabli()

    def preparer(self) -> None:
        """Be ready for files that come soon."""
        self._fichiers.preparer()

    def importer(self, chemin: Path, avancer: Avancer | None = None, mot_de_passe: str = "") -> list[Page]:
        """Return the pages of a file, `avancer` being told how many are done, and of a photo's glimpse. Raises FichierRefuse or Refus; the file is never changed."""
        return self.ajouter(chemin.stem, chemin.name, lire_les_octets(chemin), avancer, mot_de_passe)

    def ajouter(self, titre: str, nom: str, octets: bytes, avancer: Avancer | None = None, mot_de_passe: str = "") -> list[Page]:
        """Return the pages of bytes that were read, pasted or scanned: a device's are a stranger's too. Raises FichierRefuse or Refus."""
        faites = self._fichiers.traiter(nom, Commande(octets, apercu=True, mot_de_passe=mot_de_passe), avancer)
        if libres(self._coffre.dossier) < PIECE_OCTETS:
            raise Refus(
                "Il reste moins de 100 Mo sur le disque de ce poste : ces pages n'ont pas été gardées. "
                "Libérez de la place et recommencez ; ce que vous saisissez ailleurs continue d'être enregistré."
            )
        # A password goes no further: the original that is kept is the one without.
        source = faites[0].contenu if mot_de_passe else octets
        with self._coffre.ecriture() as connexion:
            original = depot.ranger(connexion, self._coffre.dossier, source)
            rangees = [(depot.ranger(connexion, self._coffre.dossier, f.contenu), f) for f in faites]
        numerote = len(faites) > 1
        return [
            Page(
                uuid7(), f"{titre} {rang + 1}" if numerote else titre, original, rang, contenu, _part(f, len(faites)), _sans_contenu(f),
                lue=len(f.texte) >= LETTRES_PDF,
            )
            for rang, (contenu, f) in enumerate(rangees)
        ]  # fmt: skip

    def retoucher(self, page: Page, retouches: Retouches) -> Page:
        """Return a page done again from its original. Raises FichierRefuse or Refus."""
        avant = page.retouches
        if msgspec.structs.replace(avant, rotation=retouches.rotation) == retouches:
            relire = msgspec.structs.replace(page.faite, mots=[])
            return msgspec.structs.replace(page, id=uuid7(), retouches=retouches, faite=relire, lue=False)
        faite = self._refaire(page, retouches)
        with self._coffre.ecriture() as connexion:
            contenu = depot.ranger(connexion, self._coffre.dossier, faite.contenu)
        return msgspec.structs.replace(
            page, id=uuid7(), contenu=contenu, octets=_part(faite, 1), faite=_sans_contenu(faite), retouches=retouches, lue=False
        )

    def voir_l_original(self, page: Page) -> PageTraitee:
        """Return a page as it came, upright, to be shown with its corners. Raises FichierRefuse or Refus."""
        return self._refaire(page, Retouches(recadrer=Recadrer.NON))

    def separer(self, page: Page) -> list[Page]:
        """Return a page for each paper of a picture that holds several. Raises FichierRefuse, or Refus when it holds one."""
        octets = self._lire(page, page.original)
        vue = self._pages.traiter(page.nom, Commande(octets, Recadrer.NON, pages=(page.rang,), separer=True))[0]
        if len(vue.papiers) < 2:
            raise Refus("Guichet ne voit qu'un papier sur cette image. Recadrez-la, dupliquez-la, puis recadrez chaque copie.")
        return [
            msgspec.structs.replace(
                self.retoucher(page, Retouches(coins=coins, mode=page.retouches.mode)),
                nom=f"{page.nom} ({rang})",
                debut=page.debut and rang == 1,
            )
            for rang, coins in enumerate(vue.papiers, start=1)
        ]

    def reunir(self, pages: Sequence[Page]) -> Page:
        """Return one A4 page with several one under the other, as both sides of a card. Raises FichierRefuse or Refus."""
        from guichet.documents.pdf import superposer  # what makes PDFs weighs 35 MB: the window does without until then

        pdf = superposer(list(self.contenus(pages)))
        (ensemble,) = self.ajouter(pages[0].nom, pages[0].nom, pdf)
        return msgspec.structs.replace(ensemble, debut=pages[0].debut)

    def alleger(self, pages: Sequence[Page], octets: int) -> list[Page]:
        """Return pages whose PDF takes at most so many bytes, the heaviest done again with less; those that cannot, as light as they come."""
        part = _part_de_chacune([p.octets for p in pages], octets - _HORS_IMAGES * len(pages))
        return [self._alleger(p, part) if p.octets > part else p for p in pages]

    def _alleger(self, page: Page, octets: int) -> Page:
        faite = self._refaire(page, page.retouches, octets)
        with self._coffre.ecriture() as connexion:
            contenu = depot.ranger(connexion, self._coffre.dossier, faite.contenu)
        return msgspec.structs.replace(page, id=uuid7(), contenu=contenu, octets=_part(faite, 1), faite=_sans_contenu(faite), lue=False)

    def _refaire(self, page: Page, retouches: Retouches, octets_page: int = 0) -> PageTraitee:
        octets = self._lire(page, page.original)
        commande = Commande(
            octets, retouches.recadrer, retouches.mode, coins=retouches.coins, pages=(page.rang,), apercu=True,
            en_images=retouches.mode is not Mode.COULEUR or octets_page > 0, octets_page=octets_page,
        )  # fmt: skip
        return self._pages.traiter(page.nom, commande)[0]

    def lire_les_mots(self, pages: Sequence[Page]) -> list[Page]:
        """Return pages with the words that are read on them, kept at once: they are the same pages. Raises FichierRefuse or Refus.

        They share their bytes and their turn (`a_lire`): a long PDF is given once for all of them.
        """
        premiere = pages[0]
        places = tuple(p.faite.rang if p.faite.genre is Genre.PDF else 0 for p in pages)
        commande = Commande(
            self._lire(premiere, premiere.contenu), Recadrer.NON, texte=True, mots_seuls=True, pages=places, rotation=_tour(premiere)
        )
        lues = self._fichiers.traiter(premiere.nom, commande)
        finies = [
            msgspec.structs.replace(p, faite=msgspec.structs.replace(p.faite, texte=lue.texte, mots=lue.mots), lue=True)
            for p, lue in zip(pages, lues, strict=True)
        ]
        with self._coffre.ecriture() as connexion:
            for page in finies:
                depot.completer(connexion, page.id, msgspec.msgpack.encode(page))
        return finies

    def garder(self, pages: Sequence[Page]) -> None:
        """Make these pages the tray that the next opening will find."""
        with self._coffre.ecriture() as connexion:
            depot.noter(connexion, [(p.id, p.original, p.contenu, msgspec.msgpack.encode(p)) for p in pages])

    def reprendre(self) -> list[Page]:
        """Return the tray as it was left, and let go of what no page of it needs."""
        with self._coffre.lecture() as connexion:
            pages = [msgspec.msgpack.decode(p, type=Page) for p in depot.relire(connexion)]
        self.nettoyer()
        return pages

    def nettoyer(self) -> None:
        """Erase what no kept page is made of: nothing of it can be undone after this."""
        with self._coffre.ecriture() as connexion:
            effacables = depot.oublier_l_inutile(connexion, self._coffre.dossier)
        for chemin in effacables:
            chemin.unlink(missing_ok=True)

    def contenus(self, pages: Sequence[Page]) -> Iterator[PageTraitee]:
        """Yield pages as they will be sent, those of one PDF sharing its bytes. Raises Refus."""
        pdfs: dict[str, bytes] = {}
        for page in pages:
            octets = pdfs.get(page.contenu) or self._lire(page, page.contenu)
            if page.faite.genre is Genre.PDF:
                pdfs[page.contenu] = octets
            yield msgspec.structs.replace(page.faite, contenu=octets, rotation=_tour(page))

    def _lire(self, page: Page, sha256: str) -> bytes:
        try:
            with self._coffre.lecture() as connexion:
                return depot.lire(connexion, self._coffre.dossier, sha256)
        except (LookupError, OSError, CryptoError) as erreur:
            raise Refus(_PERDUE.format(page.nom)) from erreur

    def arreter(self) -> None:
        """Stop the file that is being read; the next one makes another workshop."""
        self._fichiers.arreter()

    def fermer(self) -> None:
        """Let both workshops go."""
        self._fichiers.fermer()
        self._pages.fermer()


def a_lire(pages: Sequence[Page]) -> list[Page]:
    """Return some pages whose words are to be read together, or none: those that share their bytes and their turn with the first."""
    restantes = [p for p in pages if not p.lue]
    if not restantes or restantes[0].faite.genre is not Genre.PDF:
        return restantes[:1]
    return [p for p in restantes if (p.contenu, _tour(p)) == (restantes[0].contenu, _tour(restantes[0]))][:_ENSEMBLE]


def _part_de_chacune(poids: Sequence[int], octets: int) -> int:
    """Return what each page may weigh at most for all to hold in so many bytes: the light ones leave theirs to the others."""
    reste = octets
    for rang, poids_page in enumerate(sorted(poids)):
        part = reste // (len(poids) - rang)
        if poids_page > part:
            return max(1, part)
        reste -= poids_page
    return max(poids, default=1)


def _tour(page: Page) -> int:
    return (page.faite.rotation + page.retouches.rotation) % 360


def _part(faite: PageTraitee, pages: int) -> int:
    return len(faite.contenu) // (pages if faite.genre is Genre.PDF else 1)


def _sans_contenu(faite: PageTraitee) -> PageTraitee:
    return msgspec.structs.replace(faite, contenu=b"")
