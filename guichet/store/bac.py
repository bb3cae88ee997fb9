"""The tray: its pages in order, and what they are made of, until they are sent."""

import hashlib
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from guichet.store import fichiers
from guichet.store.disque import ecrire_durablement
from guichet.store.flux import desceller, sceller
from guichet.store.tables import bac_contenu, bac_page

_ICI = "bac"
"""Where its files lie among the others, which have their scope's name there."""


def ranger(connexion: Connection, dossier: Path, contenu: bytes) -> str:
    """Seal and write bytes, then note their key in the caller's transaction; return their SHA-256."""
    sha256 = hashlib.sha256(contenu).hexdigest()
    if connexion.execute(select(bac_contenu.c.sha256).where(bac_contenu.c.sha256 == sha256)).first() is None:
        cle = os.urandom(32)
        ecrire_durablement(_chemin(dossier, sha256), sceller(contenu, cle, sha256.encode()))
        connexion.execute(insert(bac_contenu).values(sha256=sha256, octets=len(contenu), cle=cle))
    return sha256


def lire(connexion: Connection, dossier: Path, sha256: str) -> bytes:
    """Return bytes that were kept. Raises LookupError when they are not, OSError or CryptoError when the file was damaged."""
    cle = connexion.scalar(select(bac_contenu.c.cle).where(bac_contenu.c.sha256 == sha256))
    if cle is None:
        raise LookupError(sha256)
    with _chemin(dossier, sha256).open("rb") as scelle:
        return desceller(scelle, cle, sha256.encode())


def noter(connexion: Connection, pages: Sequence[tuple[str, str, str, bytes]]) -> None:
    """Make the tray these pages, in this order: (id, original, contenu, page). One whose id is known is not written again."""
    connues = set(connexion.scalars(select(bac_page.c.id)))
    voulues = {id_ for id_, *_ in pages}
    connexion.execute(delete(bac_page).where(bac_page.c.id.in_(connues - voulues)))
    le = datetime.now(UTC)
    neuves = [
        {"id": id_, "rang": rang, "original": original, "contenu": contenu, "page": page, "le": le}
        for rang, (id_, original, contenu, page) in enumerate(pages) if id_ not in connues
    ]  # fmt: skip
    if neuves:
        connexion.execute(insert(bac_page), neuves)
    places = [{"celle": id_, "place": rang} for rang, (id_, *_) in enumerate(pages) if id_ in connues]
    if places:
        connexion.execute(update(bac_page).where(bac_page.c.id == bindparam("celle")).values(rang=bindparam("place")), places)


def completer(connexion: Connection, id_: str, page: bytes) -> None:
    """Write again a page that is in the tray, with what was read of it."""
    connexion.execute(update(bac_page).where(bac_page.c.id == id_).values(page=page))


def relire(connexion: Connection) -> list[bytes]:
    """Return the pages of the tray, in order."""
    return list(connexion.scalars(select(bac_page.c.page).order_by(bac_page.c.rang)))


def oublier_les_vieilles(connexion: Connection, avant: datetime) -> None:
    """Take out of the tray the pages left there for too long."""
    connexion.execute(delete(bac_page).where(bac_page.c.le < avant))


def oublier_l_inutile(connexion: Connection, dossier: Path) -> list[Path]:
    """Forget the keys of what no page is made of; return the files, already unreadable, to be erased once this is committed."""
    utiles = set(connexion.scalars(select(bac_page.c.original).union(select(bac_page.c.contenu))))
    inutiles = set(connexion.scalars(select(bac_contenu.c.sha256))) - utiles
    connexion.execute(delete(bac_contenu).where(bac_contenu.c.sha256.in_(inutiles)))
    return [_chemin(dossier, sha256) for sha256 in inutiles]


def _chemin(dossier: Path, sha256: str) -> Path:
    return fichiers.chemin(dossier, _ICI, sha256)
