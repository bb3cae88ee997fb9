"""Opening a list of 100,000 tenants in the window, against the same SQL alone."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import fenetre as atelier
from bench import magasin
from bench.mesure import Mesure

LOCATAIRES, TOURS = 100_000, 15


def mesurer() -> Iterator[Mesure]:
    with tempfile.TemporaryDirectory() as dossier:
        session = magasin.ouvrir(Path(dossier), ["bailleur"], magasin.BAILLEUR)
        magasin.remplir_locataires(session, LOCATAIRES)
        session.fermer()
        fenetre = atelier.ouvrir(Path(dossier))
        page = fenetre.page("bailleur")
        atelier.attendre(lambda: page.table.model().rowCount() == LOCATAIRES)
        seul, ouvert = [], []
        for _ in range(TOURS):
            seul.append(_sql(fenetre.poste.session))
            ouvert.append(_ouvrir(page))
        fenetre.close()
    a, b = statistics.median(ouvert), statistics.median(seul)
    yield Mesure(
        "liste de 100 000 locataires / même SQL", a / b, 2, " ×", f"{a:.1f} ms contre {b:.1f} ms (compte et première page), {TOURS} tours"
    )


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
