"""The authorization server of workstations (RFC 8252, 7636, 9207, 7009), on Authlib: one public client, one flow."""

import re
import secrets
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, InvalidRequestError, OAuth2Payload, OAuth2Request
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, RefreshTokenGrant
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc9207 import IssuerParameter
from sqlalchemy import Connection

from guichet.central.identity import familles
from guichet.central.identity.acces import CLIENT, Acces, Connecte
from guichet.central.identity.regles import regle

RETOUR = "/retour"
"""Where a workstation listens, on 127.0.0.1 and a port of the moment (RFC 8252 §7.3)."""
_ETAT_AU_MOINS = 32
_DEFI = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass
class Reponse:
    """An answer of the flow: `corps` goes as JSON, and `location` turns a browser away."""

    statut: int
    corps: Any
    location: str = ""


class _Corps(OAuth2Payload):  # type: ignore[misc]
    def __init__(self, parametres: Mapping[str, list[str]]) -> None:
        self._parametres = parametres

    @property
    def data(self) -> dict[str, str]:
        return {nom: valeurs[0] for nom, valeurs in self._parametres.items()}

    @property
    def datalist(self) -> defaultdict[str, list[str]]:
        return defaultdict(list, self._parametres)


class _Requete(OAuth2Request):  # type: ignore[misc]
    def __init__(self, methode: str, parametres: Mapping[str, list[str]]) -> None:
        # Transport is the front's matter (TLS, or the loopback of a demonstration): Authlib is not told of it.
        super().__init__(methode, "https://centre/")
        self.payload = _Corps(parametres)

    @property
    def form(self) -> dict[str, str]:
        donnees: dict[str, str] = self.payload.data
        return donnees


class _Poste(ClientMixin):  # type: ignore[misc]
    """The one client: it keeps no secret, since whoever has the program would have it."""

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> None:
        return None

    def get_allowed_scope(self, scope: str) -> str:  # noqa: ARG002 (rights are read at each request, never carried)
        return ""

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return retour_valide(redirect_uri)

    def check_client_secret(self, client_secret: str) -> bool:  # noqa: ARG002
        return False

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:  # noqa: ARG002
        return method == "none"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in ("authorization_code", "refresh_token")

    def check_client(self, client: "_Poste") -> bool:
        return client.get_client_id() == CLIENT


def retour_valide(adresse: str) -> bool:
    """Tell whether a browser may be sent there: the loopback by its number, any port, our path, nothing else (RFC 8252 §7.3, §8.3)."""
    try:
        parties = urlsplit(adresse)
        port = parties.port
    except ValueError:
        return False
    return port is not None and adresse == f"http://127.0.0.1:{port}{RETOUR}"


@dataclass
class _CodeLu:
    qui: Connecte
    redirect_uri: str
    code_challenge: str
    code_challenge_method: str = "S256"

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return ""


@dataclass
class _RafraichissementLu:
    qui: Connecte

    def get_scope(self) -> str:
        return ""

    def check_client(self, client: _Poste) -> bool:
        return client.check_client(client)


class _S256(CodeChallenge):  # type: ignore[misc]
    """PKCE, by S256 alone and always (RFC 9700 §2.1.1)."""

    DEFAULT_CODE_CHALLENGE_METHOD = None
    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:  # noqa: ANN401 (Authlib's hook)
        donnees = grant.request.payload.data
        if donnees.get("code_challenge_method") != "S256" or not _DEFI.fullmatch(donnees.get("code_challenge", "")):
            raise InvalidRequestError("PKCE with S256 is required.")
        if len(donnees.get("state", "")) < _ETAT_AU_MOINS:
            raise InvalidRequestError("'state' is too short.")
        super().validate_code_challenge(grant, redirect_uri)


