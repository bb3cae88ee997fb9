"""Files of the centre: parts as they arrive, then one object per content, in a local folder."""

import hashlib
import os
import re
import shutil
from pathlib import Path

from guichet.central.refus import RefusCentre
from guichet.contract.codes import Code
from guichet.contract.limites import FICHIER_OCTETS, PART_OCTETS

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Fichiers:
    """Objects by their SHA-256, one folder per scope: a scope never learns that another holds the same file."""

    def __init__(self, dossier: Path) -> None:
        self._dossier = dossier

    def parts(self, portee: str, sha256: str) -> list[int]:
        """Return the numbers of the parts received so far, in order."""
        attente = self._attente(portee, sha256)
        return sorted(int(p.name) for p in attente.glob("[0-9]*") if p.suffix == "") if attente.is_dir() else []

    def recevoir(self, portee: str, sha256: str, numero: int, octets: bytes) -> None:
        """Keep one part; receiving it twice is harmless. Raises RefusCentre 413 past the limits."""
        if len(octets) > PART_OCTETS or numero * PART_OCTETS >= FICHIER_OCTETS:
            raise RefusCentre(413, Code.FICHIER_TROP_LOURD, "Le fichier dépasse la taille permise.")
        attente = self._attente(portee, sha256)
        attente.mkdir(parents=True, exist_ok=True)
        _ecrire(attente / str(numero), octets)

    def assembler(self, portee: str, sha256: str, nombre: int) -> int:
        """Join `nombre` parts into the object and return its bytes' number.

        Raises RefusCentre 409 when a part is missing, 422 when the bytes are not those announced (the parts go then).
        """
        if self.chemin(portee, sha256).is_file():
            return self.chemin(portee, sha256).stat().st_size
        attente = self._attente(portee, sha256)
        if self.parts(portee, sha256) != list(range(nombre)):
            raise RefusCentre(409, Code.FICHIER_INCOMPLET, "Il manque des parties du fichier : l'envoi va reprendre.")
        octets = b"".join((attente / str(n)).read_bytes() for n in range(nombre))
        juste = hashlib.sha256(octets).hexdigest() == sha256
        if juste:
            _ecrire(self.chemin(portee, sha256), octets)
        for n in range(nombre):
            (attente / str(n)).unlink(missing_ok=True)
        attente.rmdir()
        if not juste:
            raise RefusCentre(422, Code.EMPREINTE_FAUSSE, "Le fichier reçu n'est pas celui qui a été annoncé : l'envoi va recommencer.")
        return len(octets)

    def effacer(self, portee: str, sha256: str) -> None:
        """Erase an object and what was received of it."""
        for numero in self.parts(portee, sha256):
            (self._attente(portee, sha256) / str(numero)).unlink(missing_ok=True)
        self.chemin(portee, sha256).unlink(missing_ok=True)

    def oublier(self, portee: str) -> None:
        """Erase all that a scope holds."""
        shutil.rmtree(self._dossier_de(portee), ignore_errors=True)

    def chemin(self, portee: str, sha256: str) -> Path:
        """Return where an object lies. Raises RefusCentre 400 for what is not a SHA-256."""
        return self._racine(portee, sha256) / "objets" / sha256[:2] / sha256

    def _attente(self, portee: str, sha256: str) -> Path:
        return self._racine(portee, sha256) / "parts" / sha256

    def _racine(self, portee: str, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise RefusCentre(400, Code.REQUETE_INVALIDE, "Cette empreinte de fichier n'en est pas une.")
        return self._dossier_de(portee)

    def _dossier_de(self, portee: str) -> Path:
        return self._dossier / hashlib.sha256(portee.encode()).hexdigest()[:32]


def _ecrire(chemin: Path, octets: bytes) -> None:
    """Write, sync, rename, sync the folder: a cut leaves the whole file or none (research/security.md §4)."""
    chemin.parent.mkdir(parents=True, exist_ok=True)
    provisoire = chemin.with_name(f"{chemin.name}.{os.getpid()}.{os.urandom(4).hex()}")
    with provisoire.open("wb") as fichier:
        fichier.write(octets)
        fichier.flush()
        os.fsync(fichier.fileno())
    provisoire.replace(chemin)
    if os.name == "posix":
        dossier = os.open(chemin.parent, os.O_RDONLY)
        os.fsync(dossier)
        os.close(dossier)
