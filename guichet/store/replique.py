"""The read replica: pages of the centre's feed, applied with their cursor in one transaction (I1, I2, I3, I8)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import xor
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from guichet.contract import corps, lots
from guichet.contract.limites import SCHEMA
from guichet.contract.sync import EtatPortee, Ligne, Mutation
from guichet.models import ENTITES
from guichet.store import acces, index
from guichet.store.sortie import A_ENVOYER, appliquer_localement
from guichet.store.tables import creneau_a_rendre, creneau_tenu, curseur, fichier, ligne, recherche, sortie

_JAMAIS_RECUES = {"journal"}
_LOT = 500


@dataclass(frozen=True)
class Curseur:
    """Where the reading of one scope stands (store.tables.curseur). `relecture`: a walk from the start is under way."""

    portee: str
    genre: str
    epoque: str
    seq: int
    gen: int
    relecture: bool
    depart: int
    acquitte: int
    digest: int
    vivantes: int
    schema: int
    instantane: str | None
    part: int
    a_effacer: int
    effacement_permis: bool
    lseq: int


def curseurs(connexion: Connection) -> dict[str, Curseur]:
    """Return every scope's cursor."""
    return {c.scope_id: _curseur(c) for c in connexion.execute(select(curseur))}


def lire_curseur(connexion: Connection, portee: str) -> Curseur | None:
    """Return one scope's cursor, or None when it is not followed."""
    lu = connexion.execute(select(curseur).where(curseur.c.scope_id == portee)).first()
    return _curseur(lu) if lu is not None else None


def _curseur(c: Row[Any]) -> Curseur:
    return Curseur(
        c.scope_id, c.genre, c.epoch, c.seq, c.gen, c.relecture, c.depart, c.acquitte, c.digest, c.vivantes, c.schema, c.instantane, c.part,
        c.a_effacer, c.effacement_permis, c.lseq,
    )  # fmt: skip


def ouvrir_portee(connexion: Connection, etat: EtatPortee) -> None:
    """Begin to follow a scope, from nothing: its first reading is a walk.

    Its lane goes on above what the centre has executed and above what is still listed here of an earlier time.
    """
    ici = connexion.scalar(select(func.max(sortie.c.lseq)).where(sortie.c.scope_id == etat.portee)) or 0
    connexion.execute(
        insert(curseur).values(
            scope_id=etat.portee, genre=etat.genre, epoch=etat.epoque, seq=0, gen=1, relecture=True, lseq=max(etat.couloir, ici),
            schema=SCHEMA,
        )
    )  # fmt: skip


def relire(connexion: Connection, portee: str, epoque: str, *, douteuse: bool = False) -> None:
    """Start a walk: every row is read again, and those not met are swept at its end.

    Under another epoch, or when our rows are in doubt, the revisions kept mean nothing: any row of the centre's replaces them.
    """
    ici = curseur.c.scope_id == portee
    if douteuse or connexion.scalar(select(curseur.c.epoch).where(ici)) != epoque:
        connexion.execute(update(ligne).where(ligne.c.scope_id == portee).values(rev=0))
    debut = {"seq": 0, "depart": 0, "acquitte": 0, "instantane": None, "part": 0, "a_effacer": 0, "effacement_permis": False}
    connexion.execute(update(curseur).where(ici).values(epoch=epoque, gen=curseur.c.gen + 1, relecture=True, **debut))


def douter(connexion: Connection, portee: str, ids: Sequence[str]) -> None:
    """Read a scope again because some rows show what the centre neither accepted nor answered with its own: they are written anew."""
    c = lire_curseur(connexion, portee)
    if c is None:
        return
    connues = list(_connues(connexion, portee, ids).values())
    sommer(connexion, portee, (x.h for x in connues), 0)
    for x in connues:
        connexion.execute(update(ligne).where(ligne.c.scope_id == portee, ligne.c.id == x.id).values(rev=0, h=0))
    relire(connexion, portee, c.epoque)


def appliquer(connexion: Connection, avant: Curseur, lignes: Sequence[Ligne], jusque: int, tete: int) -> bool:
    """Apply rows and move the cursor with them, unless it moved meanwhile (I2). Returns whether it was applied."""
    commence = avant.relecture and not avant.depart
    tient = connexion.execute(
        update(curseur)
        .where(curseur.c.scope_id == avant.portee, curseur.c.epoch == avant.epoque, curseur.c.seq == avant.seq, curseur.c.gen == avant.gen)
        .values(seq=jusque, **({"depart": tete} if commence else {}))
    ).rowcount
    if tient:
        _recevoir(connexion, avant.portee, lignes, avant.gen, indexer=not (avant.relecture and avant.gen == 1))
    return bool(tient)


