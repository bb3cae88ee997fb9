"""Sealing a file as a stream of pieces (libsodium's secretstream): none can be cut off, moved or taken from another without being seen.

Read and written piece by piece: a long document is in memory once.
"""

import io
from collections.abc import Iterator
from typing import IO

from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as desceller_d_un_bloc
from nacl.bindings import crypto_secretstream_xchacha20poly1305_ABYTES as SCEAU
from nacl.bindings import crypto_secretstream_xchacha20poly1305_HEADERBYTES as ENTETE
from nacl.bindings import crypto_secretstream_xchacha20poly1305_init_pull as commencer_a_lire
from nacl.bindings import crypto_secretstream_xchacha20poly1305_init_push as commencer_a_ecrire
from nacl.bindings import crypto_secretstream_xchacha20poly1305_pull as tirer
from nacl.bindings import crypto_secretstream_xchacha20poly1305_push as pousser
from nacl.bindings import crypto_secretstream_xchacha20poly1305_state as nouvel_etat
from nacl.bindings import crypto_secretstream_xchacha20poly1305_TAG_FINAL as DERNIER
from nacl.bindings import crypto_secretstream_xchacha20poly1305_TAG_MESSAGE as MORCEAU
from nacl.exceptions import CryptoError

_MAGIE, _OCTETS, _NONCE = b"GSS1", 64 * 1024, 24


def sceller(contenu: bytes, cle: bytes, lie: bytes) -> Iterator[bytes]:
    """Seal bytes under a key of 32 bytes, tied to what names them; yield the file's, in order."""
    etat = nouvel_etat()
    yield _MAGIE + commencer_a_ecrire(etat, cle)
    for debut in range(0, max(len(contenu), 1), _OCTETS):
        dernier = debut + _OCTETS >= len(contenu)
        yield pousser(etat, contenu[debut : debut + _OCTETS], lie, DERNIER if dernier else MORCEAU)


def desceller(scelle: IO[bytes], cle: bytes, lie: bytes) -> bytes:
    """Return what was sealed, from a file at its beginning. Raises CryptoError when a byte of it is not as it was, or its end is missing."""
    debut = scelle.read(len(_MAGIE))
    if debut != _MAGIE:  # sealed whole, before there were streams: what still waits to be sent
        tout = debut + scelle.read()
        return desceller_d_un_bloc(tout[_NONCE:], lie, tout[:_NONCE], cle)
    etat, clair, marque = nouvel_etat(), io.BytesIO(), MORCEAU
    commencer_a_lire(etat, scelle.read(ENTETE), cle)
    while morceau := scelle.read(_OCTETS + SCEAU):
        if marque == DERNIER:
            raise CryptoError("something follows the end of the file")
        part, marque = tirer(etat, morceau, lie)
        clair.write(part)
    if marque != DERNIER:
        raise CryptoError("the end of the file is missing")
    return clair.getvalue()
