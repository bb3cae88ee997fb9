"""A page laid flat: out of its perspective, at its true proportions, its lines level."""

from dataclasses import dataclass

import cv2
import numpy as np

from guichet.documents.vision.esquisse import Pixels
from guichet.documents.vision.geometrie import Quad

_FORMATS = (("A4", 210, 297), ("A4 paysage", 297, 210), ("carte", 85.6, 54), ("carte en hauteur", 54, 85.6))
"""Millimetres: ISO 216, ISO/IEC 7810 ID-1."""
_TOLERANCE, _FOCALE = 0.06, 0.9
"""How far from a known size's proportions a page may be seen; a telephone's focal length, of the picture's long side."""
_ANGLE_MAX, _PIC = 15.0, 1.5
_CLAIR, _TERNE = 215, 12
_ENCRE_MIN, _ENCRE_MAX = 200, 40_000


@dataclass(frozen=True)
class Plate:
    """A page seen from above. `format`: the name of a known size or nothing; `mm`: its sides, (0, 0) when they are not known."""

    pixels: Pixels
    format: str
    mm: tuple[float, float]


def redresser(bgr: Pixels, quad: Quad, cote_max: int) -> Plate:
    """Return what is within four corners, as it would be seen from above, its long side of `cote_max` pixels at most."""
    hauteur, largeur = bgr.shape[:2]
    rapport, nom, mm = _proportions(quad, largeur, hauteur), "", (0.0, 0.0)
    for candidat, l_mm, h_mm in _FORMATS:
        if abs(rapport * h_mm / l_mm - 1) < _TOLERANCE:
            rapport, nom, mm = l_mm / h_mm, candidat, (l_mm, h_mm)
            break
    haut, droite, bas, gauche = (float(np.linalg.norm(quad[n] - quad[(n + 1) % 4])) for n in range(4))
    w, h = max(haut, bas), max(gauche, droite)
    w, h = (w, w / rapport) if w / rapport > h else (h * rapport, h)
    k = min(1.0, cote_max / max(w, h))
    taille = max(1, round(w * k)), max(1, round(h * k))
    vers = np.array([[0, 0], [taille[0], 0], [taille[0], taille[1]], [0, taille[1]]], np.float32)
    passage = cv2.getPerspectiveTransform(quad.astype(np.float32), vers)
    pixels = cv2.warpPerspective(bgr, passage, taille, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return Plate(np.asarray(pixels, np.uint8), nom, mm)


def _proportions(quad: Quad, largeur: int, hauteur: int) -> float:
    """Return width over height of the rectangle that a camera saw so (Zhang and He, Whiteboard scanning and image enhancement, 2004).

    The focal length is a telephone's: solved from the corners, it follows their least error.
    """
    centre = np.array([largeur / 2, hauteur / 2])
    tl, tr, br, bl = (np.array([*(coin - centre), 1.0]) for coin in quad.astype(np.float64))
    n2 = (np.cross(tl, br) @ bl) / (np.cross(tr, br) @ bl) * tr - tl
    n3 = (np.cross(tl, br) @ tr) / (np.cross(bl, br) @ tr) * bl - tl
    focale2 = (_FOCALE * max(largeur, hauteur)) ** 2
    carre = ((n2[0] ** 2 + n2[1] ** 2) / focale2 + n2[2] ** 2) / ((n3[0] ** 2 + n3[1] ** 2) / focale2 + n3[2] ** 2)
    return float(np.sqrt(carre))


def inclinaison(gris: Pixels) -> float:
    """Return by how many degrees the lines of a page go down to the right; 0 when there are too few to tell.

    The angle at which the ink, projected on the side, has the sharpest profile: coarse, then fine.
    """
    k = 1000 / max(gris.shape)
    petit = cv2.resize(gris, None, fx=k, fy=k, interpolation=cv2.INTER_AREA)
    encre = cv2.morphologyEx(petit, cv2.MORPH_BLACKHAT, np.ones((13, 13), np.uint8))
    seuil, _ = cv2.threshold(encre, 0, 255, cv2.THRESH_OTSU)
    y, x = np.nonzero(encre > max(seuil, 18))
    if len(x) < _ENCRE_MIN:
        return 0.0
    if len(x) > _ENCRE_MAX:
        choix = np.arange(_ENCRE_MAX) * len(x) // _ENCRE_MAX
        x, y = x[choix], y[choix]
    x, y = x - petit.shape[1] / 2, y - petit.shape[0] / 2

    def nettete(angle: float) -> float:
        profil = np.cos(angle) * y - np.sin(angle) * x
        compte = np.bincount((profil - profil.min() + 0.5).astype(int)).astype(np.float64)
        return float((np.diff(compte) ** 2).sum())

    angles = np.radians(np.arange(-_ANGLE_MAX, _ANGLE_MAX + 0.01, 0.5))
    nettetes = [nettete(angle) for angle in angles]
    if max(nettetes) < _PIC * np.median(nettetes):
        return 0.0  # a signature, a drawing: no lines
    meilleur = angles[int(np.argmax(nettetes))]
    for pas, portee in ((0.1, 0.5), (0.02, 0.1)):
        meilleur = max(meilleur + np.radians(np.arange(-portee, portee + 1e-9, pas)), key=nettete)
    return float(np.degrees(meilleur))


def mettre_droit(bgr: Pixels, angle: float) -> Pixels:
    """Turn a page so that lines that go down by `angle` degrees are level; what comes in at the corners is white."""
    h, w = bgr.shape[:2]
    tour = cv2.getRotationMatrix2D((w / 2, h / 2), angle, 1.0)
    return np.asarray(cv2.warpAffine(bgr, tour, (w, h), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255)), np.uint8)


def tourner(bgr: Pixels, degres: int) -> Pixels:
    """Turn by quarter turns, clockwise."""
    return np.ascontiguousarray(np.rot90(bgr, -degres // 90))


def occupe_toute_l_image(bgr: Pixels) -> bool:
    """Tell a scan, whose paper goes to the edges, from a photo of a paper on something: the edges are light and colourless.

    One side may not be: a page may have a coloured band at its top.
    """
    y, x = (max(1, cote // 32) for cote in bgr.shape[:2])
    bandes = ((bgr[:y], (64, 2)), (bgr[-y:], (64, 2)), (bgr[:, :x], (2, 64)), (bgr[:, -x:], (2, 64)))
    return sorted(_part_de_papier(bande, taille) for bande, taille in bandes)[1] > 0.9


def _part_de_papier(bande: Pixels, taille: tuple[int, int]) -> float:
    lab = cv2.cvtColor(cv2.resize(bande, taille, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2LAB).astype(np.float32)
    return float(((lab[..., 0] > _CLAIR) & (np.hypot(lab[..., 1] - 128, lab[..., 2] - 128) < _TERNE)).mean())
