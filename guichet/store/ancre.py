"""How far a vault was written, kept outside it: a log damaged or taken away loses the last acts silently, and this tells (research §4).

Two places written in turn, each with its checksum: a cut in the middle of one leaves the other. The place is written after the commit,
so a vault is never behind its anchor unless something was lost.
"""

import os
import struct
import zlib
from pathlib import Path

NOM = "ancre"
_PLACE = struct.Struct("<QI4x")


def noter(dossier: Path, version: int) -> None:
    """Write, and have the disk hold, that a vault has reached a version."""
    octets = struct.pack("<Q", version)
    place = _PLACE.pack(version, zlib.crc32(octets))
    fichier = os.open(dossier / NOM, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    try:
        os.lseek(fichier, (version % 2) * _PLACE.size, os.SEEK_SET)
        os.write(fichier, place)
        os.fsync(fichier)
    finally:
        os.close(fichier)


def lire(dossier: Path) -> int:
    """Return the furthest version that was noted, or 0."""
    try:
        octets = (dossier / NOM).read_bytes()
    except FileNotFoundError:
        return 0
    places = [octets[n * _PLACE.size : (n + 1) * _PLACE.size] for n in range(2)]
    lues = [_PLACE.unpack(p) for p in places if len(p) == _PLACE.size]
    return max((version for version, somme in lues if zlib.crc32(struct.pack("<Q", version)) == somme), default=0)
