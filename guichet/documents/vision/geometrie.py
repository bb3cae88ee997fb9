"""Quadrilaterals: four corners as a (4, 2) array of float32 pixels, top-left, top-right, bottom-right, bottom-left."""

import math

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

Quad = NDArray[np.float32]
_COTES_ENVELOPPE, _AIRE_MIN, _AIRE_MAX = 24, 0.03, 0.995
_COSINUS_MAX = math.cos(math.radians(40))


def ordonner(quad: Quad) -> Quad:
    """Return the corners clockwise as they are seen, from the one nearest to the top left."""
    return np.array(_en_ordre(quad.tolist()), np.float32)


def _en_ordre(points: list[list[float]]) -> list[list[float]]:
    cx, cy = (sum(axe) / 4 for axe in zip(*points, strict=True))
    tour = sorted(points, key=lambda p: math.atan2(p[1] - cy, p[0] - cx))
    premier = min(range(4), key=lambda rang: sum(tour[rang]))
    return tour[premier:] + tour[:premier]


def commun(un: Quad, autre: Quad) -> float:
    """Return the intersection over the union of two convex quadrilaterals."""
    intersection, _ = cv2.intersectConvexConvex(un, autre)
    union = cv2.contourArea(un) + cv2.contourArea(autre) - intersection
    return float(intersection / union) if union > 0 else 0.0


def valide(quad: Quad, largeur: int, hauteur: int, marge: float = 0.02) -> Quad | None:
    """Return a plausible page, ordered and within the picture, or None. `marge`: how far out its corners may be, of the longer side.

    Hundreds are looked at for one photo: in numbers, since arrays of four cost ten times as much.
    """
    points, dehors = quad.tolist(), marge * max(largeur, hauteur)
    if not all(-dehors <= x <= largeur - 1 + dehors and -dehors <= y <= hauteur - 1 + dehors for x, y in points):
        return None
    q = _en_ordre([[min(max(x, 0.0), largeur - 1.0), min(max(y, 0.0), hauteur - 1.0)] for x, y in points])
    cotes = [(q[rang - 3][0] - x, q[rang - 3][1] - y) for rang, (x, y) in enumerate(q)]
    longueurs = [math.hypot(*cote) for cote in cotes]
    if min(longueurs) < 0.08 * min(largeur, hauteur):
        return None
    for rang, (x, y) in enumerate(cotes):
        (a, b), ensemble = cotes[rang - 3], longueurs[rang] * longueurs[rang - 3]
        if x * b - y * a <= 0 or abs(x * a + y * b) > _COSINUS_MAX * ensemble:
            return None
    aire = sum(x * q[rang - 3][1] - y * q[rang - 3][0] for rang, (x, y) in enumerate(q)) / 2
    return np.array(q, np.float32) if _AIRE_MIN < aire / (largeur * hauteur) < _AIRE_MAX else None


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
