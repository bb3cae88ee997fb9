"""Processes that the tests start: forked from one that has loaded what they all need, as each would load it alone in over a second."""

import multiprocessing
import os
import sys
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path

from tests.derivation import alleger

CONTEXTE = multiprocessing.get_context("forkserver")
CONTEXTE.set_forkserver_preload([
    "tests.processus", "guichet.cli", "guichet.commandes.centre", "guichet.commandes.analyse", "guichet.central.app", "guichet.central.entretien",
    "guichet.central.analyse", "guichet.services", "guichet.services.rendezvous", "guichet.sync.passe", "guichet.store.coffre", "guichet.migration",
    "guichet.commandes.conversion", "guichet.services.conversion",
    "uvicorn", "uvicorn.loops.auto", "uvicorn.protocols.http.auto", "uvicorn.protocols.http.h11_impl", "uvicorn.protocols.websockets.auto", "uvicorn.lifespan.on",
    "holidays", "yaml", "tests.tempete.poste", "tests.tempete.mort", "tests.tempete.monde",
])  # fmt: skip
"""One forkserver a process, so one list: the storm's ends and the centres are made by it."""


def ligne_de_commande(arguments: list[str], environnement: dict[str, str], sortie: Connection) -> None:
    """Run `guichet ARGUMENTS` in this process, which was forked for it; what it prints goes to `sortie`."""
    ou = os.dup(sortie.fileno())
    sortie.close()
    _lancer(arguments, environnement, ou, os.open(os.devnull, os.O_WRONLY))


def commande_entiere(arguments: list[str], environnement: dict[str, str], sortie: Path, erreurs: Path) -> None:
    """Run `guichet ARGUMENTS` in this process, which was forked for it; what it prints goes to two files."""
    _lancer(arguments, environnement, *(os.open(ou, os.O_WRONLY | os.O_CREAT) for ou in (sortie, erreurs)))


def banc_court(arguments: list[str], environnement: dict[str, str], sortie: Path, erreurs: Path) -> None:
    """Run `python -m bench --court ARGUMENTS` in this process, which was forked for it; what it prints goes to two files."""
    # The centre it serves is forked from the same server: Python (3.11) says it would be, and starts another, for two seconds.
    forkserver._forkserver.ensure_running = lambda: None
    _installer(environnement, *(os.open(ou, os.O_WRONLY | os.O_CREAT) for ou in (sortie, erreurs)))
    from bench.__main__ import main

    sys.exit(main(["--court", *arguments]))


def _lancer(arguments: list[str], environnement: dict[str, str], sortie: int, erreurs: int) -> None:
    _installer(environnement, sortie, erreurs)
    from guichet.cli import main

    main(arguments, "guichet")


def _installer(environnement: dict[str, str], sortie: int, erreurs: int) -> None:
    """Give this process what a new one would have: its environment, no input, its own outputs."""
    os.environ.clear()
    os.environ.update(environnement)
    for source, vers in ((os.open(os.devnull, os.O_RDONLY), 0), (sortie, 1), (erreurs, 2)):
        os.dup2(source, vers)
        os.close(source)
    alleger()
