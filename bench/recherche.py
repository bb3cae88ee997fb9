"""People of the organisme's other sites by name, a million of them on PostgreSQL, 32 advisors at once, against the same SQL alone."""

import itertools
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import psycopg
from sqlalchemy import Connection, text

from bench import centre as atelier
from bench.ecoute import Ordre, entendre
from bench.mesure import Banc, Mesure
from guichet.central.base import BaseCentre
from guichet.central.entretien import passer
from guichet.central.fichiers import Fichiers
from guichet.central.identity.acces import Acces
from guichet.central.identity.cles import Cles
from guichet.central.jetons import AgentConnecte, authentifier
from guichet.central.services import recherche
from guichet.contract.sync import RechercheHorsPortee
from guichet.models import uuid7
from guichet.sync.client import ClientCentre
from tests.outils import CentreEnMarche, executer_sql

_RANGS = itertools.count(1_000_000)


@dataclass(frozen=True)
class Tailles:
    personnes: int
    sites: int
    agents: int
    tours: int
    """Searches of each advisor."""
    pause_s: tuple[float, float]
    """At least and at most between two searches of one advisor: the centre is asked when his typing pauses."""


def mesurer(t: Tailles) -> Iterator[Mesure]:
    serveur = atelier.postgresql("-c", "max_connections=200", "-c", "shared_buffers=1GB")
    with ExitStack() as fermer:
        fermer.callback(serveur.effacer)
        serveur.demarrer()
        executer_sql(f"{serveur.url}/postgres", "CREATE DATABASE recherche")
        base = BaseCentre(f"{serveur.url}/recherche")
        fermer.callback(base.fermer)
        jetons = _semer(base, t)
        dossier = Path(fermer.enter_context(tempfile.TemporaryDirectory()))
        passer(base.gardee(), Fichiers(dossier))  # what a centre does once a day is done: searches wait for nothing else
        centre = CentreEnMarche(base.url, dossier)
        fermer.callback(centre.tuer)
        centre.demarrer()
        saisies = _saisies(base, t)
        clients = [ClientCentre(centre.url, jeton) for jeton in jetons]
        par_http = _jouer([_par_http(c) for c in clients], saisies, t)
        centre.tuer()
        services, seuls = _sans_http(base, jetons, saisies, t)
    detail = f"{t.agents} advisors, {len(par_http)} searches, {t.personnes} people in {t.sites} sites; median {statistics.median(par_http):.1f} ms"
    quoi = "people of other sites by name, over HTTP, on PostgreSQL, 95th percentile"
    yield Mesure("http", quoi, "", 50, _centile(par_http), "ms", detail)
    p95, p95_sql = _centile(services), _centile(seuls)
    detail = (
        f"{p95:.1f} ms, {p95_sql:.1f} ms; medians {statistics.median(services):.1f} and {statistics.median(seuls):.1f} ms; "
        "journal and rights included on both sides"
    )
    contre = "the same statements given to the driver"
    yield Mesure("service", "the centre's search without HTTP, 95th percentile", contre, 1.3, p95 / p95_sql, "×", detail)


def _semer(base: BaseCentre, t: Tailles) -> list[str]:
    """Fill the sites with their households, and give the agents of one more a token each."""
    from guichet.central.jetons import delivrer
    from guichet.central.peuplement.chargeur import Chargeur
    from guichet.central.peuplement.hasard import Hasard
    from guichet.migration import migrer

    with base.ecriture() as connexion:
        migrer(connexion, "guichet.central")
    with base.ecriture() as connexion:
        chargeur = Chargeur(connexion)
        for site in ("ici", *map(str, range(t.sites))):
            chargeur.ouvrir(f"site:caf:{site}", "site")
        for n in range(t.agents):
            chargeur.ouvrir(f"user:{n}", "user")
            chargeur.ajouter(f"user:{n}", "agent", f"agent-{n}", {
                "login": f"bench{n}", "nom": "Bench", "prenom": "Ada", "fonction": "f", "role": "conseiller", "organisme_id": "o",
                "organisme_nom": "Caf", "site_nom": "s", "poste_libelle": "1", "voit_nir": True, "onglets": ["dossiers"],
            })  # fmt: skip
            chargeur.ajouter(f"user:{n}", "habilitation", f"droit-{n}", {
                "agent_id": f"agent-{n}", "portee": "site:caf:ici", "role": "conseiller", "du": "2020-01-01",
            })  # fmt: skip
        chargeur.terminer()
        _copier(connexion, Hasard(1, date(2026, 11, 21)), t)
    executer_sql(base.url, "VACUUM ANALYZE")  # as autovacuum does in an hour
    with base.ecriture() as connexion:
        return [delivrer(connexion, f"bench{n}")[0] for n in range(t.agents)]


