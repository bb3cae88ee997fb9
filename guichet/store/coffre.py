"""A profile: its lock, its key, its encrypted database."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, create_engine, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from guichet.contract.corps import MOTEUR
from guichet.migration import SchemaTropRecent, migrer
from guichet.models import uuid7
from guichet.rules.recherche import cle_adresse
from guichet.store import ancre, cles, reverrou
from guichet.store.disque import ceder_la_reserve, reserver
from guichet.store.erreurs import (
    CoffreAbime,
    CoffreAutrui,
    CoffreFerme,
    CoffreFige,
    CoffreTropRecent,
    DisquePlein,
    ErreurCoffre,
    ProfilOccupe,
)
from guichet.store.tables import coffre

BASE, NEUVE, EN_REPARATION = "coffre.db", "coffre.neuf.db", "reparation.txt"
_PATIENCE_S = 0.5
_VERIFIE_OCTETS = 200 * 1024 * 1024
"""Above this size the whole-file check at opening would keep the agent waiting."""
_REGLAGES = (
    "cipher_log_level=NONE", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "temp_store=MEMORY",
    "busy_timeout=10000", "cache_size=-65536",
    # The write-ahead log is copied back beside the writer (`recopier`); only at 62 MB (16000 pages) would somebody's commit do it.
    "wal_autocheckpoint=16000",
)  # fmt: skip


# The driver looks far for how to adapt an absent value or bytes, 1 µs each time; told here, it takes them as they are.
for _genre in (type(None), bytes):
    dbapi2.register_adapter(_genre, lambda valeur: valeur)

_PANNES_DISQUE: dict[str, type[ErreurCoffre]] = {
    "disk is full": DisquePlein, "readonly": CoffreFige, "malformed": CoffreAbime, "not a database": CoffreAbime, "disk I/O error": DisquePlein,
}  # fmt: skip


_A_ANCRER = "guichet_ancrer"


class Coffre:
    """An open profile. `lecture` and `ecriture` are its two doors, one transaction each."""

    def __init__(self, dossier: Path, moteur: Engine, verrou: FileLock, vault_id: str, cle: bytes) -> None:
        self.dossier, self._verrou, self.vault_id, self._cle = dossier, verrou, vault_id, cle
        self._moteur: Engine | None = moteur

    def _ouvert(self) -> Engine:
        if self._moteur is None:
            raise CoffreFerme
        return self._moteur

    @contextmanager
    def lecture(self) -> Iterator[Connection]:
        """Open a transaction that reads."""
        with _dire(), self._ouvert().connect() as connexion:
            # Said to the driver itself, it costs a search less; what was only read is rolled back as the connection goes back.
            pilote = connexion.connection.driver_connection
            assert pilote is not None
            pilote.execute("BEGIN")
            yield connexion

    @contextmanager
    def ecriture(self) -> Iterator[Connection]:
        """Open a transaction that writes: the lock is taken at once (trap 18).

        What a person did in it (`ancrer`) is noted outside the vault once it is kept, before anybody is told so.
        """
        ceder_la_reserve(self.dossier)
        with _dire(), transaction(self._ouvert()) as connexion:
            connexion.info.pop(_A_ANCRER, None)
            yield connexion
            version = _avancer(connexion) if connexion.info.pop(_A_ANCRER, False) else 0
        if version:
            with suppress(OSError):  # it is kept all the same: an anchor behind its vault only sees less
                ancre.noter(self.dossier, version)

    def recopier(self) -> None:
        """Copy the write-ahead log back to the database, as far as its readers let it; nobody waits for it, who reads or writes."""
        with _dire(), self._ouvert().connect() as connexion:
            pilote = connexion.connection.driver_connection
            assert pilote is not None
            pilote.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def assurer_secours(self, cle_centre: bytes) -> None:
        """Have the centre able to give this vault back to its agent; once is enough."""
        cles.assurer_secours(self.dossier, self._cle, cle_centre)

    def choisir_code_ecran(self, code: str | None) -> None:
        """Keep, in the vault, what a screen code is checked by while the vault is shut; None takes it away. Raises CodeFaible."""
        sel, derive = reverrou.deriver_code(code) if code is not None else (None, None)
        with self.ecriture() as connexion:
            connexion.execute(update(coffre).values(ecran_sel=sel, ecran_cle=derive))

    def reverrou(self) -> "reverrou.Reverrou":
        """Return what opens this vault again after its screen is locked."""
        with self.lecture() as connexion:
            lu = connexion.execute(select(coffre.c.ecran_sel, coffre.c.ecran_cle)).one()
        return reverrou.Reverrou(self.vault_id, self._cle, lu.ecran_sel, lu.ecran_cle)

    @property
    def appareil(self) -> str:
        """Identifier of the workstation for its agent."""
        with self.lecture() as connexion:
            return str(connexion.execute(select(coffre.c.appareil)).scalar_one())

    def attribuer(self, agent_id: str, portee_agent: str) -> None:
        """Say whose vault it is, the first time. Raises CoffreAutrui when it is somebody else's."""
        with self.ecriture() as connexion:
            deja = connexion.execute(select(coffre.c.agent_id)).scalar_one()
            if deja not in (None, agent_id):
                raise CoffreAutrui
            connexion.execute(update(coffre).values(agent_id=agent_id, agent_scope=portee_agent))

    def fermer(self) -> None:
        """Close the database, forget the key and free the profile; nothing opens it again by this way."""
        moteur, self._moteur, self._cle = self._moteur, None, b""
        if moteur is not None:
            moteur.dispose()
        self._verrou.release()


