"""Getting back into a vault whose passphrase or keyring is lost: a request to support, an answer sealed for this folder alone."""

from pathlib import Path

import msgspec
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from guichet.contract.sync import CleDeCoffre, DemandeDeSecours
from guichet.store import cles
from guichet.store.coffre import ouvrir_avec_cle
from guichet.store.disque import ecrire_durablement
from guichet.store.erreurs import SansSecours, SecoursRefuse

_CLE_DU_MOMENT = "secours.cle"


def demander(dossier: Path) -> bytes:
    """Return a request to hand to support; the key that reads its answer stays in the folder. Raises SansSecours, CleAbimee."""
    fichier = cles.lire(dossier)
    if not fichier.secours:
        raise SansSecours
    moment = PrivateKey.generate()
    ecrire_durablement(dossier / _CLE_DU_MOMENT, bytes(moment))
    return msgspec.json.encode(DemandeDeSecours(fichier.vault_id, fichier.secours, bytes(moment.public_key)))


def reprendre(dossier: Path, reponse: bytes, phrase: str) -> None:
    """Give a vault a new passphrase with support's answer. Raises SecoursRefuse, and what opening a vault raises; nothing is changed then."""
    try:
        moment = PrivateKey((dossier / _CLE_DU_MOMENT).read_bytes())
        rendue = msgspec.json.decode(SealedBox(moment).decrypt(reponse), type=CleDeCoffre)
    except (OSError, CryptoError, ValueError) as erreur:
        raise SecoursRefuse from erreur
    if rendue.vault_id != cles.lire(dossier).vault_id:
        raise SecoursRefuse
    ouvrir_avec_cle(dossier, rendue.vault_id, rendue.cle).fermer()
    cles.changer_phrase(dossier, rendue.cle, phrase)
    (dossier / _CLE_DU_MOMENT).unlink()
