"""Signing in by the system's browser (RFC 8252): the loopback listens for one answer, then closes."""

import secrets
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx2
from authlib.common.security import generate_token
from authlib.oauth2.client import OAuth2Client

from guichet.sync.client import traduire
from guichet.sync.erreurs import ConnexionAbandonnee, ConnexionRefusee, Injoignable, PortailCaptif, SessionExpiree
from guichet.sync.porteur import CLIENT, Jetons, demander_jetons
from guichet.sync.tls import autorites

_CHEMIN = "/retour"
_PATIENCE_S = 300
_TOUR_S = 0.25
_PAGE = (
    "<!doctype html><html lang='fr'><meta charset='utf-8'><title>Guichet</title>"
    "<body style='font:1.1rem system-ui;margin:10vh auto;max-width:30rem'><h1>{titre}</h1><p>{texte}</p></body></html>"
)


def se_connecter(url: str, montrer: Callable[[str], None], arret: threading.Event) -> Jetons:
    """Have a person sign in: `montrer` is given the address to open in the browser; `arret` gives up.

    Raises Injoignable, ConnexionRefusee (with the reason) or ConnexionAbandonnee.
    """
    url = url.rstrip("/")
    meta = _metadonnees(url)
    verificateur, state = generate_token(64), secrets.token_urlsafe(32)
    with _Ecoute() as ecoute:
        retour = f"http://127.0.0.1:{ecoute.server_port}{_CHEMIN}"
        client = OAuth2Client(None, CLIENT, redirect_uri=retour, code_challenge_method="S256")
        adresse, _ = client.create_authorization_url(meta["authorization_endpoint"], state=state, code_verifier=verificateur)
        ecoute.attendu = state, url
        montrer(adresse)
        code = ecoute.attendre(arret)
    try:
        return demander_jetons(
            url, {"grant_type": "authorization_code", "code": code, "redirect_uri": retour, "code_verifier": verificateur}
        )
    except SessionExpiree as erreur:
        raise ConnexionRefusee from erreur


def _metadonnees(url: str) -> dict[str, str]:
    """Read how the centre lets people in; it must say that it is the one we know. Raises Injoignable."""
    try:
        reponse = httpx2.get(f"{url}/.well-known/oauth-authorization-server", timeout=20, verify=autorites())
    except httpx2.TransportError as erreur:
        raise traduire(erreur) from erreur
    if reponse.status_code >= 500:
        raise Injoignable
    try:
        meta: dict[str, str] = reponse.json()
        if reponse.status_code == 200 and meta["issuer"] == url and meta["authorization_endpoint"].startswith(f"{url}/"):
            return meta
    except (ValueError, KeyError, TypeError, AttributeError) as erreur:
        raise PortailCaptif from erreur
    raise PortailCaptif


class _Ecoute(HTTPServer):
    """Takes one answer: the first whose `state` is ours. Anything else is told so and changes nothing."""

    timeout = _TOUR_S
    allow_reuse_address = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Retour)
        self.attendu = "", ""
        self.recu: dict[str, str] | None = None

    def attendre(self, arret: threading.Event) -> str:
        """Return the code that the browser brings. Raises ConnexionAbandonnee or ConnexionRefusee."""
        fin = time.monotonic() + _PATIENCE_S
        while self.recu is None:
            if arret.is_set() or time.monotonic() > fin:
                raise ConnexionAbandonnee
            self.handle_request()
        if self.recu.get("iss") != self.attendu[1] or "code" not in self.recu:
            raise ConnexionRefusee
        return self.recu["code"]


class _Retour(BaseHTTPRequestHandler):
    server: _Ecoute
    timeout = 5

    def do_GET(self) -> None:
        """Take the browser's return; the page it gets holds nothing."""
        adresse = urlsplit(self.path)
        lus = {nom: valeurs[0] for nom, valeurs in parse_qs(adresse.query).items()}
        hote = self.headers.get("Host", "")
        ici = hote == f"127.0.0.1:{self.server.server_port}" and adresse.path == _CHEMIN
        if (
            not ici
            or self.server.recu is not None
            or not secrets.compare_digest(lus.get("state", "").encode(), self.server.attendu[0].encode())
        ):
            self._repondre(404, "Page inconnue", "Cette adresse ne sert qu'à une connexion en cours.")
            return
        self.server.recu = lus
        if "code" in lus:
            self._repondre(200, "Vous êtes connecté", "Revenez à Guichet : vous pouvez fermer cette page.")
        else:
            self._repondre(200, "Connexion impossible", "Revenez à Guichet et recommencez.")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's own name)
        """Keep codes and states out of any log."""

    def _repondre(self, statut: int, titre: str, texte: str) -> None:
        corps = _PAGE.format(titre=titre, texte=texte).encode()
        self.send_response(statut)
        for nom, valeur in (
            ("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(corps))), ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"), ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
        ):  # fmt: skip
            self.send_header(nom, valeur)
        self.end_headers()
        self.wfile.write(corps)
