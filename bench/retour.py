"""500 workstations that come back after an outage with 200 acts each, and what the others feel of it, on PostgreSQL."""

import os
import random
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection as Tuyau
from pathlib import Path

from nacl.signing import SigningKey
from sqlalchemy import func, select

from bench import centre as atelier
from bench.mesure import Banc, Mesure
from guichet.central.base import BaseCentre
from guichet.central.tables import applied, lane
from guichet.contract.codes import Etat
from guichet.contract.limites import LOT_OPERATIONS, SCHEMA
from guichet.contract.sync import ENROLEMENT, Bonjour, Enrolement, Envoi, Mutation, Operation
from guichet.models import uuid7
from guichet.presenters.synchro import PERIODE_S
from guichet.sync.client import ClientCentre
from guichet.sync.erreurs import CentreEnPanne, CentreOccupe
from tests.outils import CentreEnMarche, executer_sql
from tests.processus import CONTEXTE

_CONTACTS = 20


@dataclass(frozen=True)
class Tailles:
    postes: int
    actes: int
    """Of each workstation that comes back."""
    sites: int
    temoins: int
    """Workstations that kept their line."""
    calme_s: float
    """How long these are timed alone."""
    pause_s: float
    """Between two rounds of one of them, on average."""
    etalement_s: float
    """Within which the others come back."""


def mesurer(t: Tailles) -> Iterator[Mesure]:
    serveur = atelier.postgresql("-c", "max_connections=200")
    with ExitStack() as fermer:
        fermer.callback(serveur.effacer)
        serveur.demarrer()
        executer_sql(f"{serveur.url}/postgres", "CREATE DATABASE retour")
        base = BaseCentre(f"{serveur.url}/retour")
        fermer.callback(base.fermer)
        jetons = _semer(base, t)
        centre = CentreEnMarche(base.url, Path(fermer.enter_context(tempfile.TemporaryDirectory())))
        fermer.callback(centre.tuer)
        centre.demarrer()
        rendu = _jouer(centre.url, jetons, t)
        _verifier_couloirs(base, t)
    fait = f"{t.postes} workstations, {t.postes * t.actes} acts in {rendu['duree']:.0f} s, asked {rendu['attentes']:.0f} times to wait"
    yield Mesure("pannes", "5xx answers while workstations come back after an outage, on PostgreSQL", "", 0, rendu["pannes"], "", fait)
    for cle, mot in (("mediane", "median"), ("p95", "95th percentile")):
        calme, occupe = rendu[f"{cle}_calme"], rendu[f"{cle}_occupe"]
        detail = f"{t.temoins} others, a round is hello, one act, a page read: {occupe:.0f} ms, {calme:.0f} ms"
        yield Mesure(cle, f"a round of the others meanwhile, {mot}", "the same before", 2, occupe / calme, "×", detail)


def _semer(base: BaseCentre, t: Tailles) -> list[str]:
    """Make the sites, their agents and the contacts they edit; return a token for each workstation, the witnesses last."""
    from guichet.central.jetons import delivrer
    from guichet.central.peuplement.chargeur import Chargeur
    from guichet.migration import migrer

    with base.ecriture() as connexion:
        migrer(connexion, "guichet.central")
    postes = range(t.postes + t.temoins)
    with base.ecriture() as connexion:
        chargeur = Chargeur(connexion)
        for portee in dict.fromkeys(_site(n, t) for n in postes):
            chargeur.ouvrir(portee, "site")
        for n in postes:
            chargeur.ouvrir(f"user:{n}", "user")
            chargeur.ajouter(f"user:{n}", "agent", f"agent-{n}", {
                "login": f"bench{n}", "nom": "Bench", "prenom": "Ada", "fonction": "f", "role": "conseiller", "organisme_id": "o",
                "organisme_nom": "Caf", "site_nom": "s", "poste_libelle": "1", "voit_nir": True, "onglets": ["dossiers"],
            })  # fmt: skip
            chargeur.ajouter(f"user:{n}", "habilitation", f"droit-{n}", {
                "agent_id": f"agent-{n}", "portee": _site(n, t), "role": "conseiller", "du": "2020-01-01",
            })  # fmt: skip
            for k in range(_CONTACTS):
                chargeur.ajouter(_site(n, t), "contact", _contact(n, k), {"personne_id": f"p{n}", "type": "telephone", "valeur": "0"})
        chargeur.terminer()
    with base.ecriture() as connexion:
        return [delivrer(connexion, f"bench{n}")[0] for n in postes]


