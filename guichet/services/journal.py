"""The access journal: every reading of somebody's data leaves a line, which is kept here and goes up with the rest."""

from sqlalchemy import Connection

from guichet.contract.sync import Mutation
from guichet.models import uuid7
from guichet.services.session import maintenant
from guichet.store import journal as depot
from guichet.store import sortie
from guichet.store.agents import AgentLocal


def noter(connexion: Connection, agent: AgentLocal, action: str, objet: str, motif: str = "") -> None:
    """Write one line in the caller's transaction. `objet` is an identifier, never a name or a typed text; `motif`: the agent's own words."""
    id_ = uuid7()
    contenu = depot.inscrire(connexion, id_, agent.id, maintenant(), action, objet, motif)
    sortie.poster(connexion, agent.travail or agent.portee, f"Journal : {action}", [Mutation("new", "journal", id_, contenu)])
