"""First load, pull and push against PouchDB with express-pouchdb and against bare SQLCipher inserts: the same rows, one run."""

import json
import shutil
import socket
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection as Tuyau
from multiprocessing.sharedctypes import SynchronizedArray
from pathlib import Path

from sqlalchemy import Index, text
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlcipher3 import dbapi2

from bench import centre as atelier
from bench.magasin import PHRASE
from bench.mesure import Banc, Mesure, OutilAbsent
from tests.processus import CONTEXTE

_ECARTE = "PouchDB is left out of a short run"


@dataclass(frozen=True)
class Tailles:
    lignes: int
    changes: int
    """Rows of each reading and of each sending."""
    tours: int
    pair: bool
    """Whether PouchDB is installed, and does the same."""


class Compteur:
    """Stands before a server, in a process of its own, and counts the bytes of both ways."""

    def __init__(self, port: int) -> None:
        self._compte = CONTEXTE.Array("q", 2)
        ici, la = CONTEXTE.Pipe()
        CONTEXTE.Process(target=_compter, args=(port, self._compte, la), daemon=True).start()
        self.port: int = ici.recv()

    def prendre(self) -> tuple[int, int]:
        """Return (bytes, requests) since the last time."""
        time.sleep(0.1)
        with self._compte.get_lock():
            octets, requetes = self._compte
            self._compte[:] = [0, 0]
        return octets, requetes


def _compter(cible: int, compte: "SynchronizedArray[int]", tuyau: Tuyau) -> None:
    def verser(source: socket.socket, puits: socket.socket, montant: bool) -> None:
        with suppress(OSError):
            while octets := source.recv(262_144):
                with compte.get_lock():
                    compte[0] += len(octets)
                    compte[1] += montant and octets[:5] in (b"POST ", b"GET /", b"PUT /")
                puits.sendall(octets)
        puits.close()

    ecoute = socket.create_server(("127.0.0.1", 0))
    tuyau.send(ecoute.getsockname()[1])
    while True:
        client, _ = ecoute.accept()
        serveur = socket.create_connection(("127.0.0.1", cible))
        for a, b in ((client, serveur), (serveur, client)):
            a.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=verser, args=(a, b, a is client), daemon=True).start()


def mesurer(t: Tailles) -> Iterator[Mesure]:
    with tempfile.TemporaryDirectory(prefix="bench-sync-") as dossier:
        ou = Path(dossier)
        lignes = atelier.lignes(t.lignes)
        pair = _pouchdb(ou, lignes, t) if t.pair else None
        nous = _guichet(ou, lignes, t)
    yield from _contre_pouchdb(t, nous, pair)
    plancher = nous["plancher"]
    quoi, contre = "first load, encrypted, indexed, searchable", "bare SQLCipher inserts of the same rows in the same tables"
    detail = f"{t.lignes / nous['initial']:.0f} rows/s, {t.lignes / plancher:.0f} rows/s, medians of {t.tours}"
    yield Mesure("plancher", quoi, contre, 1 / 0.35, nous["initial"] / plancher, "×", detail)
    quoi, requetes = "a pass with nothing to do, all scopes", nous["vide_requetes"]
    yield Mesure("vide", f"{quoi}: bytes", "", 600, nous["vide"], "bytes", f"{t.lignes} rows, {requetes:.0f} requests")
    yield Mesure("vide_requetes", f"{quoi}: requests", "", 1, requetes, "", "hello alone")


