"""The authorities that this workstation trusts, read once: a tenth of a second, and signing in opens five lines."""

import os
import ssl
from functools import lru_cache

import httpx2


def autorites() -> ssl.SSLContext:
    """Return what checks a centre's certificate, as the variables of IT have it now."""
    return _lues(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@lru_cache(2)
def _lues(_fichier: str | None, _dossier: str | None) -> ssl.SSLContext:
    return httpx2.create_ssl_context()