class _Code(AuthorizationCodeGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = ("none",)

    def save_authorization_code(self, code: str, request: _Requete) -> None:
        demande = request.payload
        familles.garder_code(self.server.connexion, code, request.user.famille, demande.redirect_uri, demande.data["code_challenge"])

    def query_authorization_code(self, code: str, client: _Poste) -> _CodeLu | None:  # noqa: ARG002 (there is one client)
        lu = familles.prendre_code(self.server.connexion, code)
        qui = familles.vivante(self.server.connexion, lu.famille) if lu is not None else None
        return _CodeLu(qui, lu.retour, lu.defi) if lu is not None and qui is not None else None

    def delete_authorization_code(self, authorization_code: _CodeLu) -> None:
        """It is used up since it was read: a second use must still be seen."""

    def authenticate_user(self, authorization_code: _CodeLu) -> Connecte:
        return authorization_code.qui


class _Rafraichir(RefreshTokenGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = ("none",)
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> _RafraichissementLu | None:
        qui = familles.prendre_rafraichissement(self.server.connexion, refresh_token)
        return _RafraichissementLu(qui) if qui is not None else None

    def authenticate_user(self, refresh_token: _RafraichissementLu) -> Connecte:
        return refresh_token.qui

    def revoke_old_credential(self, refresh_token: _RafraichissementLu) -> None:
        """It is used up since it was read: a second use must still be seen."""


class _Revocation(RevocationEndpoint):  # type: ignore[misc]
    CLIENT_AUTH_METHODS = ("none",)

    def query_token(self, token_string: str, token_type_hint: str | None) -> _RafraichissementLu | None:  # noqa: ARG002
        famille = familles.famille_de(self.server.connexion, token_string)
        qui = familles.vivante(self.server.connexion, famille) if famille is not None else None
        return _RafraichissementLu(qui) if qui is not None else None

    def revoke_token(self, token: _RafraichissementLu, request: _Requete) -> None:  # noqa: ARG002
        familles.revoquer(self.server.connexion, token.qui.famille)


class _Emetteur(IssuerParameter):  # type: ignore[misc]
    def __init__(self, emetteur: str) -> None:
        self._emetteur = emetteur

    def get_issuer(self) -> str:
        return self._emetteur


class Serveur(AuthorizationServer):  # type: ignore[misc]
    """The flow over one transaction; an answer that refuses may have revoked, so its transaction is kept too."""

    def __init__(self, connexion: Connection, acces: Acces) -> None:
        super().__init__()
        self.connexion, self._acces = connexion, acces
        self.register_grant(_Code, [_S256(required=True)])
        self.register_grant(_Rafraichir)
        self.register_endpoint(_Revocation)
        self.register_token_generator("default", self._jetons)
        self._emetteur = _Emetteur(acces.emetteur)
        self._emetteur(self)

    def examiner(self, parametres: Mapping[str, list[str]]) -> Reponse | None:
        """Check what a workstation asks for, before anybody is asked to sign in; return what to answer when it is not fit."""
        try:
            self.get_consent_grant(_Requete("GET", parametres))
        except OAuth2Error as erreur:
            reponse: Reponse = self.handle_error_response(None, erreur)
            self._emetteur.add_issuer_parameter(self, reponse)
            return reponse
        return None

    def accorder(self, parametres: Mapping[str, list[str]], qui: Connecte | None) -> Reponse:
        """Send a browser back to the workstation with a code, or without when nobody signed in; `qui.famille` is opened here."""
        requete = _Requete("GET", parametres)
        if qui is not None:
            qui = replace(qui, famille=familles.ouvrir(self.connexion, qui.agent_id, qui.portee, qui.acr))
        reponse: Reponse = self.create_authorization_response(requete, qui, self.get_authorization_grant(requete))
        return reponse

    def jetons(self, formulaire: Mapping[str, list[str]]) -> Reponse:
        """Exchange a code or a refresh token."""
        reponse: Reponse = self.create_token_response(_Requete("POST", formulaire))
        return reponse

    def revoquer(self, formulaire: Mapping[str, list[str]]) -> Reponse:
        """End the family of a token: signing out."""
        reponse: Reponse = self.create_endpoint_response("revocation", _Requete("POST", formulaire))
        return reponse

    def query_client(self, client_id: str) -> _Poste | None:
        """Return our one client."""
        return _Poste() if client_id == CLIENT else None

    def create_oauth2_request(self, request: _Requete) -> _Requete:
        """Take a request as it is: made here."""
        return request

    def save_token(self, token: dict[str, Any], request: _Requete) -> None:
        """Write the refresh token down; access tokens are not kept."""
        familles.garder_rafraichissement(self.connexion, token["refresh_token"], request.user.famille)

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens."""

    def handle_response(self, status: int, body: Any, headers: list[tuple[str, str]]) -> Reponse:  # noqa: ANN401 (Authlib's bodies)
        """Return what Authlib decided."""
        return Reponse(status, body, dict(headers).get("Location", ""))

    def _jetons(self, *, user: Connecte, **_: object) -> dict[str, Any]:
        return {
            "token_type": "Bearer", "access_token": self._acces.signer(user), "expires_in": regle("jetons")["acces_min"] * 60,
            "refresh_token": secrets.token_urlsafe(32),
        }  # fmt: skip
