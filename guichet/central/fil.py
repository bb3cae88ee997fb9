"""The feed: every write of a replicated row passes here, so that rows, revisions, digest and head move together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import BindParameter, Connection, Table, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from guichet.central import mots
from guichet.central.tables import scope_head, sync_row
from guichet.contract.corps import champs, empreinte, encoder
from guichet.contract.lots import par_id, remplacer
from guichet.contract.sync import Ligne
from guichet.models import ENTITES, uuid7

_LOT = 500


@dataclass(frozen=True)
class Ecrit:
    """A row to write: all its columns, or None to bury it."""

    type: str
    id: str
    valeurs: Mapping[str, Any] | None


def ouvrir_portee(connexion: Connection, portee: str, genre: str) -> None:
    """Create a scope, empty, with an epoch of its own."""
    connexion.execute(scope_head.insert().values(scope_id=portee, kind=genre, epoch=uuid7(), last=0, digest=0, live=0))


def portees_du_genre(connexion: Connection, genre: str) -> list[str]:
    """List the scopes of a kind."""
    return list(connexion.scalars(select(scope_head.c.scope_id).where(scope_head.c.kind == genre).order_by(scope_head.c.scope_id)))


def inscrire(connexion: Connection, portee: str, ecrits: Sequence[Ecrit]) -> None:
    """Write rows of one scope and publish them. Raises ValueError when a row is written twice in one go."""
    if len({e.id for e in ecrits}) != len(ecrits):
        raise ValueError("a row is written twice by one operation")
    ecrire_entites(connexion, portee, ecrits)
    publier(connexion, portee, ecrits)


def ecrire_entites(connexion: Connection, portee: str, ecrits: Iterable[Ecrit]) -> None:
    """Write the entities' own tables; nobody hears of it before `publier`."""
    par_type: dict[str, list[Ecrit]] = {}
    for e in ecrits:
        par_type.setdefault(e.type, []).append(e)
    for type_, groupe in par_type.items():
        table: Table = ENTITES[type_].__table__  # type: ignore[assignment]
        colonnes = dict.fromkeys((*champs(type_), "extra"))
        vivants = [colonnes | dict(e.valeurs) | {"scope_id": portee, "id": e.id} for e in groupe if e.valeurs is not None]
        remplacer(connexion, table, vivants)
        morts = [{"mort": e.id} for e in groupe if e.valeurs is None]
        if morts:
            connexion.execute(table.delete().where(table.c.scope_id == portee, table.c.id == bindparam("mort")), morts)
        if type_ == "personne":
            mots.suivre(connexion, portee, vivants, [m["mort"] for m in morts])


def publier(connexion: Connection, portee: str, ecrits: Sequence[Ecrit], appareil: str | None = None) -> dict[str, Ligne]:
    """Give rows their revision and their place in the feed: the head row is the last lock taken (trap 1, I13). Return them as served."""
    if not ecrits:
        return {}
    anciens = _anciens(connexion, portee, sorted(e.id for e in ecrits))
    delta, vivantes, le = 0, 0, datetime.now(UTC)
    lignes: list[dict[str, Any]] = []
    for e in sorted(ecrits, key=lambda e: e.id):
        rev, avant = anciens.get(e.id, (0, None))
        corps = b"null" if e.valeurs is None else encoder(e.type, e.valeurs)
        h = empreinte(e.id, rev + 1, corps)
        delta ^= (avant or 0) ^ (0 if e.valeurs is None else h)
        vivantes += (e.valeurs is not None) - (avant is not None)
        lignes.append({
            "scope_id": portee, "id": e.id, "etype": e.type, "rev": rev + 1, "deleted": e.valeurs is None, "h": h, "body": corps,
            "last_device": appareil, "le": le,
        })  # fmt: skip
    dernier = _avancer(connexion, portee, len(lignes), delta, vivantes)
    for rang, ligne in enumerate(lignes, start=dernier - len(lignes) + 1):
        ligne["seq"] = rang
    remplacer(connexion, sync_row, lignes)
    return {x["id"]: Ligne(x["etype"], x["id"], x["rev"], x["seq"], x["deleted"], msgspec.Raw(x["body"])) for x in lignes}


