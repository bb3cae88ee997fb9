"""Files of a profile: sealed beside the database, one key per file kept in it (erasing the row erases the file)."""

import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from nacl.public import PublicKey, SealedBox
from sqlalchemy import Connection, func, insert, select, update

from guichet.store.disque import ecrire_durablement
from guichet.store.flux import desceller, sceller
from guichet.store.tables import fichier, scelle


@dataclass(frozen=True)
class AEnvoyer:
    """A file that the centre does not have whole yet."""

    portee: str
    sha256: str
    octets: int


def ranger(connexion: Connection, dossier: Path, portee: str, contenu: bytes) -> str:
    """Seal and write bytes, then note their key in the caller's transaction; return their SHA-256."""
    sha256 = hashlib.sha256(contenu).hexdigest()
    if connexion.execute(_ligne(portee, sha256)).first() is not None:
        return sha256
    cle = os.urandom(32)
    ecrire_durablement(chemin(dossier, portee, sha256), sceller(contenu, cle, sha256.encode()))
    connexion.execute(insert(fichier).values(scope_id=portee, sha256=sha256, octets=len(contenu), cle=cle, envoye=False))
    return sha256


def lire(connexion: Connection, dossier: Path, portee: str, sha256: str) -> bytes:
    """Return a file's bytes. Raises LookupError when it is not here, OSError or CryptoError when it was damaged."""
    ligne = connexion.execute(_ligne(portee, sha256)).first()
    if ligne is None:
        raise LookupError(sha256)
    with chemin(dossier, portee, sha256).open("rb") as scelle:
        return desceller(scelle, ligne.cle, sha256.encode())


def a_envoyer(connexion: Connection) -> list[AEnvoyer]:
    """Return the files to upload."""
    lignes = connexion.execute(select(fichier.c.scope_id, fichier.c.sha256, fichier.c.octets).where(~fichier.c.envoye))
    return [AEnvoyer(*x) for x in lignes]


def marquer_refuse(connexion: Connection, portee: str, sha256: str, detail: str) -> None:
    """Note why the centre does not take a file; it stays here and is offered again at the next opening."""
    connexion.execute(update(fichier).where(fichier.c.scope_id == portee, fichier.c.sha256 == sha256).values(erreur=detail))


def oublier(connexion: Connection, dossier: Path, portee: str, boite: "SealedBox[PublicKey] | None") -> list[Path]:
    """Return the sealed files of a lost scope that may be erased once the caller has committed.

    One that the centre lacks stays, its key sealed for the centre: support opens it, this workstation no longer can.
    """
    effacables = []
    for x in connexion.execute(select(fichier).where(fichier.c.scope_id == portee)).all():
        if x.envoye or boite is None:
            effacables.append(chemin(dossier, portee, x.sha256))
        else:
            secret = boite.encrypt(x.cle)
            ligne = {"scope_id": portee, "id": x.sha256, "genre": "fichier", "corps": secret, "le": datetime.now(UTC)}
            connexion.execute(insert(scelle).prefix_with("OR REPLACE"), ligne)
    return effacables


def marquer_envoye(connexion: Connection, portee: str, sha256: str) -> None:
    """Note that the centre has the file whole."""
    connexion.execute(update(fichier).where(fichier.c.scope_id == portee, fichier.c.sha256 == sha256).values(envoye=True, erreur=""))


def compter_a_envoyer(connexion: Connection) -> int:
    """Count the files to upload."""
    return int(connexion.scalar(select(func.count()).select_from(fichier).where(~fichier.c.envoye)) or 0)


def erreurs(connexion: Connection) -> list[str]:
    """Return why files were refused."""
    return list(connexion.scalars(select(fichier.c.erreur).where(fichier.c.erreur != "", ~fichier.c.envoye)))


def chemin(dossier: Path, portee: str, sha256: str) -> Path:
    """Return where a sealed file lies: its name tells nothing, not even its content's hash."""
    nom = hashlib.sha256(f"{portee} {sha256}".encode()).hexdigest()
    return dossier / "fichiers" / nom[:2] / nom


def _ligne(portee: str, sha256: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 (a Select)
    return select(fichier).where(fichier.c.scope_id == portee, fichier.c.sha256 == sha256)
