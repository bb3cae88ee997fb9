"""Papers: crops beside the two usual recipes, words before and after, a page's time, lossless assembly beside img2pdf."""

import io
import json
import multiprocessing
import os
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import cv2
import img2pdf
import numpy as np
from PIL import Image

from bench import photos
from bench.mesure import Mesure
from guichet.documents import jpeg
from guichet.documents.etabli import Etabli
from guichet.documents.lecteur import Decodee, vignette
from guichet.documents.page import Commande, Genre, PageTraitee, SceauLu
from guichet.documents.pdf import composer
from guichet.documents.traitement import preparer, traiter
from guichet.documents.vision import nettoyage, ocr, redressement
from guichet.documents.vision.geometrie import commun, ordonner
from guichet.documents.vision.recadrage import SUR, detecter

_ECHANTILLONS = Path(os.environ.get("GUICHET_SAMPLES", Path(__file__).parents[2] / "shared" / "data")) / "samples"
_TOURS, _FEUILLES = 5, 20


def mesurer() -> Iterator[Mesure]:
    preparer()
    yield from _recadrage()
    yield from _lecture()
    yield from _temps()
    yield from _assemblage()
    yield from _vignettes()


def _vraies() -> Iterator[tuple[str, np.ndarray, np.ndarray, str]]:
    """Yield (name, pixels, true corners, words) of the shared photos whose corners are in the picture, then of forty of our own."""
    for dossier in ("photos_synth", "photos_real"):
        verites = _ECHANTILLONS / dossier / "truth.json"
        for vrai in json.loads(verites.read_text()) if verites.exists() else ():
            pixels, quad = cv2.imread(str(verites.parent / vrai["file"])), np.float32(vrai["quad"])
            if (quad <= pixels.shape[1::-1]).all():
                yield dossier, pixels, ordonner(quad), vrai.get("text", "")
    for graine in range(1000, 1040):
        photo = photos.photographier(graine)
        yield "faites ici", photo.pixels, ordonner(photo.quad), photo.texte


def _recadrage() -> Iterator[Mesure]:
    nous, eux, surs_et_faux, secondes = list[tuple[str, float]](), {"contour": 0, "plus grand contour": 0}, 0, []
    for nom, pixels, vrai, _ in _vraies():
        debut = time.process_time()
        trouve = detecter(pixels)
        secondes.append(time.process_time() - debut)
        juste = commun(trouve.quad, vrai) if trouve else 0.0
        nous.append((nom, juste))
        surs_et_faux += bool(trouve and trouve.confiance >= SUR and juste < 0.9)
        for recette, chercher in (("contour", _contour), ("plus grand contour", _plus_grand)):
            quad = chercher(pixels)
            eux[recette] += quad is not None and commun(quad, vrai) >= 0.97
    partagees = [x for nom, x in nous if nom != "faites ici"]
    detail = (
        f"{len(nous)} photos dont {len(partagees)} partagées, pire {min(x for _, x in nous):.3f}, {statistics.median(secondes):.2f} s l'une"
    )
    yield Mesure("photos recadrées sous 0,97", _part(x < 0.97 for _, x in nous), 0.10, "", detail)
    yield Mesure("photos recadrées sous 0,90", _part(x < 0.9 for _, x in nous), 0.03, "", detail)
    yield Mesure("partagées sous 0,97", _part(x < 0.97 for x in partagees), 0.10, "", detail)
    yield Mesure("recadrages sûrs et faux", surs_et_faux, 0, "", detail)
    bons = sum(x >= 0.97 for _, x in nous)
    yield Mesure("meilleure recette / nous, à 0,97", max(eux.values()) / bons, 1 / 1.8, " ×", f"{eux} contre {bons}")


def _part(vrais: Iterator[bool]) -> float:
    liste = list(vrais)
    return sum(liste) / max(1, len(liste))


