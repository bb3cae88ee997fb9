"""Reading files into pages, each in a process of its own."""

import subprocess
from pathlib import Path

import msgspec

from guichet.documents import antivirus, confinement
from guichet.documents.erreurs import Cause, FichierRefuse
from guichet.documents.page import Lecture, Page

_ATTENTE = 60
_OCTETS = 100 * 1024 * 1024


def lire_fichier(chemin: Path) -> list[Page]:
    """Return the pages of a file. Raises FichierRefuse; the file itself is never changed."""
    return lire_octets(chemin.stem, chemin.name, lire_les_octets(chemin))


def lire_les_octets(chemin: Path) -> bytes:
    """Return a file's bytes, or one more than may be when there are too many. Raises FichierRefuse."""
    try:
        with chemin.open("rb") as fichier:
            return fichier.read(_OCTETS + 1)
    except OSError as erreur:
        raise FichierRefuse(chemin.name, Cause.DISPARU) from erreur


def lire_octets(titre: str, nom: str, octets: bytes) -> list[Page]:
    """Return the pages of bytes that were pasted or read. Raises FichierRefuse."""
    refus = antivirus.examiner(octets)
    if refus is not None:
        raise FichierRefuse(nom, refus)
    try:
        lecture = msgspec.msgpack.decode(confinement.executer("guichet.documents.lecteur", octets, _ATTENTE), type=Lecture)
    except (subprocess.TimeoutExpired, msgspec.DecodeError, UnicodeDecodeError) as erreur:
        raise FichierRefuse(nom, Cause.TROP_LONG) from erreur
    if lecture.cause:
        raise FichierRefuse(nom, Cause(lecture.cause))
    numerote = len(lecture.pages) > 1
    return [
        Page(f"{titre} {rang}" if numerote else titre, p.genre, lecture.contenus[p.contenu], p.rang, p.rotation, p.apercu)
        for rang, p in enumerate(lecture.pages, start=1)
    ]
