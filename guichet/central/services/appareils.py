"""Workstations: enrolled once, with a key of their own, by an agent who is signed in."""

from datetime import UTC, datetime, timedelta

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey
from nacl.signing import VerifyKey
from sqlalchemy import Connection, select, update

from guichet.central.jetons import AgentConnecte, en_production
from guichet.central.refus import RefusCentre
from guichet.central.tables import device, reglage
from guichet.contract.codes import Code
from guichet.contract.sync import ENROLEMENT, Enrole, Enrolement

_VU_TOUTES_LES = timedelta(seconds=60)


def enroler(connexion: Connection, agent: AgentConnecte, demande: Enrolement, adresse: str) -> Enrole:
    """Write a workstation down, or meet it again; a second key for the same identifier is refused. Raises RefusCentre 400, 409."""
    try:
        VerifyKey(demande.cle).verify(ENROLEMENT + demande.appareil.encode(), demande.preuve)
    except (CryptoError, ValueError) as erreur:
        raise RefusCentre(400, Code.REQUETE_INVALIDE, "Ce poste ne prouve pas qu'il détient sa clé.") from erreur
    connue = connexion.scalar(select(device.c.cle).where(_de(agent, demande.appareil)))
    if connue is None:
        connexion.execute(
            device.insert().values(
                scope_id=agent.portee_agent, id=demande.appareil, agent_id=agent.agent_id, cle=demande.cle, vu_le=datetime.now(UTC)
            )
        )
    elif connue != demande.cle:
        raise RefusCentre(409, Code.APPAREIL_INCONNU, "Ce poste est déjà enrôlé avec une autre clé : appelez l'assistance.")
    demonstration = not en_production(connexion)
    return Enrole(demande.appareil, bytes(cle_scellement(connexion).public_key), adresse, demonstration)


def exiger_appareil(connexion: Connection, agent: AgentConnecte, appareil: str) -> datetime:
    """Return when a workstation of this agent was last seen. Raises RefusCentre 403 when it is not enrolled."""
    vu_le: datetime | None = connexion.scalar(select(device.c.vu_le).where(_de(agent, appareil)))
    if vu_le is None:
        raise RefusCentre(403, Code.APPAREIL_INCONNU, "Ce poste n'est pas enrôlé pour cet agent.")
    return vu_le


def a_revoir(vu_le: datetime) -> bool:
    """Tell whether a workstation's last sign of life is old enough to be written again."""
    return datetime.now(UTC) - vu_le > _VU_TOUTES_LES


def voir(connexion: Connection, agent: AgentConnecte, appareil: str) -> None:
    """Note that a workstation is alive."""
    connexion.execute(update(device).where(_de(agent, appareil)).values(vu_le=datetime.now(UTC)))


def cle_scellement(connexion: Connection) -> PrivateKey:
    """Return the key that opens what workstations seal for the centre."""
    return PrivateKey(connexion.execute(select(reglage.c.cle_scellement)).scalar_one())


def _de(agent: AgentConnecte, appareil: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 (a SQL condition)
    return (device.c.scope_id == agent.portee_agent) & (device.c.id == appareil)
