"""The words of a page and where they are; which way up it is. Tesseract, with the models of `resources/ocr`."""

import os
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from guichet.documents.vision.esquisse import Pixels
from guichet.ressources import RACINE

if TYPE_CHECKING:
    import tesserocr

_COTE_LU, COTE_SENS = 2339, 1754
"""The long side of an A4 at 200 dots an inch, where Tesseract reads best and fastest, and at 150, enough to tell its top."""
_SENS_SUR, _CONFIANCE_MIN, _BORD = 2.0, 20, 0.006
_LETTRE_AU_PLUS, _GRAIN, _ASSEZ_DE_LETTRES = 20, 8, 10
"""Pixels: letters any taller are read less well; what is no taller than the second is a speck or a dot."""
_SIGNES_DU_SENS = "25"
"""Letters that tell which way is up: Tesseract's own fifty take half as long again, and tell one page more in 256."""


@dataclass(frozen=True)
class Mot:
    """A word: its text, its box from the top left as parts of the page's width and height, and Tesseract's trust in it, of 100."""

    texte: str
    gauche: float
    haut: float
    droite: float
    bas: float
    confiance: float
    fin_de_ligne: bool


def lire(page: Pixels) -> list[Mot]:
    """Return the words of an upright page, in the order of reading."""
    import tesserocr

    gris = _a_lire(page)
    h, w = gris.shape
    # A sliver of the table along a side is taken for a picture's frame, and the whole column beside it is not read.
    cv2.rectangle(gris, (0, 0), (w - 1, h - 1), 255, 2 * round(_BORD * max(h, w)))
    lecteur = _lecteur("fra", int(tesserocr.PSM.AUTO))
    _donner(lecteur, gris)
    lecteur.SetSourceResolution(200)
    if lecteur.Recognize() is False:
        return []
    mots, parcours, niveau = [], lecteur.GetIterator(), tesserocr.RIL.WORD
    if parcours is None or parcours.Empty(niveau):
        return []
    while True:
        texte, confiance, boite = parcours.GetUTF8Text(niveau), parcours.Confidence(niveau), parcours.BoundingBox(niveau)
        fin = parcours.IsAtFinalElement(tesserocr.RIL.TEXTLINE, niveau)
        if boite is not None and texte and texte.strip() and confiance >= _CONFIANCE_MIN:
            g, t, d, b = boite
            mots.append(Mot(texte.strip(), g / w, t / h, d / w, b / h, confiance, fin))
        if not parcours.Next(niveau):
            return mots


def sens(page: Pixels) -> int:
    """Return by how many degrees, clockwise, a page must be turned to be upright; 0 when its words do not tell."""
    import tesserocr

    lecteur = _lecteur("osd", int(tesserocr.PSM.OSD_ONLY))
    lecteur.SetVariable("min_characters_to_try", _SIGNES_DU_SENS)
    _donner(lecteur, _gris(page, COTE_SENS))
    lu = lecteur.DetectOrientationScript()
    if not lu or lu["orient_conf"] < _SENS_SUR:
        return 0
    return int((360 - lu["orient_deg"]) % 360)


def preparer() -> None:
    """Load the models: nothing may be opened any more once the process is confined."""
    blanc = np.full((20, 200), 255, np.uint8)
    lire(blanc)
    sens(blanc)  # it opens, once, what it says to nobody that it read nothing


@cache
def _lecteur(langue: str, decoupage: int) -> "tesserocr.PyTessBaseAPI":
    os.environ["OMP_THREAD_LIMIT"] = "1"  # its threads wait for one another more than they read
    import tesserocr

    return tesserocr.PyTessBaseAPI(
        path=str(RACINE / "ocr"), lang=langue, psm=decoupage, oem=tesserocr.OEM.LSTM_ONLY if langue == "fra" else 0
    )


def _donner(lecteur: "tesserocr.PyTessBaseAPI", gris: NDArray[np.uint8]) -> None:
    h, w = gris.shape
    lecteur.SetImageBytes(gris.tobytes(), w, h, 1, w)


def _a_lire(page: Pixels) -> NDArray[np.uint8]:
    """Return a page in greys at the size it reads best: a card's large letters, made larger, fall to pieces."""
    gris = _gris(page, _COTE_LU)
    hauteur = _hauteur_des_lettres(gris)
    return gris if hauteur <= _LETTRE_AU_PLUS else _gris(gris, round(_COTE_LU * max(0.5, _LETTRE_AU_PLUS / hauteur)))


def _hauteur_des_lettres(gris: NDArray[np.uint8]) -> float:
    """Return the median height of what is inked and no longer than letters are, in pixels; 0 when there is too little of it."""
    encre = cv2.threshold(gris, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)[1]
    mesures = cv2.connectedComponentsWithStats(encre)[2][1:]
    hauteurs, largeurs = mesures[:, cv2.CC_STAT_HEIGHT], mesures[:, cv2.CC_STAT_WIDTH]
    lettres = (hauteurs > _GRAIN) & (hauteurs < gris.shape[0] / 10) & (largeurs < 4 * hauteurs)
    return float(np.median(hauteurs[lettres])) if lettres.sum() > _ASSEZ_DE_LETTRES else 0.0


def _gris(page: Pixels, cote: int) -> NDArray[np.uint8]:
    gris = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY) if page.ndim == 3 else page
    k = cote / max(gris.shape)
    autre = cv2.resize(gris, None, fx=k, fy=k, interpolation=cv2.INTER_AREA if k < 1 else cv2.INTER_CUBIC)
    return np.ascontiguousarray(autre)