def ancrer(connexion: Connection) -> None:
    """Have the transaction noted outside the vault: it holds something that a person did."""
    connexion.info[_A_ANCRER] = True


def _avancer(connexion: Connection) -> int:
    return int(connexion.execute(update(coffre).values(version=coffre.c.version + 1).returning(coffre.c.version)).scalar_one())


@contextmanager
def _dire() -> Iterator[None]:
    """Say in words what the disk did to a transaction, which is rolled back whole."""
    try:
        yield
    except (DBAPIError, dbapi2.Error) as erreur:
        texte = str(getattr(erreur, "orig", erreur))
        for signe, motif in _PANNES_DISQUE.items():
            if signe in texte:
                raise motif from erreur
        raise


def existe(dossier: Path) -> bool:
    """Tell whether a profile was made there, whatever is left of it."""
    return (dossier / cles.NOM).exists() or (dossier / BASE).exists()


def ouvrir(dossier: Path, phrase: str) -> Coffre:
    """Open a profile, or make it when there is none.

    Raises ProfilOccupe, PhraseFausse, TropTot, CoffreScelle, PosteInconnu, CleAbimee, CoffreAbime or CoffreTropRecent; no data is changed then.
    """
    dossier.mkdir(parents=True, exist_ok=True)
    with a_nous(dossier) as verrou:
        return _creer(dossier, phrase, verrou) if not existe(dossier) else rouvrir(dossier, verrou, *cles.ouvrir(dossier, phrase))


def ouvrir_avec_cle(dossier: Path, vault_id: str, cle: bytes, *, verifier: bool = True) -> Coffre:
    """Open a profile with its data key; `verifier`: read the whole file first. Raises ProfilOccupe, CoffreAbime or CoffreTropRecent."""
    with a_nous(dossier) as verrou:
        return rouvrir(dossier, verrou, vault_id, cle, verifier=verifier)


@contextmanager
def a_nous(dossier: Path) -> Iterator[FileLock]:
    """Take a profile's lock, and give it back if what follows fails."""
    # Of a program that died as it started another, the child holds the lock until it is that other: some milliseconds.
    verrou = FileLock(dossier / "verrou", timeout=_PATIENCE_S, thread_local=False)
    try:
        verrou.acquire()
    except Timeout as erreur:
        raise ProfilOccupe from erreur
    try:
        yield verrou
    except BaseException:
        verrou.release()
        raise


