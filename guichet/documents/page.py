"""A page of the tray: its content as it came, and what was decided about it."""

from dataclasses import dataclass, replace
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
