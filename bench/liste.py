"""Opening a list of 100,000 tenants in the window, against the same SQL alone."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import fenetre as atelier
from bench import magasin
from bench.mesure import Banc, Mesure


@dataclass(frozen=True)
class Tailles:
    locataires: int
    tours: int


def mesurer(t: Tailles) -> Iterator[Mesure]:
    with tempfile.TemporaryDirectory() as dossier:
        session = magasin.ouvrir(Path(dossier), ["bailleur"], magasin.BAILLEUR)
        magasin.remplir_locataires(session, t.locataires)
        session.fermer()
        fenetre = atelier.ouvrir(Path(dossier))
        page = fenetre.page("bailleur")
        atelier.attendre(lambda: page.table.model().rowCount() == t.locataires)
        seul, ouvert = [], []
        for _ in range(t.tours):
            seul.append(_sql(fenetre.poste.session))
            ouvert.append(_ouvrir(page))
        fenetre.close()
    a, b = statistics.median(ouvert), statistics.median(seul)
    detail = f"{t.locataires} tenants, {a:.1f} ms, {b:.1f} ms, {t.tours} turns"
    yield Mesure("ouverture", "a list of tenants, count to painted page", "the same SQL alone", 2, a / b, "×", detail)


def _sql(session: magasin.Session) -> float:
    from guichet.services import locataires

    debut = time.perf_counter()
    filtre = locataires.criteres(attendus=False, nom="", numero="", code_postal="")
    locataires.compter(session, filtre)
    locataires.lire(session, filtre, 0, 128)
    return (time.perf_counter() - debut) * 1000


def _ouvrir(page: object) -> float:
    """Apply the empty filter until the first rows are painted: count, reset, read, paint."""
    modele = page.table.model()
    lues: list[int] = []

    def noter(debut_page: int, _: list[object]) -> None:
        lues.append(debut_page)

    page.presenter.page_lue.connect(noter)
    debut = time.perf_counter()
    page.presenter.appliquer(attendus=False, nom="", numero="", code_postal="")
    atelier.attendre(lambda: lues and modele.ligne(0) is not None)
    atelier.peindre(page.table.viewport())
    duree = (time.perf_counter() - debut) * 1000
    page.presenter.page_lue.disconnect(noter)
    return duree


BANC = Banc(mesurer, court=Tailles(locataires=100, tours=1), long=Tailles(locataires=100_000, tours=15))
