"""The centre's API in the tests' own process: its routes are laid out once, a quarter of a second, and work on each test's base."""

from pathlib import Path

from litestar import Litestar
from litestar.datastructures import State

from guichet.central.app import composer_etat, creer_application
from guichet.central.base import BaseCentre

_FAITES: list[Litestar] = []


def application(base: BaseCentre, dossier: Path, emetteur: str = "http://127.0.0.1") -> Litestar:
    """Return the API over a base, until it is asked for again: a test that needs two at once makes them itself."""
    if not _FAITES:
        _FAITES.append(creer_application(base, dossier, emetteur))
    (app,) = _FAITES
    gardee = base.gardee()
    app.state = State(composer_etat(gardee, dossier, emetteur, None, lambda _portee: None))
    app.on_shutdown[:] = [gardee.fermer]
    return app
