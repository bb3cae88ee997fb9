"""Presenters without a window: what they ask of the workers is done at once, on a workstation in step whose line is down."""

import shutil

import pytest

from guichet.presenters.poste import PostePresenter
from guichet.presenters.taches import Taches
from guichet.services import ouvrir_session
from tests.outils import PHRASE


class TachesImmediates(Taches):
    """Runs what is asked where it is asked: its answer, emitted from the same thread, is there when the call returns."""

    def _lancer(self, _equipe, travail, puis, sinon):
        if self._ouvert:
            self._executer(self._tour, travail, puis, sinon)


@pytest.fixture
def poste_de(en_phase, tmp_path, qapp):
    """Open the workstation of an agent, by his login."""
    ouverts = []

    def ouvrir(login):
        shutil.copytree(en_phase / login, tmp_path / login)
        poste = PostePresenter(TachesImmediates(), tmp_path, None)
        poste._session = ouvrir_session(tmp_path / login, PHRASE, None, "")
        poste.agent = poste._session.agent()
        poste.pannes = []
        poste.taches.panne.connect(poste.pannes.append)
        ouverts.append(poste)
        return poste

    yield ouvrir
    for poste in ouverts:
        poste.taches.fermer()
        poste._session.fermer()
        assert poste.pannes == []


@pytest.fixture
def recus():
    """Keep what signals emit: `recus(objet.signal)` returns the list that fills."""

    def garder(signal):
        liste = []
        signal.connect(lambda *valeurs: liste.append(valeurs[0] if len(valeurs) == 1 else valeurs))
        return liste

    return garder
