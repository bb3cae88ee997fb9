"""Where cycles of objects are freed: a timer in one, that another thread would end, takes the program along."""

import gc
import threading

import pytest
from PySide6.QtCore import QObject, QTimer

from guichet.presenters.collecteur import Collecteur


class Partie(QObject):
    """Holds itself, as what shows a window does by its callbacks, and says which thread frees it."""

    def __init__(self, fins):
        super().__init__()
        self.soi, self.fins = self, fins
        QTimer(self).start(10_000)

    def __del__(self):
        self.fins.append(threading.current_thread())


def _allouer():
    assert len([[n] for n in range(200_000)]) == 200_000


def _a_cote():
    ouvrier = threading.Thread(target=_allouer)
    ouvrier.start()
    ouvrier.join()


@pytest.fixture(autouse=True)
def _comme_au_depart():
    """Python's own collector at work, with nothing to do yet."""
    gc.enable()
    gc.collect()
    yield
    gc.disable()


def test_what_a_window_leaves_is_freed_by_its_own_thread_whoever_works_beside(qtbot, qapp):
    fins = []
    gardes = []
    collecteur = Collecteur(qapp)
    try:
        Partie(fins)
        _a_cote()
        assert fins == [], "another thread freed it"
        qtbot.waitUntil(lambda: gardes.extend([n] for n in range(1_000)) or bool(fins))
        assert fins == [threading.main_thread()]
    finally:
        collecteur.deleteLater()


def test_without_it_the_thread_that_allocates_frees(qapp):
    """What the other test would not see if Python stopped doing so."""
    fins = []

    class Simple:
        def __init__(self):
            self.soi = self

        def __del__(self):
            fins.append(threading.current_thread())

    Simple()
    _a_cote()
    assert fins
    assert fins[0] is not threading.main_thread()