def _contre_pouchdb(t: Tailles, nous: dict[str, float], pair: dict[str, float] | None) -> Iterator[Mesure]:
    """Yield what is measured beside PouchDB, without a figure where it was left out."""
    mesures = (
        ("initial", "first load, encrypted, indexed, searchable", 1 / 7, t.lignes, "s", 1.0),
        ("octets", "bytes of the first load", 0.38, t.lignes, "MB", 1e-6),
        ("tirer", "reading changed rows", 1 / 2.5, t.changes, "ms", 1000.0),
        ("pousser", "sending changed rows", 1 / 2.5, t.changes, "ms", 1000.0),
    )
    for nom, quoi, borne, lignes, unite, par in mesures:
        ici = f"{lignes} rows, {nous[nom] * par:.1f} {unite}"
        trouve, detail = (nous[nom] / pair[nom], f"{ici}, {pair[nom] * par:.1f} {unite}") if pair else (None, f"{_ECARTE}; here {ici}")
        yield Mesure(nom, quoi, "PouchDB with express-pouchdb", borne, trouve, "×", detail)


def _plancher(fichier: Path, lignes: list[atelier.Ligne]) -> float:
    """The same rows in the same tables with their keys and indexes, by bare SQLCipher in one transaction; return seconds."""
    from guichet.contract.corps import champs
    from guichet.models import ENTITES

    base = dbapi2.connect(str(fichier), isolation_level=None)
    for pragma in (f"key=\"x'{'ab' * 32}'\"", "journal_mode=WAL", "synchronous=FULL", "cache_size=-65536", "temp_store=MEMORY"):
        base.execute(f"PRAGMA {pragma}")
    lots = {}
    for type_ in atelier.TYPES:
        table = ENTITES[type_].__table__
        base.execute(str(CreateTable(table)))
        for index in table.indexes:
            assert isinstance(index, Index)
            base.execute(str(CreateIndex(index)))
        colonnes = list(champs(type_))
        lots[type_] = (colonnes, [(atelier.SITE, id_, *(v.get(c) for c in colonnes)) for t, id_, v in lignes if t == type_])
    debut = time.perf_counter()
    base.execute("BEGIN IMMEDIATE")
    for type_, (colonnes, valeurs) in lots.items():
        marques = ", ".join("?" * (len(colonnes) + 2))
        base.executemany(f"INSERT INTO {type_} (scope_id, id, {', '.join(colonnes)}) VALUES ({marques})", valeurs)
    base.execute("COMMIT")
    duree = time.perf_counter() - debut
    base.close()
    return duree


