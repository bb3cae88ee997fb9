"""Snapshots: a scope packed once, column by column, for every workstation that fills itself from nothing (design/sync.md §4)."""

import hashlib
import struct
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import zstandard
from sqlalchemy import Connection, Row, delete, select

from guichet.central.base import BaseCentre
from guichet.central.fil import en_ligne
from guichet.central.tables import instantane, instantane_part, scope_head, sync_row
from guichet.contract.corps import champs as champs_de
from guichet.contract.limites import INSTANTANE_LIGNES
from guichet.contract.sync import ColonnesType, PartInstantane
from guichet.models import ENTITES, uuid7

LIGNES_AU_MOINS = 2_000
"""Below, the feed is as quick."""
_PERIME_PCT = 20
"""A snapshot is made again when that much of its scope has moved since."""


def a_jour(connexion: Connection, portee: str) -> Row[Any] | None:
    """Return the latest snapshot of a scope that this epoch and floor still accept."""
    i, t = instantane, scope_head
    requete = (
        select(i)
        .join(t, (t.c.scope_id == i.c.scope_id) & (t.c.epoch == i.c.epoch) & (t.c.floor <= i.c.seq))
        .where(i.c.scope_id == portee)
        .order_by(i.c.seq.desc())
        .limit(1)
    )
    return connexion.execute(requete).first()


def entretenir(base: BaseCentre, portee: str) -> bool:
    """Make a scope's snapshot when it has none, or one that has aged; return whether it was made."""
    with base.lecture(portee) as connexion:
        tete = connexion.execute(select(scope_head).where(scope_head.c.scope_id == portee)).one()
        dernier = a_jour(connexion, portee)
    if tete.live < LIGNES_AU_MOINS or (dernier is not None and (tete.last - dernier.seq) * 100 <= tete.live * _PERIME_PCT):
        return False
    construire(base, portee)
    return True


def construire(base: BaseCentre, portee: str) -> str:
    """Pack a scope as it is now; return the snapshot's id. The one before it stays for those who are reading it."""
    id_ = uuid7()
    with base.lecture(portee) as connexion:
        tete = connexion.execute(select(scope_head).where(scope_head.c.scope_id == portee)).one()
        paquets = (msgspec.json.encode(empaqueter(lot)) for lot in _lots(connexion, portee))
        parts = [zstandard.ZstdCompressor(level=3).compress(paquet) for paquet in paquets]
    entete = {"scope_id": portee, "id": id_, "epoch": tete.epoch, "seq": tete.last, "parts": len(parts), "live": tete.live}

    def ecrire(connexion: Connection) -> None:
        anciens = connexion.scalars(
            select(instantane.c.id)
            .where(instantane.c.scope_id == portee, instantane.c.id != id_)
            .order_by(instantane.c.le.desc())
            .offset(1)
        ).all()
        for table in (instantane_part, instantane):
            connexion.execute(delete(table).where(table.c.scope_id == portee, table.c.id.in_([*anciens, id_])))
        for n, corps in enumerate(parts):
            connexion.execute(
                instantane_part.insert().values(scope_id=portee, id=id_, n=n, sha256=hashlib.sha256(corps).hexdigest(), corps=corps)
            )
        connexion.execute(instantane.insert().values(**entete, le=datetime.now(UTC)))

    base.ecrire(ecrire, portee)
    return id_


def empaqueter(lignes: Sequence[Any]) -> PartInstantane:
    """Turn feed rows into columns; a row whose JSON would come back otherwise goes as it is."""
    par_type: dict[str, list[tuple[Any, dict[str, Any]]]] = {}
    for x in lignes:
        par_type.setdefault(x.etype, []).append((x, msgspec.json.decode(x.body)))
    groupes = list[ColonnesType]()
    brutes = list[tuple[Any, dict[str, Any]]]()
    for type_, contenus in par_type.items():
        presents = dict.fromkeys(champ for _, corps in contenus for champ in corps)
        ordre = [c for c in champs_de(type_) if c in presents] if type_ in ENTITES else []
        champs = [*ordre, *(c for c in presents if c not in ordre)]
        exactes = list[tuple[Any, dict[str, Any]]]()
        for x, corps in contenus:
            rendu = msgspec.json.encode({c: corps[c] for c in champs if corps.get(c) is not None})
            (exactes if rendu == bytes(x.body) else brutes).append((x, corps))
        groupes.append(
            ColonnesType(
                type_, [x.id for x, _ in exactes], [x.rev for x, _ in exactes],
                struct.pack(f"<{len(exactes)}q", *(x.h for x, _ in exactes)), champs, [[corps.get(c) for _, corps in exactes] for c in champs],
            )
        )  # fmt: skip
    return PartInstantane(groupes, [en_ligne(x) for x, _ in brutes])


def _lots(connexion: Connection, portee: str) -> Any:  # noqa: ANN401 (an iterator of lists of rows)
    """Read the living rows by id: each part goes at the end of the workstation's tables, and no page of theirs is written twice."""
    requete = select(sync_row).where(sync_row.c.scope_id == portee, ~sync_row.c.deleted).order_by(sync_row.c.id)
    requete = requete.execution_options(yield_per=INSTANTANE_LIGNES)
    return connexion.execute(requete).partitions(INSTANTANE_LIGNES)
