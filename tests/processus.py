"""Processes that the tests start: forked from one that has loaded what they all need, as each would load it alone in over a second."""

import multiprocessing
import os
from multiprocessing.connection import Connection

from tests.derivation import alleger

CONTEXTE = multiprocessing.get_context("forkserver")
CONTEXTE.set_forkserver_preload([
    "tests.processus", "guichet.cli", "guichet.commandes.centre", "guichet.commandes.analyse", "guichet.central.app", "guichet.central.entretien",
    "guichet.central.analyse", "guichet.services", "guichet.services.rendezvous", "guichet.sync.passe", "guichet.store.coffre", "guichet.migration",
    "uvicorn", "uvicorn.loops.auto", "uvicorn.protocols.http.auto", "uvicorn.protocols.http.h11_impl", "uvicorn.protocols.websockets.auto", "uvicorn.lifespan.on",
    "holidays", "yaml", "tests.tempete.poste", "tests.tempete.mort", "tests.tempete.monde",
])  # fmt: skip
"""One forkserver a process, so one list: the storm's ends and the centres are made by it."""


def ligne_de_commande(arguments: list[str], environnement: dict[str, str], sortie: Connection) -> None:
    """Run `guichet ARGUMENTS` in this process, which was forked for it; what it prints goes to `sortie`."""
    os.environ.clear()
    os.environ.update(environnement)
    rien = os.open(os.devnull, os.O_RDWR)
    for source, vers in ((rien, 0), (sortie.fileno(), 1), (rien, 2)):
        os.dup2(source, vers)
    sortie.close()
    alleger()
    from guichet.cli import main

    main(arguments)
