"""A page of the tray: its content as it came, and what was decided about it."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import msgspec


class Genre(StrEnum):
    """What a page's bytes are: one JPEG, one bilevel TIFF (CCITT G4), or one page of a sanitised PDF."""

    JPEG = "jpeg"
    G4 = "g4"
    PDF = "pdf"


class PageLue(msgspec.Struct):
    """What the reading process says of one page. `contenu` is an index in its list of contents; `apercu` is a JPEG."""

    genre: Genre
    contenu: int
    rang: int
    rotation: int
    apercu: bytes


class Lecture(msgspec.Struct):
    """The whole answer of the reading process; `cause` is set when the file was refused."""

    cause: str = ""
    contenus: list[bytes] = []
    pages: list[PageLue] = []


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


class Commande(msgspec.Struct):
    """What the workshop is asked: a file's bytes, and what to do to its pages.

    `texte`: read the words; `en_images`: make pictures of a PDF's pages; `octets_page`: bytes that each page may take, 0 for the
    usual bound of what is encoded again and none on what is not.
    """

    octets: bytes
    recadrer: Recadrer = Recadrer.AUTO
    mode: Mode = Mode.COULEUR
    texte: bool = False
    en_images: bool = False
    octets_page: int = 0


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

    `contenu`: its bytes, or nothing when they are those of the file's first page (a PDF's); `rang`: its place there; `rotation`: degrees
    clockwise; `mm`: its true size, (0, 0) when unknown; `quad`: four corners in the source's pixels, upright, or None; `confiance`: 0 to 1.
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


class Travail(msgspec.Struct):
    """The workshop's whole answer; `cause` is set when the file was refused."""

    cause: str = ""
    pages: list[PageTraitee] = []


@dataclass(frozen=True)
class Page:
    """One page, immutable: an edit makes another. `rotation` clockwise, in degrees, as shown from `contenu`."""

    nom: str
    genre: Genre
    contenu: bytes
    rang: int
    rotation: int
    apercu: bytes

    def tournee(self, degres: int) -> "Page":
        """Return the page turned clockwise."""
        return replace(self, rotation=(self.rotation + degres) % 360)

    def renommee(self, nom: str) -> "Page":
        """Return the page under another name."""
        return replace(self, nom=nom)