@dataclass(frozen=True)
class Vues:
    """Rows by id as they are here while the centre judges acts about them: `connues` in the directory, `montrees` as they are shown.

    They are not too old once it has: only a pass moves the directory, and what is typed meanwhile stays above what the centre says.
    """

    types: Mapping[str, str]
    connues: Mapping[str, Row[Any]]
    montrees: Mapping[str, bytes]


def voir(connexion: Connection, portee: str, types: Mapping[str, str]) -> Vues:
    """Read rows, given the type of each."""
    return Vues(types, _connues(connexion, portee, list(types)), _montrees(connexion, portee, types))


def accuser(connexion: Connection, portee: str, lignes: Sequence[Ligne], vues: Vues) -> None:
    """Apply the rows that came with a verdict, ahead of their place in the feed.

    What we showed ahead of the verdict gives way to them, even where we know that revision: a refused edit must not stay.
    During a walk they are confirmed only if the walk began before them: a tombstone purged meanwhile would be missed.
    """
    avant = lire_curseur(connexion, portee)
    if avant is None or not lignes:
        return
    confirmees = [x for x in lignes if not avant.relecture or 0 < avant.depart < x.seq]
    autres = [x for x in lignes if avant.relecture and not 0 < avant.depart < x.seq]
    _recevoir(connexion, portee, confirmees, avant.gen, indexer=True, vues=vues)
    _recevoir(connexion, portee, autres, avant.gen - 1, indexer=True, vues=vues)
    acquitte = max(avant.acquitte, *(x.seq for x in lignes))
    seq = avant.seq if avant.relecture else _suivis(avant.seq, lignes)
    connexion.execute(update(curseur).where(curseur.c.scope_id == portee).values(acquitte=acquitte, seq=seq))


def _suivis(seq: int, lignes: Iterable[Ligne]) -> int:
    """Return how far the cursor goes with rows that follow it without a gap: they are the whole of that stretch of the feed."""
    for x in sorted(lignes, key=lambda x: x.seq):
        seq += x.seq == seq + 1
    return seq


def recevoir_brutes(connexion: Connection, avant: Curseur, lignes: Sequence[Ligne]) -> None:
    """Write the rows of a snapshot that came whole."""
    _recevoir(connexion, avant.portee, lignes, avant.gen, indexer=False)


def rattraper(connexion: Connection, portee: str, lignes: Sequence[Ligne]) -> None:
    """Write again rows of types that an earlier version did not know whole (partial walk)."""
    connues = _connues(connexion, portee, [x.id for x in lignes])
    a_ecrire = [x for x in lignes if x.id not in connues or x.rev >= connues[x.id].rev]
    _recevoir(connexion, portee, a_ecrire, None, indexer=True, forcer=True)


def finir_rattrapage(connexion: Connection, portee: str) -> None:
    """Note that a scope was read with the present version."""
    connexion.execute(update(curseur).where(curseur.c.scope_id == portee).values(schema=SCHEMA))


def finir_relecture(connexion: Connection, c: Curseur, part_pct: int, au_moins: int) -> bool:
    """Sweep what the walk did not meet, and return whether the walk is over.

    More than `part_pct` % of the scope, and `au_moins` rows, go only on a person's word (trap 24): they are counted, and stay.
    """
    perdues = connexion.execute(select(ligne.c.etype, ligne.c.id, ligne.c.h).where(ligne.c.scope_id == c.portee, ligne.c.gen < c.gen)).all()
    ici = curseur.c.scope_id == c.portee
    if len(perdues) >= au_moins and len(perdues) * 100 > c.vivantes * part_pct and not c.effacement_permis:
        connexion.execute(update(curseur).where(ici).values(a_effacer=len(perdues)))
        return False
    par_type: dict[str, list[str]] = {}
    for x in perdues:
        par_type.setdefault(x.etype, []).append(x.id)
    for type_, ids in par_type.items():
        _effacer(connexion, c.portee, type_, ids)
    if perdues:
        connexion.execute(delete(ligne).where(ligne.c.scope_id == c.portee, ligne.c.gen < c.gen))
    sommer(connexion, c.portee, (x.h for x in perdues), -len(perdues))
    connexion.execute(update(curseur).where(ici).values(relecture=False, depart=0, a_effacer=0, effacement_permis=False))
    acces.poser(connexion, acces.DES_ENTITES)
    if perdues or c.gen == 1:
        index.tout_refaire(connexion, c.portee)
    return True


def permettre_effacement(connexion: Connection, portee: str) -> None:
    """Note a person's word that what a walk did not meet may go."""
    connexion.execute(update(curseur).where(curseur.c.scope_id == portee, curseur.c.a_effacer > 0).values(effacement_permis=True))


