"""The demonstration: a seeded centre in a process of its own, and the window on it."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import click
from platformdirs import user_data_path


def lancer(dossiers: int, *, sans_fenetre: bool) -> int:
    """Seed what is missing, serve the centre on a free port, open the window; return the exit code."""
    racine = Path(os.environ.get("GUICHET_DEMO", user_data_path("guichet", appauthor=False) / "demonstration"))
    jour = _dossier_du_jour(racine, dossiers)
    base = _preparer(jour, dossiers)
    centre, url = _servir(base)
    try:
        if sans_fenetre or not _ecran():
            if not sans_fenetre:
                click.echo("Aucun écran : la démonstration est servie sans fenêtre.")
            click.echo(f"Centre de démonstration : {url} (Ctrl+C pour arrêter)")
            return centre.wait()
        from guichet.app import lancer as ouvrir

        return ouvrir(url, str(jour / "profils"), demonstration=True)
    except KeyboardInterrupt:
        return 0
    finally:
        centre.terminate()
        centre.wait(10)


def _dossier_du_jour(racine: Path, dossiers: int) -> Path:
    """Return today's folder: slots and delays are dated, so each day has its own people; those of other days go."""
    jour = racine / f"{date.today():%Y%m%d}-{dossiers}"
    jour.mkdir(parents=True, exist_ok=True)
    for ancien in racine.glob("????????-*"):
        if not ancien.name.startswith(f"{date.today():%Y%m%d}"):
            shutil.rmtree(ancien, ignore_errors=True)
    return jour


def _preparer(jour: Path, dossiers: int) -> str:
    """Seed the centre once, and bring it up to date; a preparation that was cut begins again."""
    fichier = jour / "centre.db"
    if fichier.exists():
        _centre("migrer", fichier)
    else:
        click.echo("Préparation des données de démonstration…")
        neuf = jour / "centre.neuf"
        for reste in jour.glob("centre.neuf*"):
            reste.unlink()
        _centre("migrer", neuf)
        _centre("peupler", neuf, "--dossiers", str(dossiers))
        neuf.rename(fichier)
    return f"sqlite:///{fichier}"


def _centre(commande: str, fichier: Path, *options: str) -> None:
    arguments = ["centre", commande, *options, "--base", f"sqlite:///{fichier}"]
    subprocess.run([*_guichet(), *arguments], check=True, stdout=subprocess.DEVNULL)


def _servir(base: str) -> tuple["subprocess.Popen[str]", str]:
    centre = subprocess.Popen(
        [*_guichet(), "centre", "servir", "--base", base, "--adresse", "127.0.0.1:0"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        preexec_fn=_mourir_avec_nous if sys.platform == "linux" else None,
    )  # fmt: skip
    assert centre.stdout is not None
    url = centre.stdout.readline().strip()
    threading.Thread(target=centre.stdout.read, daemon=True).start()
    if not url:
        raise click.ClickException("Le centre de démonstration ne démarre pas : relancez, puis appelez l'assistance.")
    return centre, url


def _mourir_avec_nous() -> None:
    """Linux: whatever ends the demonstration, a kill included, ends its centre (prctl(2), PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _guichet() -> list[str]:
    return [sys.executable, "-m", "guichet"]


def _ecran() -> bool:
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("QT_QPA_PLATFORM"))
