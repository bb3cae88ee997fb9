"""The organisme's antivirus, where it named one: clamd, asked before a file is opened (GUICHET_CLAMD: a socket's path, or HOST:PORT)."""

import io
import os
from typing import TYPE_CHECKING

from guichet.documents.erreurs import Cause

if TYPE_CHECKING:
    from clamav_client.clamd import ClamdNetworkSocket

ADRESSE = "GUICHET_CLAMD"
_ATTENTE = 30


def examiner(octets: bytes) -> Cause | None:
    """Return why the antivirus does not let a file in, or None; one that was asked for and does not answer lets nothing in."""
    client = _client()
    if client is None:
        return None
    from clamav_client.clamd import BufferTooLongError, ClamdError

    try:
        verdict, _ = client.instream(io.BytesIO(octets))["stream"]
    except BufferTooLongError:
        return Cause.ANTIVIRUS_TROP_LOURD
    except (ClamdError, OSError):
        return Cause.ANTIVIRUS_MUET
    return None if verdict == "OK" else Cause.INFECTE


def etat() -> str:
    """Say, for the diagnostic page, whether there is an antivirus and which."""
    client = _client()
    if client is None:
        return "aucun"
    from clamav_client.clamd import ClamdError

    try:
        return client.version()
    except (ClamdError, OSError):
        return "ne répond pas : aucun fichier n'est accepté"


def _client() -> "ClamdNetworkSocket | None":
    adresse = os.environ.get(ADRESSE, "")
    if not adresse:
        return None
    from clamav_client.clamd import ClamdNetworkSocket, ClamdUnixSocket

    if "/" in adresse:
        return ClamdUnixSocket(adresse, _ATTENTE)
    hote, _, port = adresse.rpartition(":")
    return ClamdNetworkSocket(hote, int(port), _ATTENTE)
