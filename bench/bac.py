"""A document of two hundred pages in the tray: what the window weighs then, and how long a page that is moved, or a strip that scrolls, makes it wait."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import fenetre as atelier
from bench import magasin
from bench.ailleurs import ailleurs
from bench.mesure import Banc, Mesure


@dataclass(frozen=True)
class Tailles:
    pages: int
    lues: int
    """Pages whose words are read before anything is timed."""
    deplacees: int
    defilees: int
    part: float
    """Of each page, from its top: the whole, or so few lines that they are read at once."""
    neuf: bool
    """Whether the window that is weighed has a process begun anew."""


def mesurer(t: Tailles) -> Iterator[Mesure]:
    with tempfile.TemporaryDirectory() as dossier:
        magasin.ouvrir(Path(dossier) / "profil", ["documents"], magasin.SITE).fermer()
        _ecrire(Path(dossier) / "dossier.pdf", t)
        vu = ailleurs(_observer, Path(dossier), t, neuf=t.neuf)
    lues = f"{t.pages} scanned pages, a PDF of {vu['mo']:.0f} MB, read in {vu['import']:.0f} s outside the window"
    yield Mesure("memoire", "memory of the window, a long document in the tray", "", 400, vu["memoire"], "MB", lues)
    yield Mesure("pointe", "the same at its highest, words being read and the PDF saved", "", 400, vu["pointe"], "MB", lues)
    gestes = (("deplacer", "a page moved, painted, median", 50), ("defiler", "the strip scrolled by a page, painted, median", 16.7))
    for nom, quoi, borne in gestes:
        detail = f"{t.pages} pages, worst {max(vu[nom]):.0f} ms"
        yield Mesure(nom, quoi, "", borne, statistics.median(vu[nom]), "ms", detail)


def _ecrire(chemin: Path, t: Tailles) -> None:
    """Write a PDF of scans: pictures of pages, as a copier makes them."""
    import cv2
    import img2pdf

    from bench import photos

    pages = [page[: round(len(page) * t.part)] for page in (photos.page(n)[0] for n in range(t.pages))]
    images = [cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, 75])[1].tobytes() for page in pages]
    chemin.write_bytes(img2pdf.convert(images))


def _observer(dossier: Path, t: Tailles) -> dict[str, Any]:
    fenetre = atelier.ouvrir(dossier / "profil")
    page, fichier = fenetre.page("documents"), dossier / "dossier.pdf"
    debut = time.perf_counter()
    page.presenter.importer([fichier])
    atelier.attendre(lambda: len(page.presenter.pages) == t.pages, 300)
    importe = time.perf_counter() - debut
    atelier.attendre(lambda: sum(p.lue for p in page.presenter.pages) >= t.lues, 60)
    barre = page.bac.verticalScrollBar()
    deplacer = [_chronometrer(lambda n=n: page.presenter.deplacer(n, t.pages - 1 - n), page) for n in range(t.deplacees)]
    defiler = [_chronometrer(lambda n=n: barre.setValue(barre.maximum() * n // t.defilees), page.bac) for n in range(t.defilees)]
    avant, sortie = _memoire("VmRSS"), dossier / "sortie.pdf"
    page.presenter.enregistrer(sortie)
    atelier.attendre(lambda: sortie.exists() and sortie.stat().st_size, 120)
    mo = fichier.stat().st_size / 1e6
    fenetre.poste.fermer()
    return {"memoire": avant, "pointe": _memoire("VmHWM"), "import": importe, "deplacer": deplacer, "defiler": defiler, "mo": mo}


def _memoire(nom: str) -> float:
    etat = Path("/proc/self/status").read_text()
    return int(next(x.split()[1] for x in etat.splitlines() if x.startswith(nom))) / 1024


def _chronometrer(geste: Callable[[], object], partie: object) -> float:
    debut = time.perf_counter()
    geste()
    atelier.peindre(partie)  # type: ignore[arg-type]
    return (time.perf_counter() - debut) * 1000


BANC = Banc(
    mesurer,
    court=Tailles(pages=2, lues=1, deplacees=1, defilees=1, part=0.2, neuf=False),
    long=Tailles(pages=200, lues=3, deplacees=20, defilees=40, part=1, neuf=True),
)
