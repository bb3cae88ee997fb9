"""Who one is: one-click sign-in for demonstrations only, and what a token stands for."""

from litestar import get, post
from litestar.datastructures import State
from litestar.params import FromQuery

from guichet.central.api.commun import Requete
from guichet.central.jetons import agents_de_demonstration, delivrer, en_production
from guichet.contract.sync import AgentDemonstration, Moi, Session


@get("/demonstration/agents", opt={"public": True}, sync_to_thread=True)
def lister(state: State) -> list[AgentDemonstration]:
    """List who may sign in by one click; nobody in production."""
    with state.centre.base.lecture() as connexion:
        if en_production(connexion):
            return []
        return [
            AgentDemonstration(a.login, f"{a.prenom} {a.nom}", a.fonction, f"{a.organisme_nom} · {a.site_nom}")
            for a in agents_de_demonstration(connexion)
        ]


@post("/demonstration/session", opt={"public": True}, sync_to_thread=True)
def ouvrir(state: State, login: FromQuery[str]) -> Session:
    """Give a token for a demonstration agent. 403 in production, 404 for an unknown name."""
    with state.centre.base.ecriture() as connexion:
        texte, agent = delivrer(connexion, login)
        return Session(texte, agent.id, agent.scope_id)


@get("/moi", opt={"etendue": "moi"}, sync_to_thread=False)
def moi(request: Requete) -> Moi:
    """Say whom the bearer token stands for."""
    return Moi(request.user.agent_id, request.user.portee_agent, request.user.nom)
