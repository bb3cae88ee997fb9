"""Papers: crops beside the two usual recipes, words before and after, a page's time, lossless assembly beside img2pdf."""

import io
import json
import os
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import img2pdf
import numpy as np
from PIL import Image

from bench import photos
from bench.ailleurs import ailleurs
from bench.mesure import Banc, Mesure
from guichet.documents import jpeg
from guichet.documents.etabli import Etabli
from guichet.documents.lecteur import Decodee, vignette
from guichet.documents.page import Commande, Genre, PageTraitee, SceauLu
from guichet.documents.pdf import composer
from guichet.documents.traitement import preparer, traiter
from guichet.documents.vision import nettoyage, ocr, redressement
from guichet.documents.vision.geometrie import commun, ordonner
from guichet.documents.vision.recadrage import SUR, Recadrage, detecter

_ECHANTILLONS = Path(os.environ.get("GUICHET_SAMPLES", Path(__file__).parents[2] / "shared" / "data")) / "samples"


@dataclass(frozen=True)
class Tailles:
    partagees: bool
    """Whether the shared photos are cropped and read too."""
    premiere: int
    """The seed of the first of our own; that of a short run draws few words."""
    faites_ici: int
    recadree: tuple[int, int]
    """Pixels of these, across and down."""
    parfaites: int
    """Pages read as they were drawn, to tell what a photo loses."""
    tours: int
    feuilles: int
    """Photos in one PDF, and glimpsed."""
    largeur: int
    hauteur: int
    """Pixels of the photos that are timed, upright."""
    lisible: int
    """Pixels across of a page that was straightened: as the product makes them, or so few that they are read at once."""
    neuf: bool
    """Whether what is timed in another process has one begun anew."""

    @property
    def photo(self) -> str:
        """Return how large these are, as one says it."""
        return f"{self.largeur * self.hauteur / 1e6:.2g} Mpx"


def mesurer(t: Tailles) -> Iterator[Mesure]:
    preparer()
    trouves = list[Recadrage | None]()
    yield from _recadrage(t, trouves)
    yield from _lecture(t, trouves)
    yield from _temps(t)
    yield from _assemblage(t)
    yield from _vignettes(t)


def _vraies(t: Tailles) -> Iterator[tuple[str, np.ndarray, np.ndarray, str]]:
    """Yield (name, pixels, true corners, words) of the shared photos whose corners are in the picture, then of our own."""
    for dossier in ("photos_synth", "photos_real") if t.partagees else ():
        verites = _ECHANTILLONS / dossier / "truth.json"
        for vrai in json.loads(verites.read_text()) if verites.exists() else ():
            pixels, quad = cv2.imread(str(verites.parent / vrai["file"])), np.float32(vrai["quad"])
            if (quad <= pixels.shape[1::-1]).all():
                yield dossier, pixels, ordonner(quad), vrai.get("text", "")
    for graine in range(t.premiere, t.premiere + t.faites_ici):
        photo = photos.photographier(graine, *t.recadree)
        yield "faites ici", photo.pixels, ordonner(photo.quad), photo.texte


def _recadrage(t: Tailles, trouves: list[Recadrage | None]) -> Iterator[Mesure]:
    """Crop each photo; what is found in them goes to `trouves`, for who reads them next."""
    nous, eux, surs_et_faux, secondes = list[tuple[str, float]](), {"contour": 0, "plus grand contour": 0}, 0, []
    for nom, pixels, vrai, _ in _vraies(t):
        debut = time.process_time()
        trouve = detecter(pixels)
        secondes.append(time.process_time() - debut)
        trouves.append(trouve)
        juste = commun(trouve.quad, vrai) if trouve else 0.0
        nous.append((nom, juste))
        surs_et_faux += bool(trouve and trouve.confiance >= SUR and juste < 0.9)
        for recette, chercher in (("contour", _contour), ("plus grand contour", _plus_grand)):
            quad = chercher(pixels)
            eux[recette] += quad is not None and commun(quad, vrai) >= 0.97
    partagees = [x for nom, x in nous if nom != "faites ici"]
    detail = f"{len(nous)} photos, {len(partagees)} of them shared, worst {min(x for _, x in nous):.3f}, {statistics.median(secondes):.2f} s each"
    quoi = "photos cropped under an IoU of"
    yield Mesure("sous_97", f"{quoi} 0.97", "", 0.10, _part(x < 0.97 for _, x in nous), "", detail)
    yield Mesure("sous_90", f"{quoi} 0.90", "", 0.03, _part(x < 0.9 for _, x in nous), "", detail)
    part = _part(x < 0.97 for x in partagees) if partagees else None
    manque = "shared photos are left out of a short run, or not on this machine"
    yield Mesure("partagees_sous_97", "shared photos cropped under 0.97", "", 0.10, part, "", detail if partagees else manque)
    yield Mesure("surs_et_faux", "crops said to be sure, under 0.90", "", 0, surs_et_faux, "", detail)
    bons = sum(x >= 0.97 for _, x in nous)
    quoi = "photos at 0.97: the better of the two usual recipes"
    yield Mesure("recettes", quoi, "ours", 1 / 1.8, max(eux.values()) / bons, "×", f"{max(eux.values())}, {bons} of {len(nous)} photos")


