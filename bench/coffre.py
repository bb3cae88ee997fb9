"""What the vault costs: the same work on plain SQLite in the same run; the lock and the way back, as the agent waits for them."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import select
from sqlcipher3 import dbapi2

from bench import fenetre as atelier
from bench import magasin
from bench.mesure import Banc, Mesure
from guichet.contract.sync import Mutation
from guichet.models import uuid7
from guichet.services import dossiers
from guichet.services.session import Session
from guichet.store import sortie
from guichet.store.tables import recherche
from guichet.views.connexion.verrou import VerrouPage

CODE = "274915"


@dataclass(frozen=True)
class Tailles:
    personnes: int
    gestes: int
    recherches: int
    tours: int
    verrous: int
    """With each of the two secrets."""
    repos_s: float
    """After the agent came in: he locks seconds later, not at once."""
    reprise_s: float
    """After he came back: what comes back behind the screen, the code among it."""


def mesurer(t: Tailles) -> Iterator[Mesure]:
    yield from _chiffrement(t)
    yield from _verrou(t)


# ---- encryption


class _Nue(dbapi2.Connection):
    """The same driver, the same settings, no key: SQLCipher is then plain SQLite."""

    def execute(self, ordre: str, *parametres: Any) -> Any:
        return super().execute("SELECT 1" if ordre.startswith("PRAGMA key") else ordre, *parametres)


@contextmanager
def _nu() -> Iterator[None]:
    vrai = dbapi2.connect
    dbapi2.connect = lambda *a, **k: vrai(*a, factory=_Nue, **k)
    try:
        yield
    finally:
        dbapi2.connect = vrai


def _chiffrement(t: Tailles) -> Iterator[Mesure]:
    mesures: dict[bool, list[tuple[float, float, float]]] = {True: [], False: []}
    for tour in range(t.tours * 2):
        chiffre = tour % 2 == 0
        mesures[chiffre].append(_journee(t, chiffre=chiffre))
    gestes = {"chargement": "a store filled, encrypted", "gestes": "acts kept one by one, encrypted", "recherches": "searches, encrypted"}
    for rang, (nom, quoi) in enumerate(gestes.items()):
        ici, nu = (statistics.median(m[rang] for m in mesures[c]) for c in (True, False))
        detail = (
            f"{t.personnes} people, {t.gestes} acts, {t.recherches} searches, medians of {t.tours}: {ici * 1000:.0f} ms, {nu * 1000:.0f} ms"
        )
        yield Mesure(nom, quoi, "the same driver without a key", 1.15, ici / nu, "×", detail)


def _journee(t: Tailles, *, chiffre: bool) -> tuple[float, float, float]:
    """Fill a store, do acts one by one, search; return the seconds of each."""
    with tempfile.TemporaryDirectory() as dossier, _nu() if not chiffre else nullcontext():
        session = magasin.ouvrir(Path(dossier), ["dossiers"], magasin.SITE)
        try:
            return magasin.remplir_dossiers(session, t.personnes), _gestes(session, t), _recherches(session, t)
        finally:
            session.fermer()


def _gestes(session: Session, t: Tailles) -> float:
    debut = time.perf_counter()
    for n in range(t.gestes):
        with session.coffre.ecriture() as connexion:
            geste = Mutation("set", "contact", uuid7(), {"valeur": f"06{n:08}"}, {"valeur": ""})
            sortie.poster(connexion, magasin.SITE, "Contact", [geste])
    return time.perf_counter() - debut


def _recherches(session: Session, t: Tailles) -> float:
    with session.coffre.lecture() as connexion:
        cles = list(connexion.scalars(select(recherche.c.cle).where(recherche.c.rid % (t.personnes // t.recherches) == 1)))
    debut = time.perf_counter()
    for cle in cles:
        dossiers.chercher(session, cle.lower()[:7], date(2026, 11, 21))
    return time.perf_counter() - debut


# ---- the lock


def _verrou(t: Tailles) -> Iterator[Mesure]:
    with tempfile.TemporaryDirectory() as dossier:
        session = magasin.ouvrir(Path(dossier), ["dossiers"], magasin.SITE)
        magasin.remplir_dossiers(session, t.personnes)
        session.fermer()
        fenetre = atelier.ouvrir(Path(dossier))
        attente = time.perf_counter() + t.repos_s
        atelier.attendre(lambda: time.perf_counter() > attente)
        fermes, phrases = _allers_et_retours(fenetre, magasin.PHRASE, t)
        pret: list[object] = []
        fenetre.poste.choisir_code_ecran(CODE, lambda: pret.append(True), pret.append)
        atelier.attendre(lambda: pret == [True])
        fermes_encore, codes = _allers_et_retours(fenetre, CODE, t)
        fermes += fermes_encore
        fenetre.quitter()
    detail = f"{t.personnes} people, {len(fermes)} locks, median {statistics.median(fermes):.0f} ms"
    yield Mesure("verrou", "lock: from the key to the hidden screen, the worst", "", 100, max(fermes), "ms", detail)
    for nom, mot, durees in (("phrase", "passphrase", phrases), ("code", "screen code", codes)):
        detail = f"{len(durees)} times, median {statistics.median(durees):.0f} ms"
        yield Mesure(nom, f"back by the {mot}, the worst", "", 1000, max(durees), "ms", detail)


def _allers_et_retours(fenetre: atelier.Fenetre, secret: str, t: Tailles) -> tuple[list[float], list[float]]:
    allers, retours = [], []
    for _ in range(t.verrous):
        allers.append(_verrouiller(fenetre))
        retours.append(_deverrouiller(fenetre, secret))
        reprise = time.perf_counter() + t.reprise_s
        atelier.attendre(lambda r=reprise: time.perf_counter() > r)
    return allers, retours


def _verrouiller(fenetre: atelier.Fenetre) -> float:
    debut = time.perf_counter()
    QTest.keyClick(fenetre, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    atelier.attendre(lambda: fenetre.findChildren(VerrouPage) and fenetre.findChild(VerrouPage).isVisible())
    atelier.peindre(fenetre.findChild(VerrouPage))
    return (time.perf_counter() - debut) * 1000


def _deverrouiller(fenetre: atelier.Fenetre, secret: str) -> float:
    champ = fenetre.findChild(VerrouPage).champ
    champ.setText(secret)
    debut = time.perf_counter()
    QTest.keyClick(champ, Qt.Key.Key_Return)
    atelier.attendre(lambda: fenetre.onglets.isVisible())
    atelier.peindre(fenetre.onglets)
    return (time.perf_counter() - debut) * 1000


BANC = Banc(
    mesurer,
    court=Tailles(personnes=40, gestes=2, recherches=2, tours=1, verrous=1, repos_s=0, reprise_s=0.5),
    long=Tailles(personnes=60_000, gestes=400, recherches=400, tours=5, verrous=9, repos_s=3, reprise_s=0.5),
)
