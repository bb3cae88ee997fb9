"""First load, pull and push against PouchDB with express-pouchdb and against bare SQLCipher inserts: the same rows, one run."""

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlalchemy import Index, text
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlcipher3 import dbapi2

from bench.mesure import Mesure

LIGNES, CHANGES = 100_000, 1000
SITE = "site:bench"
_TYPES = ("personne", "dossier", "membre", "identifiant", "contact")


class Compteur:
    """Stands before a server and counts the bytes of both ways."""

    def __init__(self, port: int) -> None:
        self.octets, self.requetes = 0, 0
        self._cible = port
        self._ecoute = socket.create_server(("127.0.0.1", 0))
        self.port = self._ecoute.getsockname()[1]
        threading.Thread(target=self._accueillir, daemon=True).start()

    def _accueillir(self) -> None:
        while True:
            client, _ = self._ecoute.accept()
            serveur = socket.create_connection(("127.0.0.1", self._cible))
            for a, b in ((client, serveur), (serveur, client)):
                a.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._verser, args=(a, b, a is client), daemon=True).start()

    def _verser(self, source: socket.socket, puits: socket.socket, montant: bool) -> None:
        try:
            while octets := source.recv(262_144):
                self.octets += len(octets)
                self.requetes += montant and octets[:5] in (b"POST ", b"GET /", b"PUT /")
                puits.sendall(octets)
        except OSError:
            pass
        puits.close()

    def prendre(self) -> tuple[int, int]:
        """Return (bytes, requests) since the last time."""
        time.sleep(0.1)
        lus, self.octets, self.requetes = (self.octets, self.requetes), 0, 0
        return lus


def mesurer() -> Iterator[Mesure]:
    with tempfile.TemporaryDirectory(prefix="bench-sync-") as dossier:
        ou = Path(dossier)
        lignes = _lignes()
        plancher = _plancher(ou, lignes)
        pair = _pouchdb(ou, lignes)
        nous = _guichet(ou, lignes)
        detail = f"{LIGNES} lignes, {nous['initial']:.1f} s contre {pair['initial']:.1f} s"
        yield Mesure("premier chargement / PouchDB", nous["initial"] / pair["initial"], 1 / 7, " ×", detail)
        detail = f"plancher {LIGNES / plancher:.0f} lignes/s, Guichet {LIGNES / nous['initial']:.0f} lignes/s (chiffré, indexé, cherchable)"
        yield Mesure("plancher SQLCipher / premier chargement", nous["initial"] / plancher, 1 / 0.35, " ×", detail)
        detail = f"{nous['octets'] / 1e6:.1f} Mo contre {pair['octets'] / 1e6:.1f} Mo"
        yield Mesure("octets du premier chargement / PouchDB", nous["octets"] / pair["octets"], 0.38, " ×", detail)
        for nom, mot in (("tirer", "lecture"), ("pousser", "envoi")):
            detail = f"{CHANGES} lignes, {nous[nom] * 1000:.0f} ms contre {pair[nom] * 1000:.0f} ms"
            yield Mesure(f"{mot} de {CHANGES} / PouchDB", nous[nom] / pair[nom], 1 / 2.5, " ×", detail)
        yield Mesure("passe à vide, toutes les portées", nous["vide"], 600, " octets", f"{nous['vide_requetes']:.0f} requête")
        yield Mesure("requêtes d'une passe à vide", nous["vide_requetes"], 1, "", "hello seul")


