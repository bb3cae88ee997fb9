"""The tokens of a sign-in: the access token taken again before it ends, the refresh token that turns each time (research/security.md §2.4)."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx2
import msgspec

from guichet.sync.erreurs import Injoignable, PortailCaptif, SessionExpiree
from guichet.sync.tls import autorites

CLIENT = "guichet-poste"
_AVANCE_S = 60
"""How long before its end an access token is taken again: a file's part may be long on its way."""
_DELAI_S = 20


@dataclass(frozen=True)
class Jetons:
    """What a sign-in or a refresh gives; `fin`: when the access token ends, on this process's own clock."""

    acces: str
    rafraichissement: str
    fin: float


class _Recus(msgspec.Struct):
    access_token: str
    refresh_token: str
    expires_in: float


class Porteur:
    """Gives the access token to whoever speaks to the centre; one thread at a time asks for another.

    `garder` keeps each refresh token before the access token that came with it is used: the one before is worth nothing any more.
    """

    def __init__(self, url: str, garder: Callable[[str], None], rafraichissement: str = "", jetons: Jetons | None = None) -> None:
        self._url, self._garder = url.rstrip("/"), garder
        self._verrou = threading.Lock()
        self._rafraichissement = jetons.rafraichissement if jetons is not None else rafraichissement
        self._jetons = jetons

    def acces(self) -> str:
        """Return a token that is good now. Raises SessionExpiree, or Injoignable."""
        with self._verrou:
            if self._jetons is None or time.monotonic() > self._jetons.fin - _AVANCE_S:
                self._tourner()
            assert self._jetons is not None
            return self._jetons.acces

    def adopter(self, jetons: Jetons) -> None:
        """Go on with the tokens of a new sign-in."""
        with self._verrou:
            self._garder(jetons.rafraichissement)
            self._jetons, self._rafraichissement = jetons, jetons.rafraichissement

    def renoncer(self) -> None:
        """Sign out: have the centre end what the sign-in gave, if it answers, and forget it here."""
        with self._verrou:
            jeton, self._rafraichissement, self._jetons = self._rafraichissement, "", None
            self._garder("")
        if jeton:
            with suppress(Injoignable):
                demander(self._url, "revoke", {"token": jeton, "token_type_hint": "refresh_token"})

    def _tourner(self) -> None:
        if not self._rafraichissement:
            raise SessionExpiree
        try:
            jetons = demander_jetons(self._url, {"grant_type": "refresh_token", "refresh_token": self._rafraichissement})
        except SessionExpiree:
            self._rafraichissement, self._jetons = "", None
            self._garder("")
            raise
        self._garder(jetons.rafraichissement)
        self._jetons, self._rafraichissement = jetons, jetons.rafraichissement


class Autorisation(httpx2.Auth):
    """Puts the access token on each request; a plain text is a demonstration's or a script's, which does not turn."""

    def __init__(self, jeton: str | Porteur) -> None:
        self._jeton = jeton

    def sync_auth_flow(self, request: httpx2.Request) -> Any:  # noqa: ANN401 (httpx2's generator)
        """Sign one request."""
        acces = self._jeton if isinstance(self._jeton, str) else self._jeton.acces()
        if acces:
            request.headers["Authorization"] = f"Bearer {acces}"
        yield request


def demander_jetons(url: str, formulaire: dict[str, str]) -> Jetons:
    """Ask for tokens. Raises SessionExpiree when the centre refuses, Injoignable when it does not answer as it should."""
    debut = time.monotonic()
    reponse = demander(url, "token", formulaire)
    if reponse.status_code in (400, 401):
        raise SessionExpiree
    try:
        recus = msgspec.json.decode(reponse.content, type=_Recus)
    except (msgspec.MsgspecError, UnicodeDecodeError) as erreur:
        raise PortailCaptif from erreur
    return Jetons(recus.access_token, recus.refresh_token, debut + recus.expires_in)


def demander(url: str, verbe: str, formulaire: dict[str, str]) -> httpx2.Response:
    """Post a form to the centre's authorization server. Raises Injoignable."""
    from guichet.sync.client import traduire

    try:
        reponse = httpx2.post(
            f"{url.rstrip('/')}/oauth/{verbe}", data={"client_id": CLIENT} | formulaire, timeout=_DELAI_S, verify=autorites()
        )
    except httpx2.TransportError as erreur:
        raise traduire(erreur) from erreur
    if reponse.status_code >= 500:
        raise Injoignable
    return reponse
