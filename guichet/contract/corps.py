"""A row as JSON and back: the one codec of both ends."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Date, Time
from sqlalchemy.types import TypeEngine

from guichet.contract.limites import SCHEMA, SEAUX
from guichet.models import ENTITES
from guichet.models.base import Instant

_LOCALES = {"scope_id", "id", "extra"}
MOTEUR: dict[str, Any] = {
    "hide_parameters": True, "json_serializer": lambda valeur: msgspec.json.encode(valeur).decode(), "json_deserializer": msgspec.json.decode,
}  # fmt: skip
"""What every engine of ours is made with: no value of a row in an error's text, JSON by msgspec."""


@cache
def champs(type_: str) -> dict[str, Callable[[Any], Any] | None]:
    """Return the travelling fields of an entity, each with the reader of its text, or None if it is read as it is."""
    table = ENTITES[type_].__table__
    return {c.name: _lecteur(c.type) for c in table.columns if c.name not in _LOCALES}


def _lecteur(type_: TypeEngine[Any]) -> Callable[[Any], Any] | None:
    if isinstance(type_, Instant):
        return datetime.fromisoformat
    if isinstance(type_, Date):
        return date.fromisoformat
    if isinstance(type_, Time):
        return time.fromisoformat
    return None


def encoder(type_: str, valeurs: Mapping[str, Any]) -> bytes:
    """Write a row's fields as the JSON that is served and hashed; empty fields stay out."""
    corps = {nom: valeurs[nom] for nom in champs(type_) if valeurs.get(nom) is not None}
    if valeurs.get("extra"):
        corps |= valeurs["extra"]
    return msgspec.json.encode(corps)


def lire(type_: str, corps: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a row from its JSON object; fields that this version does not know go to `extra`.

    Raises ValueError when a date or an instant is not one.
    """
    connus = champs(type_)
    valeurs: dict[str, Any] = dict.fromkeys(connus)
    inconnus: dict[str, Any] = {}
    for nom, valeur in corps.items():
        if nom not in connus:
            inconnus[nom] = valeur
        elif valeur is not None:
            lecteur = connus[nom]
            valeurs[nom] = lecteur(valeur) if lecteur else valeur
    valeurs["extra"] = inconnus or None
    return valeurs


def empreinte(id_: str, rev: int, corps: bytes) -> int:
    """Return the signed 64-bit hash of a row; a scope's digest is the XOR over its live rows."""
    return int.from_bytes(hashlib.blake2b(b"%b %d %b" % (id_.encode(), rev, corps), digest_size=8).digest(), signed=True)


def empreinte_curseurs(restauration: str, curseurs: Iterable[tuple[str, str, int, int, int]]) -> str:
    """Return the short hash of what one end holds: (scope, epoch, seq, digest, live rows) of each scope; equal ends have nothing to say."""
    contenu = msgspec.json.encode([SCHEMA, restauration, sorted(curseurs)])
    return hashlib.blake2b(contenu, digest_size=9).hexdigest()


def seau(id_: str) -> int:
    """Return the bucket of a row: identifiers carry their time, so their hash spreads them."""
    return hashlib.blake2b(id_.encode(), digest_size=1).digest()[0]


def par_seau(lignes: Iterable[tuple[str, int]]) -> list[int]:
    """Return the digest of each bucket over (id, hash) of live rows."""
    seaux = [0] * SEAUX
    for id_, h in lignes:
        seaux[seau(id_)] ^= h
    return seaux
