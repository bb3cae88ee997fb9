"""The vaults of a workstation: one per advisor, each in its own folder, named so that he finds his own."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import msgspec

from guichet.store.coffre import existe
from guichet.store.disque import ecrire_durablement

_NOM = "qui.json"


class _Qui(msgspec.Struct):
    nom: str
    lieu: str


@dataclass(frozen=True)
class Profil:
    """A vault and whose it is; `nom` is empty before its first synchronisation."""

    dossier: Path
    nom: str
    lieu: str


def lister(racine: Path) -> list[Profil]:
    """List the vaults of a folder: the folder itself when IT gave one to a single agent, else those in it."""
    dossiers = [racine] if existe(racine) else sorted(d for d in racine.glob("*/") if existe(d))
    return sorted((_lire(d) for d in dossiers), key=lambda p: p.nom)


def dossier_de(racine: Path, agent_id: str) -> Path:
    """Return where an agent's vault is, or would be."""
    return racine if existe(racine) else racine / hashlib.sha256(agent_id.encode()).hexdigest()[:16]


def nommer(dossier: Path, nom: str, lieu: str) -> None:
    """Write whose vault it is beside it: an agent's name and place of work, nothing of those he receives."""
    qui = _Qui(nom, lieu)
    if (_lire(dossier).nom, _lire(dossier).lieu) != (nom, lieu):
        ecrire_durablement(dossier / _NOM, msgspec.json.encode(qui))


def _lire(dossier: Path) -> Profil:
    try:
        qui = msgspec.json.decode((dossier / _NOM).read_bytes(), type=_Qui)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        qui = _Qui("", "")
    return Profil(dossier, qui.nom, qui.lieu)