def lire_entite(connexion: Connection, type_: str, portee: str, id_: str, *, verrou: bool = False) -> dict[str, Any] | None:
    """Return one entity's columns, locked for writing when asked."""
    table = ENTITES[type_].__table__
    requete = select(table).where(table.c.scope_id == portee, table.c.id == id_)
    ligne = connexion.execute(requete.with_for_update() if verrou else requete).mappings().first()
    return dict(ligne) if ligne else None


def lire_entites(connexion: Connection, type_: str, portee: str, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return entities' columns by id, locked for writing in the order given."""
    table, lues = ENTITES[type_].__table__, dict[str, dict[str, Any]]()
    for debut in range(0, len(ids), _LOT):
        requete = select(table).where(table.c.scope_id == portee, table.c.id.in_(ids[debut : debut + _LOT])).order_by(table.c.id)
        lues |= par_id(connexion, requete.with_for_update())
    return lues


def deja_nes(connexion: Connection, type_: str, portee: str, ids: Sequence[str]) -> set[str]:
    """Return which identifiers are in use, as a row of that type or in the feed, alive or buried (I7)."""
    table, trouves = ENTITES[type_].__table__, set[str]()
    for debut in range(0, len(ids), _LOT):
        for t in (table, sync_row):
            trouves.update(connexion.scalars(select(t.c.id).where(t.c.scope_id == portee, t.c.id.in_(ids[debut : debut + _LOT]))))
    return trouves


def lignes_de(connexion: Connection, portee: str, ids: Iterable[str]) -> dict[str, Ligne]:
    """Return rows as they are served now."""
    return {x.id: en_ligne(x) for x in _par_lots(connexion, select(sync_row), portee, list(ids))}


def en_ligne(x: Any) -> Ligne:  # noqa: ANN401 (a row of sync_row)
    """Return a feed row as it travels."""
    return Ligne(x.etype, x.id, x.rev, x.seq, x.deleted, msgspec.Raw(x.body))


def inserer_absent(connexion: Connection, table: Table, ligne: Mapping[str, Any]) -> None:
    """Insert a row unless its key is there: two replicas that meet on it both go on with the one that was first."""
    insertion = (pg_insert if connexion.dialect.name == "postgresql" else sqlite_insert)(table)
    connexion.execute(insertion.values(**ligne).on_conflict_do_nothing())


def _par_lots(connexion: Connection, requete: Any, portee: str, ids: Sequence[str]) -> Iterable[Any]:  # noqa: ANN401 (a Select over sync_row)
    for debut in range(0, len(ids), _LOT):
        lot = ids[debut : debut + _LOT]
        yield from connexion.execute(requete.where(sync_row.c.scope_id == portee, sync_row.c.id.in_(lot)))


_ANCIENS = (
    select(sync_row.c.id, sync_row.c.rev, sync_row.c.h, sync_row.c.deleted)
    .where(sync_row.c.scope_id == bindparam("portee"), sync_row.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(sync_row.c.id)
    .with_for_update()
)


def _anciens(connexion: Connection, portee: str, ids: Sequence[str]) -> dict[str, tuple[int, int | None]]:
    anciens: dict[str, tuple[int, int | None]] = {}
    for debut in range(0, len(ids), _LOT):
        lus = connexion.execute(_ANCIENS, {"portee": portee, "ids": ids[debut : debut + _LOT]})
        anciens |= {id_: (rev, None if morte else h) for id_, rev, h, morte in lus.all()}
    return anciens


_DELTA: BindParameter[int] = bindparam("delta", type_=scope_head.c.digest.type)
_AVANCER = (
    update(scope_head)
    .where(scope_head.c.scope_id == bindparam("portee"))
    .values(
        last=scope_head.c.last + bindparam("n"), live=scope_head.c.live + bindparam("vivantes"),
        # XOR in the words of both engines: what either has, less what both have.
        digest=scope_head.c.digest.bitwise_or(_DELTA) - scope_head.c.digest.bitwise_and(_DELTA),
    )
    .returning(scope_head.c.last)
)  # fmt: skip


def _avancer(connexion: Connection, portee: str, n: int, delta: int, vivantes: int) -> int:
    valeurs = {"portee": portee, "n": n, "delta": delta, "vivantes": vivantes}
    return int(connexion.execute(_AVANCER, valeurs).scalar_one())
