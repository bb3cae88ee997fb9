"""Who one is: the accounts of a demonstration, and what a token stands for."""

from litestar import get
from litestar.datastructures import State

from guichet.central.api.commun import Requete
from guichet.central.identity.comptes import de_demonstration
from guichet.central.jetons import agents
from guichet.contract.sync import AgentDemonstration, Moi


@get("/demonstration/agents", opt={"public": True}, sync_to_thread=True)
def lister(state: State) -> list[AgentDemonstration]:
    """Name the accounts of a demonstration; nobody in production."""
    with state.centre.base.lecture() as connexion:
        ouverts = de_demonstration(connexion)
        return [
            AgentDemonstration(a.login, f"{a.prenom} {a.nom}", a.fonction, f"{a.organisme_nom} · {a.site_nom}")
            for a in agents(connexion)
            if a.id in ouverts
        ]


@get("/moi", opt={"etendue": "moi"}, sync_to_thread=False)
def moi(request: Requete) -> Moi:
    """Say whom the bearer token stands for."""
    return Moi(request.user.agent_id, request.user.portee_agent, request.user.nom)
