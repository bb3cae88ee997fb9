"""Signing in: what a workstation and a browser meet (RFC 6749, 8252, 8414; the pages are in `guichet/central/pages`)."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import segno
from litestar import Request, Response, Router, get, post
from litestar.datastructures import Cookie, State
from litestar.params import FromPath, RawBody
from litestar.response import Redirect
from sqlalchemy import Connection, Row, delete, insert, select, update

from guichet.central.api import html
from guichet.central.api.commun import Centre, Identites
from guichet.central.identity import comptes, identites
from guichet.central.identity.acces import Connecte
from guichet.central.identity.comptes import EntreeRefusee
from guichet.central.identity.familles import empreinte
from guichet.central.identity.fournisseur import Depart
from guichet.central.identity.regles import regle
from guichet.central.identity.serveur import Reponse, Serveur
from guichet.central.identity.tables import demande

_COOKIE = "guichet_connexion"
_Brute = Request[Any, Any, State]
_Ligne = Row[tuple[str, Any, Any, str | None, str | None, datetime]]


@get("/.well-known/oauth-authorization-server", opt={"public": True}, sync_to_thread=False)
def metadonnees(state: State) -> dict[str, Any]:
    """Describe this authorization server (RFC 8414)."""
    emetteur = state.identites.acces.emetteur
    return {
        "issuer": emetteur, "authorization_endpoint": f"{emetteur}/oauth/authorize", "token_endpoint": f"{emetteur}/oauth/token",
        "revocation_endpoint": f"{emetteur}/oauth/revoke", "jwks_uri": f"{emetteur}/oauth/jwks", "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"], "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"], "revocation_endpoint_auth_methods_supported": ["none"],
        "authorization_response_iss_parameter_supported": True,
    }  # fmt: skip


@get("/jwks", opt={"public": True}, sync_to_thread=True)
def jwks(state: State) -> dict[str, Any]:
    """Give the public keys that access tokens are signed with."""
    publiques: dict[str, Any] = state.identites.acces.cles.publiques()
    return publiques


@get("/authorize", opt={"public": True}, sync_to_thread=True)
def autoriser(state: State, request: _Brute) -> Response[Any]:
    """Begin a sign-in for a workstation: the page, or straight to the provider when it is the only way in."""
    parametres = _lus(request.url.query)
    with state.centre.base.ecriture() as connexion:
        if (non := Serveur(connexion, state.identites.acces).examiner(parametres)) is not None:
            return _vers(non, state)
        secret = secrets.token_urlsafe(32)
        fin = datetime.now(UTC) + timedelta(minutes=regle("jetons")["demande_min"])
        connexion.execute(insert(demande).values(empreinte=empreinte(secret), requete=parametres, expire_le=fin))
    reponse = _page(state, "connexion.html", fournisseur=_nom(state))
    reponse.cookies.append(
        Cookie(
            _COOKIE, value=secret, path="/oauth", httponly=True, samesite="lax", secure=state.identites.acces.emetteur.startswith("https")
        )
    )
    return reponse


@post("/fournisseur", opt={"public": True}, status_code=200, sync_to_thread=True)
def partir(state: State, request: _Brute) -> Response[Any]:
    """Send the browser to the identity provider."""
    identites_: Identites = state.identites
    try:
        _en_cours(state.centre, request)
        if identites_.fournisseur is None:
            raise EntreeRefusee("Ce centre n'a pas de fournisseur d'identité.")
        depart = identites_.fournisseur.partir()
    except EntreeRefusee as refus:
        return _refus(state, refus)
    garde = {"state": depart.state, "nonce": depart.nonce, "verificateur": depart.verificateur}
    state.centre.base.ecrire(lambda c: c.execute(update(demande).where(_celle(request)).values(fournisseur=garde)))
    return Redirect(depart.adresse, status_code=303, headers=html.SANS_TRACE)


@get("/retour-fournisseur", opt={"public": True}, sync_to_thread=True)
def revenir(state: State, request: _Brute) -> Response[Any]:
    """Take the browser back from the identity provider, and send it to its workstation."""
    centre: Centre = state.centre
    try:
        lue = _en_cours(centre, request)
        if lue.fournisseur is None or state.identites.fournisseur is None:
            raise EntreeRefusee("Aucune connexion n'est en cours : recommencez depuis le poste.")
        # One answer for one departure: whatever comes of it, this state serves no more.
        centre.base.ecrire(lambda c: c.execute(update(demande).where(_celle(request)).values(fournisseur=None)))
        retour = {nom: valeurs[0] for nom, valeurs in _lus(request.url.query).items()}
        reconnu = state.identites.fournisseur.revenir(Depart("", **lue.fournisseur), retour)
        agent = centre.base.ecrire(lambda c: identites.reconnaitre(c, reconnu))
        if isinstance(agent, str):
            raise EntreeRefusee(agent)
    except EntreeRefusee as refus:
        return _refus(state, refus)
    return _accorder(state, request, Connecte(*agent, "", reconnu.acr))


@post("/compte", opt={"public": True}, status_code=200, sync_to_thread=True)
def entrer(state: State, request: _Brute, body: RawBody) -> Response[Any]:
    """Check the password of an account of ours; its code comes next."""
    formulaire, centre = _lus(body), state.centre
    try:
        _en_cours(centre, request)
    except EntreeRefusee as refus:
        return _refus(state, refus)
    try:
        agent, portee = comptes.verifier_mot_de_passe(centre.base, _un(formulaire, "login"), _un(formulaire, "mot_de_passe"))
    except EntreeRefusee as refus:
        return _page(state, "connexion.html", 403, fournisseur=_nom(state), erreur=str(refus), login=_un(formulaire, "login"))
    centre.base.ecrire(lambda c: c.execute(update(demande).where(_celle(request)).values(agent_id=agent, agent_scope=portee)))
    return _page(state, "code.html")


@post("/code", opt={"public": True}, status_code=200, sync_to_thread=True)
def finir(state: State, request: _Brute, body: RawBody) -> Response[Any]:
    """Check the code of the moment, and send the browser to its workstation."""
    centre: Centre = state.centre
    try:
        lue = _en_cours(centre, request)
        if lue.agent_id is None or lue.agent_scope is None:
            raise EntreeRefusee("Donnez d'abord votre mot de passe : recommencez depuis le poste.")
    except EntreeRefusee as refus:
        return _refus(state, refus)
    try:
        comptes.verifier_code(centre.base, lue.agent_id, _un(_lus(body), "code"))
    except EntreeRefusee as refus:
        return _page(state, "code.html", 403, erreur=str(refus))
    return _accorder(state, request, Connecte(lue.agent_id, lue.agent_scope, "", "compte-mfa"))


@get("/invitation/{secret:str}", opt={"public": True}, sync_to_thread=True)
def lire_invitation(state: State, secret: FromPath[str]) -> Response[Any]:
    """Show an invited person what he has to choose."""
    try:
        return _page_invitation(state, secret)
    except EntreeRefusee as refus:
        return _refus(state, refus)


@post("/invitation/{secret:str}", opt={"public": True}, status_code=200, sync_to_thread=True)
def accepter(state: State, secret: FromPath[str], body: RawBody) -> Response[Any]:
    """Set the password of an invited account."""
    formulaire = _lus(body)
    un, deux = _un(formulaire, "mot_de_passe"), _un(formulaire, "encore")
    try:
        if un != deux:
            return _page_invitation(state, secret, 400, "Les deux saisies ne sont pas les mêmes.")
        try:
            state.centre.base.ecrire(lambda c: comptes.activer(c, secret, un, _un(formulaire, "code")))
        except EntreeRefusee as refus:
            return _page_invitation(state, secret, 400, str(refus))
    except EntreeRefusee as refus:
        return _refus(state, refus)
    return _page(state, "message.html", titre="Votre compte est ouvert", texte="Vous pouvez maintenant vous connecter depuis le poste.")


@post("/token", opt={"public": True}, status_code=200, sync_to_thread=True)
def jetons(state: State, body: RawBody) -> Response[Any]:
    """Exchange a code, or a refresh token, for tokens (RFC 6749 §4.1.3, §6)."""
    state.identites.acces.cles.courante()  # made, the first time, in a transaction of its own
    with state.centre.base.ecriture() as connexion:
        return _json(Serveur(connexion, state.identites.acces).jetons(_lus(body)))


@post("/revoke", opt={"public": True}, status_code=200, sync_to_thread=True)
def revoquer(state: State, body: RawBody) -> Response[Any]:
    """End what a token came from (RFC 7009): signing out."""
    with state.centre.base.ecriture() as connexion:
        return _json(Serveur(connexion, state.identites.acces).revoquer(_lus(body)))


def _json(reponse: Reponse) -> Response[Any]:
    return Response(reponse.corps, status_code=reponse.statut, headers=html.SANS_TRACE, media_type="application/json")


OAUTH = Router(
    "/oauth",
    route_handlers=[jwks, autoriser, partir, revenir, entrer, finir, lire_invitation, accepter, jetons, revoquer],
    request_max_body_size=16 * 1024,
    include_in_schema=False,
)
"""Not in the OpenAPI document: these are the OAuth 2 standards' own, and pages."""


