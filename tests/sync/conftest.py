"""Two workstations in step with a real centre, and its database beside."""

import shutil

import pytest

from guichet.central.base import BaseCentre
from tests.sync.outils import BAILLEUR, CAF, poste


@pytest.fixture
def base(centre):
    ouverte = BaseCentre(centre.base)
    yield ouverte
    ouverte.fermer()


def _rouvrir(en_phase, dossier, centre, login):
    shutil.copytree(en_phase / login, dossier)
    session = poste(dossier, centre, login)
    session.synchroniser()
    yield session
    session.fermer()


@pytest.fixture
def caf(en_phase, centre, tmp_path):
    yield from _rouvrir(en_phase, tmp_path / "caf", centre, CAF)


@pytest.fixture
def bailleur(en_phase, centre, tmp_path):
    yield from _rouvrir(en_phase, tmp_path / "bailleur", centre, BAILLEUR)
