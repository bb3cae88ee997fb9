"""Pages: what the workshop is asked and answers, and a page of the tray with what was decided about it."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise

import msgspec


class Genre(StrEnum):
    """What a page's bytes are: one JPEG, one bilevel TIFF (CCITT G4), or one page of a sanitised PDF."""

    JPEG = "jpeg"
    G4 = "g4"
    PDF = "pdf"


class Recadrer(StrEnum):
    """Whether a photo is cropped: when it is sure, always, never. « Non » leaves pictures as they came."""

    AUTO = "auto"
    OUI = "oui"
    NON = "non"


class Mode(StrEnum):
    """What a page's ink is kept as: its colours, greys, or black on white (CCITT G4)."""

    COULEUR = "couleur"
    GRIS = "gris"
    TEXTE = "texte"


LETTRES_PDF = 20
"""A PDF's page with fewer letters of its own is a picture, whose words are read."""

Coins = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]
"""Top left, top right, bottom right, bottom left, in the pixels of the source once upright."""


class Commande(msgspec.Struct):
    """What the workshop is asked: a file's bytes, and what to do to its pages.

    `coins`: where the page is, said by a person; `texte`: read the words; `en_images`: make pictures of a PDF's pages; `octets_page`: bytes
    that each page may take, 0 for the usual bound of what is encoded again and none on what is not; `pages`: the only ones wanted, from 0;
    `apercu`: show what will be sent, and at once a glimpse of a photo, which takes a second to be done; `rotation`: by how much, clockwise, the page is turned before its words are
    read; `separer`: look for several papers in one picture; `mots_seuls`: give pages back without their bytes, which who asks has; `inspecter`: give no page back, say only whether this
    is one of our PDFs.
    """

    octets: bytes
    recadrer: Recadrer = Recadrer.AUTO
    mode: Mode = Mode.COULEUR
    texte: bool = False
    en_images: bool = False
    octets_page: int = 0
    coins: Coins | None = None
    pages: tuple[int, ...] | None = None
    apercu: bool = False
    mot_de_passe: str = ""
    rotation: int = 0
    separer: bool = False
    mots_seuls: bool = False
    inspecter: bool = False


class MotLu(msgspec.Struct, array_like=True):
    """A word read, its box as parts of the page's width and height, and whether its line ends there."""

    texte: str
    gauche: float
    haut: float
    droite: float
    bas: float
    fin: bool


class SceauLu(msgspec.Struct):
    """A page's 2D-Doc: its verdict (valide, absent, non_verifiable), why, the kind of paper, its fields, when it was signed."""

    verdict: str = "absent"
    motif: str = ""
    type_document: str = ""
    champs: tuple[tuple[str, str], ...] = ()
    signe_le: date | None = None


class PageTraitee(msgspec.Struct):
    """A page out of the workshop.

    `contenu`: its bytes, which a PDF's pages share; `rang`: its place there; `rotation`: degrees clockwise; `mm`: its true size, (0, 0) when
    unknown; `quad`: four corners in the source's pixels, upright, or None; `taille`: the source's width and height in these pixels;
    `confiance`: 0 to 1; `apercu`: a JPEG of it as it will be seen, and `papiers`: the corners of each paper in
    it, when they were asked for.
    """

    genre: Genre
    contenu: bytes
    rotation: int
    mm: tuple[float, float]
    quad: list[tuple[float, float]] | None
    confiance: float
    recadre: bool
    angle: float
    notes: list[str]
    texte: str
    mots: list[MotLu]
    sceau: SceauLu
    rang: int = 0
    taille: tuple[int, int] = (0, 0)
    apercu: bytes = b""
    papiers: list[Coins] = []


class Reponse(msgspec.Struct):
    """One message of the workshop: a glimpse of a photo, a page; or, last, how many there were; or, instead, why the file is refused."""

    page: PageTraitee | None = None
    nombre: int = -1
    cause: str = ""
    vignette: bytes = b""


class Retouches(msgspec.Struct, frozen=True):
    """What was decided about a page, from its original: `rotation` is clockwise, in degrees, after all the rest."""

    recadrer: Recadrer = Recadrer.AUTO
    coins: Coins | None = None
    mode: Mode = Mode.COULEUR
    rotation: int = 0


class Page(msgspec.Struct, frozen=True):
    """A page of the tray, immutable: an edit makes another, with an `id` of its own.

    `original` and `contenu`: where its bytes are kept, as they came and as they will be sent; `rang`: its place in the original;
    `octets`: about how many it will take; `faite`: what came out of the workshop, less these bytes; `lue`: whether its words were read, as it is
    seen; `debut`: whether another document begins with it (the tray's first page begins one anyway).
    """

    id: str
    nom: str
    original: str
    rang: int
    contenu: str
    octets: int
    faite: PageTraitee
    retouches: Retouches = Retouches()
    lue: bool = False
    debut: bool = False


def debuts(pages: Sequence[Page]) -> list[int]:
    """Return the places of a tray's pages with which a document begins."""
    return [i for i, p in enumerate(pages) if p.debut or i == 0]


def documents_de(pages: Sequence[Page]) -> list[tuple[Page, ...]]:
    """Return the documents that the pages of a tray make, in order."""
    return [tuple(pages[a:b]) for a, b in pairwise([*debuts(pages), len(pages)])]
