"""Which of our agents the provider has just vouched for (ProConnect gives an agent another `sub` when his own provider changes)."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select, update

from guichet.central.identity.comptes import EntreeRefusee
from guichet.central.identity.familles import revoquer_agent
from guichet.central.identity.tables import identite
from guichet.models import Agent


@dataclass(frozen=True)
class Reconnu:
    """What the provider says of somebody: `sub` names him there, `siret` and `courriel` at his organisme."""

    emetteur: str
    sub: str
    siret: str
    courriel: str
    acr: str


def attendre(connexion: Connection, agent: Agent, emetteur: str, siret: str, courriel: str) -> None:
    """Write down how the provider will name an agent, before he first comes."""
    valeurs = {"agent_scope": agent.scope_id, "emetteur": emetteur, "siret": siret, "courriel": courriel.lower(), "sub": None}
    if not connexion.execute(update(identite).where(identite.c.agent_id == agent.id).values(valeurs)).rowcount:
        connexion.execute(insert(identite).values(agent_id=agent.id, **valeurs))


def reconnaitre(connexion: Connection, qui: Reconnu) -> tuple[str, str] | str:
    """Return the agent and scope of a person, or the words that say why he may not come in yet.

    His `sub` first; then his organisme and mailbox: the first time they bind it, later they only ask a responsable to.
    """
    i = identite.c
    connu = connexion.execute(select(i.agent_id, i.agent_scope).where(i.emetteur == qui.emetteur, i.sub == qui.sub)).first()
    if connu is not None:
        return connu.agent_id, connu.agent_scope
    par_courriel = (i.emetteur == qui.emetteur) & (i.siret == qui.siret) & (i.courriel == qui.courriel.lower())
    lu = connexion.execute(select(identite).where(par_courriel).with_for_update()).first()
    if lu is None:
        return "Votre compte n'est pas encore ouvert dans Guichet : demandez-le à votre responsable."
    if lu.sub is None:
        connexion.execute(update(identite).where(i.agent_id == lu.agent_id).values(sub=qui.sub))
        return lu.agent_id, lu.agent_scope
    connexion.execute(update(identite).where(i.agent_id == lu.agent_id).values(sub_propose=qui.sub, propose_le=datetime.now(UTC)))
    return "Votre fournisseur d'identité a changé : votre responsable doit confirmer que c'est bien vous. La demande lui est transmise."


def confirmer(connexion: Connection, agent_id: str) -> None:
    """Take the new `sub` for an agent's; what the old one opened ends. Raises EntreeRefusee when nothing waits."""
    i = identite.c
    propose = connexion.scalar(select(i.sub_propose).where(i.agent_id == agent_id))
    if propose is None:
        raise EntreeRefusee("Aucune demande de rattachement n'attend pour cet agent.")
    connexion.execute(update(identite).where(i.agent_id == agent_id).values(sub=propose, sub_propose=None, propose_le=None))
    revoquer_agent(connexion, agent_id)
