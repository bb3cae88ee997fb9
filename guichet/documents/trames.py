"""How our processes and their parent tell one message from the next: each body after its length (four bytes, big-endian)."""

import struct
from typing import IO

_ENTETE = struct.Struct(">I")


def ecrire(sortie: IO[bytes], corps: bytes) -> None:
    """Write one body."""
    sortie.write(_ENTETE.pack(len(corps)))
    sortie.write(corps)  # apart: a long document is not copied once more
    sortie.flush()


def lire(entree: IO[bytes], au_plus: int) -> bytes | None:
    """Read one body; None when the other end has gone, or announces more than so many bytes."""
    tete = entree.read(_ENTETE.size)
    if len(tete) < _ENTETE.size or (longueur := _ENTETE.unpack(tete)[0]) > au_plus:
        return None
    corps = entree.read(longueur)
    return corps if len(corps) == longueur else None
