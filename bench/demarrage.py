"""Process start to first painted search box, against a bare PySide6 window with one table, and against git-cola's first visible window.

Guichet is started as its launcher starts it (guichet-bureau). Rounds are interleaved, medians compared. git-cola is a peer of the bench (Debian's git-cola), never a dependency: without it its line is left out.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.mesure import Banc, Mesure

_ENV = {nom: valeur for nom, valeur in os.environ.items() if nom != "PYTHONDONTWRITEBYTECODE"}
"""Both sides start from compiled modules, as they do on a user's machine; the first round, not counted, writes them."""
_NU = """
import sys
from PySide6.QtWidgets import QApplication, QTableWidget
class Table(QTableWidget):
    def paintEvent(self, e):
        super().paintEvent(e)
        print("peint", flush=True)
app = QApplication(sys.argv)
t = Table(20, 6)
t.resize(1280, 800)
t.show()
app.exec()
"""
_GUICHET = """
import sys
from PySide6.QtCore import QEvent, QObject
import guichet.app
class Guet(QObject):
    def eventFilter(self, o, e):
        if e.type() == QEvent.Type.Paint:
            print("peint", flush=True)
        return False
guet = Guet()
vraie = guichet.app.creer_fenetre
def creer(*a, **k):
    f = vraie(*a, **k)
    f.recherche.installEventFilter(guet)
    return f
guichet.app.creer_fenetre = creer
guichet.app.lancer(None, sys.argv[1])
"""


@dataclass(frozen=True)
class Tailles:
    tours: int
    """After one that is not counted."""
    pair: bool
    """Whether git-cola is started too."""


def mesurer(t: Tailles) -> Iterator[Mesure]:
    with tempfile.TemporaryDirectory() as dossier:
        nu, ici = [], []
        for _ in range(t.tours + 1):
            nu.append(_premier_trait([sys.executable, "-c", _NU]))
            ici.append(_premier_trait([sys.executable, "-c", _GUICHET, dossier]))
    a, b = statistics.median(ici[1:]), statistics.median(nu[1:])
    detail = f"{a * 1000:.0f} ms, {b * 1000:.0f} ms, off screen, {t.tours} turns"
    contre = "a bare PySide6 window with one table"
    yield Mesure("premier_trait", "process start to first painted search box", contre, 1.6, a / b, "×", detail)
    trouve, detail = _contre_git_cola(t)
    yield Mesure("fenetre_visible", "process start to visible window", "git-cola", 0.5, trouve, "×", detail)


def _contre_git_cola(t: Tailles) -> tuple[float | None, str]:
    """Return the ratio, if it is looked for, and what was compared."""
    if not t.pair:
        return None, "git-cola is left out of a short run"
    if absents := [outil for outil in ("git-cola", "Xvfb", "xdotool") if shutil.which(outil) is None]:
        return None, f"not on this machine: {', '.join(absents)}"
    with tempfile.TemporaryDirectory() as dossier, _ecran() as ecran:
        subprocess.run(["git", "init", "-q", "-b", "main", dossier], check=True)
        environnement = _ENV | {"DISPLAY": ecran, "QT_QPA_PLATFORM": "xcb", "HOME": dossier, "XDG_DATA_HOME": dossier}
        cola, ici = [], []
        for _ in range(t.tours + 1):
            cola.append(_premiere_fenetre(["git-cola", "--repo", dossier], ": ma", environnement))
            ici.append(_premiere_fenetre([sys.executable, "-c", "from guichet.app import main; main()"], "Guichet", environnement))
    a, b = statistics.median(ici[1:]), statistics.median(cola[1:])
    return a / b, f"{a * 1000:.0f} ms, {b * 1000:.0f} ms, Xvfb, {t.tours} turns"


def _premier_trait(commande: list[str]) -> float:
    debut = time.perf_counter()
    processus = subprocess.Popen(commande, stdout=subprocess.PIPE, env=_ENV | {"QT_QPA_PLATFORM": "offscreen"}, stderr=subprocess.DEVNULL)
    assert processus.stdout is not None
    processus.stdout.readline()
    duree = time.perf_counter() - debut
    processus.kill()
    processus.wait()
    return duree


def _premiere_fenetre(commande: list[str], nom: str, environnement: dict[str, str]) -> float:
    debut = time.perf_counter()
    processus = subprocess.Popen(commande, env=environnement, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    while not subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--name", nom], env=environnement, capture_output=True, check=False
    ).stdout:
        if time.perf_counter() - debut > 30:
            raise TimeoutError(nom)
        time.sleep(0.004)
    duree = time.perf_counter() - debut
    os.killpg(processus.pid, 9)
    processus.wait()
    while subprocess.run(["xdotool", "search", "--onlyvisible", "--name", nom], env=environnement, capture_output=True, check=False).stdout:
        time.sleep(0.02)
    return duree


@contextmanager
def _ecran() -> Iterator[str]:
    lecture, ecriture = os.pipe()
    xvfb = subprocess.Popen(
        ["Xvfb", "-displayfd", str(ecriture), "-screen", "0", "1280x900x24"], pass_fds=[ecriture], stderr=subprocess.DEVNULL
    )
    os.close(ecriture)
    with os.fdopen(lecture) as annonce:
        nom = f":{annonce.readline().strip()}"
    gestionnaire = (
        subprocess.Popen(["openbox"], env=os.environ | {"DISPLAY": nom}, stderr=subprocess.DEVNULL) if shutil.which("openbox") else None
    )
    try:
        time.sleep(0.5)
        yield nom
    finally:
        for processus in (gestionnaire, xvfb):
            if processus is not None:
                processus.terminate()
                processus.wait()


BANC = Banc(mesurer, court=Tailles(tours=1, pair=False), long=Tailles(tours=9, pair=True))
