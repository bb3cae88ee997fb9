"""The agents' identity provider: the centre is its confidential client (OpenID Connect Core; ProConnect, research/security.md §2.1)."""

import secrets
import threading
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import msgspec
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from guichet.central.identity.comptes import EntreeRefusee
from guichet.central.identity.identites import Reconnu
from guichet.central.identity.regles import regle

_FRAICHEUR_S = 3600
_DELAI_S = 10


class Reglages(msgspec.Struct, forbid_unknown_fields=True):
    """What IT writes in the file given to `guichet centre servir --identite`. `acr`: the levels that may come in, checked by us again.

    `cle_privee`: a P-256 key in a PEM file, with `private_key_jwt`; `secret`: a file that holds nothing else.
    """

    nom: str
    emetteur: str
    client_id: str
    acr: tuple[str, ...]
    secret: str = ""
    cle_privee: str = ""
    scope: str = "openid given_name usual_name email siret uid"
    algorithmes: tuple[str, ...] = ("ES256",)


def lire_reglages(fichier: Path) -> Reglages:
    """Read the file of the provider. Raises ValueError (with what is wrong) or OSError."""
    r = msgspec.convert(tomllib.loads(fichier.read_text("utf-8")), Reglages)
    if not r.acr or bool(r.secret) == bool(r.cle_privee):
        raise ValueError("acr, and one of secret and cle_privee, are required")
    dossier = fichier.parent
    for nom in ("secret", "cle_privee"):
        if chemin := getattr(r, nom):
            contenu = (dossier / chemin).read_text("utf-8").strip()
            if not contenu:
                raise ValueError(f"{chemin} is empty")
            setattr(r, nom, contenu)
    return r


@dataclass(frozen=True)
class Depart:
    """Where to send a browser, and what must come back with it."""

    adresse: str
    state: str
    nonce: str
    verificateur: str