def _part(vrais: Iterator[bool]) -> float:
    return statistics.mean(vrais)


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


def _lecture(t: Tailles, trouves: list[Recadrage | None]) -> Iterator[Mesure]:
    bruts, propres = [], []
    for rang, ((_, pixels, _, texte), trouve) in enumerate(zip(_vraies(t), trouves, strict=True)):
        if not texte or (rang > 25 and rang % 5):
            continue
        bruts.append(_rappel(texte, pixels))
        plate = redressement.redresser(pixels, trouve.quad, t.lisible).pixels if trouve else pixels
        propres.append(_rappel(texte, nettoyage.eclaircir(plate)))
    parfaits = [_rappel(texte, page) for page, texte in (photos.page(graine) for graine in range(t.premiere, t.premiere + t.parfaites))]
    brut, propre, parfait = (statistics.mean(x) for x in (bruts, propres, parfaits))
    contre, photographies = "the photo cropped and cleaned", f"{len(bruts)} photos"
    yield Mesure("lecture", "words read: a raw photo", contre, 1 / 2.3, brut / propre, "×", f"{brut:.3f}, {propre:.3f}, {photographies}")
    detail = f"{parfait:.3f}, {propre:.3f}, {photographies}"
    yield Mesure("lecture_parfaite", "words read: a perfect page", contre, 1 / 0.97, parfait / propre, "×", detail)


def _rappel(vrai: str, pixels: np.ndarray) -> float:
    lu = " ".join(mot.texte for mot in ocr.lire(pixels))
    voulus, lus = (Counter(re.findall(r"\w+", t.lower())) for t in (vrai, lu))
    return sum((voulus & lus).values()) / sum(voulus.values())


def _temps(t: Tailles) -> Iterator[Mesure]:
    """Time the research's course (crop, straightening, cleaning, encoding), then ours, which also looks for a seal and reads which way is up."""
    court, entier = [], []
    for graine in range(2000, 2000 + t.tours):
        decodee = _decodee(photos.photographier(graine, t.largeur, t.hauteur).pixels)
        debut = time.process_time()
        pixels = cv2.cvtColor(np.asarray(decodee.image), cv2.COLOR_RGB2BGR)
        trouve = detecter(pixels)
        assert trouve is not None
        propre = nettoyage.eclaircir(redressement.redresser(pixels, trouve.quad, t.lisible).pixels)
        cv2.imencode(".jpg", propre, [cv2.IMWRITE_JPEG_QUALITY, 82])
        court.append(time.process_time() - debut)
        debut = time.process_time()
        traiter(decodee, Commande(b""))
        entier.append(time.process_time() - debut)
    page = "a decoded photo to its page cropped, straightened, cleaned, encoded, one thread, median"
    entiere = "the same, with the seal looked for, its top found, its defects told"
    for nom, quoi, durees in (("page", page, court), ("page_entiere", entiere, entier)):
        detail = f"{t.tours} photos of {t.photo}, worst {max(durees):.2f} s"
        yield Mesure(nom, quoi, "", 0.8, statistics.median(durees), "s", detail)


def _decodee(pixels: np.ndarray) -> Decodee:
    return Decodee(Genre.JPEG, b"", Image.fromarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)), 0, 0)


