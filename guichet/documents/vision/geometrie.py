"""Quadrilaterals: four corners as a (4, 2) array of float32 pixels, top-left, top-right, bottom-right, bottom-left."""

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

Quad = NDArray[np.float32]
_COTES_ENVELOPPE, _AIRE_MIN, _AIRE_MAX = 24, 0.03, 0.995


def ordonner(quad: Quad) -> Quad:
    """Return the corners clockwise as they are seen, from the one nearest to the top left."""
    centre = quad.mean(0)
    tour = quad[np.argsort(np.arctan2(quad[:, 1] - centre[1], quad[:, 0] - centre[0]))]
    return np.roll(tour, -int(np.argmin(tour.sum(1))), 0).astype(np.float32)


def commun(un: Quad, autre: Quad) -> float:
    """Return the intersection over the union of two convex quadrilaterals."""
    intersection, _ = cv2.intersectConvexConvex(un, autre)
    union = cv2.contourArea(un) + cv2.contourArea(autre) - intersection
    return float(intersection / union) if union > 0 else 0.0


def valide(quad: Quad, largeur: int, hauteur: int, marge: float = 0.02) -> Quad | None:
    """Return a plausible page, ordered and within the picture, or None. `marge`: how far out its corners may be, of the longer side."""
    if not np.isfinite(quad).all():
        return None
    dehors = marge * max(largeur, hauteur)
    if quad.min() < -dehors or quad[:, 0].max() > largeur - 1 + dehors or quad[:, 1].max() > hauteur - 1 + dehors:
        return None
    q = ordonner(np.clip(quad, 0, (largeur - 1, hauteur - 1)))
    cotes = np.roll(q, -1, 0) - q
    suivants = np.roll(cotes, -1, 0)
    tourne = cotes[:, 0] * suivants[:, 1] - cotes[:, 1] * suivants[:, 0]
    longueurs = np.linalg.norm(cotes, axis=1)
    if tourne.min() <= 0 or longueurs.min() < 0.08 * min(largeur, hauteur):
        return None
    if not _AIRE_MIN < cv2.contourArea(q) / (largeur * hauteur) < _AIRE_MAX:
        return None
    cosinus = np.abs((cotes * suivants).sum(1)) / (longueurs * np.roll(longueurs, -1))
    return None if cosinus.max() > np.cos(np.radians(40)) else q


def depuis_enveloppe(enveloppe: MatLike) -> Quad | None:
    """Return the quadrilateral that covers a convex hull: sides are taken out, the one that adds least at each turn."""
    points = cv2.approxPolyDP(enveloppe, 0.006 * cv2.arcLength(enveloppe, True), True).reshape(-1, 2).astype(np.float64)
    if not 4 <= len(points) <= _COTES_ENVELOPPE:
        return None
    while len(points) > 4:
        prolonges = [_sans_cote(points, rang) for rang in range(len(points))]
        possibles = [(ajout, rang, p) for rang, x in enumerate(prolonges) if x is not None for ajout, p in (x,)]
        if not possibles:
            return None
        _, rang, coin = min(possibles, key=lambda x: x[:2])
        points[rang] = coin
        points = np.delete(points, (rang + 1) % len(points), 0)
    return points.astype(np.float32)


def _sans_cote(points: NDArray[np.float64], rang: int) -> tuple[float, NDArray[np.float64]] | None:
    """Return what taking out the side after a point adds, and where its neighbours then meet."""
    n = len(points)
    avant, a, b, apres = points[rang - 1], points[rang], points[(rang + 1) % n], points[(rang + 2) % n]
    u, v = a - avant, b - apres
    det = u[0] * v[1] - u[1] * v[0]
    if abs(det) < 1e-9:
        return None
    w = b - a
    t = (w[0] * v[1] - w[1] * v[0]) / det
    if t <= 0:
        return None
    coin = a + t * u
    aire = abs((b - a)[0] * (coin - a)[1] - (b - a)[1] * (coin - a)[0]) / 2
    return float(aire), coin
