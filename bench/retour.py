"""500 workstations that come back after an outage with 200 acts each, and what the others feel of it, on PostgreSQL."""

import multiprocessing as mp
import os
import random
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from multiprocessing.connection import Connection as Tuyau
from pathlib import Path

from nacl.signing import SigningKey
from sqlalchemy import func, select

from bench.mesure import Mesure
from guichet.central.base import BaseCentre
from guichet.central.tables import applied, lane
from guichet.contract.codes import Etat
from guichet.contract.limites import LOT_OPERATIONS, SCHEMA
from guichet.contract.sync import ENROLEMENT, Bonjour, Enrolement, Envoi, Mutation, Operation
from guichet.models import uuid7
from guichet.presenters.synchro import PERIODE_S
from guichet.sync.client import ClientCentre
from guichet.sync.erreurs import CentreEnPanne, CentreOccupe
from tests.outils import CentreEnMarche, Postgresql, executer_sql

POSTES, ACTES, SITES = 500, 200, 50
TEMOINS, CALME_S, PAUSE_S = 20, 60.0, 3.0
_CONTACTS = 20


def mesurer() -> Iterator[Mesure]:
    binaires = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not binaires:
        raise SystemExit("bench/retour a besoin de PostgreSQL (make outils-essais).")
    serveur = Postgresql(binaires[-1], "-c", "max_connections=200")
    with ExitStack() as fermer:
        fermer.callback(serveur.effacer)
        serveur.demarrer()
        executer_sql(f"{serveur.url}/postgres", "CREATE DATABASE retour")
        base = BaseCentre(f"{serveur.url}/retour")
        fermer.callback(base.fermer)
        jetons = _semer(base)
        centre = CentreEnMarche(base.url, Path(fermer.enter_context(tempfile.TemporaryDirectory())))
        fermer.callback(centre.tuer)
        centre.demarrer()
        rendu = _jouer(centre.url, jetons)
        _verifier_couloirs(base)
    fait = f"{POSTES} postes, {POSTES * ACTES} actes en {rendu['duree']:.0f} s, {rendu['attentes']:.0f} fois priés d'attendre"
    yield Mesure("réponses 5xx", rendu["pannes"], 0, "", fait)
    for nom, cle in (("médiane", "mediane"), ("95e centile", "p95")):
        calme, occupe = rendu[f"{cle}_calme"], rendu[f"{cle}_occupe"]
        detail = f"{TEMOINS} autres postes, un tour = bonjour, un acte, lecture : {occupe:.0f} ms contre {calme:.0f} ms"
        yield Mesure(f"délai des autres postes pendant le retour / avant, {nom}", occupe / calme, 2, " ×", detail)


def _semer(base: BaseCentre) -> list[str]:
    """Make the sites, their agents and the contacts they edit; return a token for each workstation, the witnesses last."""
    from guichet.central.jetons import delivrer
    from guichet.central.peuplement.chargeur import Chargeur
    from guichet.migration import migrer

    with base.ecriture() as connexion:
        migrer(connexion, "guichet.central")
    postes = range(POSTES + TEMOINS)
    with base.ecriture() as connexion:
        chargeur = Chargeur(connexion)
        for portee in dict.fromkeys(_site(n) for n in postes):
            chargeur.ouvrir(portee, "site")
        for n in postes:
            chargeur.ouvrir(f"user:{n}", "user")
            chargeur.ajouter(f"user:{n}", "agent", f"agent-{n}", {
                "login": f"bench{n}", "nom": "Bench", "prenom": "Ada", "fonction": "f", "role": "conseiller", "organisme_id": "o",
                "organisme_nom": "Caf", "site_nom": "s", "poste_libelle": "1", "voit_nir": True, "onglets": ["dossiers"],
            })  # fmt: skip
            chargeur.ajouter(f"user:{n}", "habilitation", f"droit-{n}", {
                "agent_id": f"agent-{n}", "portee": _site(n), "role": "conseiller", "du": "2020-01-01",
            })  # fmt: skip
            for k in range(_CONTACTS):
                chargeur.ajouter(_site(n), "contact", _contact(n, k), {"personne_id": f"p{n}", "type": "telephone", "valeur": "0"})
        chargeur.terminer()
    with base.ecriture() as connexion:
        return [delivrer(connexion, f"bench{n}")[0] for n in postes]


def _site(n: int) -> str:
    """The witnesses sit at sites that kept their line."""
    return f"site:{n % SITES}" if n < POSTES else f"site:ailleurs-{n % 5}"


def _contact(n: int, k: int) -> str:
    return f"contact-{n}-{k}"


