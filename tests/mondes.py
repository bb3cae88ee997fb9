"""What a run of the tests makes once, whichever of its workers needs it first, and copies."""

import os
import pickle
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from filelock import FileLock

from bench import photos
from guichet.central.base import BaseCentre
from guichet.central.peuplement.monde import peupler
from guichet.migration import migrer
from tests.outils import PARTAGE, CentreEnMarche, Postgresql, executer_sql
from tests.sync.outils import BAILLEUR, CAF, poste

DOSSIERS = 60
_EN_MEMOIRE = Path("/dev/shm")
_PLACE = 4 * 1024**3
"""Bytes of memory that a run may ask for, at most, at any moment: with less, its files lie on the disk."""


def racine() -> str | None:
    """Return where a run keeps its files: in memory where there is room, for it writes 13 GB and keeps none; None: the system's choice."""
    if _EN_MEMOIRE.is_dir() and os.access(_EN_MEMOIRE, os.W_OK) and shutil.disk_usage(_EN_MEMOIRE).free > _PLACE:
        return str(_EN_MEMOIRE)
    return None


def ouvrir_le_partage() -> None:
    """Make the folder of this run, and take away those of runs that were killed; PostgreSQL's own user goes through it."""
    for ancien in Path(racine() or tempfile.gettempdir()).glob("guichet-essais-*"):
        if not Path(f"/proc/{ancien.name.split('-')[2]}").exists():
            shutil.rmtree(ancien, ignore_errors=True)
    os.environ[PARTAGE] = tempfile.mkdtemp(prefix=f"guichet-essais-{os.getpid()}-", dir=racine())
    Path(os.environ[PARTAGE]).chmod(0o711)


def fermer_le_partage() -> None:
    """Leave nothing behind."""
    shutil.rmtree(os.environ.pop(PARTAGE), ignore_errors=True)


def une_fois(nom: str, faire: Callable[[Path], None]) -> Path:
    """Return a folder of the run that `faire` filled; one worker makes it, the others wait for it."""
    dossier = Path(os.environ[PARTAGE]) / nom
    with FileLock(f"{dossier}.verrou"):
        if not dossier.exists():
            en_cours = dossier.with_suffix(".en-cours")
            en_cours.mkdir()
            faire(en_cours)
            en_cours.rename(dossier)
    return dossier


def photographier_une_fois() -> None:
    """From now on, the same page on the same table is drawn once a run: it takes a second of both processors."""
    photographier = photos.photographier

    def tirage(graine: int, largeur: int = 1512, hauteur: int = 2016) -> photos.Photo:
        def tirer(dossier: Path) -> None:
            (dossier / "photo").write_bytes(pickle.dumps(photographier(graine, largeur, hauteur)))

        dossier = une_fois(f"photo-{graine}-{largeur}-{hauteur}", tirer)
        photo: photos.Photo = pickle.loads((dossier / "photo").read_bytes())
        return photo

    photos.photographier = tirage


def semer(url: str) -> None:
    """Write the tests' world in an empty base."""
    base = BaseCentre(url)
    with base.ecriture() as connexion:
        migrer(connexion, "guichet.central")
    with base.ecriture() as connexion:
        peupler(connexion, DOSSIERS, graine=7, jour=date.today())
    base.fermer()


def semer_postgresql(dossier: Path) -> None:
    """Fill a cluster and stop its server; `donnees` is left in the folder."""
    with postgresql() as serveur:
        executer_sql(f"{serveur.url}/postgres", "CREATE DATABASE modele")
        semer(f"{serveur.url}/modele")
        serveur.arreter()
        shutil.move(serveur.donnees, dossier / "donnees")
    if os.geteuid() == 0:
        shutil.chown(dossier, "postgres")


@contextmanager
def postgresql(*options: str, modele: Path | None = None) -> Iterator[Postgresql]:
    """Start a PostgreSQL of one's own; stop it and leave nothing behind."""
    binaires = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not binaires:
        pytest.skip("PostgreSQL is not installed (make outils-essais installs it; .ci/run does)")
    serveur = Postgresql(binaires[-1], *options, modele=modele)
    serveur.demarrer()
    try:
        yield serveur
    finally:
        serveur.effacer()


def mettre_en_phase(monde: Path, dossier: Path) -> None:
    """Bring a workstation of each kind in step with a copy of the world; the folder then holds both ends."""
    shutil.copy(monde, dossier / "centre.db")
    centre = CentreEnMarche(f"sqlite:///{dossier / 'centre.db'}", dossier / "pieces")
    centre.demarrer()
    try:
        for login in (CAF, BAILLEUR):
            session = poste(dossier / login, centre, login)
            session.synchroniser()
            session.fermer()
    finally:
        centre.tuer()
    executer_sql(centre.base, "PRAGMA wal_checkpoint(TRUNCATE)")