def _pouchdb(ou: Path, lignes: list[atelier.Ligne], t: Tailles) -> dict[str, float]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise OutilAbsent("node and npm, for PouchDB (make outils-essais)")
    ici = ou / "pair"
    ici.mkdir()
    subprocess.run(
        [npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent", "pouchdb@9", "express-pouchdb@4", "express@4"],
        cwd=ici, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    (ici / "serveur").mkdir()
    with (ici / "docs.ndjson").open("w") as sortie:
        for type_, id_, valeurs in lignes:
            sortie.write(json.dumps({"_id": id_, "type": type_, **valeurs}) + "\n")
    script = str(Path(__file__).parent / "pair" / "pouchdb.mjs")
    serveur, dire_serveur = _noeud([node, script, "serveur", str(ici / "serveur"), str(ici / "docs.ndjson")], ici)
    port = int(dire_serveur(None)["port"])
    compteur = Compteur(port)
    client, dire = _noeud([node, script, "client", str(ici / "client"), f"http://127.0.0.1:{compteur.port}/essai"], ici)
    dire(None)
    rendu: dict[str, float] = {}
    recues = dire("tirer")
    assert recues["n"] == t.lignes
    rendu["initial"], rendu["octets"] = recues["s"], compteur.prendre()[0]
    dire(f"http://127.0.0.1:{port}/essai")  # from here on nothing is counted, and nothing stands in between
    mesures = []
    for _ in range(t.tours + 1):
        dire("changer")
        mesures.append(dire("pousser")["s"])
    rendu["pousser"] = statistics.median(mesures[1:])
    mesures = []
    for _ in range(t.tours):
        dire_serveur(str(t.changes))
        mesures.append(dire("tirer")["s"])
    rendu["tirer"] = statistics.median(mesures)
    for processus in (client, serveur):
        processus.kill()
        processus.wait()
    return rendu


def _noeud(commande: list[str], ici: Path):
    processus = subprocess.Popen(commande, cwd=ici, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert processus.stdin is not None
    assert processus.stdout is not None

    def dire(commande: str | None) -> dict[str, float]:
        if commande is not None:
            processus.stdin.write(f"{commande}\n")
            processus.stdin.flush()
        while ligne := processus.stdout.readline():
            if ligne.startswith("{"):
                return json.loads(ligne)
        raise RuntimeError("the peer ended")

    return processus, dire


def _guichet(ou: Path, lignes: list[atelier.Ligne], t: Tailles) -> dict[str, float]:
    with atelier.ouvrir(ou, lignes) as centre:
        return _mesurer_guichet(ou, centre, lignes, t)


def _mesurer_guichet(ou: Path, centre: atelier.Centre, lignes: list[atelier.Ligne], t: Tailles) -> dict[str, float]:
    from guichet.central.fil import Ecrit, inscrire
    from guichet.contract.sync import Mutation
    from guichet.models import Contact
    from guichet.services import dossiers, ouvrir_session
    from guichet.store import sortie

    base, compteur = centre.base, Compteur(int(centre.url.rsplit(":", 1)[1]))
    rendu: dict[str, float] = {}
    mesures, planchers = list[float](), list[float]()
    for tour in range(t.tours):
        # In turn, so that both meet the disk as it is then.
        planchers.append(_plancher(ou / f"plancher{tour}.db", lignes))
        profil = ou / f"profil{tour}"
        session = ouvrir_session(profil, PHRASE, f"http://127.0.0.1:{compteur.port}", centre.jeton, centre.agent)
        compteur.prendre()
        debut = time.perf_counter()
        session.synchroniser()
        trouves = dossiers.chercher(session, "0000042", date.today()).trouves
        mesures.append(time.perf_counter() - debut)
        assert [t.numero for t in trouves] == ["0000042"]
        rendu["octets"] = compteur.prendre()[0]
        session.fermer()
    session = ouvrir_session(profil, PHRASE, centre.url, centre.jeton, centre.agent)
    session.synchroniser()
    rendu["initial"], rendu["plancher"] = statistics.median(mesures), statistics.median(planchers)
    mesures = []
    for tour in range(t.tours + 1):
        with session.coffre.ecriture() as connexion:
            contacts = connexion.execute(text(f"SELECT id, valeur FROM contact LIMIT {t.changes}")).all()
            for x in contacts:
                sortie.poster(
                    connexion, atelier.SITE, "Contact", [Mutation("set", "contact", x.id, {"valeur": f"+337{tour}"}, {"valeur": x.valeur})]
                )
        mesures.append(_chronometrer(session))
    rendu["pousser"] = statistics.median(mesures[1:])  # as the peer's
    mesures = []
    for tour in range(t.tours):
        with base.ecriture() as connexion:
            table = Contact.__table__
            lus = connexion.execute(table.select().where(table.c.scope_id == atelier.SITE).limit(t.changes)).mappings().all()
            inscrire(connexion, atelier.SITE, [Ecrit("contact", x["id"], dict(x) | {"valeur": f"+338{tour}"}) for x in lus])
        mesures.append(_chronometrer(session))
    rendu["tirer"] = statistics.median(mesures)
    session.fermer()
    session = ouvrir_session(profil, PHRASE, f"http://127.0.0.1:{compteur.port}", centre.jeton, centre.agent)
    session.synchroniser()
    compteur.prendre()
    session.synchroniser()
    rendu["vide"], rendu["vide_requetes"] = compteur.prendre()
    session.fermer()
    return rendu


def _chronometrer(session) -> float:
    debut = time.perf_counter()
    session.synchroniser()
    duree = time.perf_counter() - debut
    session.recopier()  # as the window does after each pass, behind everybody
    return duree


BANC = Banc(
    mesurer,
    court=Tailles(lignes=250, changes=5, tours=1, pair=False),
    long=Tailles(lignes=100_000, changes=1000, tours=5, pair=True),
)
