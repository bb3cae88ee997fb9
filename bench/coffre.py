"""What the vault costs: the same work on plain SQLite in the same run; the lock and the way back, as the agent waits for them."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import select
from sqlcipher3 import dbapi2

from bench import fenetre as atelier
from bench import magasin
from bench.mesure import Mesure
from guichet.contract.sync import Mutation
from guichet.models import uuid7
from guichet.services import dossiers
from guichet.services.session import Session
from guichet.store import sortie
from guichet.store.tables import recherche
from guichet.views.connexion.verrou import VerrouPage

PERSONNES, GESTES, RECHERCHES, TOURS = 60_000, 400, 400, 5
VERROUS, CODE = 9, "274915"


def mesurer() -> Iterator[Mesure]:
    yield from _chiffrement()
    yield from _verrou()


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


def _chiffrement() -> Iterator[Mesure]:
    mesures: dict[bool, list[tuple[float, float, float]]] = {True: [], False: []}
    for tour in range(TOURS * 2):
        chiffre = tour % 2 == 0
        mesures[chiffre].append(_journee(chiffre=chiffre))
    for rang, nom in enumerate(("premier chargement", "gestes enregistrés un à un", "recherches")):
        ici, nu = (statistics.median(m[rang] for m in mesures[c]) for c in (True, False))
        yield Mesure(f"coffre, {nom}, contre SQLite en clair", ici / nu, 1.15, "", f"{ici * 1000:.0f} ms contre {nu * 1000:.0f} ms")


def _journee(*, chiffre: bool) -> tuple[float, float, float]:
    """Fill a store, do acts one by one, search; return the seconds of each."""
    with tempfile.TemporaryDirectory() as dossier, _nu() if not chiffre else nullcontext():
        session = magasin.ouvrir(Path(dossier), ["dossiers"], magasin.SITE)
        try:
            return magasin.remplir_dossiers(session, PERSONNES), _gestes(session), _recherches(session)
        finally:
            session.fermer()


def _gestes(session: Session) -> float:
    debut = time.perf_counter()
    for n in range(GESTES):
        with session.coffre.ecriture() as connexion:
            geste = Mutation("set", "contact", uuid7(), {"valeur": f"06{n:08}"}, {"valeur": ""})
            sortie.poster(connexion, magasin.SITE, "Contact", [geste])
    return time.perf_counter() - debut


def _recherches(session: Session) -> float:
    with session.coffre.lecture() as connexion:
        cles = list(connexion.scalars(select(recherche.c.cle).where(recherche.c.rid % (PERSONNES // RECHERCHES) == 1)))
    debut = time.perf_counter()
    for cle in cles:
        dossiers.chercher(session, cle.lower()[:7], date(2026, 11, 21))
    return time.perf_counter() - debut


# ---- the lock


def _verrou() -> Iterator[Mesure]:
    with tempfile.TemporaryDirectory() as dossier:
        session = magasin.ouvrir(Path(dossier), ["dossiers"], magasin.SITE)
        magasin.remplir_dossiers(session, PERSONNES)
        session.fermer()
        fenetre = atelier.ouvrir(Path(dossier))
        attente = time.perf_counter() + 3  # an agent locks seconds after he came in, not at once
        atelier.attendre(lambda: time.perf_counter() > attente)
        fermes, phrases = _allers_et_retours(fenetre, magasin.PHRASE)
        pret: list[object] = []
        fenetre.poste.choisir_code_ecran(CODE, lambda: pret.append(True), pret.append)
        atelier.attendre(lambda: pret == [True])
        fermes_encore, codes = _allers_et_retours(fenetre, CODE)
        fermes += fermes_encore
        fenetre.quitter()
    detail = f"{PERSONNES} personnes, {len(fermes)} verrous, médiane {statistics.median(fermes):.0f} ms, le pire ici"
    yield Mesure("verrou : de la touche à l'écran caché", max(fermes), 100, " ms", detail)
    yield Mesure("déverrouillage par la phrase, le pire", max(phrases), 1000, " ms", f"médiane {statistics.median(phrases):.0f} ms")
    yield Mesure("déverrouillage par le code, le pire", max(codes), 1000, " ms", f"médiane {statistics.median(codes):.0f} ms")


def _allers_et_retours(fenetre: atelier.Fenetre, secret: str) -> tuple[list[float], list[float]]:
    allers, retours = [], []
    for _ in range(VERROUS):
        allers.append(_verrouiller(fenetre))
        retours.append(_deverrouiller(fenetre, secret))
        reprise = time.perf_counter() + 0.5  # what comes back behind the screen, the code among it
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