def _assemblage(t: Tailles) -> Iterator[Mesure]:
    hasard = np.random.default_rng(3)
    sources = []
    for _ in range(t.feuilles):
        grain = cv2.resize(
            hasard.integers(0, 255, (t.largeur // 4, t.hauteur // 4, 3), np.uint8), (t.hauteur, t.largeur), interpolation=cv2.INTER_CUBIC
        )
        exif = Image.Exif()
        exif[0x010F] = "UnTelephone"
        tampon = io.BytesIO()
        Image.fromarray(grain).save(tampon, "JPEG", quality=88, exif=exif)
        sources.append(tampon.getvalue())

    # This process has held hundreds of megabytes: in it, some wait for their memory and others do not.
    nous, eux = ailleurs(_assembler, sources, t.tours, neuf=t.neuf)
    detail = f"{t.feuilles} photos of {t.photo}, {sum(map(len, sources)) / 1e6:.0f} MB: {nous * 1000:.0f} ms, {eux * 1000:.0f} ms"
    quoi = "photos without their metadata in one PDF, without loss"
    yield Mesure("assemblage", quoi, "img2pdf, which keeps them", 1.1, nous / eux, "×", detail)


def _assembler(sources: list[bytes], tours: int) -> tuple[float, float]:
    """Return the median seconds of ours and of img2pdf's, who goes first in turn: nearly all of it is memory, which each leaves to the next."""

    def par_nous() -> bytes:
        # One by one, as the tray gives them: each is let go once it is laid.
        pages = (PageTraitee(Genre.JPEG, jpeg.nettoyer(x) or b"", 0, (0, 0), None, 0, False, 0, [], "", [], SceauLu()) for x in sources)
        return composer(pages, texte=False, pdfa=False)

    def par_img2pdf() -> bytes:
        return bytes(img2pdf.convert(sources, rotation=img2pdf.Rotation.ifvalid))

    durees = [(_duree(par_nous), _duree(par_img2pdf)) for _ in range(3 * tours)]
    durees += [(_duree(par_nous), eux) for eux in (_duree(par_img2pdf) for _ in range(3 * tours))]
    nous, eux = (statistics.median(x) for x in zip(*durees, strict=True))
    return nous, eux


def _vignettes(t: Tailles) -> Iterator[Mesure]:
    """Time the glimpse of a photo beside its whole decoding, then from the file's bytes to the glimpse, through a workshop that is ready."""
    sources = [
        cv2.imencode(".jpg", photos.photographier(graine, t.largeur, t.hauteur).pixels, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()
        for graine in range(t.tours)
    ]
    courte, entiere = ailleurs(_regarder, sources * (t.feuilles // t.tours), neuf=t.neuf)
    rodee = _regarder(sources)
    detail = (
        f"{t.feuilles} photos of {t.photo}: {courte * 1000:.0f} ms, {entiere * 1000:.0f} ms; "
        f"where the decoder's memory is already taken: {rodee[0] * 1000:.0f} ms, {rodee[1] * 1000:.0f} ms"
    )
    yield Mesure("vignette", "a glimpse of a photo", "its whole decoding", 0.35, courte / entiere, "×", detail)
    with Etabli() as etabli:
        etabli.traiter("échauffement", Commande(sources[0], apercu=True))
        attentes = []
        for octets in sources:
            debut, vues = time.perf_counter(), list[float]()
            etabli.traiter("photo", Commande(octets, apercu=True), lambda _, v, vues=vues: vues.append(time.perf_counter()) if v else None)
            attentes.append((vues[0] - debut) * 1000)
    quoi = "from a file's bytes to its first glimpse, workshop ready, the longest"
    detail = f"{t.tours} photos of {t.photo}, median {statistics.median(attentes):.0f} ms"
    yield Mesure("premiere_vignette", quoi, "", 150, max(attentes), "ms", detail)


def _regarder(sources: list[bytes]) -> tuple[float, float]:
    """Return the median seconds of a glimpse, and of a whole decoding."""
    durees = [(_duree(lambda x=x: vignette(x, 192)), _duree(lambda x=x: Image.open(io.BytesIO(x)).load())) for x in sources]
    courte, entiere = (statistics.median(x) for x in zip(*durees, strict=True))
    return courte, entiere


def _duree(faire: Callable[[], object]) -> float:
    debut = time.perf_counter()
    faire()
    return time.perf_counter() - debut


BANC = Banc(
    mesurer,
    court=Tailles(
        partagees=False,
        premiere=1023,
        faites_ici=1,
        recadree=(630, 840),
        parfaites=1,
        tours=1,
        feuilles=1,
        largeur=504,
        hauteur=672,
        lisible=827,
        neuf=False,
    ),
    long=Tailles(
        partagees=True,
        premiere=1000,
        faites_ici=40,
        recadree=(1512, 2016),
        parfaites=10,
        tours=5,
        feuilles=20,
        largeur=3024,
        hauteur=4032,
        lisible=2480,
        neuf=True,
    ),
)