def _copier(connexion: Connection, hasard: object, t: Tailles) -> None:
    from guichet.central.peuplement.hasard import Hasard

    assert isinstance(hasard, Hasard)
    alea = random.Random(2)
    gens = list[tuple[str, str, str, str, str, date, str]]()
    for rang in range(t.personnes):
        sexe = "FM"[rang % 2]
        nom, prenom = alea.choice(hasard.noms), alea.choice(hasard.prenoms[sexe])
        # As on the workstation's bench: most have a name of two words.
        autre = None if alea.random() < 0.3 else alea.choice(hasard.noms)
        entier, cle = (f"{nom.texte} {autre.texte}", f"{nom.cle} {autre.cle}") if autre is not None else (nom.texte, nom.cle)
        ne_le = date(1940 + rang % 70, 1 + rang % 12, 1 + rang % 28)
        gens.append((f"site:caf:{rang % t.sites}", f"p{rang}", entier, prenom.texte, sexe, ne_le, f"{cle} {prenom.cle}"))
    tables = {
        "personne (scope_id, id, nom_naissance, prenoms, sexe, ne_le, cle)": gens,
        "dossier (scope_id, id, organisme_id, organisme_nom, numero, foyer_id, responsable_id, ouvert_le)": (
            (g[0], f"d{n}", "o", "Caf", f"{n:07}", f"f{n}", g[1], date.today()) for n, g in enumerate(gens)
        ),
        "membre (scope_id, id, dossier_id, personne_id, role)": ((g[0], f"m{n}", f"d{n}", g[1], "responsable") for n, g in enumerate(gens)),
        "mot (scope_id, personne_id, mot)": ((g[0], g[1], m) for g in gens for m in dict.fromkeys(g[6].split())),
    }  # fmt: skip
    pilote = connexion.connection.driver_connection
    assert isinstance(pilote, psycopg.Connection)
    for table, lignes in tables.items():
        with pilote.cursor().copy(f"COPY {table} FROM STDIN") as copie:  # type: ignore[arg-type]
            for ligne in lignes:
                copie.write_row(ligne)


def _saisies(base: BaseCentre, t: Tailles) -> list[list[str]]:
    """Names as they are typed: the beginning of one, both in any order, a whole one."""
    alea = random.Random(3)
    with base.lecture() as connexion:
        qui = [f"p{alea.randrange(t.personnes)}" for _ in range(t.agents * t.tours)]
        cles = connexion.scalars(text("SELECT cle FROM personne WHERE id = ANY(:qui)"), {"qui": qui}).all()
    formes: list[Callable[[list[str]], list[str]]] = [
        lambda m: [m[0][:5]], lambda m: [m[-1][:4], m[0]], lambda m: m, lambda m: [m[0], m[-1][:1]],
    ]  # fmt: skip
    return [formes[n % len(formes)](cle.split()) for n, cle in enumerate(cles) if len(cle.split()[0]) >= 3]


def _par_http(client: ClientCentre) -> Callable[[list[str]], None]:
    return lambda mots: client.chercher_ailleurs(RechercheHorsPortee(mots)) and None


def _sans_http(base: BaseCentre, jetons: list[str], saisies: list[list[str]], t: Tailles) -> tuple[list[float], list[float]]:
    """Search through the centre's own service, then give the driver the very same statements; each search's milliseconds."""
    gardee, acces = base.gardee(), Acces(Cles(base), "http://127.0.0.1")
    with base.lecture() as connexion:
        agents = [authentifier(connexion, acces, f"Bearer {jeton}") for jeton in jetons]
    par_service = [partial(_chercher, gardee, agent) for agent in agents]
    services = _jouer(par_service, saisies, t)
    ordres = [
        entendre(base.moteur, [partial(chercher, saisie) for saisie in saisies[rang :: t.agents]])
        for rang, chercher in enumerate(par_service)
    ]
    directs = [psycopg.connect(base.url.replace("+psycopg", "")) for _ in range(t.agents)]
    seuls = _jouer([_rejouer(c, iter(siens)) for c, siens in zip(directs, ordres, strict=True)], saisies, t)
    for connexion in directs:
        connexion.close()
    return services, seuls


def _chercher(base: BaseCentre, agent: AgentConnecte, mots: list[str]) -> None:
    recherche.chercher(base, agent, RechercheHorsPortee(mots))


def _rejouer(connexion: "psycopg.Connection[tuple[object, ...]]", recherches: Iterator[list[Ordre]]) -> Callable[[list[str]], None]:
    """Return what plays the next search's statements, its line of journal under a new name and place."""

    def jouer(_: list[str]) -> None:
        for sql, valeurs in next(recherches):
            if sql.startswith("INSERT INTO journal"):
                valeurs = valeurs | {"id": uuid7()} | ({"rang": next(_RANGS)} if valeurs["rang"] else {})
            curseur = connexion.execute(sql, valeurs)
            if curseur.description is not None:
                curseur.fetchall()
        connexion.commit()

    return jouer


def _jouer(agents: list[Callable[[list[str]], None]], saisies: list[list[str]], t: Tailles) -> list[float]:
    """Have every advisor search at his own pace; return each search's milliseconds."""
    durees = list[float]()

    def travailler(rang: int) -> None:
        alea = random.Random(rang)
        for saisie in saisies[rang :: t.agents]:
            time.sleep(alea.uniform(*t.pause_s))
            debut = time.perf_counter()
            agents[rang](saisie)
            durees.append((time.perf_counter() - debut) * 1000)

    fils = [threading.Thread(target=travailler, args=(n,)) for n in range(t.agents)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    return durees


def _centile(durees: list[float]) -> float:
    return sorted(durees)[int(len(durees) * 0.95)]


BANC = Banc(
    mesurer,
    court=Tailles(personnes=200, sites=2, agents=2, tours=2, pause_s=(0, 0.02)),
    long=Tailles(personnes=1_000_000, sites=10, agents=32, tours=30, pause_s=(0.5, 1.5)),
)
