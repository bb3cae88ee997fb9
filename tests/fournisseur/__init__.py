"""A real OpenID Connect provider, started by the tests: the version that ProConnect itself runs (package.json)."""

import json
import select
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ICI = Path(__file__).parent
SECRET = "secret d'essai, plus long que trente-deux signes"
CLIENT = "guichet-centre"
DEMARRAGE, ESSAIS = 60, 3
"""Seconds given to a start, and how many starts: it takes one second, and was once seen to hang for five minutes before its first line."""


@contextmanager
def fournisseur(comptes: dict[str, dict[str, str]], retour: str, **client: object) -> Iterator[str]:
    """Start a provider that knows these people and this client; yield its address."""
    if shutil.which("node") is None or not (ICI / "node_modules").is_dir():
        pytest.skip("the OpenID Connect provider is not installed (make outils-essais installs it; .ci/run does)")
    reglages = {
        "client": {
            "client_id": CLIENT, "redirect_uris": [retour], "id_token_signed_response_alg": "ES256", "userinfo_signed_response_alg": "ES256",
        } | (client or {"client_secret": SECRET, "token_endpoint_auth_method": "client_secret_post"}),
        "comptes": comptes,
    }  # fmt: skip
    commande = ["node", ICI / "serveur.mjs", json.dumps(reglages)]
    for _ in range(ESSAIS):
        with subprocess.Popen(commande, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as processus:
            try:
                if select.select([processus.stdout], [], [], DEMARRAGE)[0]:
                    yield next(ligne for ligne in processus.stdout if ligne.startswith("http")).strip()
                    return
            finally:
                processus.kill()
    pytest.fail(f"the OpenID Connect provider said nothing in {ESSAIS} starts of {DEMARRAGE} s")
