"""The key file of a vault: one random data key, wrapped in envelopes (research/security.md §0, §4).

The agent's opens by his passphrase (Argon2id), joined with a secret of the workstation's keyring where there is one. The rescue's is
sealed for the centre: a passphrase forgotten or a keyring lost is not lost work. The keyring is joined only once the rescue is there.
"""

import hashlib
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
from nacl.public import PublicKey, SealedBox

from guichet.contract.sync import CleDeCoffre
from guichet.models import uuid7
from guichet.ressources import regle_du_jour
from guichet.rules.mots_de_passe import bits
from guichet.store import essais, trousseau
from guichet.store.disque import ecrire_durablement
from guichet.store.erreurs import CleAbimee, CoffreScelle, CoffreTropRecent, PhraseFaible, PhraseFausse, PosteInconnu

NOM = "cle.json"
VERSION = 2


class EnveloppeAgent(msgspec.Struct):
    """The data key under the agent's passphrase. `trousseau`: joined with the keyring's secret."""

    tours: int
    memoire_kio: int
    fils: int
    sel: bytes
    nonce: bytes
    cle_scellee: bytes
    trousseau: bool = False


class FichierCle(msgspec.Struct):
    """What is written: how the key is wrapped, never the key. `agent`: None after too many failures; `secours`: empty before enrolment."""

    version: int
    vault_id: str
    agent: EnveloppeAgent | None
    secours: bytes = b""


class _Version(msgspec.Struct):
    version: int
    vault_id: str


def nouvelle(phrase: str) -> tuple[FichierCle, bytes]:
    """Make the key file of a new vault, not yet written, and its 32-byte data key. Raises PhraseFaible."""
    exiger_phrase(phrase)
    vault_id, cle = uuid7(), os.urandom(32)
    return FichierCle(VERSION, vault_id, _envelopper(vault_id, cle, phrase, None)), cle


def ecrire(dossier: Path, fichier: FichierCle) -> None:
    """Write a key file so that a cut leaves it whole or absent."""
    ecrire_durablement(dossier / NOM, msgspec.json.encode(fichier))


def ouvrir(dossier: Path, phrase: str) -> tuple[str, bytes]:
    """Return a vault's identifier and data key.

    Raises PhraseFausse, TropTot, CoffreScelle, PosteInconnu, CleAbimee or CoffreTropRecent.
    """
    fichier = lire(dossier)
    agent = fichier.agent
    if agent is None:
        raise CoffreScelle
    secret = trousseau.lire(fichier.vault_id) if agent.trousseau else None
    if agent.trousseau and secret is None:
        raise PosteInconnu
    if essais.epuises(dossier) and fichier.secours:
        _fermer_a_l_agent(dossier, fichier)
    essais.compter(dossier)
    enveloppe = _deriver(phrase, agent, secret)
    try:
        cle = desceller(agent.cle_scellee, fichier.vault_id.encode(), agent.nonce, enveloppe)
    except CryptoError as erreur:
        if essais.epuises(dossier) and fichier.secours:
            _fermer_a_l_agent(dossier, fichier)
        raise PhraseFausse from erreur
    essais.oublier(dossier)
    if fichier.secours and not agent.trousseau:
        _joindre_au_trousseau(dossier, fichier, cle, phrase)
    return fichier.vault_id, cle


def lire(dossier: Path) -> FichierCle:
    """Return the key file of a vault, those of version 1 included. Raises CleAbimee or CoffreTropRecent."""
    try:
        octets = (dossier / NOM).read_bytes()
        entete = msgspec.json.decode(octets, type=_Version)
        if entete.version > VERSION:
            raise CoffreTropRecent
        if entete.version == 1:
            return FichierCle(VERSION, entete.vault_id, msgspec.json.decode(octets, type=EnveloppeAgent))
        return msgspec.json.decode(octets, type=FichierCle)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as erreur:
        raise CleAbimee from erreur


def assurer_secours(dossier: Path, cle: bytes, cle_centre: bytes) -> None:
    """Seal the data key for the centre, once: support may then give it back to an agent who has proved who he is."""
    fichier = lire(dossier)
    if not fichier.secours:
        contenu = msgspec.json.encode(CleDeCoffre(fichier.vault_id, cle))
        fichier.secours = SealedBox(PublicKey(cle_centre)).encrypt(contenu)
        ecrire(dossier, fichier)


def changer_phrase(dossier: Path, cle: bytes, phrase: str) -> None:
    """Wrap the data key under another passphrase; failures are forgotten. Raises PhraseFaible."""
    exiger_phrase(phrase)
    fichier = lire(dossier)
    secret = trousseau.confier(fichier.vault_id) if fichier.secours else None
    fichier.agent = _envelopper(fichier.vault_id, cle, phrase, secret)
    ecrire(dossier, fichier)
    essais.oublier(dossier)


def exiger_phrase(phrase: str) -> None:
    """Raise PhraseFaible for a passphrase that who steals the file would find."""
    if bits(phrase, ("guichet",)) < regle_du_jour("secret_personnel")["bits"]:
        raise PhraseFaible


def _joindre_au_trousseau(dossier: Path, fichier: FichierCle, cle: bytes, phrase: str) -> None:
    """From now on, the passphrase alone does not open a copy of this folder."""
    secret = trousseau.confier(fichier.vault_id)
    if secret is not None:
        fichier.agent = _envelopper(fichier.vault_id, cle, phrase, secret)
        ecrire(dossier, fichier)


def _fermer_a_l_agent(dossier: Path, fichier: FichierCle) -> None:
    """Remove the agent's envelope, not the data: the rescue's stays."""
    fichier.agent = None
    ecrire(dossier, fichier)
    essais.oublier(dossier)
    raise CoffreScelle


def _envelopper(vault_id: str, cle: bytes, phrase: str, secret: bytes | None) -> EnveloppeAgent:
    cout = regle_du_jour("derivation")
    neuve = EnveloppeAgent(cout["tours"], cout["memoire_kio"], cout["fils"], os.urandom(16), os.urandom(24), b"", secret is not None)
    neuve.cle_scellee = sceller(cle, vault_id.encode(), neuve.nonce, _deriver(phrase, neuve, secret))
    return neuve


def _deriver(phrase: str, agent: EnveloppeAgent, secret: bytes | None) -> bytes:
    brute = hash_secret_raw(phrase.encode(), agent.sel, agent.tours, agent.memoire_kio, agent.fils, 32, Type.ID)
    return brute if secret is None else hashlib.blake2b(brute, key=secret, digest_size=32, person=b"guichet-coffre").digest()
