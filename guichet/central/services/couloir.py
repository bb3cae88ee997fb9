"""The lane: operations of one device on one scope, each executed at most once, in order (I4, I5, I6)."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from guichet.central.base import BaseCentre
from guichet.central.fil import inscrire, remplacer
from guichet.central.jetons import AgentConnecte
from guichet.central.refus import RefusCentre
from guichet.central.services.faits import Jugement, RefusOperation, juger
from guichet.central.tables import applied, lane, quarantine, scope_head
from guichet.contract.codes import Code, Etat
from guichet.contract.limites import LOT_OPERATIONS
from guichet.contract.sync import Envoi, Operation, Verdict

_A_REJOUER = {"40001", "40P01"}
"""Serialization failure and deadlock: the whole batch is idempotent and runs again."""
_ESSAIS = 5


def executer(base: BaseCentre, agent: AgentConnecte, envoi: Envoi) -> list[Verdict]:
    """Execute a batch and return one verdict per operation, stored or new.

    Raises RefusCentre: 403 without right on the scope, 409 when the scope has another epoch, 400 past the limits.
    """
    agent.exiger(envoi.portee)
    if len(envoi.operations) > LOT_OPERATIONS:
        raise RefusCentre(400, Code.REQUETE_INVALIDE, "Ce lot contient trop d'opérations.")
    for essai in range(_ESSAIS):
        try:
            with base.ecriture() as connexion:
                return _executer_lot(connexion, agent, envoi)
        except DBAPIError as erreur:
            if getattr(erreur.orig, "sqlstate", None) not in _A_REJOUER or essai == _ESSAIS - 1:
                raise
    raise AssertionError("unreachable: the last attempt returns or raises")


def _executer_lot(connexion: Connection, agent: AgentConnecte, envoi: Envoi) -> list[Verdict]:
    epoque = connexion.scalar(select(scope_head.c.epoch).where(scope_head.c.scope_id == envoi.portee))
    if epoque != envoi.epoque:
        raise RefusCentre(409, Code.EPOQUE_CHANGEE, "Le centre a été rétabli : les données vont être relues.")
    dernier = max(_dernier(connexion, envoi), envoi.base)
    verdicts: list[Verdict] = []
    for operation in envoi.operations:
        if operation.lseq <= dernier:
            verdicts.append(_deja_rendu(connexion, envoi, operation))
            continue
        if operation.lseq > dernier + 1:
            verdicts.append(Verdict(operation.lseq, operation.opid, Etat.TROU))
            break
        verdict = _executer_une(connexion, agent, envoi, operation)
        dernier = operation.lseq
        verdicts.append(verdict)
        connexion.execute(
            applied.insert().values(
                scope_id=envoi.portee, device_id=envoi.appareil, lseq=operation.lseq, opid=operation.opid,
                result=msgspec.to_builtins(verdict), le=datetime.now(UTC),
            )
        )  # fmt: skip
    remplacer(connexion, lane, [{"scope_id": envoi.portee, "device_id": envoi.appareil, "last": dernier}])
    return verdicts


def _dernier(connexion: Connection, envoi: Envoi) -> int:
    """Lock the lane; its row is made first, so that two replicas meet on it."""
    cle = (lane.c.scope_id == envoi.portee) & (lane.c.device_id == envoi.appareil)
    trouve = connexion.scalar(select(lane.c.last).where(cle).with_for_update())
    if trouve is None:
        remplacer(connexion, lane, [{"scope_id": envoi.portee, "device_id": envoi.appareil, "last": 0}])
        trouve = connexion.scalar(select(lane.c.last).where(cle).with_for_update())
    return int(trouve or 0)


def _deja_rendu(connexion: Connection, envoi: Envoi, operation: Operation) -> Verdict:
    rendu = connexion.execute(
        select(applied.c.opid, applied.c.result).where(
            applied.c.scope_id == envoi.portee, applied.c.device_id == envoi.appareil, applied.c.lseq == operation.lseq
        )
    ).first()
    if rendu is None or rendu.opid != operation.opid:
        return _mettre_de_cote(connexion, envoi, operation, "numéro de couloir déjà pris par une autre opération")
    return msgspec.convert(rendu.result, Verdict)


def _executer_une(connexion: Connection, agent: AgentConnecte, envoi: Envoi, operation: Operation) -> Verdict:
    try:
        with connexion.begin_nested():
            jugement = juger(connexion, agent, envoi.portee, operation)
            inscrire(connexion, envoi.portee, jugement.ecrits)
    except RefusOperation as refus:
        return Verdict(operation.lseq, operation.opid, refus.etat, refus.code, refus.detail, refus.serveur)
    except (ValueError, TypeError, KeyError) as erreur:
        return _mettre_de_cote(connexion, envoi, operation, f"{type(erreur).__name__}")
    return _verdict(operation, jugement)


def _verdict(operation: Operation, jugement: Jugement) -> Verdict:
    return Verdict(operation.lseq, operation.opid, jugement.etat, "", jugement.detail)


def _mettre_de_cote(connexion: Connection, envoi: Envoi, operation: Operation, pourquoi: str) -> Verdict:
    """Park what cannot be executed: kept whole for support, and the lane goes on (trap 13)."""
    ligne: dict[str, Any] = {
        "scope_id": envoi.portee, "id": operation.opid, "device_id": envoi.appareil,
        "operation": msgspec.to_builtins(operation), "why": pourquoi, "le": datetime.now(UTC),
    }  # fmt: skip
    remplacer(connexion, quarantine, [ligne])
    return Verdict(
        operation.lseq, operation.opid, Etat.MIS_DE_COTE, Code.PANNE,
        "Le centre n'a pas su traiter cette opération : elle est gardée entière pour l'assistance.",
    )  # fmt: skip