def _creer(dossier: Path, phrase: str, verrou: FileLock) -> Coffre:
    """Make a vault: the base under another name, then the key, then the rename. A cut at any point is picked up again."""
    fichier, cle = cles.nouvelle(phrase)
    neuve = dossier / NEUVE
    neuve.unlink(missing_ok=True)
    moteur = moteur_de(neuve, cle)
    with transaction(moteur) as connexion:
        migrer(connexion, "guichet.store")
        connexion.execute(insert(coffre).values(vault_id=fichier.vault_id, appareil=uuid7()))
    moteur.dispose()
    cles.ecrire(dossier, fichier)
    neuve.replace(dossier / BASE)
    return Coffre(dossier, moteur_de(dossier / BASE, cle), verrou, fichier.vault_id, cle)


def rouvrir(dossier: Path, verrou: FileLock, vault_id: str, cle: bytes, *, verifier: bool = True) -> Coffre:
    """Open a vault whose lock is held and whose key is known. Raises CoffreAbime or CoffreTropRecent."""
    base, neuve = dossier / BASE, dossier / NEUVE
    if (dossier / EN_REPARATION).exists():
        raise CoffreAbime
    if not base.exists() and neuve.is_file():
        neuve.replace(base)
    if not base.is_file() or base.stat().st_size == 0:
        raise CoffreAbime
    moteur = moteur_de(base, cle)
    try:
        with moteur.begin() as connexion:
            _verifier(connexion, vault_id, ancre.lire(dossier), base.stat().st_size if verifier else None)
        with transaction(moteur) as connexion:
            migrer(connexion, "guichet.store")
    except DBAPIError as erreur:
        moteur.dispose()
        raise CoffreAbime from erreur
    except SchemaTropRecent as erreur:
        moteur.dispose()
        raise CoffreTropRecent from erreur
    except BaseException:
        moteur.dispose()
        raise
    reserver(dossier)
    return Coffre(dossier, moteur, verrou, vault_id, cle)


def _verifier(connexion: Connection, vault_id: str, ancree: int, octets: int | None) -> None:
    """Self-test of research/security.md §4: really encrypted, whole, the vault that the key file names, and not behind its anchor."""
    if not connexion.exec_driver_sql("PRAGMA cipher_version").scalar():
        raise CoffreAbime
    if connexion.exec_driver_sql("SELECT vault_id FROM coffre").scalar() != vault_id:
        raise CoffreAbime
    if "version" in _colonnes(connexion) and connexion.exec_driver_sql("SELECT version FROM coffre").scalar_one() < ancree:
        raise CoffreAbime
    if octets is None or octets > _VERIFIE_OCTETS:
        return
    if connexion.exec_driver_sql("PRAGMA cipher_integrity_check").first() is not None:
        raise CoffreAbime
    if connexion.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
        raise CoffreAbime


def _colonnes(connexion: Connection) -> set[str]:
    return {nom for _, nom, *_ in connexion.exec_driver_sql("PRAGMA table_info(coffre)")}


def moteur_de(chemin: Path, cle: bytes) -> Engine:
    """Open with the raw key: no derivation at each connection (trap 20)."""

    def connecter() -> Any:  # noqa: ANN401 (the driver's own connection)
        connexion = dbapi2.connect(str(chemin), isolation_level=None, check_same_thread=False)
        connexion.execute(f"PRAGMA key=\"x'{cle.hex()}'\"")
        for reglage in _REGLAGES:
            connexion.execute(f"PRAGMA {reglage}")
        connexion.create_function("cle_adresse", 1, lambda adresse: adresse and cle_adresse(adresse), deterministic=True)
        return connexion

    # The connection used last has its pages at hand, decrypted: it serves first.
    return create_engine("sqlite://", module=dbapi2, creator=connecter, poolclass=QueuePool, pool_size=4, pool_use_lifo=True, **MOTEUR)


@contextmanager
def transaction(moteur: Engine) -> Iterator[Connection]:
    """Open a transaction that writes, whose lock is taken at once: the driver begins none by itself.

    An event of the engine would do it too, and have each statement of each connection look for listeners.
    """
    with moteur.begin() as connexion:
        connexion.exec_driver_sql("BEGIN IMMEDIATE")
        yield connexion
