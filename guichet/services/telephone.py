"""The visitor's telephone: a link that the desk shows as a code, and the photos that come by it."""

import io
from typing import NamedTuple
from urllib.parse import urlsplit

from guichet.contract.sync import EtatTelephone, LienTelephone
from guichet.services.session import Session

_ICI = ("127.0.0.1", "localhost", "::1")


class CodeAffiche(NamedTuple):
    """A link, its QR code as PNG, and whether its centre answers on this machine alone."""

    lien: LienTelephone
    png: bytes
    local: bool


def ouvrir(session: Session) -> CodeAffiche:
    """Ask the centre for a link. Raises what the client raises."""
    import segno

    lien = session.client().ouvrir_lien_telephone(session.agent().travail)
    png = io.BytesIO()
    segno.make(lien.adresse, error="m").save(png, kind="png", scale=8, border=4)
    return CodeAffiche(lien, png.getvalue(), urlsplit(lien.adresse).hostname in _ICI)


def relever(session: Session, lien: str, connues: frozenset[str]) -> tuple[EtatTelephone, list[tuple[str, bytes]]]:
    """Return where a link stands, and the photos that came and are not known yet, by their SHA-256. Raises what the client raises."""
    client, portee = session.client(), session.agent().travail
    etat = client.suivre_telephone(portee, lien)
    return etat, [(p.sha256, client.lire_photo(portee, lien, p.sha256)) for p in etat.photos if p.sha256 not in connues]


def prendre(session: Session, lien: str, sha256: str) -> None:
    """Have a photo that is kept here erased at the centre. Raises what the client raises."""
    session.client().prendre_photo(session.agent().travail, lien, sha256)


def fermer(session: Session, lien: str) -> None:
    """End a link. Raises what the client raises."""
    session.client().fermer_lien_telephone(session.agent().travail, lien)
