"""The agents of a scope and how they come in: what its admin manages, and what its responsable confirms. Accounts, never people received."""

from typing import NamedTuple

from sqlalchemy import Connection, select

from guichet.central.base import BaseCentre
from guichet.central.fil import portees_du_genre
from guichet.central.identity.tables import compte, identite
from guichet.central.refus import RefusCentre
from guichet.contract.codes import Code
from guichet.contract.sync import CompteAgent
from guichet.models import Agent, Habilitation

_COLONNES = tuple(c.name for c in Agent.__table__.columns)


class _Place(NamedTuple):
    agent: Agent
    role: str


def lister(base: BaseCentre, portee: str) -> list[CompteAgent]:
    """List those who hold a right on a scope, by name, and the state of each account."""
    with base.lecture(*_dossiers_d_agents(base)) as connexion:
        places = _agents(connexion, portee)
        comptes = {x.agent_id: x for x in connexion.execute(select(compte))}
        identites = {x.agent_id: x for x in connexion.execute(select(identite))}
    rendus = []
    for agent, role in places:
        ici, ailleurs = comptes.get(agent.id), identites.get(agent.id)
        etat = "aucun"
        if ici is not None:
            etat = "ferme" if ici.ferme else "ouvert" if ici.mot_de_passe else "invite"
        elif ailleurs is not None:
            etat = "fournisseur" if ailleurs.sub else "attendu"
        attend = ailleurs is not None and ailleurs.sub_propose is not None
        rendus.append(CompteAgent(agent.login, f"{agent.prenom} {agent.nom}", agent.fonction, role, etat, attend))
    return sorted(rendus, key=lambda c: c.nom)


def agent_de(base: BaseCentre, portee: str, login: str) -> Agent:
    """Return an agent who holds a right on a scope. Raises RefusCentre 404 for anybody else."""
    with base.lecture(*_dossiers_d_agents(base)) as connexion:
        for agent, _ in _agents(connexion, portee):
            if agent.login == login:
                return agent
    raise RefusCentre(404, Code.INTROUVABLE, "Aucun agent de ce site ne porte ce nom.")


def _dossiers_d_agents(base: BaseCentre) -> list[str]:
    with base.lecture() as connexion:
        return portees_du_genre(connexion, "user")


def _agents(connexion: Connection, portee: str) -> list[_Place]:
    siennes = portees_du_genre(connexion, "user")
    lus = connexion.execute(
        select(Agent.__table__, Habilitation.role.label("droit"))
        .join(Habilitation.__table__, (Habilitation.scope_id == Agent.scope_id) & (Habilitation.agent_id == Agent.id))
        .where(Agent.scope_id.in_(siennes), Habilitation.scope_id.in_(siennes), Habilitation.portee == portee)
    ).mappings()
    return [_Place(Agent(**{c: x[c] for c in _COLONNES}), x["droit"]) for x in lus]
