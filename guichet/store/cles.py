"""The key file of a vault: one random data key, wrapped by the agent's passphrase (Argon2id, XChaCha20-Poly1305).

The full vault (slots, workstation secret, recovery) is a later issue; the file carries a version for it.
"""

import os
from pathlib import Path

import msgspec
from argon2.low_level import Type, hash_secret_raw
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt as desceller,
)  # fmt: skip
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_encrypt as sceller,
)
from nacl.exceptions import CryptoError

from guichet.models import uuid7
from guichet.store.disque import ecrire_durablement
from guichet.store.erreurs import CoffreAbime, CoffreTropRecent, PhraseFausse

NOM = "cle.json"
VERSION = 1
_TOURS, _MEMOIRE_KIO, _FILS = 3, 65_536, 2
"""Argon2id of research/security.md §3: about 0.4 s and 64 MiB on a counter's machine."""


class FichierCle(msgspec.Struct):
    """What is written: how the key is wrapped, never the key."""

    version: int
    vault_id: str
    tours: int
    memoire_kio: int
    fils: int
    sel: bytes
    nonce: bytes
    cle_scellee: bytes


def nouvelle(phrase: str) -> tuple[FichierCle, bytes]:
    """Make the key file of a new vault, not yet written, and its 32-byte data key."""
    sel, nonce, cle, vault_id = os.urandom(16), os.urandom(24), os.urandom(32), uuid7()
    enveloppe = _deriver(phrase, sel, _TOURS, _MEMOIRE_KIO, _FILS)
    scellee = sceller(cle, vault_id.encode(), nonce, enveloppe)
    return FichierCle(VERSION, vault_id, _TOURS, _MEMOIRE_KIO, _FILS, sel, nonce, scellee), cle


def ecrire(dossier: Path, fichier: FichierCle) -> None:
    """Write a key file so that a cut leaves it whole or absent."""
    ecrire_durablement(dossier / NOM, msgspec.json.encode(fichier))


def ouvrir(dossier: Path, phrase: str) -> tuple[str, bytes]:
    """Return a vault's identifier and data key. Raises PhraseFausse, CoffreAbime or CoffreTropRecent."""
    try:
        fichier = msgspec.json.decode((dossier / NOM).read_bytes(), type=FichierCle)
    except (OSError, msgspec.DecodeError) as erreur:
        raise CoffreAbime from erreur
    if fichier.version > VERSION:
        raise CoffreTropRecent
    enveloppe = _deriver(phrase, fichier.sel, fichier.tours, fichier.memoire_kio, fichier.fils)
    try:
        return fichier.vault_id, desceller(fichier.cle_scellee, fichier.vault_id.encode(), fichier.nonce, enveloppe)
    except CryptoError as erreur:
        raise PhraseFausse from erreur


def _deriver(phrase: str, sel: bytes, tours: int, memoire: int, fils: int) -> bytes:
    return hash_secret_raw(phrase.encode(), sel, tours, memoire, fils, 32, Type.ID)
