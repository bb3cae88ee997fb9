"""What a scanning process and its parent say to each other: MessagePack bodies, each after its length (four bytes, big-endian)."""

import struct
from typing import BinaryIO

import msgspec

from guichet.documents.sources.escl import Encre, Source
from guichet.documents.sources.fautes import Faute

_ENTETE = struct.Struct(">I")
_OCTETS = 250_000_000


class Demande(msgspec.Struct):
    """A scan to be made: the scanner's address, and how. `ppp`: dots an inch."""

    adresse: str
    source: Source = Source.VITRE
    ppp: int = 300
    encre: Encre = Encre.COULEUR


class Recue(msgspec.Struct, tag="page"):
    """A page, as the device made it."""

    octets: bytes


class Interrompue(msgspec.Struct, tag="faute"):
    """The scan stopped before its end."""

    faute: Faute


class Finie(msgspec.Struct, tag="fin"):
    """The last sheet was read: only this makes a whole document."""


Trame = Recue | Interrompue | Finie


def ecrire(sortie: BinaryIO, message: Demande | Trame) -> None:
    """Write one message."""
    corps = msgspec.msgpack.encode(message)
    sortie.write(_ENTETE.pack(len(corps)) + corps)
    sortie.flush()


def lire(entree: BinaryIO) -> bytes | None:
    """Read one body; None when the other end has gone, or says too much."""
    tete = entree.read(_ENTETE.size)
    if len(tete) < _ENTETE.size or (longueur := _ENTETE.unpack(tete)[0]) > _OCTETS:
        return None
    corps = entree.read(longueur)
    return corps if len(corps) == longueur else None
