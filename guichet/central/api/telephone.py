"""The visitor's telephone: the desk opens a link, the visitor's browser sends photos by it, the desk takes them.

The browser's routes have no account: the link's secret, then a cookie of the browser that took it, are all that they know.
"""

from datetime import UTC, datetime
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Request, Response, delete, get, post, put
from litestar.datastructures import Cookie, State
from litestar.params import FromPath, FromQuery, JSONBody, RawBody
from sqlalchemy import Connection, select

from guichet.central.api.commun import Centre, Requete
from guichet.central.api.html import page
from guichet.central.identity.familles import empreinte
from guichet.central.identity.regles import regle
from guichet.central.refus import RefusCentre
from guichet.central.services import journal
from guichet.central.services import telephone as service
from guichet.contract.sync import DemandeTelephone, EtatTelephone, LienTelephone, PhotoTelephone, PhotoVue, VueTelephone
from guichet.models import Agent

_COOKIE = "guichet_telephone"
_PARIS = ZoneInfo("Europe/Paris")
_Brute = Request[Any, Any, State]


@post("/telephone", opt={"etendue": "pieces:write"}, status_code=200, sync_to_thread=True)
def ouvrir(state: State, request: Requete, data: JSONBody[DemandeTelephone]) -> LienTelephone:
    """Open a link for the telephone of whoever is at the desk; it serves once, for minutes. Journaled."""
    request.user.exiger(data.portee)
    agent, centre = request.user, state.centre
    with centre.base.lecture(agent.portee_agent) as connexion:
        requete = select(Agent.organisme_nom, Agent.site_nom).where(Agent.scope_id == agent.portee_agent, Agent.id == agent.agent_id)
        lieu = ", ".join(connexion.execute(requete).one())

    def travail(connexion: Connection) -> tuple[str, datetime]:
        journal.noter(connexion, data.portee, agent.agent_id, "lien_telephone", agent.agent_id, auteur=agent.nom)
        return service.ouvrir(connexion, data.portee, agent.agent_id, lieu)

    secret, fin = centre.base.ecrire(travail, data.portee)
    return LienTelephone(empreinte(secret), f"{state.identites.acces.emetteur}/t/{secret}", fin.isoformat())


@get("/telephone/{lien:str}", opt={"etendue": "pieces:write"}, sync_to_thread=True)
def suivre(state: State, request: Requete, lien: FromPath[str], portee: FromQuery[str]) -> EtatTelephone:
    """Say whether the link was taken, and which photos wait for the desk. 404 when it is over or another agent's."""
    ouvert, venues = _du_poste(state.centre, request, lien, portee)
    return EtatTelephone(
        ouvert.temoin is not None,
        sum(p.etat == "en_cours" for p in venues),
        [PhotoTelephone(p.sha256, p.octets) for p in venues if p.etat == "recue"],
    )


@get("/telephone/{lien:str}/photos/{sha256:str}", opt={"etendue": "pieces:write"}, sync_to_thread=True)
def lire(state: State, request: Requete, lien: FromPath[str], sha256: FromPath[str], portee: FromQuery[str]) -> Response[bytes]:
    """Give a photo's bytes to the desk that the link is of."""
    _du_poste(state.centre, request, lien, portee)
    return Response(service.lire(state.centre.fichiers, lien, sha256), media_type="application/octet-stream")


@delete("/telephone/{lien:str}/photos/{sha256:str}", opt={"etendue": "pieces:write"}, status_code=204, sync_to_thread=True)
def prendre(state: State, request: Requete, lien: FromPath[str], sha256: FromPath[str], portee: FromQuery[str]) -> None:
    """Erase a photo that the desk has kept; the visitor is told that it arrived."""
    _du_poste(state.centre, request, lien, portee)
    service.remettre(state.centre.base, state.centre.fichiers, lien, sha256)


