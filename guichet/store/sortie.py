"""The outbox: what a person did and the centre has not yet judged (I4, I6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import BindParameter, Connection, Row, Text, bindparam, delete, func, insert, select, type_coerce, update

from guichet.contract import corps
from guichet.contract.codes import Etat
from guichet.contract.limites import LOT_OPERATIONS, SCHEMA
from guichet.contract.sync import Mutation, Operation, Verdict
from guichet.models import ENTITES, uuid7
from guichet.store import index
from guichet.store.coffre import ancrer
from guichet.store.tables import curseur, scelle, sortie

GARDE = timedelta(days=30)
"""How long sent operations are retained, against a restore of the centre (research/sync.md §0.3)."""
_FINIS = (Etat.APPLIQUE, Etat.CRENEAU_PRIS)
_A_PART = (Etat.MIS_DE_COTE, Etat.INTERDIT)
_MUTATIONS = msgspec.json.Decoder(list[Mutation])


class EtatEnvoi(StrEnum):
    """Where an operation stands, as the window says it. `regle`: a person withdrew it, or sent it again otherwise."""

    EN_ATTENTE = "en_attente"
    ENVOI = "envoi"
    TRANSMIS = "transmis"
    REFUSE = "refuse"
    QUARANTAINE = "quarantaine"
    REGLE = "regle"


A_ENVOYER = (EtatEnvoi.EN_ATTENTE, EtatEnvoi.ENVOI)
A_REVOIR = (EtatEnvoi.REFUSE, EtatEnvoi.QUARANTAINE)
_GRAVITE = (EtatEnvoi.REFUSE, EtatEnvoi.QUARANTAINE, EtatEnvoi.EN_ATTENTE, EtatEnvoi.ENVOI)


@dataclass(frozen=True)
class Envoi:
    """One line of « Envois ». `mutations`: its whole content; `reponse`: {champ, serveur, auteur, le} in a conflict."""

    portee: str
    lseq: int
    opid: str
    libelle: str
    etat: EtatEnvoi
    code: str
    detail: str
    saisi_le: datetime
    mutations: tuple[Mutation, ...]
    reponse: dict[str, Any]

    @property
    def provisoire(self) -> bool:
        """Whether it shows something that only the centre can confirm: a slot asked for without a right on it."""
        premiere = self.mutations[0] if self.mutations else None
        return self.etat in A_ENVOYER and premiere is not None and premiere.type == "rendez_vous" and premiere.set.get("etat") == "demande"


@dataclass(frozen=True)
class Comptes:
    """What waits, and what was refused and wants an eye."""

    en_attente: int
    refuses: int


def poster(connexion: Connection, portee: str, libelle: str, mutations: Sequence[Mutation], parent: str | None = None) -> str:
    """Apply an act to the local rows and queue it, in the caller's transaction; return its operation's id.

    `parent`: what shows the act's state, a dossier or a tenant.
    """
    ancrer(connexion)
    lseq = connexion.execute(
        update(curseur).where(curseur.c.scope_id == portee).values(lseq=curseur.c.lseq + 1).returning(curseur.c.lseq)
    ).scalar_one()
    opid = uuid7()
    for mutation in mutations:
        appliquer_localement(connexion, portee, mutation)
        index.suivre(connexion, portee, mutation.type, mutation.id)
    connexion.execute(
        insert(sortie).values(
            scope_id=portee, lseq=lseq, opid=opid, libelle=libelle, muts=[msgspec.to_builtins(m) for m in mutations],
            cible=mutations[0].id, etat=EtatEnvoi.EN_ATTENTE, code="", detail="", saisi_le=datetime.now(UTC), parent=parent,
        )
    )  # fmt: skip
    return opid


def appliquer_localement(connexion: Connection, portee: str, mutation: Mutation) -> None:
    """Show an act before the centre has judged it; the journal has a table of its own, which nothing takes lines out of."""
    if mutation.type == "journal":
        return
    table = ENTITES[mutation.type].__table__
    lues = corps.lire(mutation.type, mutation.set)
    if mutation.k == "new":
        connexion.execute(insert(table).prefix_with("OR IGNORE"), lues | {"scope_id": portee, "id": mutation.id})  # type: ignore[arg-type]
    else:
        changees = {nom: lues[nom] for nom in mutation.set}
        connexion.execute(update(table).where(table.c.scope_id == portee, table.c.id == mutation.id), changees)  # type: ignore[arg-type]


def a_envoyer(connexion: Connection, portee: str, apres: int, limite: int) -> tuple[int, list[Operation]]:
    """Return the first pending operations of a lane above a number, and the number just before them (`base`)."""
    attente = (sortie.c.scope_id == portee) & sortie.c.etat.in_(A_ENVOYER)
    # Said first, so that what was sent these last weeks is not walked before what waits.
    premiere = select(func.min(sortie.c.lseq)).where(attente).scalar_subquery()
    choix = attente & (sortie.c.lseq > apres) & (sortie.c.lseq >= premiere)
    requete = select(sortie.c.lseq, sortie.c.opid, type_coerce(sortie.c.muts, Text)).where(choix).order_by(sortie.c.lseq).limit(limite)
    operations = [Operation(lseq, opid, SCHEMA, _MUTATIONS.decode(muts)) for lseq, opid, muts in connexion.execute(requete).all()]
    return (operations[0].lseq - 1 if operations else 0), operations


def operation(ligne: Row[Any]) -> Operation:
    """Return an act as it travels."""
    return msgspec.convert({"lseq": ligne.lseq, "opid": ligne.opid, "v": SCHEMA, "muts": ligne.muts}, Operation)


def portees_en_attente(connexion: Connection) -> list[str]:
    """Return the scopes that have something to send."""
    requete = select(sortie.c.scope_id).where(sortie.c.etat.in_(A_ENVOYER)).distinct().order_by(sortie.c.scope_id)
    return list(connexion.scalars(requete))


def retraits(connexion: Connection, portee: str) -> list[Operation]:
    """Return the revocations of mandates that wait in a lane."""
    premiere = sortie.c.muts[0]
    du_genre = (premiere["k"].as_string() == "set") & (premiere["type"].as_string() == "autorisation")
    attente = (sortie.c.scope_id == portee) & sortie.c.etat.in_(A_ENVOYER) & du_genre
    return [operation(x) for x in connexion.execute(select(sortie).where(attente).order_by(sortie.c.lseq).limit(LOT_OPERATIONS))]


def marquer(connexion: Connection, portee: str, etat: EtatEnvoi) -> None:
    """Say that what waits in a lane is on its way, or waits again."""
    attente = (sortie.c.scope_id == portee) & sortie.c.etat.in_(A_ENVOYER) & (sortie.c.etat != etat)
    connexion.execute(update(sortie).where(attente).values(etat=etat))


def compter_echec(connexion: Connection, portee: str, lseq: int) -> int:
    """Count one more time that the centre failed on an act sent alone; return how many times."""
    ici = (sortie.c.scope_id == portee) & (sortie.c.lseq == lseq)
    compte = connexion.execute(update(sortie).where(ici).values(essais=sortie.c.essais + 1).returning(sortie.c.essais))
    return int(compte.scalar_one())


_REPONSE: BindParameter[Any] = bindparam("reponse_", type_=sortie.c.reponse.type)
_RENDRE = (
    update(sortie)
    .where(
        sortie.c.scope_id == bindparam("portee_"), sortie.c.lseq.in_(bindparam("lseqs_", expanding=True)),
        sortie.c.opid.in_(bindparam("opids_", expanding=True)), sortie.c.etat.in_(A_ENVOYER),
    )
    .values(etat=bindparam("etat_"), code=bindparam("code_"), detail=bindparam("detail_"), reponse=_REPONSE)
)  # fmt: skip


def rendre(connexion: Connection, portee: str, verdicts: Sequence[Verdict]) -> None:
    """Store verdicts, those that say the same at once; a refused act keeps its whole content, beside what the centre has (I6)."""
    pareils: dict[tuple[str, str, str, bytes], list[Verdict]] = {}
    for v in verdicts:
        etat = EtatEnvoi.TRANSMIS if v.st in _FINIS else EtatEnvoi.QUARANTAINE if v.st in _A_PART else EtatEnvoi.REFUSE
        reponse = {"champ": v.champ, "serveur": v.serveur, "auteur": v.auteur, "le": v.le} if v.serveur else None
        pareils.setdefault((etat, v.code or v.st, v.detail, msgspec.json.encode(reponse)), []).append(v)
    for (etat_, code, detail, reponse_), groupe in pareils.items():
        connexion.execute(_RENDRE, {
            "portee_": portee, "lseqs_": [v.lseq for v in groupe], "opids_": [v.opid for v in groupe], "etat_": etat_, "code_": code,
            "detail_": detail, "reponse_": msgspec.json.decode(reponse_),
        })  # fmt: skip
    for v in verdicts:
        if v.st not in (*_FINIS, *_A_PART) and "etat" in v.serveur:
            _montrer_refus(connexion, portee, v)


def _montrer_refus(connexion: Connection, portee: str, verdict: Verdict) -> None:
    """Show a refused fact as such, where the centre has no row of it."""
    x = connexion.execute(select(sortie.c.muts).where(sortie.c.scope_id == portee, sortie.c.lseq == verdict.lseq)).one()
    if x.muts:
        appliquer_localement(connexion, portee, Mutation("set", x.muts[0]["type"], x.muts[0]["id"], {"etat": verdict.serveur["etat"]}))


def reprendre(connexion: Connection, portee: str, couloir: int) -> None:
    """Send again what a restored centre no longer has: retained operations above its lane (I10).

    What a person withdrew, and what is no more than a line here, stay behind: their numbers are declared as a hole.
    """
    oubliees = (sortie.c.scope_id == portee) & (sortie.c.lseq > couloir) & (sortie.c.etat != EtatEnvoi.REGLE)
    for x in connexion.execute(select(sortie.c.lseq, sortie.c.muts).where(oubliees)).all():
        if x.muts:
            ici = (sortie.c.scope_id == portee) & (sortie.c.lseq == x.lseq)
            connexion.execute(update(sortie).where(ici).values(etat=EtatEnvoi.EN_ATTENTE, code="", detail="", reponse=None))


def purger(connexion: Connection) -> None:
    """Let go of what the centre has judged for longer than it could be restored from."""
    limite = datetime.now(UTC) - GARDE
    # Put so that the index of dates serves: the one of states would give every act of these last weeks.
    connexion.execute(delete(sortie).where(sortie.c.etat.not_in((*A_ENVOYER, *A_REVOIR)), sortie.c.saisi_le < limite))
    connexion.execute(delete(scelle).where(scelle.c.genre == "operation", scelle.c.le < limite))


def refus_scelles(connexion: Connection, portee: str, boite: Any) -> list[bytes]:  # noqa: ANN401 (a SealedBox)
    """Return the refused acts of a scope, sealed: their content goes to the centre before it leaves this workstation (I6)."""
    refuses = connexion.execute(select(sortie).where(sortie.c.scope_id == portee, sortie.c.etat == EtatEnvoi.REFUSE))
    return [boite.encrypt(msgspec.json.encode(operation(x))) for x in refuses]


def sceller_et_vider(connexion: Connection, portee: str, boite: Any) -> None:  # noqa: ANN401 (a SealedBox, or None before enrolment)
    """Keep of a lost scope what the centre alone may read, and no more than a line of what it has refused or set aside (I9).

    Every act is sealed: were the centre restored to before it, it would miss it, even in its quarantine (design/sync.md §8).
    """
    ici, le = sortie.c.scope_id == portee, datetime.now(UTC)
    if boite is not None:
        lignes = [
            {"scope_id": portee, "id": x.opid, "genre": "operation", "corps": boite.encrypt(msgspec.json.encode(operation(x))), "le": le}
            for x in connexion.execute(select(sortie).where(ici, sortie.c.etat != EtatEnvoi.REGLE)) if x.muts
        ]  # fmt: skip
        if lignes:
            connexion.execute(insert(scelle).prefix_with("OR REPLACE"), lignes)
    connexion.execute(delete(sortie).where(ici, sortie.c.etat.not_in(A_REVOIR)))
    connexion.execute(update(sortie).where(ici).values(muts=[], reponse=None))


def scelles(connexion: Connection) -> dict[str, list[bytes]]:
    """Return the sealed acts by scope."""
    lus: dict[str, list[bytes]] = {}
    for x in connexion.execute(select(scelle).where(scelle.c.genre == "operation")):
        lus.setdefault(x.scope_id, []).append(x.corps)
    return lus


def oublier_scelles(connexion: Connection, portee: str) -> None:
    """Let go of sealed acts that the centre has taken back."""
    connexion.execute(delete(scelle).where(scelle.c.scope_id == portee, scelle.c.genre == "operation"))


def numeroter(connexion: Connection, portee: str, couloir: int) -> None:
    """Never number below what the centre has executed for this device (a wiped and reopened scope)."""
    connexion.execute(update(curseur).where(curseur.c.scope_id == portee, curseur.c.lseq < couloir).values(lseq=couloir))


def comptes(connexion: Connection) -> Comptes:
    """Count what waits and what was refused; nobody has anything to decide about the journal's own lines."""
    lus: dict[str, int] = dict(connexion.execute(select(sortie.c.etat, func.count()).group_by(sortie.c.etat)).all())
    a_revoir = sum(lus.get(e, 0) for e in A_REVOIR)
    if a_revoir:
        journaux = sortie.c.etat.in_(A_REVOIR) & sortie.c.libelle.startswith("Journal")
        a_revoir -= connexion.scalar(select(func.count()).select_from(sortie).where(journaux)) or 0
    return Comptes(sum(lus.get(e, 0) for e in A_ENVOYER), a_revoir)