class _Leger:
    """A workstation without a vault: the product's own HTTP client, and a lane."""

    def __init__(self, url: str, jeton: str, n: int) -> None:
        self._n, self._appareil, self._portee, self._lseq = n, uuid7(), _site(n), 0
        self._valeurs = dict.fromkeys(range(_CONTACTS), "0")
        self._client = ClientCentre(url, jeton)
        cle = SigningKey.generate()
        self._client.enroler(Enrolement(self._appareil, bytes(cle.verify_key), cle.sign(ENROLEMENT + self._appareil.encode()).signature))

    def preparer(self, nombre: int) -> list[Operation]:
        """Do what a counter does: edits, visits, the journal of who looked at what."""
        return [self._acte() for _ in range(nombre)]

    def _acte(self) -> Operation:
        self._lseq += 1
        le = datetime.now(UTC).isoformat()
        if self._lseq % 2:
            k = self._lseq % _CONTACTS
            avant, self._valeurs[k] = self._valeurs[k], f"+336{self._lseq:08}"
            mutation = Mutation("set", "contact", _contact(self._n, k), {"valeur": self._valeurs[k]}, {"valeur": avant})
        elif self._lseq % 4:
            mutation = Mutation(
                "new", "visite", uuid7(), {"dossier_id": "d", "personne_id": "p", "qualite": "titulaire", "preuve": "cni", "ouverte_le": le}
            )
        else:
            mutation = Mutation("new", "journal", uuid7(), {"le": le, "action": "ouvrir", "objet": "dossier"})
        return Operation(self._lseq, uuid7(), SCHEMA, [mutation])

    def bonjour(self) -> str:
        accueil = self._client.bonjour(Bonjour(SCHEMA, self._appareil, ""))
        assert accueil is not None
        return next(e.epoque for e in accueil.portees if e.portee == self._portee)

    def pousser(self, epoque: str, operations: list[Operation]) -> None:
        verdicts = self._client.pousser(Envoi(self._appareil, self._portee, epoque, operations[0].lseq - 1, operations))
        assert [v.lseq for v in verdicts] == [o.lseq for o in operations]
        assert all(v.st == Etat.APPLIQUE for v in verdicts), verdicts

    def lire(self, epoque: str) -> None:
        self._client.page(self._portee, epoque, 1, 50, appareil=self._appareil)

    def tour(self) -> float:
        """Do one round; return how long it took, in milliseconds."""
        acte = self.preparer(1)
        debut = time.perf_counter()
        epoque = self.bonjour()
        self.pousser(epoque, acte)
        self.lire(epoque)
        return (time.perf_counter() - debut) * 1000


def _jouer(url: str, jetons: list[str]) -> dict[str, float]:
    """Measure the witnesses alone, then while the others come back all at once."""
    contexte = mp.get_context("spawn")
    ici_t, la_t = contexte.Pipe()
    ici_r, la_r = contexte.Pipe()
    temoins = contexte.Process(target=_temoins, args=(url, jetons[POSTES:], la_t))
    retour = contexte.Process(target=_retour, args=(url, jetons[:POSTES], la_r))
    for processus in (temoins, retour):
        processus.start()
    ici_r.recv()
    ici_t.send("calme")
    time.sleep(CALME_S)
    ici_t.send("occupe")
    debut = time.perf_counter()
    ici_r.send("partez")
    compte = ici_r.recv()
    duree = time.perf_counter() - debut
    ici_t.send("fin")
    durees: dict[str, list[float]] = ici_t.recv()
    for processus in (temoins, retour):
        processus.join()
    return {
        "duree": duree, "pannes": compte["pannes"], "attentes": compte["attentes"],
        **{f"mediane_{quand}": statistics.median(d) for quand, d in durees.items()},
        **{f"p95_{quand}": statistics.quantiles(d, n=20)[-1] for quand, d in durees.items()},
    }  # fmt: skip


def _temoins(url: str, jetons: list[str], tuyau: Tuyau) -> None:
    """Workstations at work, each at its own pace: with even pauses, those that one slow moment has brought together would go on together."""
    postes = [_Leger(url, jeton, POSTES + n) for n, jeton in enumerate(jetons)]
    durees: dict[str, list[float]] = {"calme": [], "occupe": []}
    quand = tuyau.recv()

    def travailler(poste: _Leger) -> None:
        while quand != "fin":
            time.sleep(random.expovariate(1 / PAUSE_S))
            if (moment := quand) in durees:
                durees[moment].append(poste.tour())

    fils = [threading.Thread(target=travailler, args=(p,)) for p in postes]
    for fil in fils:
        fil.start()
    while quand != "fin":
        quand = tuyau.recv()
    for fil in fils:
        fil.join()
    tuyau.send(durees)


def _retour(url: str, jetons: list[str], tuyau: Tuyau) -> None:
    """The workstations whose line is back; they stand for other machines, and leave this one's processor to the centre."""
    os.nice(10)
    postes = [_Leger(url, jeton, n) for n, jeton in enumerate(jetons)]
    actes = [p.preparer(ACTES) for p in postes]
    compte: Counter[str] = Counter(pannes=0, attentes=0)

    def vider(poste: _Leger, reste: list[Operation]) -> None:
        time.sleep(random.uniform(0, PERIODE_S))
        while reste:
            try:
                poste.pousser(poste.bonjour(), reste[:LOT_OPERATIONS])
                del reste[:LOT_OPERATIONS]
            except CentreOccupe as erreur:
                compte["attentes"] += 1
                time.sleep(erreur.reessayer * random.uniform(1, 1.2))
            except CentreEnPanne:
                compte["pannes"] += 1

    tuyau.send("pret")
    tuyau.recv()
    fils = [threading.Thread(target=vider, args=couple) for couple in zip(postes, actes, strict=True)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    tuyau.send(dict(compte))


def _verifier_couloirs(base: BaseCentre) -> None:
    """Every lane went to its end, executed once and in its order: each act after the one before it."""
    with base.lecture() as connexion:
        faits = connexion.execute(
            select(lane.c.device_id, lane.c.last, func.count(), func.count(func.distinct(applied.c.opid)))
            .join(applied, (applied.c.scope_id == lane.c.scope_id) & (applied.c.device_id == lane.c.device_id))
            .group_by(lane.c.device_id, lane.c.last)
        ).all()
    complets = [x for x in faits if x.last == ACTES]
    assert len(complets) >= POSTES, len(complets)
    assert all(x[1] == x[2] == x[3] for x in faits), "a lane has a hole or a double"
