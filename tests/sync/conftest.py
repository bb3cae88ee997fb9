"""Two workstations in step with a real centre, and its database beside."""

import pytest

from guichet.central.base import BaseCentre
from tests.sync.outils import BAILLEUR, CAF, poste


@pytest.fixture
def base(centre):
    ouverte = BaseCentre(centre.base)
    yield ouverte
    ouverte.fermer()


def _en_phase(dossier, centre, login):
    session = poste(dossier, centre, login)
    session.synchroniser()
    yield session
    session.fermer()


@pytest.fixture
def caf(centre, tmp_path):
    yield from _en_phase(tmp_path / "caf", centre, CAF)


@pytest.fixture
def bailleur(centre, tmp_path):
    yield from _en_phase(tmp_path / "bailleur", centre, BAILLEUR)
