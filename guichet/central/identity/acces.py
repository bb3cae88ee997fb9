"""Access tokens (RFC 9068): signed by us with ES256, good for minutes, checked at each request."""

import secrets
import time
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwt import ClaimsOption

from guichet.central.identity.cles import Cles
from guichet.central.identity.regles import regle
from guichet.central.refus import RefusCentre
from guichet.contract.codes import Code

CLIENT = "guichet-poste"
_LONGUEUR = 4096
"""Ours are about 700 characters: nothing longer is worth parsing."""


@dataclass(frozen=True)
class Connecte:
    """Whom a family of tokens stands for; `acr`: how strongly he proved it."""

    agent_id: str
    portee: str
    famille: str
    acr: str

    def get_user_id(self) -> str:
        """Return the subject, by the name Authlib asks for."""
        return self.agent_id


class Acces:
    """Signs and checks; `emetteur` is the centre's public address, and the audience."""

    def __init__(self, cles: Cles, emetteur: str) -> None:
        self.cles, self.emetteur = cles, emetteur

    def signer(self, qui: Connecte) -> str:
        """Return a new token."""
        maintenant, cle = int(time.time()), self.cles.courante()
        return jwt.encode(
            {"alg": "ES256", "typ": "at+jwt", "kid": cle.kid},
            {
                "iss": self.emetteur, "aud": self.emetteur, "sub": qui.agent_id, "client_id": CLIENT, "iat": maintenant,
                "exp": maintenant + regle("jetons")["acces_min"] * 60, "jti": secrets.token_urlsafe(16), "sid": qui.famille,
                "portee": qui.portee, "acr": qui.acr,
            },
            cle,
        )  # fmt: skip

    def verifier(self, texte: str) -> Connecte:
        """Return whom a token stands for, its family not yet looked at. Raises RefusCentre 401."""
        try:
            lu = self._lire(texte)
        except (JoseError, ValueError, TypeError, KeyError, RecursionError) as erreur:
            expire = getattr(erreur, "error", "") == "expired_token"
            code, mots = (Code.JETON_EXPIRE, "a expiré") if expire else (Code.NON_CONNECTE, "n'est pas du centre")
            raise RefusCentre(401, code, f"Ce jeton {mots} : reconnectez-vous, rien n'est perdu.") from erreur
        return Connecte(lu["sub"], lu["portee"], lu["sid"], lu["acr"])

    def _lire(self, texte: str) -> dict[str, Any]:
        if len(texte) > _LONGUEUR:
            raise ValueError("too long")
        jeton = jwt.decode(texte, lambda recu: self._cle(recu.headers()), algorithms=["ES256"])
        if jeton.header.get("typ") != "at+jwt":
            raise ValueError("not an access token")
        exact: ClaimsOption = {"essential": True}
        nous: ClaimsOption = {"essential": True, "value": self.emetteur}
        jwt.JWTClaimsRegistry(
            leeway=regle("jetons")["horloge_s"], iss=nous, aud=nous, client_id={"essential": True, "value": CLIENT}, exp=exact, iat=exact,
            sub=exact, sid=exact, portee=exact, acr=exact, jti=exact,
        ).validate(jeton.claims)  # fmt: skip
        for nom in ("sub", "sid", "portee", "acr"):
            if not isinstance(jeton.claims[nom], str):
                raise TypeError(nom)
        return dict(jeton.claims)

    def _cle(self, entete: dict[str, Any]) -> Any:  # noqa: ANN401 (joserfc's key)
        kid = entete["kid"]
        if not isinstance(kid, str) or not self.cles.connait(kid):
            raise ValueError("unknown key")
        return self.cles.toutes().get_by_kid(kid)