def _contour(pixels: np.ndarray) -> np.ndarray | None:
    """The recipe of tutorials: Canny, the largest contours, the first whose approximation has four corners."""
    k = 500 / max(pixels.shape[:2])
    gris = cv2.GaussianBlur(cv2.cvtColor(cv2.resize(pixels, None, fx=k, fy=k), cv2.COLOR_BGR2GRAY), (5, 5), 0)
    contours, _ = cv2.findContours(cv2.Canny(gris, 75, 200), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:5]:
        coins = cv2.approxPolyDP(contour, 0.02 * cv2.arcLength(contour, True), True)
        if len(coins) == 4:
            return ordonner(coins.reshape(4, 2).astype(np.float32) / np.float32(k))
    return None


def _plus_grand(pixels: np.ndarray) -> np.ndarray | None:
    """jscanify's: Otsu, the largest contour, its points furthest towards each corner."""
    gris = cv2.GaussianBlur(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), (5, 5), 0)
    contours, _ = cv2.findContours(cv2.threshold(gris, 0, 255, cv2.THRESH_OTSU)[1], cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return None
    points = max(contours, key=cv2.contourArea).reshape(-1, 2).astype(np.float32)
    somme, ecart = points.sum(1), points[:, 0] - points[:, 1]
    return np.stack([points[somme.argmin()], points[ecart.argmax()], points[somme.argmax()], points[ecart.argmin()]])


def _lecture() -> Iterator[Mesure]:
    bruts, propres = [], []
    for rang, (_, pixels, _, texte) in enumerate(_vraies()):
        if not texte or (rang > 25 and rang % 5):
            continue
        trouve = detecter(pixels)
        bruts.append(_rappel(texte, pixels))
        plate = redressement.redresser(pixels, trouve.quad, 2480).pixels if trouve else pixels
        propres.append(_rappel(texte, nettoyage.eclaircir(plate)))
    parfaits = [_rappel(texte, page) for page, texte in (photos.page(graine) for graine in range(1000, 1010))]
    brut, propre, parfait = (statistics.mean(x) for x in (bruts, propres, parfaits))
    detail = (
        f"rappel des mots : photo brute {brut:.3f}, recadrée et nettoyée {propre:.3f}, page parfaite {parfait:.3f} ({len(bruts)} photos)"
    )
    yield Mesure("photo brute / nettoyée", brut / propre, 1 / 2.3, " ×", detail)
    yield Mesure("page parfaite / nettoyée", parfait / propre, 1 / 0.97, " ×", detail)


def _rappel(vrai: str, pixels: np.ndarray) -> float:
    lu = " ".join(mot.texte for mot in ocr.lire(pixels))
    voulus, lus = (Counter(re.findall(r"\w+", t.lower())) for t in (vrai, lu))
    return sum((voulus & lus).values()) / sum(voulus.values())


def _temps() -> Iterator[Mesure]:
    """Time the research's course (crop, straightening, cleaning, encoding), then ours, which also looks for a seal and reads which way is up."""
    court, entier = [], []
    for graine in range(2000, 2000 + _TOURS):
        decodee = _decodee(photos.photographier(graine, 3024, 4032).pixels)
        debut = time.process_time()
        pixels = cv2.cvtColor(np.asarray(decodee.image), cv2.COLOR_RGB2BGR)
        trouve = detecter(pixels)
        assert trouve is not None
        propre = nettoyage.eclaircir(redressement.redresser(pixels, trouve.quad, 2480).pixels)
        cv2.imencode(".jpg", propre, [cv2.IMWRITE_JPEG_QUALITY, 82])
        court.append(time.process_time() - debut)
        debut = time.process_time()
        traiter(decodee, Commande(b""))
        entier.append(time.process_time() - debut)
    for nom, durees in (("recadrée, nettoyée, encodée", court), ("et sceau cherché, orientation lue, défauts relevés", entier)):
        detail = f"{_TOURS} photos de 12 Mpx déjà décodées, un fil ; pire {max(durees):.2f} s"
        yield Mesure(f"photo → page {nom}, médiane", statistics.median(durees), 0.8, " s", detail)


def _decodee(pixels: np.ndarray) -> Decodee:
    return Decodee(Genre.JPEG, b"", Image.fromarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)), 0, 0)