class Fournisseur:
    """Speaks to one provider; its metadata and keys are read again every hour, and at once for a key never seen."""

    def __init__(self, reglages: Reglages, retour: str) -> None:
        self.reglages, self._retour = reglages, retour
        self._verrou = threading.Lock()
        self._meta: dict[str, Any] = {}
        self._cles = KeySet([])
        self._lu_le = 0.0

    def partir(self) -> Depart:
        """Begin a sign-in. Raises EntreeRefusee when the provider does not answer."""
        meta = self._metadonnees()
        state, nonce, verificateur = (secrets.token_urlsafe(48) for _ in range(3))
        acr = {"id_token": {"acr": {"essential": True, "values": list(self.reglages.acr)}}}
        with self._client() as client:
            adresse, _ = client.create_authorization_url(
                meta["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verificateur,
                claims=msgspec.json.encode(acr).decode(),
            )  # fmt: skip
        return Depart(adresse, state, nonce, verificateur)

    def revenir(self, depart: Depart, retour: dict[str, str]) -> Reconnu:
        """Take what the browser brought back and return who it is. Raises EntreeRefusee."""
        if not secrets.compare_digest(retour.get("state", "").encode(), depart.state.encode()):
            raise EntreeRefusee("Cette réponse n'est pas celle de votre connexion : recommencez depuis le poste.")
        meta = self._metadonnees()
        attend_iss = bool(meta.get("authorization_response_iss_parameter_supported"))
        if (attend_iss or "iss" in retour) and retour.get("iss") != self.reglages.emetteur:
            raise EntreeRefusee("Cette réponse ne vient pas du fournisseur d'identité attendu : recommencez depuis le poste.")
        if "code" not in retour:
            raise EntreeRefusee(f"{self.reglages.nom} n'a pas permis la connexion : recommencez, ou appelez l'assistance.")
        try:
            return self._echanger(meta, depart, retour["code"])
        except (AuthlibBaseError, JoseError, httpx2.HTTPError, ValueError, KeyError, TypeError) as erreur:
            raise EntreeRefusee(f"La réponse de {self.reglages.nom} n'est pas valable : recommencez depuis le poste.") from erreur

    def _echanger(self, meta: dict[str, Any], depart: Depart, code: str) -> Reconnu:
        with self._client() as client:
            jetons = client.fetch_token(
                meta["token_endpoint"], grant_type="authorization_code", code=code, redirect_uri=self._retour,
                code_verifier=depart.verificateur,
            )  # fmt: skip
            dit = self._verifier(jetons["id_token"], {"nonce": depart.nonce, "acr": None})
            personne = self._personne(client.get(meta["userinfo_endpoint"]))
        if dit["acr"] not in self.reglages.acr:
            raise EntreeRefusee("Une double authentification est exigée : activez-la chez votre fournisseur d'identité, puis recommencez.")
        if personne["sub"] != dit["sub"]:
            raise ValueError("userinfo is somebody else's")
        return Reconnu(self.reglages.emetteur, dit["sub"], str(personne["siret"]), str(personne["email"]), dit["acr"])

    def _personne(self, reponse: httpx2.Response) -> dict[str, Any]:
        reponse.raise_for_status()
        if reponse.headers.get("content-type", "").startswith("application/jwt"):
            return self._verifier(reponse.text, {}, date=False)
        lu: dict[str, Any] = reponse.json()
        return lu

    def _verifier(self, texte: str, exiges: dict[str, str | None], *, date: bool = True) -> dict[str, Any]:
        """Return the claims of a token of the provider's (OpenID Connect Core §3.1.3.7); `exiges`: claim, and its value when it is known."""
        jeton = jwt.decode(texte, lambda recu: self._cle(recu.headers().get("kid")), algorithms=list(self.reglages.algorithmes))
        exact = {"essential": True}
        options: dict[str, Any] = {
            "iss": exact | {"value": self.reglages.emetteur},
            "aud": exact | {"value": self.reglages.client_id},
            "sub": exact,
        }
        options |= {nom: exact if valeur is None else exact | {"value": valeur} for nom, valeur in exiges.items()}
        if date:
            options |= {"exp": exact, "iat": exact}
        jwt.JWTClaimsRegistry(leeway=regle("jetons")["horloge_s"], **options).validate(jeton.claims)
        if jeton.claims.get("azp", self.reglages.client_id) != self.reglages.client_id:
            raise ValueError("azp")
        return dict(jeton.claims)

    def _cle(self, kid: object) -> Any:  # noqa: ANN401 (joserfc's key)
        for essai in range(2):
            for cle in self._cles.keys:
                if kid is None or cle.kid == kid:
                    return cle
            if not essai:
                self._metadonnees(neuves=True)
        raise ValueError("unknown key")

    def _metadonnees(self, *, neuves: bool = False) -> dict[str, Any]:
        with self._verrou:
            if not self._meta or neuves or time.monotonic() - self._lu_le > _FRAICHEUR_S:
                try:
                    self._relire()
                except (httpx2.HTTPError, JoseError, ValueError, KeyError) as erreur:
                    raise EntreeRefusee(f"{self.reglages.nom} ne répond pas : réessayez dans un moment.") from erreur
            return self._meta

    def _relire(self) -> None:
        with httpx2.Client(timeout=_DELAI_S) as http:
            meta = http.get(f"{self.reglages.emetteur.rstrip('/')}/.well-known/openid-configuration").raise_for_status().json()
            if meta["issuer"] != self.reglages.emetteur:
                raise ValueError("the provider is not the one named")
            self._cles = KeySet.import_key_set(http.get(meta["jwks_uri"]).raise_for_status().json())
        self._meta, self._lu_le = meta, time.monotonic()

    def _client(self) -> OAuth2Client:
        r = self.reglages
        client = OAuth2Client(
            r.client_id, ECKey.import_key(r.cle_privee) if r.cle_privee else r.secret, scope=r.scope, redirect_uri=self._retour, code_challenge_method="S256",
            token_endpoint_auth_method="private_key_jwt" if r.cle_privee else "client_secret_post", timeout=_DELAI_S,
        )  # fmt: skip
        if r.cle_privee:
            client.register_client_auth_method(PrivateKeyJWT(self._meta.get("token_endpoint"), alg="ES256"))
        return client