def _accorder(state: State, request: _Brute, qui: Connecte) -> Response[Any]:
    """Close a sign-in and send its browser back with a code."""

    def finir(connexion: Connection) -> Reponse:
        lue = connexion.execute(select(demande).where(_celle(request))).one()
        connexion.execute(delete(demande).where(_celle(request)))
        return Serveur(connexion, state.identites.acces).accorder(lue.requete, qui)

    return _vers(state.centre.base.ecrire(finir), state)


def _en_cours(centre: Centre, request: _Brute) -> _Ligne:
    """Return the sign-in that this browser began. Raises EntreeRefusee."""
    with centre.base.lecture() as connexion:
        lue = connexion.execute(select(demande).where(_celle(request))).first()
    if lue is None or lue.expire_le <= datetime.now(UTC):
        raise EntreeRefusee("Cette connexion est terminée ou trop ancienne : recommencez depuis le poste.")
    return lue


def _celle(request: _Brute):  # type: ignore[no-untyped-def]  # noqa: ANN202 (a SQL condition)
    return demande.c.empreinte == empreinte(request.cookies.get(_COOKIE, ""))


def _vers(reponse: Reponse, state: State) -> Response[Any]:
    if reponse.location:
        return Redirect(reponse.location, status_code=303, headers=html.SANS_TRACE)
    return _page(
        state, "message.html", 400, titre="Connexion impossible", texte="Le poste a fait une demande que le centre ne peut pas suivre."
    )