def _assemblage() -> Iterator[Mesure]:
    hasard = np.random.default_rng(3)
    sources = []
    for _ in range(_FEUILLES):
        grain = cv2.resize(hasard.integers(0, 255, (756, 1008, 3), np.uint8), (4032, 3024), interpolation=cv2.INTER_CUBIC)
        exif = Image.Exif()
        exif[0x010F] = "UnTelephone"
        tampon = io.BytesIO()
        Image.fromarray(grain).save(tampon, "JPEG", quality=88, exif=exif)
        sources.append(tampon.getvalue())

    nous, eux = _ailleurs(_assembler, sources)
    detail = f"{_FEUILLES} photos de 12 Mpx, {sum(map(len, sources)) / 1e6:.0f} Mo, métadonnées ôtées : {nous * 1000:.0f} ms contre {eux * 1000:.0f} ms"
    yield Mesure("assemblage sans perte / img2pdf", nous / eux, 1.1, " ×", detail)


def _assembler(sources: list[bytes]) -> tuple[float, float]:
    """Return the median seconds of ours and of img2pdf's, who goes first in turn: nearly all of it is memory, which each leaves to the next."""

    def par_nous() -> bytes:
        # One by one, as the tray gives them: each is let go once it is laid.
        pages = (PageTraitee(Genre.JPEG, jpeg.nettoyer(x) or b"", 0, (0, 0), None, 0, False, 0, [], "", [], SceauLu()) for x in sources)
        return composer(pages, texte=False, pdfa=False)

    def par_img2pdf() -> bytes:
        return bytes(img2pdf.convert(sources, rotation=img2pdf.Rotation.ifvalid))

    durees = [(_duree(par_nous), _duree(par_img2pdf)) for _ in range(3 * _TOURS)]
    durees += [(_duree(par_nous), eux) for eux in (_duree(par_img2pdf) for _ in range(3 * _TOURS))]
    nous, eux = (statistics.median(x) for x in zip(*durees, strict=True))
    return nous, eux


def _ailleurs(faire: Callable[[list[bytes]], tuple[float, float]], sources: list[bytes]) -> tuple[float, float]:
    """Measure in a process of its own: in this one, which has held hundreds of megabytes, some wait for their memory and others do not."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as autre:
        return autre.submit(faire, sources).result()


def _vignettes() -> Iterator[Mesure]:
    """Time the glimpse of a photo beside its whole decoding, then from the file's bytes to the glimpse, through a workshop that is ready."""
    sources = [
        cv2.imencode(".jpg", photos.photographier(graine, 3024, 4032).pixels, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()
        for graine in range(_TOURS)
    ]
    courte, entiere = _ailleurs(_regarder, sources * (_FEUILLES // _TOURS))
    rodee = _regarder(sources)
    detail = (
        f"{_FEUILLES} photos de 12 Mpx : {courte * 1000:.0f} ms contre {entiere * 1000:.0f} ms ; "
        f"décodeur dont la mémoire est déjà prise : {rodee[0] * 1000:.0f} ms contre {rodee[1] * 1000:.0f} ms"
    )
    yield Mesure("vignette / décodage entier", courte / entiere, 0.35, " ×", detail)
    with Etabli() as etabli:
        etabli.traiter("échauffement", Commande(sources[0], apercu=True))
        attentes = []
        for octets in sources:
            debut, vues = time.perf_counter(), list[float]()
            etabli.traiter("photo", Commande(octets, apercu=True), lambda _, v, vues=vues: vues.append(time.perf_counter()) if v else None)
            attentes.append((vues[0] - debut) * 1000)
    yield Mesure(
        "première vignette, la plus longue", max(attentes), 150, " ms", f"médiane {statistics.median(attentes):.0f} ms, atelier prêt"
    )


def _regarder(sources: list[bytes]) -> tuple[float, float]:
    """Return the median seconds of a glimpse, and of a whole decoding."""
    durees = [(_duree(lambda x=x: vignette(x, 192)), _duree(lambda x=x: Image.open(io.BytesIO(x)).load())) for x in sources]
    courte, entiere = (statistics.median(x) for x in zip(*durees, strict=True))
    return courte, entiere


def _duree(faire: Callable[[], object]) -> float:
    debut = time.perf_counter()
    faire()
    return time.perf_counter() - debut
