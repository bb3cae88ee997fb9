"""The feed on PostgreSQL under 64 writers: rows missed, throughput against a naive serial cursor, delay while a transaction stays open."""

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import BigInteger, Column, Connection, LargeBinary, MetaData, String, Table, func, select, text
from sqlalchemy.dialects.postgresql import insert

from bench.mesure import Mesure
from guichet.central.base import BaseCentre
from guichet.central.fil import Ecrit, inscrire, ouvrir_portee, remplacer
from guichet.central.tables import scope_head, sync_row
from guichet.contract.corps import empreinte, encoder
from guichet.migration import migrer
from guichet.models import uuid7
from tests.outils import Postgresql, executer_sql

ECRIVAINS, PORTEES, LOT, LIGNES, TEMOIN = 64, 32, 50, 1_003_200, 100_000
_OUVERTE_S, _DELAIS = 2.0, 40

naive = Table(
    "naive", MetaData(), Column("scope_id", String(64), primary_key=True), Column("id", String(36), primary_key=True),
    Column("seq", BigInteger, server_default=text("nextval('naive_seq')"), index=True), Column("rev", BigInteger), Column("h", BigInteger),
    Column("body", LargeBinary),
)  # fmt: skip
"""What trap 1 warns of: a serial number taken when the row is written, read by « greater than »."""


def mesurer() -> Iterator[Mesure]:
    binaires = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not binaires:
        raise SystemExit("bench/fil a besoin de PostgreSQL (make outils-essais).")
    serveur = Postgresql(binaires[-1], "-c", "max_connections=200")
    serveur.demarrer()
    try:
        executer_sql(f"{serveur.url}/postgres", "CREATE DATABASE fil")
        base = BaseCentre(f"{serveur.url}/fil", connexions=ECRIVAINS + 8)
        with base.ecriture() as connexion:
            migrer(connexion, "guichet.central")
            for n in range(PORTEES):
                ouvrir_portee(connexion, f"site:{n}", "site")
            connexion.execute(text("CREATE SEQUENCE naive_seq"))
            naive.metadata.create_all(connexion)
        debits: dict[str, list[float]] = {"nous": [], "naif": []}
        for _ in range(2):
            for nom, ecrire in (("nous", _ecrire), ("naif", _ecrire_naif)):
                debits[nom].append(_debit(base, ecrire, TEMOIN))
        manquees, lues, duree = _tout_lire(base)
        calme, genee = _delais(base, ouverte=False), _delais(base, ouverte=True)
        base.fermer()
    finally:
        serveur.effacer()
    yield Mesure("lignes manquées", manquees, 0, "", f"{lues} lignes écrites par {ECRIVAINS} fils et lues pendant ce temps, {duree:.0f} s")
    a, b = max(debits["naif"]), max(debits["nous"])
    yield Mesure("débit du curseur naïf / le nôtre", a / b, 1 / 0.9, " ×", f"{b:.0f} lignes/s contre {a:.0f}")
    detail = f"médiane {calme[0]:.1f} ms puis {genee[0]:.1f} ms ; 99e centile {calme[1]:.1f} ms puis {genee[1]:.1f} ms"
    yield Mesure("délai avec une transaction ouverte 2 s / sans", genee[1] / calme[1], 1.2, " ×", detail)


def _lignes() -> list[Ecrit]:
    return [Ecrit("courrier", uuid7(), {"dossier_id": "d", "le": _JOUR, "sens": "recu", "objet": "Essai", "lu": False}) for _ in range(LOT)]


_JOUR = datetime.now(UTC).date()


def _ecrire(connexion: Connection, portee: str) -> None:
    inscrire(connexion, portee, _lignes())


