"""A keystroke in the search of « Dossiers », on a million people, until its rows are painted."""

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bench import fenetre as atelier
from bench import magasin
from bench.ecoute import Ordre, entendre
from bench.mesure import Banc, Mesure
from guichet.services import dossiers, ouvrir_session

_JOUR = date(2026, 11, 21)


@dataclass(frozen=True)
class Tailles:
    personnes: int
    saisies: int
    """Each typed letter by letter."""
    tours: int
    """Of all the keystrokes, without a window."""


def mesurer(t: Tailles) -> Iterator[Mesure]:
    with tempfile.TemporaryDirectory() as dossier:
        session = magasin.ouvrir(Path(dossier), ["dossiers"], magasin.SITE)
        rempli = magasin.remplir_dossiers(session, t.personnes)
        saisies = _saisies(session, t)
        frappes = [saisie[:n] for saisie in saisies for n in range(1, len(saisie) + 1)]
        with session.coffre.lecture() as connexion:
            moteur = connexion.engine
        ordres = entendre(moteur, [partial(dossiers.chercher, session, frappe, _JOUR) for frappe in frappes])
        session.fermer()
        # Opened again: an engine that was listened to looks for its listeners ever after.
        session = ouvrir_session(Path(dossier), magasin.PHRASE)
        service, seul = _sans_fenetre(session, frappes, ordres, t.tours)
        session.fermer()
        fenetre = atelier.ouvrir(Path(dossier))
        durees = sorted(_chronometrer(fenetre, saisies))
        fenetre.close()
    detail = f"{len(durees)} keystrokes, {t.personnes} people, encrypted (filled in {rempli:.0f} s), worst {durees[-1]:.1f} ms"
    yield Mesure("mediane", "keystroke to painted rows, median", "", 16, statistics.median(durees), "ms", detail)
    yield Mesure("centile", "keystroke to painted rows, 99th percentile", "", 50, durees[int(len(durees) * 0.99)], "ms", detail)
    detail = f"all the keystrokes, without a window, {t.tours} turns: {service:.0f} ms, {seul:.0f} ms"
    contre = "the same statements and transactions given to the driver"
    yield Mesure("service", "the search's service, median", contre, 1.3, service / seul, "×", detail)


def _sans_fenetre(session: magasin.Session, frappes: list[str], ordres: list[list[Ordre]], tours: int) -> tuple[float, float]:
    """Search at every keystroke through the service, then give the driver the very same statements, in turn; milliseconds of each, medians.

    Its transactions are among them: BEGIN as the service says it to the driver, COMMIT before the next.
    """
    with session.coffre.lecture() as connexion:
        pilote = connexion.connection.driver_connection
    assert pilote is not None

    def par_le_service() -> None:
        for frappe in frappes:
            dossiers.chercher(session, frappe, _JOUR)

    def par_le_pilote() -> None:
        for siens in filter(None, ordres):
            pilote.execute("BEGIN")
            for sql, parametres in siens:
                pilote.execute(sql, parametres).fetchall()
            pilote.execute("COMMIT")

    durees = [(_duree(par_le_service), _duree(par_le_pilote)) for _ in range(tours)]
    return statistics.median(d for d, _ in durees), statistics.median(d for _, d in durees)


def _duree(jeu: Callable[[], None]) -> float:
    debut = time.perf_counter()
    jeu()
    return (time.perf_counter() - debut) * 1000


def _saisies(session: magasin.Session, t: Tailles) -> list[str]:
    """Names in both orders, NIR, numbers, telephones and dates of people who are there."""
    from sqlalchemy import text

    alea = random.Random(3)
    with session.coffre.lecture() as connexion:
        rids = ", ".join(str(alea.randrange(1, t.personnes)) for _ in range(t.saisies))
        lignes = connexion.execute(text(f"SELECT cle, nir, numero, telephone, ne_le FROM recherche WHERE rid IN ({rids})")).all()
    formes = (
        lambda x: x.cle.lower()[:12], lambda x: f"{x.cle.split()[-1]} {x.cle.split()[0][:4]}".lower(), lambda x: x.cle.split()[0].lower()[:5],
        lambda x: x.nir, lambda x: x.numero, lambda x: "0" + x.telephone[3:],
    )  # fmt: skip
    return [formes[rang % len(formes)](ligne) for rang, ligne in enumerate(lignes)]


def _chronometrer(fenetre: atelier.Fenetre, saisies: list[str]) -> list[float]:
    page = fenetre.page("dossiers")
    recus: list[object] = []
    page.presenter.resultats.connect(recus.append)
    durees = []
    for saisie in saisies:
        page.recherche.clear()
        QApplication.processEvents()
        for lettre in saisie:
            recus.clear()
            debut = time.perf_counter()
            QTest.keyClick(page.recherche, lettre)
            atelier.attendre(lambda: recus)
            atelier.peindre(page.liste)
            durees.append((time.perf_counter() - debut) * 1000)
    return durees


BANC = Banc(mesurer, court=Tailles(personnes=200, saisies=6, tours=1), long=Tailles(personnes=1_000_000, saisies=60, tours=15))
