"""What is wrong with a page, while its owner is still there: blurred, too small, cut, blank, too dark."""

from enum import StrEnum

import cv2
import numpy as np

from guichet.documents.vision.esquisse import Pixels
from guichet.documents.vision.geometrie import Quad

_COTE_NET = 2000
"""Pixels of the long side at which sharpness is looked at."""
_NETTETE_MIN, _PPP_MIN, _ENCRE_MIN, _CLARTE_MIN = 2.7, 110, 1.0, 70
"""Read off pages whose words could be read or not (capture.md §3.2): sharpness, dots an inch, ink for 10,000 pixels, light of the paper."""


class Note(StrEnum):
    """A defect that is worth another try."""

    FLOUE = "floue"
    TROP_PETITE = "trop_petite"
    COUPEE = "coupee"
    BLANCHE = "blanche"
    TROP_SOMBRE = "trop_sombre"


def relever(gris: Pixels, *, clarte: float, pouces: float, coupee: bool) -> list[Note]:
    """Return a page's defects. `clarte`: the paper's light before cleaning, 0 to 255; `pouces`: the paper's long side, 0 when unknown."""
    petit = _au_plus(gris, _COTE_NET)
    blanche = est_blanche(petit)
    vues = {
        Note.BLANCHE: blanche, Note.FLOUE: not blanche and _nettete(petit) < _NETTETE_MIN, Note.COUPEE: coupee,
        Note.TROP_PETITE: bool(pouces) and max(gris.shape) / pouces < _PPP_MIN, Note.TROP_SOMBRE: clarte < _CLARTE_MIN,
    }  # fmt: skip
    return [note for note, vraie in vues.items() if vraie]


def au_bord(quad: Quad, cadre: tuple[int, int]) -> bool:
    """Tell if two neighbouring corners lie on the frame: the paper goes on past it."""
    l_, h = cadre
    marge = 0.004 * max(cadre)
    cotes = [quad[:, 0] < marge, quad[:, 0] > l_ - 1 - marge, quad[:, 1] < marge, quad[:, 1] > h - 1 - marge]
    return any(bool(bord.sum() >= 2) for bord in cotes)


def clarte_du_papier(bgr: Pixels) -> float:
    """Return the light of the paper itself: the level that most of a page is under, text aside."""
    niveaux = cv2.cvtColor(np.ascontiguousarray(bgr[::8, ::8]), cv2.COLOR_BGR2GRAY)
    return float(np.percentile(niveaux, 75))


def est_blanche(gris: Pixels) -> bool:
    """Tell a page without ink; what shows through from the other side does not count, a lone signature does."""
    k = 1000 / max(gris.shape)
    petit = cv2.resize(gris, None, fx=k, fy=k, interpolation=cv2.INTER_AREA)
    marge = 20
    trait = cv2.morphologyEx(petit, cv2.MORPH_BLACKHAT, np.ones((13, 13), np.uint8))[marge:-marge, marge:-marge]
    return bool((trait > 45).mean() * 10_000 < _ENCRE_MIN)


def _nettete(gris: Pixels) -> float:
    """Return how steep the strokes' edges are for their contrast: under 2.5 nothing reads, from 2.9 on nearly all does.

    `gris`: at the size that these figures are for.
    """
    trait = cv2.morphologyEx(gris, cv2.MORPH_BLACKHAT, np.ones((15, 15), np.uint8))
    niveaux = np.cumsum(np.bincount(trait.ravel(), minlength=256))
    encre = trait > max(25, float(np.searchsorted(niveaux, 0.97 * trait.size)) * 0.5)  # the 97th percentile, by levels
    if encre.sum() < 50:
        return 99.0
    pente = cv2.magnitude(cv2.Sobel(gris, cv2.CV_32F, 1, 0), cv2.Sobel(gris, cv2.CV_32F, 0, 1))
    pres = cv2.dilate(encre.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return float(np.percentile(pente[pres], 90) / (np.median(trait[encre]) + 1e-6))


def _au_plus(gris: Pixels, cote: int) -> Pixels:
    k = cote / max(gris.shape)
    return cv2.resize(gris, None, fx=k, fy=k, interpolation=cv2.INTER_AREA) if k < 1 else gris
