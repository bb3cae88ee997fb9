"""A filled centre on either engine, and its API; a module that wants them otherwise has its own."""

import pytest
from litestar.testing import TestClient

from guichet.central.app import creer_application
from guichet.central.base import BaseCentre


@pytest.fixture
def base(url_base):
    ouverte = BaseCentre(url_base)
    yield ouverte
    ouverte.fermer()


@pytest.fixture
def client(base, tmp_path):
    with TestClient(creer_application(base, tmp_path / "pieces"), raise_server_exceptions=False) as ouvert:
        yield ouvert
