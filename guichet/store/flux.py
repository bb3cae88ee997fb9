"""Sealing a file as a stream of pieces (libsodium's secretstream): none can be cut off, moved or taken from another without being seen."""

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


def sceller(contenu: bytes, cle: bytes, lie: bytes) -> bytes:
    """Seal bytes under a key of 32 bytes, tied to what names them."""
    etat = nouvel_etat()
    sortie = [_MAGIE, commencer_a_ecrire(etat, cle)]
    for debut in range(0, max(len(contenu), 1), _OCTETS):
        dernier = debut + _OCTETS >= len(contenu)
        sortie.append(pousser(etat, contenu[debut : debut + _OCTETS], lie, DERNIER if dernier else MORCEAU))
    return b"".join(sortie)


def desceller(scelle: bytes, cle: bytes, lie: bytes) -> bytes:
    """Return what was sealed. Raises CryptoError when a byte of it is not as it was, or its end is missing."""
    if not scelle.startswith(_MAGIE):  # sealed whole, before there were streams: what still waits to be sent
        return desceller_d_un_bloc(scelle[_NONCE:], lie, scelle[:_NONCE], cle)
    etat, reste = nouvel_etat(), memoryview(scelle)[len(_MAGIE) :]  # a long document is not copied
    commencer_a_lire(etat, bytes(reste[:ENTETE]), cle)
    morceaux, marque = list[bytes](), MORCEAU
    for debut in range(ENTETE, len(reste), _OCTETS + SCEAU):
        if marque == DERNIER:
            raise CryptoError("something follows the end of the file")
        clair, marque = tirer(etat, bytes(reste[debut : debut + _OCTETS + SCEAU]), lie)
        morceaux.append(clair)
    if marque != DERNIER:
        raise CryptoError("the end of the file is missing")
    return b"".join(morceaux)