@delete("/telephone/{lien:str}", opt={"etendue": "pieces:write"}, status_code=204, sync_to_thread=True)
def fermer(state: State, request: Requete, lien: FromPath[str], portee: FromQuery[str]) -> None:
    """End a link, and erase what came by it and was not taken."""
    _du_poste(state.centre, request, lien, portee)
    service.fermer(state.centre.base, state.centre.fichiers, lien)


@get("/t/{secret:str}", opt={"public": True}, include_in_schema=False, sync_to_thread=True)
def montrer(state: State, request: _Brute, secret: FromPath[str]) -> Response[Any]:
    """Show the page; looking at it takes nothing: programs that read codes look too."""
    try:
        with state.centre.base.lecture() as connexion:
            lien = service.trouver(connexion, secret)
            if lien.temoin is not None:
                service.du_telephone(connexion, secret, _temoin(request))
    except RefusCentre as refus:
        return page("message.html", 410, titre="Lien terminé", texte=refus.detail)
    fin = lien.expire_le.astimezone(_PARIS).strftime("%H:%M")
    return page("telephone.html", script=True, lieu=lien.lieu, fin=fin, photo_octets=regle("telephone")["photo_octets"])


@get("/telephone.js", opt={"public": True}, include_in_schema=False, sync_to_thread=True)
def script() -> Response[bytes]:
    """Give the page's program."""
    octets = files("guichet.central").joinpath("pages", "telephone.js").read_bytes()
    return Response(octets, media_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@post("/t/{secret:str}/prise", opt={"public": True}, include_in_schema=False, status_code=204, sync_to_thread=True)
def commencer(state: State, request: _Brute, secret: FromPath[str]) -> Response[None]:
    """Tie the link to this browser."""
    temoin = state.centre.base.ecrire(lambda c: service.prendre(c, secret, _temoin(request)))
    sure = state.identites.acces.emetteur.startswith("https")
    return Response(
        None, status_code=204, cookies=[Cookie(_COOKIE, value=temoin, path="/t/", httponly=True, samesite="strict", secure=sure)]
    )


@get("/t/{secret:str}/etat", opt={"public": True}, include_in_schema=False, sync_to_thread=True)
def etat(state: State, request: _Brute, secret: FromPath[str]) -> VueTelephone:
    """Say to the browser what arrived, and how long the link still serves."""
    with state.centre.base.lecture() as connexion:
        lien = service.du_telephone(connexion, secret, _temoin(request))
        venues = service.photos(connexion, lien.empreinte)
    fichiers = state.centre.fichiers
    return VueTelephone(
        round((lien.expire_le - datetime.now(UTC)).total_seconds()),
        [PhotoVue(p.sha256, p.etat, service.parts(fichiers, lien.empreinte, p.sha256) if p.etat == "en_cours" else []) for p in venues],
    )


@put(
    "/t/{secret:str}/photos/{sha256:str}/parts/{numero:int}", opt={"public": True}, include_in_schema=False, status_code=200,
    sync_to_thread=True, request_max_body_size=service.PART_OCTETS,
)  # fmt: skip
def part(
    state: State,
    request: _Brute,
    secret: FromPath[str],
    sha256: FromPath[str],
    numero: FromPath[int],
    octets: FromQuery[int],
    body: RawBody,
) -> dict[str, bool]:
    """Keep one part of a photo; sending it again is harmless. Says whether the photo is whole."""
    with state.centre.base.lecture() as connexion:
        lien = service.du_telephone(connexion, secret, _temoin(request))
    return {"complet": service.recevoir(state.centre.base, state.centre.fichiers, lien, sha256, numero, octets, body)}


def _temoin(request: _Brute) -> str:
    return request.cookies.get(_COOKIE, "")


def _du_poste(centre: Centre, request: Requete, id_: str, portee: str) -> tuple[service.Lien, Any]:
    request.user.exiger(portee)
    with centre.base.lecture() as connexion:
        return service.du_poste(connexion, id_, portee, request.user.agent_id), service.photos(connexion, id_)