def _ecrire_naif(connexion: Connection, portee: str) -> None:
    """The same work without a head: entities, revisions looked up, rows with their hash."""
    from guichet.central.fil import ecrire_entites

    lignes = _lignes()
    ecrire_entites(connexion, portee, lignes)
    connexion.execute(select(naive.c.id, naive.c.rev).where(naive.c.scope_id == portee, naive.c.id.in_([x.id for x in lignes]))).all()
    corps = [(x.id, encoder(x.type, x.valeurs or {})) for x in lignes]
    insertion = insert(naive)
    lots = [{"scope_id": portee, "id": i, "rev": 1, "h": empreinte(i, 1, c), "body": c} for i, c in corps]
    connexion.execute(insertion.on_conflict_do_update(index_elements=["scope_id", "id"], set_={"rev": insertion.excluded.rev}), lots)


def _debit(base: BaseCentre, ecrire: Callable[..., None], lignes: int) -> float:
    """Write so many rows with every thread; return rows a second."""
    tours = lignes // LOT // ECRIVAINS

    def boucle(rang: int) -> None:
        for tour in range(tours):
            base.ecrire(partial(ecrire, portee=f"site:{(rang + tour) % PORTEES}"))

    debut = time.perf_counter()
    fils = [threading.Thread(target=boucle, args=(n,)) for n in range(ECRIVAINS)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    return tours * LOT * ECRIVAINS / (time.perf_counter() - debut)


def _tout_lire(base: BaseCentre) -> tuple[int, int, float]:
    """Follow every scope while 64 threads write; return rows missed, rows written, seconds."""
    curseurs = _tetes(base)
    fini = threading.Event()
    lues = 0
    debut = time.perf_counter()

    def suivre() -> int:
        total = 0
        for portee in curseurs:
            with base.lecture() as connexion:
                tete = connexion.scalar(select(scope_head.c.last).where(scope_head.c.scope_id == portee)) or 0
                voulues = select(func.count(), func.max(sync_row.c.seq)).where(
                    sync_row.c.scope_id == portee, sync_row.c.seq > curseurs[portee]
                )
                nombre, dernier = connexion.execute(voulues).one()
            curseurs[portee] = max(tete, dernier or 0)
            total += nombre
        return total

    avant = sum(curseurs.values())
    ecrivain = threading.Thread(target=lambda: (_debit(base, _ecrire, LIGNES), fini.set()))
    ecrivain.start()
    while not fini.is_set():
        lues += suivre()
        time.sleep(0.02)
    lues += suivre()
    ecrites = sum(_tetes(base).values()) - avant
    return ecrites - lues, ecrites, time.perf_counter() - debut


def _tetes(base: BaseCentre) -> dict[str, int]:
    with base.lecture() as connexion:
        return {x.scope_id: x.last for x in connexion.execute(select(scope_head.c.scope_id, scope_head.c.last))}


def _delais(base: BaseCentre, *, ouverte: bool) -> tuple[float, float]:
    """From a commit to its row being read, in ms: median and 99th centile, while another transaction has written and stays open or not."""
    fin = threading.Event()

    def tenir() -> None:
        with base.ecriture() as connexion:
            remplacer(connexion, naive, [{"scope_id": "x", "id": uuid7(), "seq": 0, "rev": 1, "h": 0, "body": b""}])
            fin.wait(_OUVERTE_S)

    mesures = []
    for _ in range(_DELAIS):
        fin.clear()
        gene = threading.Thread(target=tenir)
        if ouverte:
            gene.start()
            time.sleep(0.01)
        avant = _tetes(base)["site:0"]
        base.ecrire(lambda c: _ecrire(c, "site:0"))
        debut = time.perf_counter()
        while True:
            with base.lecture() as connexion:
                if connexion.scalar(
                    select(func.count()).select_from(sync_row).where(sync_row.c.scope_id == "site:0", sync_row.c.seq > avant)
                ):
                    break
            time.sleep(0.002)
        mesures.append((time.perf_counter() - debut) * 1000)
        fin.set()
        if ouverte:
            gene.join()
    return statistics.median(mesures), sorted(mesures)[int(len(mesures) * 0.99)]