def _lignes() -> list[tuple[str, str, dict[str, object]]]:
    """Households of the demonstration: (type, id, fields), as the centre holds them."""
    from guichet.central.peuplement.hasard import Hasard
    from guichet.models import uuid7

    h, lignes = Hasard(1, date(2026, 11, 21)), list[tuple[str, str, dict[str, object]]]()
    for rang in range(LIGNES // len(_TYPES)):
        sexe, ne_le = "FM"[rang % 2], date(1940 + rang % 70, 1 + rang % 12, 1 + rang % 28)
        nom, prenom = h.alea.choice(h.noms), h.alea.choice(h.prenoms[sexe])
        personne, dossier = uuid7(), uuid7()
        lignes += [
            ("personne", personne, {
                "nom_naissance": nom.texte, "prenoms": prenom.texte, "sexe": sexe, "ne_le": ne_le.isoformat(), "cle": f"{nom.cle} {prenom.cle}",
                "commune_naissance": "Toulouse", "pays_naissance": "France",
            }),
            ("dossier", dossier, {
                "organisme_id": "01a1fb67-1800-726b-b2a7-000000000001", "organisme_nom": "Caf de la Haute-Garonne", "numero": f"{rang:07}",
                "foyer_id": uuid7(), "responsable_id": personne, "ouvert_le": "2019-04-01", "quotient_familial": rang % 1500,
                "iban": f"FR76{rang:023}",
            }),
            ("membre", uuid7(), {"dossier_id": dossier, "personne_id": personne, "role": "responsable", "activite": "Salarié", "activite_depuis": "2021-09-01"}),
            ("identifiant", uuid7(), {"personne_id": personne, "type": "nir", "valeur": h.nir(sexe, ne_le)}),
            ("contact", uuid7(), {"personne_id": personne, "type": "telephone", "valeur": f"+336{rang:08}", "code_postal": "31000", "commune": "Toulouse"}),
        ]  # fmt: skip
    return lignes


def _plancher(ou: Path, lignes: list[tuple[str, str, dict[str, object]]]) -> float:
    """The same rows in the same tables with their keys and indexes, by bare SQLCipher in one transaction; return seconds."""
    from guichet.contract.corps import champs
    from guichet.models import ENTITES

    base = dbapi2.connect(str(ou / "plancher.db"), isolation_level=None)
    for pragma in (f"key=\"x'{'ab' * 32}'\"", "journal_mode=WAL", "synchronous=FULL", "cache_size=-65536", "temp_store=MEMORY"):
        base.execute(f"PRAGMA {pragma}")
    lots = {}
    for type_ in _TYPES:
        table = ENTITES[type_].__table__
        base.execute(str(CreateTable(table)))
        for index in table.indexes:
            assert isinstance(index, Index)
            base.execute(str(CreateIndex(index)))
        colonnes = list(champs(type_))
        lots[type_] = (colonnes, [(SITE, id_, *(v.get(c) for c in colonnes)) for t, id_, v in lignes if t == type_])
    debut = time.perf_counter()
    base.execute("BEGIN IMMEDIATE")
    for type_, (colonnes, valeurs) in lots.items():
        marques = ", ".join("?" * (len(colonnes) + 2))
        base.executemany(f"INSERT INTO {type_} (scope_id, id, {', '.join(colonnes)}) VALUES ({marques})", valeurs)
    base.execute("COMMIT")
    duree = time.perf_counter() - debut
    base.close()
    return duree


def _pouchdb(ou: Path, lignes: list[tuple[str, str, dict[str, object]]]) -> dict[str, float]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise SystemExit("bench/sync a besoin de node et de npm pour mesurer PouchDB.")
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
    compteur = Compteur(int(dire_serveur(None)["port"]))
    client, dire = _noeud([node, script, "client", str(ici / "client"), f"http://127.0.0.1:{compteur.port}/essai"], ici)
    dire(None)
    rendu: dict[str, float] = {}
    recues = dire("tirer")
    assert recues["n"] == LIGNES
    rendu["initial"], rendu["octets"] = recues["s"], compteur.prendre()[0]
    for _ in range(2):
        dire("changer")
        rendu["pousser"] = dire("pousser")["s"]  # the second one: the first examines every document again
    mesures = []
    for _ in range(3):
        dire_serveur(str(CHANGES))
        mesures.append(dire("tirer")["s"])
    rendu["tirer"] = sorted(mesures)[1]
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


def _guichet(ou: Path, lignes: list[tuple[str, str, dict[str, object]]]) -> dict[str, float]:
    from guichet.central import instantanes
    from guichet.central.base import BaseCentre
    from guichet.central.fil import Ecrit, inscrire
    from guichet.central.jetons import delivrer
    from guichet.contract.sync import Mutation
    from guichet.models import Contact
    from guichet.services import dossiers, ouvrir_session
    from guichet.store import sortie

    url = f"sqlite:///{ou / 'centre.db'}"
    _semer(url, lignes)
    base = BaseCentre(url)
    instantanes.construire(base, SITE)
    with base.ecriture() as connexion:
        jeton, agent = delivrer(connexion, "bench")
    centre = subprocess.Popen(
        [sys.executable, "-m", "guichet", "centre", "servir", "--base", url, "--adresse", "127.0.0.1:0", "--fichiers", str(ou / "pieces")],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert centre.stdout is not None
    compteur = Compteur(int(centre.stdout.readline().rsplit(":", 1)[1]))
    session = ouvrir_session(ou / "profil", "bench", f"http://127.0.0.1:{compteur.port}", jeton, (agent.id, agent.scope_id))
    rendu: dict[str, float] = {}
    debut = time.perf_counter()
    session.synchroniser()
    trouves = dossiers.chercher(session, "0000042", date.today()).trouves
    rendu["initial"] = time.perf_counter() - debut
    assert [t.numero for t in trouves] == ["0000042"]
    rendu["octets"] = compteur.prendre()[0]
    mesures = []
    for tour in range(3):
        with session.coffre.ecriture() as connexion:
            contacts = connexion.execute(text(f"SELECT id, valeur FROM contact LIMIT {CHANGES}")).all()
            for x in contacts:
                sortie.poster(
                    connexion, SITE, "Contact", [Mutation("set", "contact", x.id, {"valeur": f"+337{tour}"}, {"valeur": x.valeur})]
                )
        mesures.append(_chronometrer(session))
    rendu["pousser"] = sorted(mesures)[1]
    mesures = []
    for tour in range(3):
        with base.ecriture() as connexion:
            table = Contact.__table__
            lus = connexion.execute(table.select().where(table.c.scope_id == SITE).limit(CHANGES)).mappings().all()
            inscrire(connexion, SITE, [Ecrit("contact", x["id"], dict(x) | {"valeur": f"+338{tour}"}) for x in lus])
        mesures.append(_chronometrer(session))
    rendu["tirer"] = sorted(mesures)[1]
    session.synchroniser()
    compteur.prendre()
    session.synchroniser()
    rendu["vide"], rendu["vide_requetes"] = compteur.prendre()
    session.fermer()
    base.fermer()
    centre.kill()
    centre.communicate()
    return rendu


def _chronometrer(session) -> float:
    debut = time.perf_counter()
    session.synchroniser()
    return time.perf_counter() - debut


def _semer(url: str, lignes: list[tuple[str, str, dict[str, object]]]) -> None:
    from guichet.central.base import BaseCentre
    from guichet.central.peuplement.chargeur import Chargeur
    from guichet.migration import migrer

    base = BaseCentre(url)
    with base.ecriture() as connexion:
        migrer(connexion, "guichet.central")
    with base.ecriture() as connexion:
        chargeur = Chargeur(connexion)
        for portee, genre in ((SITE, "site"), ("user:bench", "user")):
            chargeur.ouvrir(portee, genre)
        chargeur.ajouter("user:bench", "agent", "agent", {
            "login": "bench", "nom": "Bench", "prenom": "Ada", "fonction": "f", "role": "conseiller", "organisme_id": "o",
            "organisme_nom": "Caf", "site_nom": "s", "poste_libelle": "1", "voit_nir": True, "onglets": ["dossiers"],
        })  # fmt: skip
        for portee in (SITE, "user:bench"):
            chargeur.ajouter("user:bench", "habilitation", f"d-{portee}", {
                "agent_id": "agent", "portee": portee, "role": "conseiller", "du": "2020-01-01",
            })  # fmt: skip
        for type_, id_, valeurs in lignes:
            chargeur.ajouter(SITE, type_, id_, valeurs)
        chargeur.terminer()
    base.fermer()
