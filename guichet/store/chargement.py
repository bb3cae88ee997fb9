"""Filling an empty scope from a snapshot: columns go to the driver as they come, several times faster than row by row."""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from itertools import repeat
from operator import itemgetter, xor
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, update

from guichet.contract import corps
from guichet.contract.sync import ColonnesType, Instantane, Ligne, PartInstantane
from guichet.models import ENTITES
from guichet.store import acces, replique
from guichet.store.replique import Curseur
from guichet.store.tables import curseur, ligne


@dataclass(frozen=True)
class PartPrete:
    """A part of a snapshot as the driver takes it. `entites`: (table, columns, rows); `annuaire`: rows of the directory, by id, and their XOR."""

    annuaire: list[tuple[Any, ...]]
    digest: int
    entites: list[tuple[Table, tuple[str, ...], list[tuple[Any, ...]]]]
    brutes: list[Ligne]


def preparer(avant: Curseur, part: PartInstantane) -> PartPrete:
    """Turn columns into what the driver takes; nothing is read nor written: it is done while the part before is committed."""
    annuaire: list[tuple[Any, ...]] = []
    for groupe in part.groupes:
        empreintes = struct.unpack(f"<{len(groupe.ids)}q", groupe.empreintes)
        annuaire += zip(repeat(avant.portee), groupe.ids, repeat(groupe.type), groupe.revs, empreintes, repeat(avant.gen), strict=False)
    annuaire.sort(key=itemgetter(1))
    digest = reduce(xor, (x[4] for x in annuaire), 0)
    return PartPrete(annuaire, digest, [_entites(avant.portee, g) for g in part.groupes if g.type in ENTITES], part.brutes)


def appliquer_part(connexion: Connection, avant: Curseur, instantane: Instantane, n: int, part: PartPrete) -> int:
    """Write a part and note it with the cursor in one transaction; return its number of rows. The last part ends the snapshot."""
    if n == 0:
        acces.ranger(connexion, acces.DES_ENTITES)
    for table, colonnes, lignes in part.entites:
        inserer(connexion, table, colonnes, lignes)
    inserer(connexion, ligne, ("scope_id", "id", "etype", "rev", "h", "gen"), part.annuaire)
    replique.sommer(connexion, avant.portee, [part.digest], len(part.annuaire))
    replique.recevoir_brutes(connexion, avant, part.brutes)
    derniere = n + 1 == instantane.parts
    connexion.execute(
        update(curseur)
        .where(curseur.c.scope_id == avant.portee)
        .values(instantane=instantane.id, part=n + 1, depart=instantane.seq, **({"seq": instantane.seq} if derniere else {}))
    )
    return len(part.annuaire) + len(part.brutes)


def _entites(portee: str, groupe: ColonnesType) -> tuple[Table, tuple[str, ...], list[tuple[Any, ...]]]:
    table: Table = ENTITES[groupe.type].__table__  # type: ignore[assignment]
    connues = corps.champs(groupe.type)
    colonnes = {nom: valeurs for nom, valeurs in zip(groupe.champs, groupe.colonnes, strict=True) if nom in connues}
    inconnues = [(nom, valeurs) for nom, valeurs in zip(groupe.champs, groupe.colonnes, strict=True) if nom not in connues]
    pretes = [_preparer(groupe.type, nom)(valeurs) for nom, valeurs in colonnes.items()]
    extras: Sequence[Any] = [None] * len(groupe.ids)
    if inconnues:
        restes = ({nom: v[rang] for nom, v in inconnues if v[rang] is not None} for rang in range(len(groupe.ids)))
        extras = [msgspec.json.encode(reste).decode() if reste else None for reste in restes]
    return table, ("scope_id", "id", "extra", *colonnes), list(zip([portee] * len(groupe.ids), groupe.ids, extras, *pretes, strict=True))


def inserer(connexion: Connection, table: Table, colonnes: Sequence[str], lignes: Sequence[tuple[Any, ...]]) -> None:
    """Insert driver tuples, replacing rows of the same key."""
    if lignes:
        marques = ", ".join("?" * len(colonnes))
        # Table and columns come from our own metadata, values are bound.
        sql = f"INSERT OR REPLACE INTO {table.name} ({', '.join(colonnes)}) VALUES ({marques})"  # noqa: S608
        connexion.exec_driver_sql(sql, lignes)


@cache
def _preparer(type_: str, nom: str) -> Callable[[list[Any]], list[Any]]:
    """Return what turns a column of JSON values into what SQLite keeps; a date's text is already that."""
    from sqlalchemy import Date
    from sqlalchemy.dialects.sqlite import dialect

    colonne = ENTITES[type_].__table__.columns[nom]
    lecteur = corps.champs(type_)[nom]
    ecrivain = colonne.type.dialect_impl(dialect()).bind_processor(dialect())
    if isinstance(colonne.type, Date) or (lecteur is None and ecrivain is None):
        return lambda valeurs: valeurs

    def preparer(valeurs: list[Any]) -> list[Any]:
        lues = (lecteur(v) if lecteur and v is not None else v for v in valeurs)
        return [None if v is None else ecrivain(v) if ecrivain else v for v in lues]

    return preparer
