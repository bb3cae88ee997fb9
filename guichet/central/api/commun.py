"""What every route shares: the centre's own state, who is asking, and how errors are served."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.background_tasks import BackgroundTask
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.exceptions import HTTPException, NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from guichet.central.base import BaseCentre, se_rejoue
from guichet.central.fichiers import Fichiers
from guichet.central.identity.acces import Acces
from guichet.central.identity.fournisseur import Fournisseur
from guichet.central.jetons import AgentConnecte, authentifier
from guichet.central.journaux import JOURNAL
from guichet.central.refus import RefusCentre
from guichet.central.services import journal
from guichet.central.vanne import Vanne
from guichet.contract.codes import Code
from guichet.contract.sync import Probleme


@dataclass(frozen=True)
class Centre:
    """Where this replica keeps things. `arrive`: to be told the scope of a file that is now whole."""

    base: BaseCentre
    fichiers: Fichiers
    vanne: Vanne
    arrive: Callable[[str], None]


@dataclass(frozen=True)
class Identites:
    """How people come in: our tokens, and the provider when there is one."""

    acces: Acces
    fournisseur: Fournisseur | None


Requete = Request[AgentConnecte, Any, State]


class Authentification(AbstractAuthenticationMiddleware):
    """Reads the bearer token of every request under /v1 that is not marked `public`."""

    async def authenticate_request(self, connection: ASGIConnection[Any, Any, Any, Any]) -> AuthenticationResult:
        """Return who is asking."""
        import anyio.to_thread

        centre: Centre = connection.app.state.centre
        acces: Acces = connection.app.state.identites.acces
        entete = connection.headers.get("authorization")

        def lire() -> AgentConnecte:
            with centre.base.lecture() as connexion:
                return authentifier(connexion, acces, entete)

        return AuthenticationResult(user=await anyio.to_thread.run_sync(lire), auth=None)


def exiger_etendue(connection: ASGIConnection[Any, Any, Any, Any], route: BaseRouteHandler) -> None:
    """Let through a request whose agent has what its route asks for; a route that asks for nothing lets nobody through."""
    if route.opt.get("public"):
        return
    etendue = route.opt.get("etendue")
    if etendue is None or etendue not in connection.user.etendues:
        raise RefusCentre(403, Code.ECRITURE_INTERDITE, "Votre rôle ne permet pas cette action.")


def probleme(statut: int, code: str, titre: str, detail: str = "", reessayer: float = 0) -> Response[bytes]:
    """Build a problem details answer."""
    corps = Probleme(title=titre, status=statut, code=code, detail=detail, retry_in=reessayer)
    entetes = {"Retry-After": str(round(reessayer))} if reessayer else {}
    return Response(msgspec.json.encode(corps), status_code=statut, media_type="application/problem+json", headers=entetes)


def sur_refus(requete: Request[Any, Any, Any], refus: RefusCentre) -> Response[bytes]:
    """Serve a refusal of ours; that an agent asked for what is not his is journaled, in his own scope."""
    reponse = probleme(refus.statut, refus.code, "Demande refusée", refus.detail, refus.reessayer)
    agent = requete.scope.get("user")
    if refus.statut == 403 and isinstance(agent, AgentConnecte):
        reponse.background = BackgroundTask(
            _journaliser_refus, requete.app.state.centre, agent, str(requete.scope.get("path_template", ""))
        )
    return reponse


async def _journaliser_refus(centre: Centre, agent: AgentConnecte, route: str) -> None:
    import anyio.to_thread

    def ecrire(connexion: Connection) -> None:
        journal.noter(connexion, agent.portee_agent, agent.agent_id, "refus", route, auteur=agent.nom)

    await anyio.to_thread.run_sync(centre.base.ecrire, ecrire, agent.portee_agent)


def sur_http(_: Request[Any, Any, Any], erreur: HTTPException) -> Response[bytes]:
    """Serve a refusal of the framework: bad body, unknown path, method not allowed."""
    if isinstance(erreur, NotAuthorizedException):
        return probleme(401, Code.NON_CONNECTE, "Non connecté", "Connectez-vous pour continuer.")
    code = Code.INTROUVABLE if erreur.status_code == 404 else Code.REQUETE_INVALIDE
    return probleme(erreur.status_code, code, "Demande invalide", "Le centre ne comprend pas cette demande.")


def sur_base(requete: Request[Any, Any, Any], erreur: DBAPIError) -> Response[bytes]:
    """Serve a database that is away as 503, which workstations wait out; any other of its errors is a breakdown."""
    if se_rejoue(erreur):
        return probleme(503, Code.PANNE, "Base indisponible", "La base du centre ne répond pas : l'envoi sera repris.", 5)
    return sur_panne(requete, erreur)


def sur_panne(requete: Request[Any, Any, Any], erreur: Exception) -> Response[bytes]:
    """Serve and log what nobody expected: the kind and the place, never the data."""
    import traceback

    lieu = traceback.extract_tb(erreur.__traceback__)[-1]
    JOURNAL.error("panne", extra={"genre": type(erreur).__name__, "lieu": f"{lieu.name}:{lieu.lineno}", "methode": requete.method})
    return probleme(500, Code.PANNE, "Panne du centre", "Le centre a rencontré une panne : rien n'est perdu, l'envoi sera repris.")
