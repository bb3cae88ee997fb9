"""The same start in a real window, by keyboard only, under a virtual X screen; its pictures are kept where the run asks for it."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PIL import ImageGrab

from guichet.rules.identifiants import cle_nir
from tests.outils import ICI
from tests.views.outils import ECRANS

OUTILS = ("Xvfb", "openbox", "xdotool")


@pytest.fixture
def ecran(tmp_path):
    """A virtual screen with a window manager; yields its name."""
    manquants = [outil for outil in OUTILS if shutil.which(outil) is None]
    if manquants:
        pytest.skip(f"not installed: {', '.join(manquants)} (make outils-essais installs them; .ci/run does)")
    lecture, ecriture = os.pipe()
    xvfb = subprocess.Popen(
        ["Xvfb", "-displayfd", str(ecriture), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
        pass_fds=[ecriture],
        stderr=subprocess.DEVNULL,
    )
    os.close(ecriture)
    with os.fdopen(lecture) as annonce:
        nom = f":{annonce.readline().strip()}"
    gestionnaire = subprocess.Popen(["openbox"], env=os.environ | {"DISPLAY": nom, "HOME": str(tmp_path)}, stderr=subprocess.DEVNULL)
    yield nom
    for processus in (gestionnaire, xvfb):
        processus.terminate()
        processus.wait()


def _attendre(condition: Callable[[], object], secondes: float = 40) -> object:
    fin = time.monotonic() + secondes
    while time.monotonic() < fin:
        if rendu := condition():
            return rendu
        time.sleep(0.15)
    raise AssertionError("it did not happen in time")


def _au_travail(programme: int) -> bool:
    """Tell whether a thread of a process, or of those it started, runs or waits for the disk."""
    rendu = subprocess.run(["ps", "-eLo", "pid=,ppid=,stat="], capture_output=True, text=True, check=True).stdout
    fils = [(int(pid), int(parent), etat[0]) for pid, parent, etat in (ligne.split() for ligne in rendu.splitlines())]
    famille, avant = {programme}, 0
    while avant != len(famille):
        avant = len(famille)
        famille |= {pid for pid, parent, _ in fils if parent in famille}
    return any(pid in famille and etat in "RD" for pid, _, etat in fils)


class Clavier:
    """Keys, and what they did at the centre."""

    def __init__(self, ecran: str, dossier: Path, programme: int) -> None:
        self._environnement = os.environ | {"DISPLAY": ecran}
        self.ecran, self._dossier, self._programme = ecran, dossier, programme

    def touches(self, *touches: str) -> None:
        subprocess.run(["xdotool", "key", "--delay", "60", *touches], env=self._environnement, check=True)
        self.calme()

    def taper(self, texte: str) -> None:
        subprocess.run(["xdotool", "type", "--delay", "25", texte], env=self._environnement, check=True)
        self.calme()

    def calme(self) -> None:
        """Wait until the program, its centre and its workshop have had nothing to do for three looks in a row."""
        suite = 0
        while suite < 3:
            time.sleep(0.07)
            suite = 0 if _au_travail(self._programme) else suite + 1

    def fenetre(self, nom: str) -> bool:
        return (
            subprocess.run(
                ["xdotool", "search", "--onlyvisible", "--name", nom], env=self._environnement, capture_output=True, check=False
            ).stdout
            != b""
        )

    def au_centre(self, requete: str) -> list:
        base = next(self._dossier.glob("*/centre.db"), None)
        if base is None:
            return []
        with closing(sqlite3.connect(base)) as connexion:
            return connexion.execute(requete).fetchall()

    def photo(self, nom: str) -> None:
        if ECRANS is not None:
            ECRANS.mkdir(parents=True, exist_ok=True)
            ImageGrab.grab(xdisplay=self.ecran).save(ECRANS / f"clavier-{nom}.png")


@pytest.mark.exigence("PORT-18")
def test_by_keyboard_only_in_a_real_window(ecran, tmp_path):
    environnement = {k: v for k, v in os.environ.items() if k != "QT_QPA_PLATFORM"}
    environnement |= {"DISPLAY": ecran, "GUICHET_DEMO": str(tmp_path)}
    demo = subprocess.Popen([sys.executable, "-m", "guichet", "demo", "--dossiers", "15"], env=environnement, stdout=subprocess.DEVNULL)
    clavier = Clavier(ecran, tmp_path, demo.pid)
    try:
        _attendre(lambda: clavier.fenetre("Guichet"))
        clavier.calme()
        clavier.photo("1-connexion")
        clavier.touches("Return")  # the first person has the focus
        _attendre(lambda: clavier.au_centre("SELECT 1 FROM device"))
        clavier.calme()
        ((nir,),) = clavier.au_centre(
            "SELECT i.valeur FROM identifiant i JOIN membre m ON m.personne_id = i.personne_id WHERE i.type = 'nir' AND m.role = 'responsable'"
            " AND i.scope_id LIKE 'site:caf-31%' ORDER BY i.id LIMIT 1"
        )
        clavier.taper(f"{nir[0]} {nir[1:3]} {nir[3:5]} {nir[5:7]} {nir[7:10]} {nir[10:]} {cle_nir(nir)}")
        clavier.touches("Return")
        clavier.photo("2-dossier")
        clavier.touches("alt+o")
        clavier.touches("Return")
        _attendre(lambda: clavier.au_centre("SELECT 1 FROM visite"))
        clavier.touches("ctrl+3")
        clavier.calme()
        clavier.touches("alt+c")
        clavier.photo("3-rendez-vous")
        clavier.touches("Return")
        _attendre(lambda: clavier.au_centre("SELECT 1 FROM rendez_vous WHERE etat = 'confirme'"))
        clavier.touches("ctrl+2")
        clavier.calme()
        for nom in ("photo.jpg", "trois.tif"):
            clavier.touches("ctrl+o")
            clavier.calme()
            clavier.taper(str(ICI / "donnees" / nom))
            clavier.touches("Return")
            clavier.calme()
        clavier.touches("alt+t")
        clavier.touches("End")  # the last kind: another document
        clavier.photo("4-documents")
        clavier.touches("alt+e")
        pages = _attendre(lambda: clavier.au_centre("SELECT pages FROM document WHERE etat = 'disponible'"))
        assert pages == [(4,)]
        clavier.touches("alt+v")
        _attendre(lambda: clavier.au_centre("SELECT 1 FROM visite WHERE fermee_le IS NOT NULL"))
        clavier.photo("5-fin")
        clavier.touches("alt+F4")
        assert demo.wait(60) == 0
    finally:
        if demo.poll() is None:
            clavier.photo("echec")
            demo.kill()
            demo.wait()
