"""Secondary indexes: put away while empty tables are filled, made in one go after (design/sync.md §6)."""

from collections.abc import Sequence

from sqlalchemy import Connection, Table, select, text
from sqlalchemy.schema import CreateIndex, DropIndex

from guichet.models import ENTITES

DES_ENTITES: tuple[Table, ...] = tuple(classe.__table__ for classe in ENTITES.values())  # type: ignore[misc]
_POSES = text("SELECT name FROM sqlite_master WHERE type = 'index'")


def ranger(connexion: Connection, tables: Sequence[Table]) -> None:
    """Drop the indexes of those tables that have no row."""
    poses = set(connexion.scalars(_POSES))
    for table in tables:
        siens = [i for i in table.indexes if i.name in poses]
        if siens and connexion.execute(select(*table.primary_key.columns).limit(1)).first() is None:
            for index in siens:
                connexion.execute(DropIndex(index))


def poser(connexion: Connection, tables: Sequence[Table]) -> None:
    """Make the indexes that are missing; a load that was cut left them so."""
    poses = set(connexion.scalars(_POSES))
    for index in (i for table in tables for i in table.indexes):
        if index.name not in poses:
            connexion.execute(CreateIndex(index))
