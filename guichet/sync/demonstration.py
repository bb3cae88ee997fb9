"""Signing in to a demonstration by one click: the program fills in the centre's own pages, as their person would in a browser."""

import threading
import time
from urllib.parse import urlsplit

import httpx2
import pyotp

from guichet.contract.demonstration import GRAINE_TOTP, PHRASE
from guichet.sync.client import traduire
from guichet.sync.connexion import se_connecter
from guichet.sync.erreurs import ConnexionAbandonnee, ConnexionRefusee, Injoignable
from guichet.sync.porteur import Jetons
from guichet.sync.tls import autorites

_PAS_S = 30
_DELAI_S = 20
_CODES = 3
"""How many a moment has: this one, the one before, the next."""


def entrer(url: str, login: str) -> Jetons:
    """Sign in with a demonstration account. Raises Injoignable, or ConnexionRefusee where it is closed."""
    arret, echecs = threading.Event(), list[Exception]()

    def remplir(adresse: str) -> None:
        try:
            _remplir(adresse, login)
        except (Injoignable, ConnexionRefusee) as erreur:
            echecs.append(erreur)
            arret.set()

    # The loopback answers from this thread, so another one goes through the pages.
    try:
        return se_connecter(url, lambda adresse: threading.Thread(target=remplir, args=(adresse,), daemon=True).start(), arret)
    except ConnexionAbandonnee:
        raise echecs[0] if echecs else ConnexionRefusee() from None


def _remplir(adresse: str, login: str) -> None:
    parties = urlsplit(adresse)
    centre = f"{parties.scheme}://{parties.netloc}/oauth"
    try:
        with httpx2.Client(timeout=_DELAI_S, follow_redirects=True, verify=autorites()) as navigateur:
            navigateur.get(adresse)
            if navigateur.post(f"{centre}/compte", data={"login": login, "mot_de_passe": PHRASE}).status_code != 200:
                raise ConnexionRefusee
            # A code serves once: who comes back within the half-minute has the one before or the next, which the centre takes too, then waits.
            for rang, pas in enumerate((-1, 0, 1, 1)):
                if rang == _CODES:
                    time.sleep(_PAS_S)
                code = pyotp.TOTP(GRAINE_TOTP).at(int(time.time()) + pas * _PAS_S)
                if navigateur.post(f"{centre}/code", data={"code": code}).status_code == 200:
                    return
    except httpx2.TransportError as erreur:
        raise traduire(erreur) from erreur
    raise ConnexionRefusee
