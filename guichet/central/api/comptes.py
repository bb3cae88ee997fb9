"""Accounts: for the admin of a scope, who sees no people; and the change of provider that its responsable confirms."""

from litestar import get, post
from litestar.datastructures import State
from litestar.params import FromQuery, JSONBody
from sqlalchemy import Connection

from guichet.central.api.commun import Requete
from guichet.central.identity import comptes, identites
from guichet.central.identity.comptes import EntreeRefusee
from guichet.central.refus import RefusCentre
from guichet.central.services import annuaire, journal
from guichet.contract.codes import Code
from guichet.contract.sync import CompteAgent, DesignationAgent, Invitation


def _exiger(portees: frozenset[str], portee: str) -> None:
    if portee not in portees:
        raise RefusCentre(403, Code.PORTEE_INTERDITE, "Vous n'administrez pas les comptes de ce site.")


@get("/comptes", opt={"etendue": "comptes:read"}, sync_to_thread=True)
def lister(state: State, request: Requete, portee: FromQuery[str]) -> list[CompteAgent]:
    """List the agents of a scope and the state of their accounts. 403 for anybody but its admin."""
    _exiger(request.user.administrees, portee)
    return annuaire.lister(state.centre.base, portee)


@post("/comptes/invitations", opt={"etendue": "comptes:write"}, status_code=200, sync_to_thread=True)
def inviter(state: State, request: Requete, data: JSONBody[DesignationAgent]) -> Invitation:
    """Open an agent's account, or open it again: what it opened before ends. The link is to be handed to him, and serves once."""
    _exiger(request.user.administrees, data.portee)
    agent = annuaire.agent_de(state.centre.base, data.portee, data.login)

    def travail(connexion: Connection) -> str:
        journal.noter(connexion, data.portee, request.user.agent_id, "invitation", agent.login, auteur=request.user.nom)
        return comptes.inviter(connexion, agent)

    return Invitation(f"/oauth/invitation/{state.centre.base.ecrire(travail, data.portee)}")


@post("/comptes/fermetures", opt={"etendue": "comptes:write"}, status_code=204, sync_to_thread=True)
def fermer(state: State, request: Requete, data: JSONBody[DesignationAgent]) -> None:
    """Close an agent's account and end what it opened."""
    _exiger(request.user.administrees, data.portee)
    agent = annuaire.agent_de(state.centre.base, data.portee, data.login)

    def travail(connexion: Connection) -> None:
        journal.noter(connexion, data.portee, request.user.agent_id, "fermeture_compte", agent.login, auteur=request.user.nom)
        comptes.fermer(connexion, agent.id)

    state.centre.base.ecrire(travail, data.portee)


@post("/rattachements", opt={"etendue": "rattachements:confirmer"}, status_code=204, sync_to_thread=True)
def confirmer(state: State, request: Requete, data: JSONBody[DesignationAgent]) -> None:
    """Confirm that somebody whose provider changed is the agent he was: he comes in again. 409 when nothing waits."""
    _exiger(request.user.encadrees, data.portee)
    agent = annuaire.agent_de(state.centre.base, data.portee, data.login)

    def travail(connexion: Connection) -> None:
        try:
            identites.confirmer(connexion, agent.id)
        except EntreeRefusee as erreur:
            raise RefusCentre(409, Code.REQUETE_INVALIDE, str(erreur)) from erreur
        journal.noter(connexion, data.portee, request.user.agent_id, "rattachement", agent.login, auteur=request.user.nom)

    state.centre.base.ecrire(travail, data.portee)
