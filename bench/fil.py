"""The feed on PostgreSQL under 64 writers: rows missed, throughput against a naive serial cursor, delay while a transaction stays open."""

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import BigInteger, Column, Connection, LargeBinary, MetaData, String, Table, func, select, text

from bench import centre as atelier
from bench.mesure import Banc, Mesure
from guichet.central.base import BaseCentre
from guichet.central.fil import Ecrit, inscrire, ouvrir_portee
from guichet.central.tables import scope_head, sync_row
from guichet.contract.corps import empreinte, encoder
from guichet.contract.lots import remplacer
from guichet.migration import migrer
from guichet.models import uuid7
from tests.outils import executer_sql

LOT = 50


@dataclass(frozen=True)
class Tailles:
    ecrivains: int
    portees: int
    temoin: int
    """Rows of each round of either cursor."""
    lignes: int
    """Rows that are written while they are read."""
    ouverte_s: float
    """How long a transaction stays open, each time."""
    fenetres: int


naive = Table(
    "naive", MetaData(), Column("scope_id", String(64), primary_key=True), Column("id", String(36), primary_key=True),
    Column("seq", BigInteger, server_default=text("nextval('naive_seq')"), index=True), Column("rev", BigInteger), Column("h", BigInteger),
    Column("body", LargeBinary),
)  # fmt: skip
"""What trap 1 warns of: a serial number taken when the row is written, read by « greater than »."""


def mesurer(t: Tailles) -> Iterator[Mesure]:
    serveur = atelier.postgresql("-c", "max_connections=200")
    serveur.demarrer()
    try:
        executer_sql(f"{serveur.url}/postgres", "CREATE DATABASE fil")
        base = BaseCentre(f"{serveur.url}/fil", connexions=t.ecrivains + 8)
        with base.ecriture() as connexion:
            migrer(connexion, "guichet.central")
            for n in range(t.portees):
                ouvrir_portee(connexion, f"site:{n}", "site")
            connexion.execute(text("CREATE SEQUENCE naive_seq"))
            naive.metadata.create_all(connexion)
        debits: dict[str, list[float]] = {"nous": [], "naif": []}
        for tour in range(4):
            for nom, ecrire in (("nous", _ecrire), ("naif", _ecrire_naif)):
                debits[nom].append(_debit(base, ecrire, t, t.temoin))
            if tour == 0:
                # Plans made on empty tables are not those of a base that lives: that round does not count.
                with base.ecriture() as connexion:
                    connexion.execute(text("ANALYZE"))
                debits = {"nous": [], "naif": []}
        manquees, lues, duree = _tout_lire(base, t)
        calme, genee = _delais(base, t)
        base.fermer()
    finally:
        serveur.effacer()
    detail = f"{lues} rows written by {t.ecrivains} threads, read meanwhile, in {duree:.0f} s"
    yield Mesure("manquees", "rows of the feed missed by who follows it, on PostgreSQL", "", 0, manquees, "", detail)
    a, b = statistics.median(debits["naif"]), statistics.median(debits["nous"])
    yield Mesure("debit", "throughput of a naive serial cursor", "the feed's", 1 / 0.9, a / b, "×", f"{a:.0f} rows/s, {b:.0f}")
    detail = f"open {t.ouverte_s:g} s; median {genee[0]:.1f} ms, {calme[0]:.1f} ms; 99th percentile {genee[1]:.1f} ms, {calme[1]:.1f} ms"
    quoi = "from a commit to its row being read, another transaction staying open, 99th percentile"
    yield Mesure("delai", quoi, "the same without it", 1.2, genee[1] / calme[1], "×", detail)


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
    remplacer(connexion, naive, [{"scope_id": portee, "id": i, "rev": 1, "h": empreinte(i, 1, c), "body": c} for i, c in corps])


def _debit(base: BaseCentre, ecrire: Callable[..., None], t: Tailles, lignes: int) -> float:
    """Write so many rows with every thread; return rows a second."""
    tours = lignes // LOT // t.ecrivains

    def boucle(rang: int) -> None:
        for tour in range(tours):
            base.ecrire(partial(ecrire, portee=f"site:{(rang + tour) % t.portees}"))

    debut = time.perf_counter()
    fils = [threading.Thread(target=boucle, args=(n,)) for n in range(t.ecrivains)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    return tours * LOT * t.ecrivains / (time.perf_counter() - debut)


def _tout_lire(base: BaseCentre, t: Tailles) -> tuple[int, int, float]:
    """Follow every scope while every thread writes; return rows missed, rows written, seconds."""
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
    ecrivain = threading.Thread(target=lambda: (_debit(base, _ecrire, t, t.lignes), fini.set()))
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


def _delais(base: BaseCentre, t: Tailles) -> tuple[tuple[float, float], tuple[float, float]]:
    """From a commit to its row being read, in ms, median and 99th centile: alone, then while another transaction that has written stays open.

    Both in turn, so that what else the machine does weighs on both.
    """
    mesures: dict[bool, list[float]] = {False: [], True: []}
    for tour in range(2 * t.fenetres):
        ouverte = bool(tour % 2)
        fin, commencee = threading.Event(), threading.Event()
        gene = threading.Thread(target=_tenir, args=(base, commencee, fin))
        if ouverte:
            gene.start()
            commencee.wait()
        debut = time.perf_counter()
        while time.perf_counter() - debut < t.ouverte_s:
            mesures[ouverte].append(_un_delai(base))
        fin.set()
        if ouverte:
            gene.join()
    return _resumer(mesures[False]), _resumer(mesures[True])


def _tenir(base: BaseCentre, commencee: threading.Event, fin: threading.Event) -> None:
    with base.ecriture() as connexion:
        _ecrire(connexion, "site:1")
        commencee.set()
        fin.wait()


def _un_delai(base: BaseCentre) -> float:
    avant = _tetes(base)["site:0"]
    base.ecrire(lambda c: _ecrire(c, "site:0"))
    debut = time.perf_counter()
    suivantes = select(func.count()).select_from(sync_row).where(sync_row.c.scope_id == "site:0", sync_row.c.seq > avant)
    while True:
        with base.lecture() as connexion:
            if connexion.scalar(suivantes):
                return (time.perf_counter() - debut) * 1000
        time.sleep(0.002)


def _resumer(mesures: list[float]) -> tuple[float, float]:
    return statistics.median(mesures), sorted(mesures)[int(len(mesures) * 0.99)]


BANC = Banc(
    mesurer,
    court=Tailles(ecrivains=2, portees=2, temoin=100, lignes=200, ouverte_s=0.05, fenetres=1),
    long=Tailles(ecrivains=64, portees=32, temoin=100_000, lignes=1_003_200, ouverte_s=2, fenetres=5),
)
