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
from pathlib import Path

import cv2
import img2pdf
import pypdf

from bench import photos
from bench.mesure import Mesure
from guichet.documents.etabli import Etabli
from guichet.documents.page import Commande, Recadrer
from guichet.documents.pdf import composer
from guichet.ressources import RACINE

PAGES, _PAIR = 8, "ocrmypdf==17.13.0"
_PPP = (200, 200)


def mesurer() -> Iterator[Mesure]:
    if shutil.which("tesseract") is None:
        raise SystemExit("bench/couche a besoin de tesseract-ocr, dont OCRmyPDF se sert (apt-get install tesseract-ocr).")
    vraies = [photos.page(graine) for graine in range(3000, 3000 + PAGES)]
    images = [cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes() for pixels, _ in vraies]
    source = bytes(img2pdf.convert(images, layout_fun=img2pdf.get_fixed_dpi_layout_fun(_PPP)))
    nous, notre_pdf = _par_nous(source)
    with tempfile.TemporaryDirectory(prefix="bench-couche-") as dossier:
        eux, leur_pdf = _par_ocrmypdf(Path(dossier), source)
    voulus = Counter(re.findall(r"\w+", " ".join(texte for _, texte in vraies).lower()))
    rappels = [sum((voulus & _mots(pdf)).values()) / sum(voulus.values()) for pdf in (notre_pdf, leur_pdf)]
    detail = f"{PAGES} pages, {nous:.1f} s contre {eux:.1f} s, un fil ; rappel des mots {rappels[0]:.3f} contre {rappels[1]:.3f}"
    yield Mesure("mots sous les pages / OCRmyPDF", nous / eux, 0.5, " ×", detail)
    yield Mesure("leur rappel / le nôtre", rappels[1] / rappels[0], 1.0, " ×", detail)


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


def _mots(pdf: bytes) -> Counter[str]:
    texte = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    return Counter(re.findall(r"\w+", texte.lower()))