def recompter(connexion: Connection, portee: str) -> bool:
    """Add the directory up again; return whether the sums that were kept were right."""
    digest, vivantes = 0, 0
    for (h,) in connexion.execute(select(ligne.c.h).where(ligne.c.scope_id == portee)):
        digest ^= h
        vivantes += 1
    ici = curseur.c.scope_id == portee
    juste = connexion.execute(select(curseur.c.digest, curseur.c.vivantes).where(ici)).one() == (digest, vivantes)
    if not juste:
        connexion.execute(update(curseur).where(ici).values(digest=digest, vivantes=vivantes))
    return juste


def seaux_differents(connexion: Connection, portee: str, du_centre: Sequence[int]) -> list[int]:
    """Return the buckets whose digest is not the centre's."""
    ici = corps.par_seau((x.id, x.h) for x in connexion.execute(select(ligne.c.id, ligne.c.h).where(ligne.c.scope_id == portee)))
    return [n for n, (a, b) in enumerate(zip(ici, du_centre, strict=True)) if a != b]


def reparer(connexion: Connection, portee: str, seaux: Sequence[int], lignes: Sequence[Ligne]) -> None:
    """Make some buckets what the centre has: rows it has replace ours, whatever their revision; those it lacks go."""
    voulus, servies = set(seaux), {x.id for x in lignes}
    perdues = [
        x
        for x in connexion.execute(select(ligne.c.etype, ligne.c.id, ligne.c.h).where(ligne.c.scope_id == portee))
        if corps.seau(x.id) in voulus and x.id not in servies
    ]
    for x in perdues:
        _effacer(connexion, portee, x.etype, [x.id])
        connexion.execute(delete(ligne).where(ligne.c.scope_id == portee, ligne.c.id == x.id))
    sommer(connexion, portee, (x.h for x in perdues), -len(perdues))
    _recevoir(connexion, portee, lignes, None, indexer=False, forcer=True)
    index.tout_refaire(connexion, portee)


def oublier(connexion: Connection, portee: str) -> None:
    """Remove every row of a scope whose right is gone (I9), and the rights it gave."""
    acces.poser(connexion, acces.DES_ENTITES)
    for classe in ENTITES.values():
        connexion.execute(delete(classe.__table__).where(classe.scope_id == portee))  # type: ignore[arg-type]
    index.vider(connexion, portee)
    for table in (ligne, curseur, fichier, recherche, creneau_tenu, creneau_a_rendre):
        connexion.execute(delete(table).where(table.c.scope_id == portee))


def _recevoir(
    connexion: Connection,
    portee: str,
    lignes: Sequence[Ligne],
    gen: int | None,
    *,
    indexer: bool,
    forcer: bool = False,
    vues: Vues | None = None,
) -> None:
    """Write rows that are newer than ours (I3), note all of them as met by the walk `gen`, and keep the sums.

    An own stub has no body: we hold the row already, from its verdict. `forcer`: whatever the revision; `vues`: also rows of the
    revision we have, unless they are shown so.
    """
    if not lignes:
        return
    retablir = vues is not None
    connues = _connues(connexion, portee, [x.id for x in lignes if vues is None or x.id not in vues.types])
    if vues is not None:
        connues |= vues.connues
    neuves = [x for x in lignes if (forcer or x.rev + retablir > _rev(connues, x.id)) and not est_souche(x)]
    revues = [x.id for x in lignes if x.id in connues and not x.supprimee]
    if gen is not None and revues:
        # Already known rows keep their content; the walk has met them.
        parametres = [{"portee_": portee, "id_": i, "gen_": gen} for i in revues if connues[i].gen < gen]
        _maj_gen(connexion, parametres)
    empreintes = {x.id: 0 if x.supprimee else corps.empreinte(x.id, x.rev, bytes(x.corps)) for x in neuves}
    a_ecrire = [x for x in neuves if x.supprimee or forcer or retablir or x.id not in connues or connues[x.id].h != empreintes[x.id]]
    if vues is not None:
        a_ecrire = [x for x in a_ecrire if vues.montrees.get(x.id) != bytes(x.corps)]
    _ecrire(connexion, portee, a_ecrire)
    _noter(connexion, portee, neuves, empreintes, connues, gen)
    _rejouer(connexion, portee, [x.id for x in a_ecrire])
    if indexer:
        index.refaire(connexion, portee, a_ecrire)


def est_souche(x: Ligne) -> bool:
    """Tell whether a row came without its body because this device wrote it."""
    return not x.supprimee and bytes(x.corps) == b"null"


def _rev(connues: Mapping[str, Row[Any]], id_: str) -> int:
    return int(connues[id_].rev) if id_ in connues else 0


