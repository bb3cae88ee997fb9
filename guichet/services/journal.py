"""The access journal: every reading of somebody's data leaves a line, which goes up with the rest."""

from sqlalchemy import Connection

from guichet.contract.sync import Mutation
from guichet.models import uuid7
from guichet.services.session import maintenant
from guichet.store import sortie
from guichet.store.agents import AgentLocal


def noter(connexion: Connection, agent: AgentLocal, action: str, objet: str) -> None:
    """Write one line in the caller's transaction. `objet` is an identifier, never a name or a typed text."""
    sortie.poster(connexion, agent.portee, f"Journal : {action}", [trace(agent, action, objet)])


def trace(agent: AgentLocal, action: str, objet: str) -> Mutation:
    """Return the line alone."""
    contenu = {"agent_id": agent.id, "le": maintenant().isoformat(), "action": action, "objet": objet}
    return Mutation("new", "journal", uuid7(), contenu)