def pire_etat(connexion: Connection, parent: str) -> EtatEnvoi | None:
    """Return the worst state among the acts of a dossier or tenant, or None when all were sent."""
    etats = set(connexion.scalars(select(sortie.c.etat).where(sortie.c.parent == parent, sortie.c.etat.in_(_GRAVITE)).distinct()))
    return next((e for e in _GRAVITE if e in etats), None)


def lister(connexion: Connection, limite: int = 200) -> list[Envoi]:
    """Return the latest acts, those to look at first, then waiting, then sent."""
    rang = {e: n for n, e in enumerate((*A_REVOIR, EtatEnvoi.ENVOI, EtatEnvoi.EN_ATTENTE, EtatEnvoi.TRANSMIS, EtatEnvoi.REGLE))}
    urgents = select(sortie).where(sortie.c.etat.in_((*A_REVOIR, *A_ENVOYER))).order_by(sortie.c.saisi_le.desc()).limit(limite)
    autres = select(sortie).where(sortie.c.etat.in_((EtatEnvoi.TRANSMIS, EtatEnvoi.REGLE))).order_by(sortie.c.saisi_le.desc()).limit(limite)
    envois = [envoi_de(x) for requete in (urgents, autres) for x in connexion.execute(requete)]
    return sorted(envois, key=lambda e: rang[e.etat])


