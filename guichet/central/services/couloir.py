"""The lane: operations of one device on one scope, each executed at most once, in order (I4, I5, I6)."""

from collections import Counter
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from guichet.central.base import BaseCentre, se_rejoue
from guichet.central.fil import Ecrit, deja_nes, ecrire_entites, inserer_absent, lignes_de, lire_entites, publier
from guichet.central.jetons import AgentConnecte, a_eu_droit
from guichet.central.mesures import MESURES
from guichet.central.refus import RefusCentre
from guichet.central.services import journal
from guichet.central.services.appareils import exiger_appareil
from guichet.central.services.doublons import joints
from guichet.central.services.faits import juger
from guichet.central.services.jugement import Cahier, Jugement, RefusOperation
from guichet.central.tables import applied, historique, lane, quarantine, reglage, scope_head
from guichet.contract import lots
from guichet.contract.codes import Code, Etat
from guichet.contract.limites import LOT_OCTETS, LOT_OPERATIONS, SCHEMA
from guichet.contract.sync import Envoi, Ligne, Operation, Verdict
from guichet.models import uuid7
from guichet.rules.conflits import POLITIQUES

_AJOUTS = {("new", "visite"), ("new", "journal")}
"""Creations that read nothing but whether their identifier is in use."""


def executer(base: BaseCentre, agent: AgentConnecte, envoi: Envoi) -> list[Verdict]:
    """Execute a batch and return one verdict per operation, stored or new.

    Raises RefusCentre: 403 for an unknown device or a scope never held, 409 when the scope has another epoch, 413 past the limits.
    """
    if len(envoi.operations) > LOT_OPERATIONS or (len(envoi.operations) > 1 and len(msgspec.json.encode(envoi)) > 2 * LOT_OCTETS):
        raise RefusCentre(413, Code.LOT_TROP_LOURD, "Ce lot contient trop d'opérations.")
    with base.lecture(agent.portee_agent) as connexion:
        exiger_appareil(connexion, agent, envoi.appareil)
        en_retablissement = bool(connexion.scalar(select(reglage.c.retablissement)))
        if envoi.portee not in agent.portees and not a_eu_droit(connexion, agent, envoi.portee):
            raise RefusCentre(403, Code.PORTEE_INTERDITE, "Vous n'avez pas accès à ces données.")
    lot = partial(_Lot, agent=agent, envoi=envoi, en_retablissement=en_retablissement)
    try:
        return base.ecrire(lambda connexion: lot(connexion).executer(), envoi.portee)
    except DBAPIError:
        # The database would not have what was written together: one act at a time, and the guilty one is set aside.
        return base.ecrire(lambda connexion: lot(connexion, un_par_un=True).executer(), envoi.portee)


