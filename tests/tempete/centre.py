"""One replica in a process of its own, that may be told at which commit to die."""

import contextlib
import socket
from pathlib import Path


def servir(prise: socket.socket, url: str, fichiers: str, meurt_dans: int, meurt_apres: bool) -> None:
    """Serve on a listening socket until killed."""
    import logging

    import uvicorn

    from guichet.central.app import creer_application
    from guichet.central.base import BaseCentre
    from tests.tempete.mort import Mort

    logging.getLogger("guichet.centre").setLevel(logging.CRITICAL)
    base = BaseCentre(url)
    if meurt_dans:
        Mort(base.moteur).armer(meurt_dans, apres=meurt_apres)
    reglages = uvicorn.Config(creer_application(base, Path(fichiers)), log_config=None, access_log=False, lifespan="off")
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(reglages).run([prise])
