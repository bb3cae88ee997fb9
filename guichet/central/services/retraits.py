"""Revocations heard before their turn: who gave a mandate and takes it back waits for no queue of acts."""

from datetime import UTC, datetime

from sqlalchemy import Connection

from guichet.central.base import BaseCentre
from guichet.central.fil import Ecrit, ecrire_entites, publier
from guichet.central.jetons import AgentConnecte
from guichet.central.refus import RefusCentre
from guichet.central.services.appareils import exiger_appareil
from guichet.central.services.doublons import joints
from guichet.central.services.faits import juger
from guichet.central.services.jugement import Cahier, RefusOperation
from guichet.contract.codes import Code
from guichet.contract.limites import LOT_OPERATIONS
from guichet.contract.sync import Retraits


def devancer(base: BaseCentre, agent: AgentConnecte, demande: Retraits) -> None:
    """Take back what can be now. Nothing is retained of it: each act is judged in its lane as well, where the first revocation stands.

    Raises RefusCentre: 403 without right or for an unknown device, 413 for too many, 400 for anything else than a revocation.
    """
    agent.exiger(demande.portee)
    with base.lecture(agent.portee_agent) as connexion:
        exiger_appareil(connexion, agent, demande.appareil)
    if len(demande.operations) > LOT_OPERATIONS:
        raise RefusCentre(413, Code.LOT_TROP_LOURD, "Ce lot contient trop d'opérations.")
    if not all((m.k, m.type) == ("set", "autorisation") for o in demande.operations for m in o.muts):
        raise RefusCentre(400, Code.REQUETE_INVALIDE, "Seuls des retraits de mandat passent avant leur tour.")
    base.ecrire(lambda connexion: _executer(connexion, agent, demande), demande.portee)


def _executer(connexion: Connection, agent: AgentConnecte, demande: Retraits) -> None:
    cahier = Cahier(datetime.now(UTC), joints=joints(connexion, demande.portee))
    ecrits: dict[str, Ecrit] = {}
    for operation in demande.operations:
        try:
            jugement = juger(connexion, agent, demande.portee, demande.appareil, operation, cahier)
        except RefusOperation:
            # Its mandate is still in the lane, before it: both come in their turn.
            continue
        ecrits |= {e.id: e for e in jugement.ecrits}
    ecrire_entites(connexion, demande.portee, ecrits.values())
    # Under no device's name: the one that sent it is served its rows whole, since no verdict brings them.
    publier(connexion, demande.portee, list(ecrits.values()))
