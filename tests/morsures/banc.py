"""A copy of the tree, and a process that runs tests in it over and over: libraries are imported once, the product and its tests each time.

A test that is run by itself spends its time importing Qt, SQLAlchemy, Litestar… Here a child is forked from a parent that has them.
"""

import compileall
import contextlib
import gc
import importlib
import json
import os
import py_compile
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.morsures.liste import RACINE, Retrait

LIMITE_S = 240
"""What one removal may take; tests wait for states, and a state that never comes is waited for long."""
EXTENSIONS = ("pytestqt.plugin", "pytest_timeout", "xdist.plugin", "_hypothesis_pytestplugin")
"""Of pytest, the only ones that these runs load: what shuffles tests is left out, and what shares them between processes has none."""
OPTIONS = ("-x", "-q", "-o", "addopts=--strict-markers", "-p", "no:cacheprovider")
_LOURDES = (
    "hypothesis", "sqlalchemy", "sqlalchemy.dialects.sqlite", "alembic.command", "PySide6.QtWidgets", "PySide6.QtNetwork", "qtawesome", "litestar.testing",
    "litestar.openapi", "uvicorn", "httpx2", "yaml", "msgspec", "zstandard", "pikepdf", "img2pdf", "pypdfium2", "PIL.Image", "numpy", "holidays",
    "phonenumbers", "stdnum.iban", "rapidfuzz.fuzz", "dateutil.parser", "authlib.oauth2", "joserfc.jwt", "jinja2", "argon2", "nacl.public",
    "sqlcipher3", "keyring", "prometheus_client", "faker", "segno", "typst", "zxcvbn", "filelock", "click",
)  # fmt: skip
PRODUIT = (
    "guichet.central.app",
    "guichet.central.peuplement.monde",
    "guichet.services",
    "guichet.services.reperes",
    "guichet.documents.etabli",
)
"""Imported too where only data is taken out, which the product reads later."""


@dataclass(frozen=True)
class Verdict:
    """What tests said: `etat` is « rouge », « vert » or « erreur »; `par`: the first test that failed, or what went wrong."""

    etat: str
    par: str
    secondes: float


@contextlib.contextmanager
def copie() -> Iterator[Path]:
    """Copy what Git knows of the tree in a folder of its own, compiled so that a source is looked at rather than its date."""
    with tempfile.TemporaryDirectory(prefix="guichet-morsures-") as dossier:
        racine = Path(dossier) / "arbre"
        noms = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=RACINE, capture_output=True, check=True).stdout
        for nom in noms.decode().split("\0"):
            if nom and (RACINE / nom).is_file():
                (racine / nom).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(RACINE / nom, racine / nom)
        compileall.compile_dir(racine, quiet=2, invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)
        yield racine


@contextlib.contextmanager
def retire(racine: Path, retrait: Retrait) -> Iterator[None]:
    """Take one thing out of the copy, and put it back."""
    fichier = racine / retrait.fichier
    entier = fichier.read_text(encoding="utf-8")
    fichier.write_text(entier[: retrait.debut] + retrait.remplacement + entier[retrait.fin :], encoding="utf-8")
    try:
        yield
    finally:
        fichier.write_text(entier, encoding="utf-8")


def chauffer(racine: Path, produit: Sequence[str]) -> None:
    """Go and live in the copy, with the libraries imported, and these modules of the product, by the copy's own sources."""
    os.chdir(racine)
    sys.path[:] = [str(racine), *(p for p in sys.path if p not in ("", str(RACINE)))]
    os.environ |= {
        "PYTHONPATH": str(racine),
        "QT_QPA_PLATFORM": "offscreen",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    _oublier()
    for nom in ("pytest", *EXTENSIONS, *_LOURDES, *produit):
        importlib.import_module(nom)
    gc.freeze()  # what is here now is never looked through again by a child


def essayer(essais: Sequence[str], travail: Path) -> Verdict:
    """Run tests in a child of this process, and say what they said; `travail`: a folder for what they write."""
    debut, rendu = time.monotonic(), travail / "rendu.json"
    rendu.unlink(missing_ok=True)
    enfant = os.fork()
    if enfant == 0:
        try:
            _jouer(essais, travail, rendu)
        finally:
            os._exit(70)  # never back up the parent's stack, which would clear its folders
    code = _attendre(enfant, debut)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(enfant, signal.SIGKILL)  # what a test that was cut short left running
    dit = json.loads(rendu.read_text()) if rendu.exists() else {"code": code, "par": ""}
    dernier = (travail / "journal.txt").read_text(errors="replace").strip()[-400:]
    return _juger(dit["code"], dit["par"], dernier, time.monotonic() - debut)


def _juger(code: int | None, par: str, dernier: str, secondes: float) -> Verdict:
    if code is None:
        return Verdict("erreur", f"plus de {LIMITE_S} s", secondes)
    if code == 0:
        return Verdict("vert", "", secondes)
    sans_conftest = code == 4 and "while loading conftest" in dernier
    if code == 1 or (code == 2 and par) or sans_conftest:  # a failure, or tests that the product does not let be imported
        return Verdict("rouge", par or dernier, secondes)
    return Verdict("erreur", f"pytest a rendu {code} : {dernier}", secondes)


def _attendre(enfant: int, debut: float) -> int | None:
    while time.monotonic() - debut < LIMITE_S:
        fini, etat = os.waitpid(enfant, os.WNOHANG)
        if fini:
            return os.waitstatus_to_exitcode(etat)
        time.sleep(0.02)
    os.killpg(enfant, signal.SIGKILL)
    os.waitpid(enfant, 0)
    return None


def _jouer(essais: Sequence[str], travail: Path, rendu: Path) -> None:
    """In the child: run pytest, write what it said, and end there."""
    os.setsid()
    journal = os.open(travail / "journal.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(journal, 1)
    os.dup2(journal, 2)
    import pytest

    temoin = _Temoin()
    extensions = [temoin, *(sys.modules[nom] for nom in EXTENSIONS)]
    code = int(pytest.main([*OPTIONS, f"--basetemp={travail / 'essais'}", *essais], plugins=extensions))
    rendu.write_text(json.dumps({"code": code, "par": temoin.par}))
    sys.stdout.flush()


def _oublier() -> None:
    """Forget what of the tree was imported from elsewhere than the copy."""
    for nom in [n for n in sys.modules if n.split(".")[0] in ("tests", "guichet")]:
        del sys.modules[nom]


class _Temoin:
    """Keeps the first thing that failed, and its last words."""

    par = ""

    def pytest_runtest_logreport(self, report) -> None:
        self._garder(report)

    def pytest_collectreport(self, report) -> None:
        self._garder(report)

    def _garder(self, report) -> None:
        if report.failed and not self.par:
            lignes = [ligne for ligne in str(report.longrepr).splitlines() if ligne.startswith("E ")]
            self.par = f"{report.nodeid} : {(lignes or [''])[-1][2:].strip()[:150]}"