def lire(connexion: Connection, opid: str) -> Envoi | None:
    """Return one act."""
    x = connexion.execute(select(sortie).where(sortie.c.opid == opid)).first()
    return envoi_de(x) if x is not None else None


def envoi_de(x: Row[Any]) -> Envoi:
    """Return a row as a line of « Envois »."""
    return Envoi(
        x.scope_id, x.lseq, x.opid, x.libelle, EtatEnvoi(x.etat), x.code, x.detail, x.saisi_le,
        tuple(msgspec.convert(x.muts, list[Mutation])), x.reponse or {},
    )  # fmt: skip


def parent(connexion: Connection, opid: str) -> str | None:
    """Return what shows an act's state."""
    return connexion.scalar(select(sortie.c.parent).where(sortie.c.opid == opid))


def regler(connexion: Connection, envoi: Envoi, detail: str) -> None:
    """Close a refused act: what it had made here and the centre does not have goes away."""
    for mutation in envoi.mutations:
        if mutation.k == "new" and mutation.type != "journal":
            table = ENTITES[mutation.type].__table__
            connexion.execute(delete(table).where(table.c.scope_id == envoi.portee, table.c.id == mutation.id))  # type: ignore[arg-type]
    index.rafraichir(connexion, envoi.portee, [m.id for m in envoi.mutations if (m.k, m.type) == ("new", "dossier")])
    connexion.execute(
        update(sortie).where(sortie.c.scope_id == envoi.portee, sortie.c.lseq == envoi.lseq).values(etat=EtatEnvoi.REGLE, detail=detail)
    )
