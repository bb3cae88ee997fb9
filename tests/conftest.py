"""Fixtures: one seeded world copied for each test, a centre on it, a PostgreSQL of the tests' own."""

import faulthandler
import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import keyring
import pytest
from keyring.backends.fail import Keyring as AucunTrousseau
from litestar.testing import TestClient
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.exceptions import TimeoutError as Patience
from pytestqt.qtbot import QtBot

from guichet.central.base import BaseCentre
from tests import ateliers
from tests.applications import application
from tests.derivation import alleger
from tests.horloge import eloigner_minuit
from tests.mondes import (
    fermer_le_partage,
    mettre_en_phase,
    ouvrir_le_partage,
    photographier_une_fois,
    postgresql,
    racine,
    semer,
    semer_postgresql,
    une_fois,
)
from tests.outils import ECHANTILLONS, CentreEnMarche, Postgresql, executer_sql
from tests.rapport import Rapport

alleger()
ateliers.garder_au_chaud()
photographier_une_fois()
eloigner_minuit()
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
def monde() -> Path:
    """A seeded SQLite centre, to be copied."""
    return une_fois("monde", lambda dossier: semer(f"sqlite:///{dossier / 'centre.db'}")) / "centre.db"


@pytest.fixture(scope="session")
def en_phase(monde: Path) -> Path:
    """A folder with a seeded centre (`centre.db`) and workstations in step with it, each named after its agent's login."""
    return une_fois("en_phase", lambda dossier: mettre_en_phase(monde, dossier))


@pytest.fixture
def url_sqlite(monde: Path, tmp_path: Path) -> str:
    """A fresh copy of the seeded SQLite centre."""
    copie = tmp_path / "centre.db"
    shutil.copy(monde, copie)
    return f"sqlite:///{copie}"


@pytest.fixture(scope="session")
def modele_pg() -> Path:
    """The cluster of a stopped PostgreSQL: an empty `postgres`, and a seeded `modele` to be copied."""
    return une_fois("postgresql", semer_postgresql) / "donnees"


@pytest.fixture(scope="session")
def serveur_pg(modele_pg: Path) -> Iterator[Postgresql]:
    """A PostgreSQL server on a free port, with a seeded database to be copied; nothing of it outlives the tests, so it waits for no disk."""
    sans_disque = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
    with postgresql(*sans_disque, modele=modele_pg) as serveur:
        yield serveur
        assert not serveur.plainte, serveur.plainte


@pytest.fixture
def postgresql_mortel(modele_pg: Path) -> Iterator[Postgresql]:
    """A PostgreSQL that a test may kill, with a seeded database `modele`."""
    with postgresql(modele=modele_pg) as serveur:
        yield serveur


@pytest.fixture
def url_pg(serveur_pg: Postgresql, request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh copy of the seeded PostgreSQL centre."""
    assert not serveur_pg.plainte, serveur_pg.plainte
    nom = f"essai_{abs(hash(request.node.nodeid))}"
    executer_sql(f"{serveur_pg.url}/postgres", f"CREATE DATABASE {nom} TEMPLATE modele STRATEGY file_copy")
    yield f"{serveur_pg.url}/{nom}"
    executer_sql(f"{serveur_pg.url}/postgres", f"DROP DATABASE {nom} WITH (FORCE)")


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
    with TestClient(application(base, tmp_path / "pieces"), raise_server_exceptions=False) as ouvert:
        yield ouvert


@pytest.fixture
def centre(en_phase: Path, tmp_path: Path) -> Iterator[CentreEnMarche]:
    """A centre of its own process, over a fresh seeded base that knows the workstations of `en_phase`."""
    copie = tmp_path / "centre.db"
    shutil.copy(en_phase / "centre.db", copie)
    en_marche = CentreEnMarche(f"sqlite:///{copie}", tmp_path / "pieces")
    en_marche.demarrer()
    yield en_marche
    en_marche.tuer()


@pytest.fixture
def ateliers_neufs() -> Iterator[None]:
    """No workshop kept warm."""
    with ateliers.neufs():
        yield


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
    # A class of keyring that a test module declares would be chosen by keyring itself, and no other process has it.
    keyring.set_keyring(AucunTrousseau())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """What a window leaves goes before the next test, whose threads would free it, and Qt's objects die in their own thread or crash."""
    if "qapp" not in getattr(item, "fixturenames", ()):
        return (yield)
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.enable()


def pytest_collection_finish() -> None:
    """What is loaded by now stays: it is not gone through again each time."""
    gc.collect()
    gc.freeze()


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return how many processes pay: two a core, since half of a test is waiting; none for one file, which starts at once."""
    fichiers = [x for x in config.args if Path(x.partition("::")[0]).is_file()]
    return 0 if len(fichiers) == len(config.args) < 3 else 2 * (os.cpu_count() or 1)


def pytest_configure(config: pytest.Config) -> None:
    """Make, in the process that has the workers, what they share; their files are where its are."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        ouvrir_le_partage()
        config.pluginmanager.register(Rapport(Path(os.environ["GUICHET_RAPPORT"]) if "GUICHET_RAPPORT" in os.environ else None))
        if dossier := racine():
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", dossier)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take away what the run shared."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        fermer_le_partage()
