"""Fixtures: one seeded world copied for each test, a centre on it, a PostgreSQL of the tests' own."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from sqlalchemy import text

from guichet.central.base import BaseCentre
from guichet.central.peuplement.monde import peupler
from guichet.migration import migrer
from tests.outils import ECHANTILLONS, CentreEnMarche

DOSSIERS = 60


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
    """A PostgreSQL server on a free port, with a seeded database to be copied.

    Its folder is its own: pytest's is closed to other users each time a session begins, and PostgreSQL does not run as root.
    """
    binaires = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not binaires:
        pytest.skip("PostgreSQL is not installed (make outils-essais installs it; .ci/run does)")
    dossier, prefixe = Path(tempfile.mkdtemp(prefix="guichet-pg-")), []
    if os.geteuid() == 0:
        shutil.chown(dossier, "postgres")
        prefixe = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    outils = binaires[-1].parent
    subprocess.run(
        [*prefixe, outils / "initdb", "-D", dossier / "data", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8"],
        check=True,
        capture_output=True,
        cwd="/",
    )
    with socket.create_server(("127.0.0.1", 0)) as prise:
        port = prise.getsockname()[1]
    journal = (dossier / "journal").open("w")
    serveur = subprocess.Popen(
        [*prefixe, outils / "postgres", "-D", dossier / "data", "-p", str(port), "-k", dossier, "-c", "listen_addresses=127.0.0.1"],
        stderr=journal,
        stdout=journal,
        cwd="/",
    )
    url = f"postgresql://postgres@127.0.0.1:{port}"
    _attendre(outils, port)
    _sql(f"{url}/postgres", "CREATE DATABASE modele")
    _semer(f"{url}/modele")
    yield url
    tombe = serveur.poll() is not None
    serveur.terminate()
    serveur.wait(20)
    journal.close()
    journal_lu = (dossier / "journal").read_text()
    shutil.rmtree(dossier, ignore_errors=True)
    assert not tombe, journal_lu[-4000:]


def _attendre(outils: Path, port: int) -> None:
    import time

    for _ in range(100):
        if subprocess.run([outils / "pg_isready", "-p", str(port), "-h", "127.0.0.1"], capture_output=True, check=False).returncode == 0:
            return
        time.sleep(0.1)
    raise RuntimeError("PostgreSQL did not start")


def _sql(url: str, ordre: str) -> None:
    base = BaseCentre(url)
    with base.moteur.connect().execution_options(isolation_level="AUTOCOMMIT") as connexion:
        connexion.execute(text(ordre))
    base.fermer()


@pytest.fixture
def url_pg(serveur_pg: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh copy of the seeded PostgreSQL centre."""
    nom = f"essai_{abs(hash(request.node.nodeid))}"
    _sql(f"{serveur_pg}/postgres", f"CREATE DATABASE {nom} TEMPLATE modele")
    yield f"{serveur_pg}/{nom}"
    _sql(f"{serveur_pg}/postgres", f"DROP DATABASE {nom} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def url_base(request: pytest.FixtureRequest) -> str:
    """The centre's suite runs on both engines."""
    return request.getfixturevalue("url_sqlite" if request.param == "sqlite" else "url_pg")


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