def _connues(connexion: Connection, portee: str, ids: Sequence[str]) -> dict[str, Row[Any]]:
    lues: dict[str, Row[Any]] = {}
    for debut in range(0, len(ids), _LOT):
        requete = select(ligne).where(ligne.c.scope_id == portee, ligne.c.id.in_(ids[debut : debut + _LOT]))
        lues |= {x.id: x for x in connexion.execute(requete).all()}
    return lues


def _maj_gen(connexion: Connection, parametres: list[dict[str, Any]]) -> None:
    if parametres:
        connexion.execute(
            update(ligne).where(ligne.c.scope_id == bindparam("portee_"), ligne.c.id == bindparam("id_")).values(gen=bindparam("gen_")),
            parametres,
        )


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
        lots.remplacer(connexion, ENTITES[type_].__table__, valeurs_)  # type: ignore[arg-type]
    for type_, ids in mortes.items():
        _effacer(connexion, portee, type_, ids)


def _montrees(connexion: Connection, portee: str, types: Mapping[str, str]) -> dict[str, bytes]:
    """Return rows as they are shown here, encoded as the centre does: what an accepted act says is nearly always there already."""
    par_type: dict[str, list[str]] = {}
    for id_, type_ in types.items():
        if type_ in ENTITES:
            par_type.setdefault(type_, []).append(id_)
    lues: dict[str, bytes] = {}
    for type_, ids in par_type.items():
        table = ENTITES[type_].__table__
        for debut in range(0, len(ids), _LOT):
            requete = select(table).where(table.c.scope_id == portee, table.c.id.in_(ids[debut : debut + _LOT]))
            lues |= {id_: corps.encoder(type_, valeurs) for id_, valeurs in lots.par_id(connexion, requete).items()}
    return lues


def _effacer(connexion: Connection, portee: str, type_: str, ids: Sequence[str]) -> None:
    if type_ not in ENTITES:
        return
    table = ENTITES[type_].__table__
    for debut in range(0, len(ids), _LOT):
        lot = ids[debut : debut + _LOT]
        connexion.execute(delete(table).where(table.c.scope_id == portee, table.c.id.in_(lot)))  # type: ignore[arg-type]


def _noter(
    connexion: Connection,
    portee: str,
    lignes: Sequence[Ligne],
    empreintes: Mapping[str, int],
    connues: Mapping[str, Row[Any]],
    gen: int | None,
) -> None:
    """Keep directory and sums in step with what was written."""
    vives = [
        {
            "scope_id": portee, "id": x.id, "etype": x.type, "rev": x.rev, "h": empreintes[x.id],
            "gen": _generation(gen, connues.get(x.id)),
        }
        for x in lignes if not x.supprimee
    ]  # fmt: skip
    lots.remplacer(connexion, ligne, vives)
    mortes = [x.id for x in lignes if x.supprimee and x.id in connues]
    for debut in range(0, len(mortes), _LOT):
        connexion.execute(delete(ligne).where(ligne.c.scope_id == portee, ligne.c.id.in_(mortes[debut : debut + _LOT])))
    anciennes = [int(connues[x.id].h) for x in lignes if x.id in connues]
    nees = [empreintes[x.id] for x in lignes if not x.supprimee]
    sommer(connexion, portee, [*anciennes, *nees], len(nees) - len(anciennes))


def _generation(gen: int | None, connue: Row[Any] | None) -> int:
    """A walk only moves forward; outside of one, a row stays what it was."""
    avant = int(connue.gen) if connue is not None else 0
    return avant if gen is None else max(gen, avant)


def sommer(connexion: Connection, portee: str, empreintes: Iterable[int], vivantes: int) -> None:
    """Add hashes that came or went to the sums of a scope, and the difference in living rows."""
    delta = reduce(xor, empreintes, 0)
    if delta or vivantes:
        ici = curseur.c.scope_id == portee
        digest = connexion.scalar(select(curseur.c.digest).where(ici)) or 0
        connexion.execute(update(curseur).where(ici).values(digest=digest ^ delta, vivantes=curseur.c.vivantes + vivantes))


def compter_lignes(connexion: Connection, portee: str) -> int:
    """Count the rows held of a scope."""
    return connexion.scalar(select(func.count()).select_from(ligne).where(ligne.c.scope_id == portee)) or 0


def _rejouer(connexion: Connection, portee: str, ids: Sequence[str]) -> None:
    """Put pending changes back on top of what the centre sent: the visible row is base plus pending (rebase)."""
    for debut in range(0, len(ids), _LOT):
        attente = connexion.scalars(
            select(sortie.c.muts)
            .where(sortie.c.scope_id == portee, sortie.c.etat.in_(A_ENVOYER), sortie.c.cible.in_(ids[debut : debut + _LOT]))
            .order_by(sortie.c.lseq)
        )
        for muts in attente:
            for mutation in muts[:1]:
                appliquer_localement(connexion, portee, msgspec.convert(mutation, Mutation))
