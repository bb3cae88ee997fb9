"""The read replica: pages of the centre's feed, applied with their cursor in one transaction (I1, I2, I3, I8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, delete, insert, select, tuple_, update
from sqlalchemy.dialects.sqlite import insert as upsert

from guichet.contract import corps
from guichet.contract.sync import EtatPortee, Ligne, Mutation
from guichet.models import ENTITES
from guichet.store import index
from guichet.store.sortie import EtatEnvoi, appliquer_localement
from guichet.store.tables import curseur, fichier, ligne, recherche, sortie

_JAMAIS_RECUES = {"journal"}


@dataclass(frozen=True)
class Curseur:
    """Where the reading of one scope stands; `relecture`: a walk from the start is under way."""

    portee: str
    epoque: str
    seq: int
    gen: int
    relecture: bool


def curseurs(connexion: Connection) -> dict[str, Curseur]:
    """Return every scope's cursor."""
    lus = connexion.execute(select(curseur))
    return {c.scope_id: Curseur(c.scope_id, c.epoch, c.seq, c.gen, c.relecture) for c in lus}


def ouvrir_portee(connexion: Connection, etat: EtatPortee) -> None:
    """Begin to follow a scope, from nothing."""
    connexion.execute(
        insert(curseur).values(scope_id=etat.portee, genre=etat.genre, epoch=etat.epoque, seq=0, gen=1, relecture=False, lseq=etat.couloir)
    )


def relire(connexion: Connection, portee: str, epoque: str) -> None:
    """Start a walk: every row is read again, and those not met are swept at its end."""
    connexion.execute(
        update(curseur).where(curseur.c.scope_id == portee).values(epoch=epoque, seq=0, gen=curseur.c.gen + 1, relecture=True)
    )


def appliquer(connexion: Connection, avant: Curseur, lignes: Sequence[Ligne], jusque: int) -> bool:
    """Apply one page and move the cursor, unless it moved meanwhile (I2). Returns whether it was applied."""
    tient = connexion.execute(
        update(curseur)
        .where(curseur.c.scope_id == avant.portee, curseur.c.epoch == avant.epoque, curseur.c.seq == avant.seq, curseur.c.gen == avant.gen)
        .values(seq=jusque)
    ).rowcount
    if not tient:
        return False
    connues = _revisions(connexion, avant.portee, [x.id for x in lignes])
    neuves = [x for x in lignes if x.rev > connues.get(x.id, (0, ""))[0] or avant.relecture]
    _ecrire(connexion, avant.portee, neuves)
    _noter(connexion, avant, neuves)
    _rejouer(connexion, avant.portee, [x.id for x in neuves])
    index.refaire(connexion, avant.portee, neuves)
    return True


def finir_relecture(connexion: Connection, portee: str, gen: int) -> int:
    """Sweep what the walk did not meet, but for what waits to be sent; return how many rows went."""
    perdues = connexion.execute(select(ligne.c.etype, ligne.c.id).where(ligne.c.scope_id == portee, ligne.c.gen < gen)).all()
    for type_, id_ in perdues:
        table = ENTITES[type_].__table__
        connexion.execute(delete(table).where(table.c.scope_id == portee, table.c.id == id_))  # type: ignore[arg-type]
    connexion.execute(delete(ligne).where(ligne.c.scope_id == portee, ligne.c.gen < gen))
    connexion.execute(update(curseur).where(curseur.c.scope_id == portee).values(relecture=False))
    if perdues:
        index.tout_refaire(connexion, portee)
    return len(perdues)


def somme(connexion: Connection, portee: str) -> tuple[int, int]:
    """Return the digest and the live count of a scope's rows, to be compared with the centre's."""
    digest, vivantes = 0, 0
    for (h,) in connexion.execute(select(ligne.c.h).where(ligne.c.scope_id == portee)):
        digest ^= h
        vivantes += 1
    return digest, vivantes


