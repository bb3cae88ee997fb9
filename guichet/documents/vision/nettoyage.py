"""A page that reads: its shadows gone, its paper white; or only black ink on white."""

import cv2
import numpy as np

from guichet.documents.vision.esquisse import Pixels, Plans, au_plus_fort

_NOIR, _BLANC, _GAMMA = 0.08, 0.93, 1.15
_TEINTE, _SOMBRE, _AU_PLUS = 1.4, 0.3, 0.6
"""From what ratio between two colours, and under what part of the page's light, an area is ink; above what part of it, the page itself is."""


def eclaircir(bgr: Pixels) -> Pixels:
    """Divide a page, in colours or greys, by what its paper alone would be, so that shadows go; coloured ink and stamps stay."""
    h, w = bgr.shape[:2]
    k = max(1, max(h, w) // 400)
    petit = cv2.resize(bgr, (w // k, h // k), interpolation=cv2.INTER_AREA)
    n = max(h, w) // k
    cote = max(3, n // 28) | 1
    papier = cv2.morphologyEx(petit, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (cote, cote)))
    papier = _sans_aplats(cv2.medianBlur(papier, max(3, n // 32) | 1), cote)
    papier = cv2.GaussianBlur(papier, (0, 0), n / 150)
    divise = cv2.divide(bgr, cv2.resize(papier, (w, h), interpolation=cv2.INTER_LINEAR), scale=248)
    courbe = np.clip((np.arange(256, dtype=np.float32) / 255 - _NOIR) / (_BLANC - _NOIR), 0, 1) ** _GAMMA
    return np.asarray(cv2.LUT(divise, (courbe * 255).astype(np.uint8)), np.uint8)


def _sans_aplats(papier: Pixels, cote: int) -> Pixels:
    """Put, under a coloured or black heading, the paper that is around it: light tints a page's shadows far less than ink does."""
    clair = np.atleast_3d(papier).astype(np.float32) + 1
    rapport = clair / np.median(clair, axis=(0, 1))
    fort, faible = au_plus_fort(rapport), -au_plus_fort(-rapport)
    aplat = (fort > _TEINTE * faible) | (fort < _SOMBRE)
    if not aplat.any() or aplat.mean() > _AU_PLUS:
        return papier
    aplat = cv2.dilate(aplat.astype(np.uint8), np.ones((cote, cote), np.uint8)) > 0
    poids = np.atleast_3d(~aplat).astype(np.float32)
    autour = _au_large(clair * poids) / (_au_large(poids) + np.float32(1e-4))
    return np.where(aplat[..., None], np.clip(autour, 1, 255), clair - 1).astype(np.uint8).reshape(papier.shape)


def _au_large(plans: Plans) -> Plans:
    """Blur over an eighth of a page: so wide, it is the same on a picture eight times smaller, and far quicker."""
    h, w = plans.shape[:2]
    petit = cv2.resize(plans, (max(1, w // 8), max(1, h // 8)), interpolation=cv2.INTER_AREA)
    return np.atleast_3d(cv2.resize(cv2.GaussianBlur(petit, (0, 0), max(h, w) / 64), (w, h), interpolation=cv2.INTER_LINEAR))


def noir_et_blanc(bgr: Pixels) -> Pixels:
    """Return 0 and 255, each pixel judged by what is around it (Sauvola and Pietikäinen, 2000), lone specks taken out."""
    gris = cv2.cvtColor(eclaircir(bgr), cv2.COLOR_BGR2GRAY).astype(np.float32)
    n = max(25, max(gris.shape) // 70) | 1
    moyenne = cv2.boxFilter(gris, -1, (n, n))
    ecart = np.sqrt(np.maximum(cv2.boxFilter(gris * gris, -1, (n, n)) - moyenne * moyenne, 0))
    encre = np.asarray(gris <= moyenne * (1 + 0.2 * (ecart / 128 - 1)), np.uint8)
    _, numeros, mesures, _ = cv2.connectedComponentsWithStats(encre, connectivity=8)
    grains = mesures[:, cv2.CC_STAT_AREA] < 4
    grains[0] = False
    return np.where((encre > 0) & ~grains[numeros], 0, 255).astype(np.uint8)
