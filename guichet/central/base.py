"""The centre's database: SQLite for a demonstration or one small site, PostgreSQL for real."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import QueuePool

from guichet.central.garde import limiter, poser
from guichet.central.journaux import JOURNAL
from guichet.central.refus import RefusCentre
from guichet.contract.codes import Code
from guichet.contract.corps import MOTEUR

_T = TypeVar("_T")
_A_REJOUER = {"40001", "40P01"}
"""Serialization failure and deadlock."""
_CITUS = "could not commit transaction for shard"
_ESSAIS = 6
_TIROIR = MOTEUR | {"pool_use_lifo": True}
"""The connection used last serves first: its pages, or its prepared statements, are at hand."""
# The write-ahead log is copied back in the middle of somebody's answer: at 32 MB (8000 pages) rather than 4, seldom.
_REGLAGES_SQLITE = (
    "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=20000", "cache_size=-65536", "wal_autocheckpoint=8000",
    "secure_delete=ON",
)  # fmt: skip


class BaseCentre:
    """An engine with three doors, one transaction each: `lecture`, `ecriture`, and `ecrire` that tries again.

    `connexions`: how many PostgreSQL keeps open for this process. Each door is told the scopes it is opened for; `gardee` gives the
    same base whose transactions reach nothing else: what serves requests and works by itself has only that one.
    """

    def __init__(self, url: str, connexions: int = 20) -> None:
        adresse = make_url(url)
        if adresse.drivername == "postgresql":
            adresse = adresse.set(drivername="postgresql+psycopg")
        self.url = adresse.render_as_string(hide_password=False)
        self.sqlite = adresse.get_backend_name() == "sqlite"
        self.moteur = (
            _moteur_sqlite(self.url) if self.sqlite else create_engine(adresse, pool_size=connexions, pool_pre_ping=True, **_TIROIR)
        )
        self._ecrivain = self.moteur.execution_options(ecriture=True)
        self._gardee = False
        poser(self.moteur)

    def gardee(self) -> "BaseCentre":
        """Return this base, deny by default: each transaction reaches the scopes it names."""
        autre = copy(self)
        autre._gardee = True  # noqa: SLF001 (of the same class)
        return autre

    @contextmanager
    def lecture(self, *portees: str) -> Iterator[Connection]:
        """Open a transaction that reads, all at one moment."""
        moteur = self.moteur if self.sqlite else self.moteur.execution_options(isolation_level="REPEATABLE READ")
        with moteur.begin() as connexion:
            self._limiter(connexion, portees)
            yield connexion

    @contextmanager
    def ecriture(self, *portees: str) -> Iterator[Connection]:
        """Open a transaction that writes; on SQLite it takes the write lock at once (trap 18)."""
        with self._ecrivain.begin() as connexion:
            self._limiter(connexion, portees)
            yield connexion

    def ecrire(self, travail: Callable[[Connection], _T], *portees: str) -> _T:
        """Run a writing transaction, again when the engine asks for it or the connection is lost: `travail` must be idempotent (I4).

        Raises RefusCentre 503 when the database does not come back in time.
        """
        for essai in range(_ESSAIS):
            try:
                with self.ecriture(*portees) as connexion:
                    return travail(connexion)
            except DBAPIError as erreur:
                if not se_rejoue(erreur):
                    raise
                JOURNAL.warning("reprise", extra={"genre": type(erreur.orig).__name__})
            time.sleep(random.uniform(0.5, 1) * 0.02 * 2**essai)  # noqa: S311 (spreads load, no secret)
        raise RefusCentre(503, Code.PANNE, "La base du centre ne répond pas : l'envoi sera repris.", 5)

    @contextmanager
    def chargement(self) -> Iterator[Connection]:
        """Open the transaction that fills an empty database.

        SQLite leaves its write-ahead log for the time of it: new pages need no journal, and are written once instead of twice.
        """
        with self._ecrivain.connect() as connexion:
            pilote = connexion.connection.driver_connection
            if self.sqlite and pilote is not None:
                pilote.execute("PRAGMA journal_mode=DELETE")
            with connexion.begin():
                yield connexion
            if self.sqlite and pilote is not None:
                pilote.execute("PRAGMA journal_mode=WAL")

    def _limiter(self, connexion: Connection, portees: Sequence[str]) -> None:
        if self._gardee or portees:
            limiter(connexion, portees, gardee=self._gardee)

    def fermer(self) -> None:
        """Give every connection back."""
        self.moteur.dispose()


def se_rejoue(erreur: DBAPIError) -> bool:
    """Tell whether a transaction may simply run again (research/sync.md §4): conflict, deadlock, lost connection, busy file."""
    etat = getattr(erreur.orig, "sqlstate", None) or ""
    if etat in _A_REJOUER or (etat == "XX000" and _CITUS in str(erreur.orig)):
        return True
    absente = not etat and isinstance(erreur, OperationalError) and type(erreur.orig).__module__.startswith("psycopg")
    return absente or erreur.connection_invalidated or etat.startswith(("08", "57P")) or "database is locked" in str(erreur.orig)


def _moteur_sqlite(url: str) -> Engine:
    moteur = create_engine(
        url, poolclass=QueuePool, pool_size=20, connect_args={"check_same_thread": False, "isolation_level": None}, **_TIROIR
    )

    @event.listens_for(moteur, "connect")
    def _regler(connexion: Any, _: object) -> None:  # noqa: ANN401 (the driver's own connection)
        for reglage in _REGLAGES_SQLITE:
            connexion.execute(f"PRAGMA {reglage}")

    @event.listens_for(moteur, "begin")
    def _commencer(connexion: Connection) -> None:
        ecrit = connexion.get_execution_options().get("ecriture", False)
        connexion.exec_driver_sql("BEGIN IMMEDIATE" if ecrit else "BEGIN")

    return moteur
