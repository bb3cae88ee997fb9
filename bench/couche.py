"""Words under scanned pages, beside OCRmyPDF with the same engine and the same model of French, one page at a time."""

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import img2pdf
import pypdf

from bench import photos
from bench.mesure import Banc, Mesure, OutilAbsent
from guichet.documents.etabli import Etabli
from guichet.documents.page import Commande, Recadrer
from guichet.documents.pdf import composer
from guichet.ressources import RACINE

_PAIR = "ocrmypdf==17.13.0"
_PPP = (200, 200)


@dataclass(frozen=True)
class Tailles:
    pages: int
    pair: bool
    """Whether OCRmyPDF is installed, and reads them too."""
    part: float
    """Of each page, from its top: the whole, or so few lines that they are read at once."""


def mesurer(t: Tailles) -> Iterator[Mesure]:
    if t.pair and shutil.which("tesseract") is None:
        raise OutilAbsent("tesseract-ocr, which OCRmyPDF uses (apt-get install tesseract-ocr)")
    vraies = [photos.page(graine) for graine in range(3000, 3000 + t.pages)]
    hauts = [pixels[: round(len(pixels) * t.part)] for pixels, _ in vraies]
    images = [cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes() for pixels in hauts]
    source = bytes(img2pdf.convert(images, layout_fun=img2pdf.get_fixed_dpi_layout_fun(_PPP)))
    nous, notre_pdf = _par_nous(source)
    voulus = Counter(re.findall(r"\w+", " ".join(texte for _, texte in vraies).lower()))
    notre_rappel = _rappel(voulus, notre_pdf)
    if t.pair:
        with tempfile.TemporaryDirectory(prefix="bench-couche-") as dossier:
            eux, leur_pdf = _par_ocrmypdf(Path(dossier), source)
        leur_rappel = _rappel(voulus, leur_pdf)
        temps, rappel = nous / eux, leur_rappel / notre_rappel
        detail = f"{t.pages} pages, {nous:.1f} s, {eux:.1f} s, one thread; recall {notre_rappel:.3f}, {leur_rappel:.3f}"
    else:
        temps = rappel = None
        detail = f"OCRmyPDF is left out of a short run; here {t.pages} page in {nous:.1f} s, recall {notre_rappel:.3f}"
    yield Mesure("temps", "words laid under scanned pages", "OCRmyPDF, the same engine and model", 0.5, temps, "×", detail)
    yield Mesure("rappel", "OCRmyPDF's recall of words", "ours", 1, rappel, "×", detail)


def _par_nous(source: bytes) -> tuple[float, bytes]:
    """Read and write, the workshop being ready as in the window; the time it takes to be is not a document's."""
    with Etabli() as etabli:
        etabli.preparer()
        etabli.traiter("échauffement", Commande(source, Recadrer.NON, texte=True, pages=(0,)))
        debut = time.perf_counter()
        pages = etabli.traiter("scan", Commande(source, Recadrer.NON, texte=True))
        pdf = composer(pages, texte=True, pdfa=False)
        return time.perf_counter() - debut, pdf


def _par_ocrmypdf(dossier: Path, source: bytes) -> tuple[float, bytes]:
    uv = [str(Path(sys.executable).parent / "uv"), "pip", "install", "--quiet", "--target", str(dossier / "pair"), _PAIR]
    subprocess.run(uv, check=True)
    (dossier / "source.pdf").write_bytes(source)
    donnees = dossier / "tessdata"
    shutil.copytree(next(Path("/usr/share/tesseract-ocr").glob("*/tessdata")), donnees)
    for modele in (RACINE / "ocr").glob("*.traineddata"):
        shutil.copy(modele, donnees)
    environnement = os.environ | {"PYTHONPATH": str(dossier / "pair"), "TESSDATA_PREFIX": str(donnees), "OMP_THREAD_LIMIT": "1"}
    commande = [
        sys.executable, "-m", "ocrmypdf", "--language", "fra", "--jobs", "1", "--output-type", "pdf", "--optimize", "0", "--quiet",
        str(dossier / "source.pdf"), str(dossier / "sortie.pdf"),
    ]  # fmt: skip
    debut = time.perf_counter()
    subprocess.run(commande, check=True, env=environnement)
    return time.perf_counter() - debut, (dossier / "sortie.pdf").read_bytes()


def _rappel(voulus: Counter[str], pdf: bytes) -> float:
    return sum((voulus & _mots(pdf)).values()) / sum(voulus.values())


def _mots(pdf: bytes) -> Counter[str]:
    texte = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    return Counter(re.findall(r"\w+", texte.lower()))


BANC = Banc(mesurer, court=Tailles(pages=1, pair=False, part=0.2), long=Tailles(pages=8, pair=True, part=1))