def _refus(state: State, refus: EntreeRefusee) -> Response[Any]:
    return _page(state, "message.html", 403, titre="Connexion impossible", texte=str(refus))


def _page_invitation(state: State, secret: str, statut: int = 200, erreur: str = "") -> Response[Any]:
    with state.centre.base.lecture() as connexion:
        lu = comptes.invite(connexion, secret)
    image = segno.make(comptes.adresse_totp(lu)).svg_data_uri(scale=5)
    return _page(state, "invitation.html", statut, login=lu.login, image=image, secret_totp=lu.totp, erreur=erreur)


def _page(state: State, nom: str, statut: int = 200, **valeurs: object) -> Response[Any]:
    """Serve a page that posts only to us, the loopback and the provider."""
    suites = ["'self'", "http://127.0.0.1:*"]
    if state.identites.fournisseur is not None:
        parties = urlsplit(state.identites.fournisseur.reglages.emetteur)
        suites.append(f"{parties.scheme}://{parties.netloc}")
    return html.page(nom, statut, suites, **valeurs)


def _nom(state: State) -> str:
    fournisseur = state.identites.fournisseur
    return fournisseur.reglages.nom if fournisseur is not None else ""


def _lus(brut: bytes | str) -> dict[str, list[str]]:
    """Read a query or a form. Raises nothing: what is malformed is absent."""
    try:
        return parse_qs(brut.decode() if isinstance(brut, bytes) else brut, keep_blank_values=True, max_num_fields=40)
    except ValueError:
        return {}


def _un(formulaire: Mapping[str, list[str]], nom: str) -> str:
    return formulaire.get(nom, [""])[0]
