"""Operations that come back sealed from a device that lost their scope: refused before it did, or forgotten by a restored centre."""

from datetime import UTC, datetime

import msgspec
from nacl.exceptions import CryptoError
from nacl.public import SealedBox
from sqlalchemy import Connection, select

from guichet.central.base import BaseCentre
from guichet.central.jetons import AgentConnecte, a_eu_droit
from guichet.central.refus import RefusCentre
from guichet.central.services.appareils import cle_scellement, exiger_appareil
from guichet.central.tables import applied, quarantine
from guichet.contract import lots
from guichet.contract.codes import Code, Etat
from guichet.contract.sync import Operation, Scelles


def rapporter(base: BaseCentre, agent: AgentConnecte, demande: Scelles) -> None:
    """Keep in quarantine, for support, what the restored centre does not have. Raises RefusCentre 400 for what was not sealed for us.

    What is said to be of a scope that the agent never had, as far as this centre remembers, is kept in his own: nothing is lost, and
    nobody writes in others' scopes.
    """
    with base.lecture(agent.portee_agent) as connexion:
        exiger_appareil(connexion, agent, demande.appareil)
        boite = SealedBox(cle_scellement(connexion))
        portee = demande.portee if a_eu_droit(connexion, agent, demande.portee) else agent.portee_agent
    try:
        ouvertes = [msgspec.json.decode(boite.decrypt(s), type=Operation) for s in demande.scelles]
    except (CryptoError, msgspec.MsgspecError, UnicodeDecodeError) as erreur:
        raise RefusCentre(400, Code.REQUETE_INVALIDE, "Ce contenu n'a pas été scellé pour ce centre.") from erreur

    operations = {o.opid: o for o in ouvertes}

    def garder(connexion: Connection) -> None:
        rendues = connexion.execute(select(applied.c.opid, applied.c.result).where(
            applied.c.scope_id == portee, applied.c.opid.in_(list(operations))
        ))  # fmt: skip
        connues = {x.opid for x in rendues if x.result["st"] in (Etat.APPLIQUE, Etat.CRENEAU_PRIS)}
        lots.remplacer(connexion, quarantine, [
            {
                "scope_id": portee, "id": o.opid, "device_id": demande.appareil, "operation": msgspec.to_builtins(o),
                "why": f"revenue scellée de {demande.portee}, accès retiré", "le": datetime.now(UTC), "etat": "a_traiter",
            }
            for o in operations.values() if o.opid not in connues
        ])  # fmt: skip

    base.ecrire(garder, portee)
