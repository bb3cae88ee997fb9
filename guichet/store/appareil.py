"""The workstation as the centre knows it: its identifier, its key, the centre's sealing key, the restores it has seen."""

from dataclasses import dataclass
from datetime import datetime

from nacl.public import PublicKey, SealedBox
from nacl.signing import SigningKey
from sqlalchemy import Connection, select, update

from guichet.contract.sync import Enrole
from guichet.store.tables import coffre


@dataclass(frozen=True)
class Appareil:
    """The device of this vault."""

    id: str
    enrole: bool
    cle: SigningKey


@dataclass(frozen=True)
class Centre:
    """The centre of this vault. `adresse`: where the public finds it, or nothing; `demonstration`: its people are invented."""

    adresse: str
    demonstration: bool


@dataclass(frozen=True)
class Suivi:
    """Where the device stands with its centre. `ecart_horloge_s`: how far ahead of ours the centre's clock was, in seconds."""

    id: str
    enrole: bool
    synchronise_le: datetime | None
    ecart_horloge_s: int | None


def suivi(connexion: Connection) -> Suivi:
    """Return where the device stands; nothing is made, nothing written."""
    ligne = connexion.execute(select(coffre.c.appareil, coffre.c.enrole, coffre.c.sync_le, coffre.c.ecart_horloge_s)).one()
    return Suivi(*ligne)


def lire(connexion: Connection) -> Appareil:
    """Return the device; its key is made the first time, in the caller's writing transaction."""
    ligne = connexion.execute(select(coffre)).one()
    cle = ligne.cle_appareil
    if cle is None:
        cle = bytes(SigningKey.generate())
        connexion.execute(update(coffre).values(cle_appareil=cle))
    return Appareil(ligne.appareil, ligne.enrole, SigningKey(cle))


def enroler(connexion: Connection, recu: Enrole) -> None:
    """Note that the centre has written this device down, and the key to seal for it."""
    connexion.execute(
        update(coffre).values(enrole=True, cle_centre=recu.cle_centre, adresse=recu.adresse, demonstration=recu.demonstration)
    )


def oublier(connexion: Connection) -> None:
    """Note that the centre does not know this device: it enrols again."""
    connexion.execute(update(coffre).values(enrole=False))


def restauration(connexion: Connection) -> str:
    """Return which timeline of the centre this device last met."""
    return str(connexion.execute(select(coffre.c.restauration)).scalar_one())


def noter_restauration(connexion: Connection, nouvelle: str) -> None:
    """Note which timeline the centre is on."""
    connexion.execute(update(coffre).values(restauration=nouvelle))


def centre(connexion: Connection) -> Centre:
    """Return the centre that this vault was enrolled with."""
    ligne = connexion.execute(select(coffre.c.adresse, coffre.c.demonstration)).one()
    return Centre(ligne.adresse, ligne.demonstration)


def boite(connexion: Connection) -> "SealedBox[PublicKey] | None":
    """Return what seals for the centre, or None before enrolment."""
    cle = connexion.scalar(select(coffre.c.cle_centre))
    return SealedBox(PublicKey(cle)) if cle is not None else None
