"""A document of two hundred pages in the tray: what the window weighs then, and how long a page that is moved, or a strip that scrolls, makes it wait."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import fenetre as atelier
from bench import magasin
from bench.mesure import Mesure

PAGES, TOURS = 200, 20


def mesurer() -> Iterator[Mesure]:
    with tempfile.TemporaryDirectory() as dossier:
        magasin.ouvrir(Path(dossier) / "profil", ["documents"], magasin.SITE).fermer()
        _ecrire(Path(dossier) / "dossier.pdf")
        rendu = subprocess.run([sys.executable, "-m", "bench.bac", dossier], check=True, capture_output=True, text=True).stdout
    vu = json.loads(rendu.splitlines()[-1])
    lues = f"{PAGES} pages numérisées, un PDF de {vu['mo']:.0f} Mo, lu en {vu['import']:.0f} s hors de la fenêtre"
    yield Mesure("mémoire de la fenêtre, 200 pages dans le bac", vu["memoire"], 400, " Mo", lues)
    yield Mesure("la même à son plus haut, le PDF enregistré", vu["pointe"], 400, " Mo", "VmHWM")
    yield Mesure("déplacer une page, peinte, médiane", statistics.median(vu["deplacer"]), 50, " ms", f"pire {max(vu['deplacer']):.0f} ms")
    yield Mesure("défiler d'une page, peinte, médiane", statistics.median(vu["defiler"]), 16.7, " ms", f"pire {max(vu['defiler']):.0f} ms")


def _ecrire(chemin: Path) -> None:
    """Write a PDF of scans: pictures of pages, as a copier makes them."""
    import cv2
    import img2pdf

    from bench import photos

    images = [cv2.imencode(".jpg", photos.page(n)[0], [cv2.IMWRITE_JPEG_QUALITY, 75])[1].tobytes() for n in range(PAGES)]
    chemin.write_bytes(img2pdf.convert(images))


def _observer(dossier: Path) -> dict[str, object]:
    fenetre = atelier.ouvrir(dossier / "profil")
    page, fichier = fenetre.page("documents"), dossier / "dossier.pdf"
    debut = time.perf_counter()
    page.presenter.importer([fichier])
    atelier.attendre(lambda: len(page.presenter.pages) == PAGES, 300)
    importe = time.perf_counter() - debut
    atelier.attendre(lambda: sum(p.lue for p in page.presenter.pages) > 2, 60)
    barre = page.bac.verticalScrollBar()
    deplacer = [_chronometrer(lambda n=n: page.presenter.deplacer(n, PAGES - 1 - n), page) for n in range(TOURS)]
    defiler = [_chronometrer(lambda n=n: barre.setValue(barre.maximum() * n // 40), page.bac) for n in range(40)]
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


if __name__ == "__main__":
    print(json.dumps(_observer(Path(sys.argv[1]))))
