"""Filling an empty scope from a snapshot: columns go to the driver as they come, several times faster than row by row."""

import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, reduce
from itertools import repeat
from operator import xor
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, update

from guichet.contract import corps
from guichet.contract.sync import ColonnesType, Instantane, Ligne, PartInstantane
from guichet.models import ENTITES
from guichet.store import acces, replique
from guichet.store.replique import Curseur
from guichet.store.tables import curseur, ligne

Colonnes = dict[str, Iterable[Any]]
"""Values by column, as the driver takes them: no row is made before it is bound, for the collector would walk them all."""


@dataclass(frozen=True)
class PartPrete:
    """A part of a snapshot as the driver takes it. `entites`: by table; `annuaire`: the directory by id, its number of rows and their XOR."""

    annuaire: Colonnes
    nombre: int
    digest: int
    entites: list[tuple[Table, Colonnes]]
    brutes: list[Ligne]


def preparer(avant: Curseur, part: PartInstantane) -> PartPrete:
    """Turn columns into what the driver takes; nothing is read nor written: it is done while the part before is committed."""
    ids = [i for g in part.groupes for i in g.ids]
    types = [g.type for g in part.groupes for _ in g.ids]
    revs = [r for g in part.groupes for r in g.revs]
    empreintes = [h for g in part.groupes for h in struct.unpack(f"<{len(g.ids)}q", g.empreintes)]
    ordre = sorted(range(len(ids)), key=ids.__getitem__)
    par_id = {nom: [valeurs[rang] for rang in ordre] for nom, valeurs in (("id", ids), ("etype", types), ("rev", revs), ("h", empreintes))}
    annuaire = {"scope_id": repeat(avant.portee), **par_id, "gen": repeat(avant.gen)}
    entites = [_entites(avant.portee, g) for g in part.groupes if g.type in ENTITES]
    return PartPrete(annuaire, len(ids), reduce(xor, empreintes, 0), entites, part.brutes)


def appliquer_part(connexion: Connection, avant: Curseur, instantane: Instantane, n: int, part: PartPrete) -> int:
    """Write a part and note it with the cursor in one transaction; return its number of rows. The last part ends the snapshot."""
    acces.ranger(connexion, [table for table, _ in part.entites])
    for table, colonnes in (*part.entites, (ligne, part.annuaire)):
        _inserer(connexion, table, colonnes)
    replique.sommer(connexion, avant.portee, [part.digest], part.nombre)
    replique.recevoir_brutes(connexion, avant, part.brutes)
    derniere = n + 1 == instantane.parts
    connexion.execute(
        update(curseur)
        .where(curseur.c.scope_id == avant.portee)
        .values(instantane=instantane.id, part=n + 1, depart=instantane.seq, **({"seq": instantane.seq} if derniere else {}))
    )
    return part.nombre + len(part.brutes)


def _entites(portee: str, groupe: ColonnesType) -> tuple[Table, Colonnes]:
    table: Table = ENTITES[groupe.type].__table__  # type: ignore[assignment]
    connues = corps.champs(groupe.type)
    recues = dict(zip(groupe.champs, groupe.colonnes, strict=True))
    inconnues = [(nom, valeurs) for nom, valeurs in recues.items() if nom not in connues]
    pretes: Colonnes = {nom: _preparer(groupe.type, nom)(valeurs) for nom, valeurs in recues.items() if nom in connues}
    if inconnues:
        restes = ({nom: v[rang] for nom, v in inconnues if v[rang] is not None} for rang in range(len(groupe.ids)))
        pretes["extra"] = [msgspec.json.encode(reste).decode() if reste else None for reste in restes]
    return table, {"scope_id": repeat(portee), "id": groupe.ids, **pretes}


def _inserer(connexion: Connection, table: Table, colonnes: Colonnes) -> None:
    """Insert a block of rows, replacing those of the same key; constants are as long as the identifiers."""
    marques = ", ".join("?" * len(colonnes))
    # Table and columns come from our own metadata, values are bound.
    sql = f"INSERT OR REPLACE INTO {table.name} ({', '.join(colonnes)}) VALUES ({marques})"  # noqa: S608
    pilote = connexion.connection.driver_connection
    assert pilote is not None
    pilote.executemany(sql, zip(*colonnes.values(), strict=False))


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
