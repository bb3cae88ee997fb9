"""The outbox: what a person did and the centre has not yet judged (I4, I6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, update

from guichet.contract import corps
from guichet.contract.sync import Mutation, Verdict
from guichet.models import ENTITES, uuid7
from guichet.store.tables import curseur, sortie

GARDE = timedelta(days=30)
"""How long sent operations are retained, against a restore of the centre (research/sync.md §0.3)."""
_FINIS = ("applied", "slot_lost")


class EtatEnvoi(StrEnum):
    """Where an operation stands, as the window says it."""

    EN_ATTENTE = "en_attente"
    TRANSMIS = "transmis"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Envoi:
    """One line of « Envois »."""

    portee: str
    lseq: int
    opid: str
    libelle: str
    etat: EtatEnvoi
    detail: str
    saisi_le: datetime


@dataclass(frozen=True)
class Comptes:
    """What waits, and what was refused and wants an eye."""

    en_attente: int
    refuses: int


def poster(connexion: Connection, portee: str, libelle: str, mutations: Sequence[Mutation]) -> str:
    """Apply an act to the local rows and queue it, in the caller's transaction; return its operation's id."""
    lseq = connexion.execute(
        update(curseur).where(curseur.c.scope_id == portee).values(lseq=curseur.c.lseq + 1).returning(curseur.c.lseq)
    ).scalar_one()
    opid = uuid7()
    for mutation in mutations:
        appliquer_localement(connexion, portee, mutation)
    connexion.execute(
        insert(sortie).values(
            scope_id=portee, lseq=lseq, opid=opid, libelle=libelle, muts=[msgspec.to_builtins(m) for m in mutations],
            cible=mutations[0].id, etat=EtatEnvoi.EN_ATTENTE, code="", detail="", saisi_le=datetime.now(UTC),
        )
    )  # fmt: skip
    return opid


def appliquer_localement(connexion: Connection, portee: str, mutation: Mutation) -> None:
    """Show an act before the centre has judged it."""
    table = ENTITES[mutation.type].__table__
    lues = corps.lire(mutation.type, mutation.set)
    if mutation.k == "new":
        connexion.execute(insert(table).prefix_with("OR IGNORE"), lues | {"scope_id": portee, "id": mutation.id})  # type: ignore[arg-type]
    else:
        changees = {nom: lues[nom] for nom in mutation.set}
        connexion.execute(update(table).where(table.c.scope_id == portee, table.c.id == mutation.id), changees)  # type: ignore[arg-type]


def a_envoyer(connexion: Connection, portee: str, limite: int) -> tuple[int, list[Any]]:
    """Return the first pending operations of a lane, and the number just before them (`base`)."""
    attente = (sortie.c.scope_id == portee) & (sortie.c.etat == EtatEnvoi.EN_ATTENTE)
    lignes = list(connexion.execute(select(sortie).where(attente).order_by(sortie.c.lseq).limit(limite)))
    return (lignes[0].lseq - 1 if lignes else 0), lignes


def portees_en_attente(connexion: Connection) -> list[str]:
    """Return the scopes that have something to send."""
    requete = select(sortie.c.scope_id).where(sortie.c.etat == EtatEnvoi.EN_ATTENTE).distinct().order_by(sortie.c.scope_id)
    return list(connexion.scalars(requete))


def rendre(connexion: Connection, portee: str, verdict: Verdict) -> None:
    """Store a verdict; a refused act keeps its whole content."""
    etat = EtatEnvoi.TRANSMIS if verdict.st in _FINIS else EtatEnvoi.REFUSE
    connexion.execute(
        update(sortie)
        .where(sortie.c.scope_id == portee, sortie.c.lseq == verdict.lseq, sortie.c.opid == verdict.opid)
        .values(etat=etat, code=verdict.code or verdict.st, detail=verdict.detail)
    )
    if etat is EtatEnvoi.REFUSE and verdict.serveur:
        _revenir(connexion, portee, verdict)


def _revenir(connexion: Connection, portee: str, verdict: Verdict) -> None:
    """Show again what the centre has, where it refused a change."""
    ligne = connexion.execute(select(sortie.c.muts).where(sortie.c.scope_id == portee, sortie.c.lseq == verdict.lseq)).scalar_one()
    appliquer_localement(connexion, portee, Mutation("set", ligne[0]["type"], ligne[0]["id"], verdict.serveur))


def reprendre(connexion: Connection, portee: str, couloir: int) -> None:
    """Send again what a restored centre no longer has: retained operations above its lane (I10)."""
    connexion.execute(
        update(sortie)
        .where(sortie.c.scope_id == portee, sortie.c.lseq > couloir, sortie.c.etat == EtatEnvoi.TRANSMIS)
        .values(etat=EtatEnvoi.EN_ATTENTE)
    )


def purger(connexion: Connection) -> None:
    """Let go of what the centre has judged applied for longer than it could be restored from."""
    limite = datetime.now(UTC) - GARDE
    connexion.execute(delete(sortie).where(sortie.c.etat == EtatEnvoi.TRANSMIS, sortie.c.saisi_le < limite))


def numeroter(connexion: Connection, portee: str, couloir: int) -> None:
    """Never number below what the centre has executed for this device (a wiped and reopened scope)."""
    connexion.execute(update(curseur).where(curseur.c.scope_id == portee, curseur.c.lseq < couloir).values(lseq=couloir))


def comptes(connexion: Connection) -> Comptes:
    """Count what waits and what was refused."""
    lus: dict[str, int] = dict(connexion.execute(select(sortie.c.etat, func.count()).group_by(sortie.c.etat)).all())
    return Comptes(lus.get(EtatEnvoi.EN_ATTENTE, 0), lus.get(EtatEnvoi.REFUSE, 0))


def lister(connexion: Connection, limite: int = 200) -> list[Envoi]:
    """Return the latest acts, refused first, then waiting, then sent."""
    rang = {EtatEnvoi.REFUSE: 0, EtatEnvoi.EN_ATTENTE: 1, EtatEnvoi.TRANSMIS: 2}
    lignes = connexion.execute(select(sortie).order_by(sortie.c.saisi_le.desc()).limit(limite))
    envois = [Envoi(x.scope_id, x.lseq, x.opid, x.libelle, EtatEnvoi(x.etat), x.detail, x.saisi_le) for x in lignes]
    return sorted(envois, key=lambda e: rang[e.etat])
