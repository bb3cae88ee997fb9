"""Writing that a power cut cannot half do: write, sync, rename, sync the folder (research/security.md §4)."""

import os
from pathlib import Path


def ecrire_durablement(chemin: Path, octets: bytes) -> None:
    """Replace a file whole or not at all. Raises OSError, and leaves no rubbish then."""
    chemin.parent.mkdir(parents=True, exist_ok=True)
    provisoire = chemin.with_name(f".{chemin.name}.{os.urandom(4).hex()}")
    try:
        with provisoire.open("wb") as fichier:
            fichier.write(octets)
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
