"""Writing that a power cut cannot half do: write, sync, rename, sync the folder (research/security.md §4); room kept for what is typed."""

import os
import shutil
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_RESERVE = "reserve"
_RESERVE_OCTETS = 16 * 1024 * 1024
_SEUIL_OCTETS = 8 * 1024 * 1024
"""Below this, the reserve is given to what is being written: thousands of acts, whatever else fills the disk."""
PIECE_OCTETS = 100 * 1024 * 1024
"""Below this, a paper is not taken any more, so that the last of the disk goes to what is typed."""


def libres(dossier: Path) -> int:
    """Return how many bytes may still be written where a folder is."""
    return shutil.disk_usage(dossier).free


def reserver(dossier: Path) -> None:
    """Take, while there is plenty, the room that acts will need when there is none."""
    reserve = dossier / _RESERVE
    if not reserve.exists() and libres(dossier) > PIECE_OCTETS + _RESERVE_OCTETS:
        with suppress(OSError), reserve.open("wb") as fichier:
            if sys.platform == "win32":
                fichier.truncate(_RESERVE_OCTETS)  # NTFS gives the room at once
            else:
                os.posix_fallocate(fichier.fileno(), 0, _RESERVE_OCTETS)


def ceder_la_reserve(dossier: Path) -> None:
    """Give the reserve back to the disk once it is nearly full; the next opening with room takes it again."""
    if libres(dossier) < _SEUIL_OCTETS:
        (dossier / _RESERVE).unlink(missing_ok=True)


def ecrire_durablement(chemin: Path, octets: bytes | Iterable[bytes]) -> None:
    """Replace a file whole or not at all, by bytes or by pieces that come in order. Raises OSError, and leaves no rubbish then."""
    chemin.parent.mkdir(parents=True, exist_ok=True)
    provisoire = chemin.with_name(f".{chemin.name}.{os.urandom(4).hex()}")
    try:
        with provisoire.open("wb") as fichier:
            fichier.writelines([octets] if isinstance(octets, bytes) else octets)
            fichier.flush()
            os.fsync(fichier.fileno())
        provisoire.replace(chemin)
    finally:
        provisoire.unlink(missing_ok=True)
    if os.name == "posix":
        dossier = os.open(chemin.parent, os.O_RDONLY)
        try:
            os.fsync(dossier)
        finally:
            os.close(dossier)
