"""A keystroke in the search of « Dossiers », on a million people, until its rows are painted."""

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bench import fenetre as atelier
from bench import magasin
from bench.ecoute import Ordre, entendre
from bench.mesure import Mesure
from guichet.services import dossiers, ouvrir_session

PERSONNES, SAISIES = 1_000_000, 60
_TOURS, _JOUR = 15, date(2026, 11, 21)


def mesurer() -> Iterator[Mesure]:
    with tempfile.TemporaryDirectory() as dossier:
        session = magasin.ouvrir(Path(dossier), ["dossiers"], magasin.SITE)
        rempli = magasin.remplir_dossiers(session, PERSONNES)
        saisies = _saisies(session)
        frappes = [saisie[:n] for saisie in saisies for n in range(1, len(saisie) + 1)]
        with session.coffre.lecture() as connexion:
            moteur = connexion.engine
        ordres = entendre(moteur, [partial(dossiers.chercher, session, frappe, _JOUR) for frappe in frappes])
        session.fermer()
        # Opened again: an engine that was listened to looks for its listeners ever after.
        session = ouvrir_session(Path(dossier), magasin.PHRASE)
        service, seul = _sans_fenetre(session, frappes, ordres)
        session.fermer()
        fenetre = atelier.ouvrir(Path(dossier))
        durees = sorted(_chronometrer(fenetre, saisies))
        fenetre.close()
    detail = f"{len(durees)} frappes, {PERSONNES} personnes chiffrées (magasin rempli en {rempli:.0f} s), pire {durees[-1]:.1f} ms"
    yield Mesure("frappe → lignes peintes, médiane", statistics.median(durees), 16, " ms", detail)
    yield Mesure("frappe → lignes peintes, 99e centile", durees[int(len(durees) * 0.99)], 50, " ms", detail)
    detail = f"toutes les frappes, sans fenêtre : {service:.0f} ms contre {seul:.0f} ms"
    yield Mesure("recherche du poste / même SQL au pilote", service / seul, 1.3, " ×", detail)


def _sans_fenetre(session: magasin.Session, frappes: list[str], ordres: list[list[Ordre]]) -> tuple[float, float]:
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

    durees = [(_duree(par_le_service), _duree(par_le_pilote)) for _ in range(_TOURS)]
    return statistics.median(d for d, _ in durees), statistics.median(d for _, d in durees)


def _duree(jeu: Callable[[], None]) -> float:
    debut = time.perf_counter()
    jeu()
    return (time.perf_counter() - debut) * 1000


def _saisies(session: magasin.Session) -> list[str]:
    """Names in both orders, NIR, numbers, telephones and dates of people who are there."""
    from sqlalchemy import text

    alea = random.Random(3)
    with session.coffre.lecture() as connexion:
        rids = ", ".join(str(alea.randrange(1, PERSONNES)) for _ in range(SAISIES))
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