def _site(n: int, t: Tailles) -> str:
    """The witnesses sit at sites that kept their line."""
    return f"site:{n % t.sites}" if n < t.postes else f"site:ailleurs-{n % 5}"


def _contact(n: int, k: int) -> str:
    return f"contact-{n}-{k}"


class _Leger:
    """A workstation without a vault: the product's own HTTP client, and a lane."""

    def __init__(self, url: str, jeton: str, n: int, portee: str) -> None:
        self._n, self._appareil, self._portee, self._lseq = n, uuid7(), portee, 0
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


def _jouer(url: str, jetons: list[str], t: Tailles) -> dict[str, float]:
    """Measure the witnesses alone, then while the others come back all at once."""
    ici_t, la_t = CONTEXTE.Pipe()
    ici_r, la_r = CONTEXTE.Pipe()
    temoins = CONTEXTE.Process(target=_temoins, args=(url, jetons[t.postes :], t, la_t))
    retour = CONTEXTE.Process(target=_retour, args=(url, jetons[: t.postes], t, la_r))
    for processus in (temoins, retour):
        processus.start()
    ici_r.recv()
    ici_t.send("calme")
    time.sleep(t.calme_s)
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
        **{f"p95_{quand}": sorted(d)[int(len(d) * 0.95)] for quand, d in durees.items()},
    }  # fmt: skip


def _temoins(url: str, jetons: list[str], t: Tailles, tuyau: Tuyau) -> None:
    """Workstations at work, each at its own pace: with even pauses, those that one slow moment has brought together would go on together."""
    postes = [_Leger(url, jeton, t.postes + n, _site(t.postes + n, t)) for n, jeton in enumerate(jetons)]
    durees: dict[str, list[float]] = {"calme": [], "occupe": []}
    quand = tuyau.recv()

    def travailler(poste: _Leger) -> None:
        # A short return may be over before any of these began a round.
        while quand != "fin" or not durees["occupe"]:
            time.sleep(random.expovariate(1 / t.pause_s))
            if (moment := "occupe" if quand == "fin" else quand) in durees:
                durees[moment].append(poste.tour())

    fils = [threading.Thread(target=travailler, args=(p,)) for p in postes]
    for fil in fils:
        fil.start()
    while quand != "fin":
        quand = tuyau.recv()
    for fil in fils:
        fil.join()
    tuyau.send(durees)


def _retour(url: str, jetons: list[str], t: Tailles, tuyau: Tuyau) -> None:
    """The workstations whose line is back; they stand for other machines, and leave this one's processor to the centre."""
    os.nice(10)
    postes = [_Leger(url, jeton, n, _site(n, t)) for n, jeton in enumerate(jetons)]
    actes = [p.preparer(t.actes) for p in postes]
    compte: Counter[str] = Counter(pannes=0, attentes=0)

    def vider(poste: _Leger, reste: list[Operation]) -> None:
        time.sleep(random.uniform(0, t.etalement_s))
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


def _verifier_couloirs(base: BaseCentre, t: Tailles) -> None:
    """Every lane went to its end, executed once and in its order: each act after the one before it."""
    with base.lecture() as connexion:
        faits = connexion.execute(
            select(lane.c.device_id, lane.c.last, func.count(), func.count(func.distinct(applied.c.opid)))
            .join(applied, (applied.c.scope_id == lane.c.scope_id) & (applied.c.device_id == lane.c.device_id))
            .group_by(lane.c.device_id, lane.c.last)
        ).all()
    complets = [x for x in faits if x.last == t.actes]
    assert len(complets) >= t.postes, len(complets)
    assert all(x[1] == x[2] == x[3] for x in faits), "a lane has a hole or a double"


BANC = Banc(
    mesurer,
    court=Tailles(postes=2, actes=10, sites=2, temoins=1, calme_s=0.4, pause_s=0.03, etalement_s=0.1),
    long=Tailles(postes=500, actes=200, sites=50, temoins=20, calme_s=60, pause_s=3, etalement_s=PERIODE_S),
)
