"""Fixtures: one seeded world copied for each test, a centre on it, a PostgreSQL of the tests' own."""

import faulthandler
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from litestar.testing import TestClient
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.exceptions import TimeoutError as Patience
from pytestqt.qtbot import QtBot

from guichet.central.app import creer_application
from guichet.central.base import BaseCentre
from guichet.central.peuplement.monde import peupler
from guichet.migration import migrer
from tests.outils import ECHANTILLONS, CentreEnMarche, Postgresql, executer_sql

DOSSIERS = 60
PATIENCE_MS = 90_000


class QtPatient(QtBot):
    """Waits for as long as a loaded machine may need: a wait says what has to come, not how fast."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:
        """Wait until `callback` is true. Raises pytest-qt's TimeoutError."""
        try:
            super().waitUntil(callback, timeout=timeout)
        except Patience:
            _dire_ou_l_on_en_est()
            raise

    def waitSignal(self, signal, *, timeout=PATIENCE_MS, **comment):
        """Wait for a signal; `comment` is pytest-qt's own. Raises pytest-qt's TimeoutError."""
        return super().waitSignal(signal, timeout=timeout, **comment)


def _dire_ou_l_on_en_est() -> None:
    """Say, for a wait in vain, what the windows say, where each thread is, and what the processes do."""
    for vue in QApplication.topLevelWidgets():
        sys.stderr.write(f"{[mots.text() for mots in vue.findChildren(QLabel) if mots.isVisible()]}\n")
    faulthandler.dump_traceback(sys.__stderr__)
    subprocess.run(
        ["ps", "-N", "--ppid", "2", "-o", "pid,ppid,stat,time,rss,wchan:20,args", "--cols", "150"], stdout=sys.__stderr__, check=False
    )


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtPatient:
    """Drive windows patiently, in place of pytest-qt's own."""
    return QtPatient(request)


@pytest.fixture(scope="session")
def monde(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded SQLite centre, to be copied."""
    chemin = tmp_path_factory.mktemp("monde") / "centre.db"
    _semer(f"sqlite:///{chemin}")
    return chemin


def _semer(url: str) -> None:
    base = BaseCentre(url)
    with base.ecriture() as connexion:
        migrer(connexion, "guichet.central")
    with base.ecriture() as connexion:
        peupler(connexion, DOSSIERS, graine=7, jour=date.today())
    base.fermer()


@pytest.fixture
def url_sqlite(monde: Path, tmp_path: Path) -> str:
    """A fresh copy of the seeded SQLite centre."""
    copie = tmp_path / "centre.db"
    shutil.copy(monde, copie)
    return f"sqlite:///{copie}"


@pytest.fixture(scope="session")
def serveur_pg() -> Iterator[str]:
    """A PostgreSQL server on a free port, with a seeded database to be copied."""
    with postgresql() as serveur:
        executer_sql(f"{serveur.url}/postgres", "CREATE DATABASE modele")
        _semer(f"{serveur.url}/modele")
        yield serveur.url
        assert serveur.vit, serveur.journal()


@contextmanager
def postgresql() -> Iterator[Postgresql]:
    """Start a PostgreSQL of one's own; stop it and leave nothing behind."""
    binaires = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not binaires:
        pytest.skip("PostgreSQL is not installed (make outils-essais installs it; .ci/run does)")
    serveur = Postgresql(binaires[-1])
    serveur.demarrer()
    try:
        yield serveur
    finally:
        serveur.effacer()


@pytest.fixture
def postgresql_mortel() -> Iterator[Postgresql]:
    """A seeded PostgreSQL that a test may kill."""
    with postgresql() as serveur:
        executer_sql(f"{serveur.url}/postgres", "CREATE DATABASE centre")
        _semer(f"{serveur.url}/centre")
        yield serveur


@pytest.fixture
def url_pg(serveur_pg: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh copy of the seeded PostgreSQL centre."""
    nom = f"essai_{abs(hash(request.node.nodeid))}"
    executer_sql(f"{serveur_pg}/postgres", f"CREATE DATABASE {nom} TEMPLATE modele")
    yield f"{serveur_pg}/{nom}"
    executer_sql(f"{serveur_pg}/postgres", f"DROP DATABASE {nom} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def url_base(request: pytest.FixtureRequest) -> str:
    """The centre's suite runs on both engines."""
    return request.getfixturevalue("url_sqlite" if request.param == "sqlite" else "url_pg")


@pytest.fixture
def base(url_base: str) -> Iterator[BaseCentre]:
    """The centre's base, as the command line opens it."""
    ouverte = BaseCentre(url_base)
    yield ouverte
    ouverte.fermer()


@pytest.fixture
def client(base: BaseCentre, tmp_path: Path) -> Iterator[TestClient]:
    """The centre's API over that base, in this process; a breakdown is served as the 500 that a workstation would see."""
    with TestClient(creer_application(base, tmp_path / "pieces"), raise_server_exceptions=False) as ouvert:
        yield ouvert


@pytest.fixture
def centre(url_sqlite: str, tmp_path: Path) -> Iterator[CentreEnMarche]:
    """A centre of its own process, over a fresh seeded base."""
    en_marche = CentreEnMarche(url_sqlite, tmp_path / "pieces")
    en_marche.demarrer()
    yield en_marche
    en_marche.tuer()


@pytest.fixture
def echantillons() -> Path:
    """The shared samples, where they are."""
    if not ECHANTILLONS.is_dir():
        pytest.skip(f"the shared samples are not at {ECHANTILLONS} (GUICHET_SAMPLES)")
    return ECHANTILLONS


@pytest.fixture(scope="session", autouse=True)
def _sans_profil_reel(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test writes in the user's own folders."""
    os.environ["XDG_DATA_HOME"] = str(tmp_path_factory.mktemp("donnees"))
    os.environ["XDG_CONFIG_HOME"] = str(tmp_path_factory.mktemp("reglages"))
    assert sys.prefix