class _Lot:
    """One batch in its transaction: rows are written as they come, and published together at the end."""

    def __init__(
        self, connexion: Connection, agent: AgentConnecte, envoi: Envoi, *, en_retablissement: bool, un_par_un: bool = False
    ) -> None:
        self._connexion, self._agent, self._envoi = connexion, agent, envoi
        self._en_retablissement, self._un_par_un = en_retablissement, un_par_un
        self._ecrits: dict[str, Ecrit] = {}
        self._differes: dict[str, Ecrit] = {}
        self._rendus: list[dict[str, Any]] = []
        self._touches: dict[int, list[str]] = {}
        self._cahier = Cahier(datetime.now(UTC))

    def executer(self) -> list[Verdict]:
        envoi = self._envoi
        epoque = self._connexion.scalar(select(scope_head.c.epoch).where(scope_head.c.scope_id == envoi.portee))
        if epoque != envoi.epoque and envoi.portee in self._agent.portees:
            raise RefusCentre(409, Code.EPOQUE_CHANGEE, "Le centre a été rétabli : les données vont être relues.")
        dernier = self._couloir()
        self._cahier.joints = joints(self._connexion, envoi.portee)
        self._lire_d_avance()
        verdicts: list[Verdict] = []
        for operation in envoi.operations:
            if operation.lseq <= dernier:
                verdicts.append(self._deja_rendu(operation))
                continue
            if operation.lseq > dernier + 1:
                verdicts.append(Verdict(operation.lseq, operation.opid, Etat.TROU, couloir=dernier))
                break
            verdict = self._executer_une(operation)
            verdicts.append(verdict)
            if verdict.st == Etat.DIFFERE:
                break
            dernier = operation.lseq
            self._retenir(verdict)
        for etat, nombre in Counter(rendu["result"]["st"] for rendu in self._rendus).items():
            MESURES.operations.labels(etat).inc(nombre)
        cle_couloir = {"scope_id": envoi.portee, "device_id": envoi.appareil}
        lots.remplacer(self._connexion, lane, [cle_couloir | {"last": dernier}])
        self._tout_ecrire()
        publiees = publier(self._connexion, envoi.portee, list(self._ecrits.values()), envoi.appareil)
        return self._joindre(verdicts, publiees)

    def _couloir(self) -> int:
        """Lock the lane; its row is made first, so that two replicas meet on it. A part that the device declares lost is audited (I5)."""
        envoi = self._envoi
        cle = (lane.c.scope_id == envoi.portee) & (lane.c.device_id == envoi.appareil)
        trouve = self._connexion.scalar(select(lane.c.last).where(cle).with_for_update())
        if trouve is None:
            neuf = {"scope_id": envoi.portee, "device_id": envoi.appareil, "last": 0}
            inserer_absent(self._connexion, lane, neuf)
            trouve = self._connexion.scalar(select(lane.c.last).where(cle).with_for_update())
        dernier = int(trouve or 0)
        if envoi.base > dernier:
            self._garder(uuid7(), {"de": dernier + 1, "a": envoi.base}, "trou déclaré par le poste")
        return max(dernier, envoi.base)

    def _deja_rendu(self, operation: Operation) -> Verdict:
        rendu = self._connexion.execute(
            select(applied.c.opid, applied.c.result).where(
                applied.c.scope_id == self._envoi.portee, applied.c.device_id == self._envoi.appareil, applied.c.lseq == operation.lseq
            )
        ).first()
        if rendu is None or rendu.opid != operation.opid:
            return self._mettre_de_cote(operation, "numéro de couloir déjà pris par une autre opération")
        self._touches[operation.lseq] = rendu.result.get("ids", [])
        return msgspec.convert(rendu.result, Verdict)

    def _executer_une(self, operation: Operation) -> Verdict:
        if operation.a_part:
            return self._mettre_de_cote(operation, "écartée par le poste, qui a vu le centre échouer")
        if operation.v > SCHEMA:
            return self._mettre_de_cote(operation, f"version {operation.v} inconnue")
        if len(msgspec.json.encode(operation)) > LOT_OCTETS:
            return self._mettre_de_cote(operation, "trop lourde")
        if self._envoi.portee not in self._agent.portees:
            self._garder(operation.opid, msgspec.to_builtins(operation), "interdit")
            detail = "Votre accès à ces données a été retiré avant l'envoi : votre travail est gardé au centre, pour l'assistance."
            return Verdict(operation.lseq, operation.opid, Etat.INTERDIT, Code.PORTEE_INTERDITE, detail)
        try:
            jugement = self._juger_ensemble(operation) if self._est_simple(operation) else self._juger(operation)
        except RefusOperation as refus:
            return self._refuser(operation, refus)
        except DBAPIError as erreur:
            if se_rejoue(erreur):
                raise
            return self._mettre_de_cote(operation, type(erreur).__name__)
        except Exception as erreur:  # noqa: BLE001 (whatever the operation, the lane goes on and the operation is kept: trap 13)
            return self._mettre_de_cote(operation, type(erreur).__name__)
        return self._accepter(operation, jugement)

    def _lire_d_avance(self) -> None:
        """Read and lock, by kind and in the order of their ids, the rows that plain acts are about: one query for many acts."""
        voulus: dict[tuple[str, str], set[str]] = {}
        for o in self._envoi.operations:
            if self._est_simple(o):
                voulus.setdefault((o.muts[0].k, o.muts[0].type), set()).add(o.muts[0].id)
        for (k, type_), ids in sorted(voulus.items()):
            if k == "set":
                lues = lire_entites(self._connexion, type_, self._envoi.portee, sorted(ids))
                self._cahier.lus |= {(type_, i): lues.get(i) for i in ids}
            else:
                self._cahier.cherches |= ids
                self._cahier.nes |= deja_nes(self._connexion, type_, self._envoi.portee, sorted(ids))

    def _est_simple(self, operation: Operation) -> bool:
        """Tell whether an act only edits fields of one row, or adds one that nothing else depends on: judged on what was read ahead."""
        if self._un_par_un or len(operation.muts) != 1:
            return False
        k, type_ = operation.muts[0].k, operation.muts[0].type
        return type_ in POLITIQUES if k == "set" else (k, type_) in _AJOUTS

    def _juger_ensemble(self, operation: Operation) -> Jugement:
        """Judge a plain act: what it writes waits with that of its neighbours."""
        jugement = juger(self._connexion, self._agent, self._envoi.portee, self._envoi.appareil, operation, self._cahier)
        self._differes |= {e.id: e for e in jugement.ecrits}
        self._retenir_lues(jugement)
        return jugement

    def _juger(self, operation: Operation) -> Jugement:
        """Judge any other act, which may read and write as it goes: all of it or nothing."""
        self._ecrire_differes()
        essai = self._cahier.a_part()
        with self._connexion.begin_nested():
            jugement = juger(self._connexion, self._agent, self._envoi.portee, self._envoi.appareil, operation, essai)
            ecrire_entites(self._connexion, self._envoi.portee, jugement.ecrits)
            self._ecrire_journaux(essai)
        self._cahier = essai
        self._retenir_lues(jugement)
        return jugement

    def _retenir_lues(self, jugement: Jugement) -> None:
        cle = {"scope_id": self._envoi.portee}
        for e in jugement.ecrits:
            self._cahier.lus[e.type, e.id] = None if e.valeurs is None else dict(e.valeurs) | cle | {"id": e.id}
            self._cahier.nes.add(e.id)

    def _ecrire_differes(self) -> None:
        ecrire_entites(self._connexion, self._envoi.portee, self._differes.values())
        self._differes.clear()
        self._ecrire_journaux(self._cahier)

    def _ecrire_journaux(self, cahier: Cahier) -> None:
        journal.ecrire(self._connexion, self._envoi.portee, cahier.journaux)
        cahier.journaux.clear()

    def _tout_ecrire(self) -> None:
        self._ecrire_differes()
        lots.ajouter(self._connexion, historique, self._cahier.historiques)
        lots.ajouter(self._connexion, applied, self._rendus)

    def _accepter(self, operation: Operation, jugement: Jugement) -> Verdict:
        self._ecrits |= {e.id: e for e in jugement.ecrits}
        self._touches[operation.lseq] = [e.id for e in jugement.ecrits]
        return Verdict(operation.lseq, operation.opid, jugement.etat, "", jugement.detail)

    def _refuser(self, operation: Operation, refus: RefusOperation) -> Verdict:
        """Answer a refusal with what the centre has; while it recovers, what it misses may still come back (design/sync.md §8)."""
        if self._en_retablissement and refus.etat in (Etat.ABSENT, Etat.DIFFERE):
            return Verdict(operation.lseq, operation.opid, Etat.DIFFERE)
        self._touches[operation.lseq] = [m.id for m in operation.muts]
        return Verdict(
            operation.lseq, operation.opid, refus.etat, refus.code, refus.detail, refus.champ, refus.serveur, refus.auteur, refus.le
        )

    def _mettre_de_cote(self, operation: Operation, pourquoi: str) -> Verdict:
        """Park what cannot be executed: kept whole for support, and the lane goes on (trap 13)."""
        self._garder(operation.opid, msgspec.to_builtins(operation), pourquoi)
        self._touches[operation.lseq] = [m.id for m in operation.muts]
        return Verdict(
            operation.lseq, operation.opid, Etat.MIS_DE_COTE, Code.PANNE,
            "Le centre n'a pas su traiter cette opération : elle est gardée entière pour l'assistance.",
        )  # fmt: skip

    def _garder(self, id_: str, operation: dict[str, Any], pourquoi: str) -> None:
        ligne: dict[str, Any] = {
            "scope_id": self._envoi.portee, "id": id_, "device_id": self._envoi.appareil, "operation": operation, "why": pourquoi,
            "le": self._cahier.le, "etat": "a_traiter",
        }  # fmt: skip
        lots.remplacer(self._connexion, quarantine, [ligne])

    def _retenir(self, verdict: Verdict) -> None:
        resultat = msgspec.to_builtins(verdict) | {"ids": self._touches.get(verdict.lseq, [])}
        self._rendus.append({
            "scope_id": self._envoi.portee, "device_id": self._envoi.appareil, "lseq": verdict.lseq, "opid": verdict.opid,
            "result": resultat, "le": self._cahier.le,
        })  # fmt: skip

    def _joindre(self, verdicts: list[Verdict], publiees: dict[str, Ligne]) -> list[Verdict]:
        """Give with each verdict the rows it is about, as they are now: the workstation need not wait for its next reading."""
        if self._envoi.portee not in self._agent.portees:
            return verdicts
        autres = {i for ids in self._touches.values() for i in ids} - publiees.keys()
        lignes = publiees | lignes_de(self._connexion, self._envoi.portee, autres)
        for verdict in verdicts:
            verdict.lignes = [lignes.pop(i) for i in self._touches.get(verdict.lseq, []) if i in lignes]
        return verdicts
