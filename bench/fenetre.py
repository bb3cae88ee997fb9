"""The real window on a filled store, off screen."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from bench.magasin import PHRASE
from guichet.app import creer_application, creer_fenetre
from guichet.views.shell import Fenetre


def ouvrir(dossier: Path, url: str | None = None, jeton: str = "") -> Fenetre:
    """Show the window signed in on a vault of the bench, beside a centre when there is one."""
    QApplication.instance() or creer_application(["bench"])
    fenetre = creer_fenetre(dossier, url, demonstration=False)
    fenetre.show()
    fenetre.poste.entrer(PHRASE, jeton)
    attendre(lambda: fenetre.onglets.count() > 0, 120)
    return fenetre


def attendre(condition: Callable[[], object], secondes: float = 30) -> None:
    """Let an event loop run until something is true, looked at every millisecond. Raises TimeoutError.

    As in the product, it leaves the interpreter to the workers while it sleeps; QTest.qWait keeps it, and has each row that a worker reads
    wait for a millisecond.
    """
    boucle, battement, fin = QEventLoop(), QTimer(), time.perf_counter() + secondes

    def regarder() -> None:
        if condition() or time.perf_counter() > fin:
            boucle.quit()

    battement.timeout.connect(regarder)
    battement.start(1)
    boucle.exec()
    if not condition():
        raise TimeoutError


def peindre(widget: QWidget) -> None:
    """Paint what is waiting to be painted, now, once what it replaces is gone."""
    QApplication.sendPostedEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # type: ignore[arg-type]
    widget.repaint()