def oublier(connexion: Connection, portee: str) -> None:
    """Remove every row of a scope whose right is gone (I9); refused and waiting acts stay, for their author."""
    for classe in ENTITES.values():
        connexion.execute(delete(classe.__table__).where(classe.scope_id == portee))  # type: ignore[arg-type]
    index.vider(connexion, portee)
    for table in (ligne, curseur, fichier, recherche):
        connexion.execute(delete(table).where(table.c.scope_id == portee))
    connexion.execute(
        update(sortie)
        .where(sortie.c.scope_id == portee, sortie.c.etat == EtatEnvoi.EN_ATTENTE)
        .values(etat=EtatEnvoi.REFUSE, code="portee_interdite", detail="Votre accès à ces données a été retiré avant l'envoi.")
    )


def _revisions(connexion: Connection, portee: str, ids: Sequence[str]) -> dict[str, tuple[int, str]]:
    lues: dict[str, tuple[int, str]] = {}
    for debut in range(0, len(ids), 500):
        requete = select(ligne.c.id, ligne.c.rev, ligne.c.etype).where(ligne.c.scope_id == portee, ligne.c.id.in_(ids[debut : debut + 500]))
        lues |= {x.id: (x.rev, x.etype) for x in connexion.execute(requete)}
    return lues


def _ecrire(connexion: Connection, portee: str, lignes: Sequence[Ligne]) -> None:
    par_type: dict[str, list[dict[str, Any]]] = {}
    mortes: dict[str, list[str]] = {}
    for x in lignes:
        if x.type not in ENTITES or x.type in _JAMAIS_RECUES:
            continue
        if x.supprimee:
            mortes.setdefault(x.type, []).append(x.id)
        else:
            valeurs = corps.lire(x.type, msgspec.json.decode(x.corps))
            par_type.setdefault(x.type, []).append(valeurs | {"scope_id": portee, "id": x.id})
    for type_, valeurs_ in par_type.items():
        remplacer(connexion, ENTITES[type_].__table__, valeurs_)  # type: ignore[arg-type]
    for type_, ids in mortes.items():
        table = ENTITES[type_].__table__
        connexion.execute(delete(table).where(table.c.scope_id == portee, table.c.id.in_(ids)))  # type: ignore[arg-type]


def remplacer(connexion: Connection, table: Table, lignes: Sequence[dict[str, Any]]) -> None:
    """Insert rows, or replace those that have the same key."""
    insertion = upsert(table)
    cles = [c.name for c in table.primary_key.columns]
    valeurs = {c.name: insertion.excluded[c.name] for c in table.columns if c.name not in cles}
    connexion.execute(insertion.on_conflict_do_update(index_elements=cles, set_=valeurs), lignes)


def _noter(connexion: Connection, avant: Curseur, lignes: Sequence[Ligne]) -> None:
    mortes = [x.id for x in lignes if x.supprimee]
    vives = [
        {
            "scope_id": avant.portee, "id": x.id, "etype": x.type, "rev": x.rev, "gen": avant.gen,
            "h": corps.empreinte(x.id, x.rev, bytes(x.corps)),
        }
        for x in lignes if not x.supprimee
    ]  # fmt: skip
    if vives:
        remplacer(connexion, ligne, vives)
    for debut in range(0, len(mortes), 500):
        connexion.execute(
            delete(ligne).where(tuple_(ligne.c.scope_id, ligne.c.id).in_([(avant.portee, m) for m in mortes[debut : debut + 500]]))
        )


def _rejouer(connexion: Connection, portee: str, ids: Sequence[str]) -> None:
    """Put pending changes back on top of what the centre sent: the visible row is base plus pending (rebase)."""
    for debut in range(0, len(ids), 500):
        attente = connexion.scalars(
            select(sortie.c.muts)
            .where(sortie.c.scope_id == portee, sortie.c.etat == EtatEnvoi.EN_ATTENTE, sortie.c.cible.in_(ids[debut : debut + 500]))
            .order_by(sortie.c.lseq)
        )
        for muts in attente:
            appliquer_localement(connexion, portee, msgspec.convert(muts[0], Mutation))
