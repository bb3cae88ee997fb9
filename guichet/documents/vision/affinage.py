"""The exact place of a page's sides: below the pixel, along edges that may bow, and past a coloured band that looked like one."""

import cv2
import numpy as np
from numpy.typing import NDArray

from guichet.documents.vision.esquisse import Esquisse, Plans, au_plus_fort
from guichet.documents.vision.geometrie import Quad

_POINTS, _TOURS, _ASSEZ = 110, 8, 25
Bout = tuple[NDArray[np.float64], NDArray[np.float64]]
"""A point, and the direction of the edge there."""


def affiner(e: Esquisse, quad: Quad) -> Quad:
    """Move each side onto its edge and return the corners where they meet, in pixels of the sketch."""
    plans = e.fine
    k = plans.shape[1] / e.w
    q = quad * np.float32(k)
    for fenetre in (14, 8):
        bouts = [_suivre(plans, q, rang, fenetre) for rang in range(4)]
        coins = []
        for rang in range(4):
            (p1, d1), (p2, d2) = bouts[rang - 1][1], bouts[rang][0]
            systeme = np.array([[d1[0], -d2[0]], [d1[1], -d2[1]]])
            if abs(np.linalg.det(systeme)) < 0.2:
                return quad
            coins.append(p1 + d1 * np.linalg.solve(systeme, p2 - p1)[0])
        nouveau = np.asarray(coins, np.float32)
        if np.abs(nouveau - q).max() > 3.5 * fenetre:
            break
        q = nouveau
    return q / np.float32(k)


def _suivre(plans: Plans, q: Quad, rang: int, fenetre: int) -> tuple[Bout, Bout]:
    """Fit a side's edge, straight or slightly bowed; return its two ends. Where it is not seen, the side stays as it is."""
    a, b = q[rang].astype(np.float64), q[(rang + 1) % 4].astype(np.float64)
    longueur = float(np.linalg.norm(b - a)) + 1e-6
    sens = (b - a) / longueur
    normale = np.array([sens[1], -sens[0]])
    if normale @ ((a + b) / 2 - q.mean(0)) < 0:
        normale = -normale
    t = np.linspace(0.02, 0.98, _POINTS)
    tel_quel = ((a, sens), (b, sens))
    releve = _relever(plans, a + (b - a) * t[:, None], normale, fenetre)
    if releve is None:
        return tel_quel
    ecart, bon = releve
    courbe = _ajuster(t * 2 - 1, ecart, bon, longueur)
    if courbe is None:
        return tel_quel

    def bout(u: float) -> Bout:
        ou, pente = np.polyval(courbe, u), (2 * courbe[0] * u + courbe[1]) * 2 / longueur
        direction = sens + normale * pente
        return a + (b - a) * ((u + 1) / 2) + normale * ou, direction / np.linalg.norm(direction)

    return bout(-1.0), bout(1.0)


def _relever(
    plans: Plans, points: NDArray[np.float64], normale: NDArray[np.float64], fenetre: int
) -> tuple[NDArray[np.float64], NDArray[np.bool_]] | None:
    """Return, for each point of a side, how far out its strongest edge is, and whether it counts; None when too few are seen."""
    h, w = plans.shape[:2]
    pas = np.arange(-fenetre, fenetre + 1)
    x, y = ((points[:, n, None] + normale[n] * pas).astype(np.float32) for n in (0, 1))
    profil = cv2.remap(plans, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    gradient = au_plus_fort(np.abs(profil[:, 2:] - profil[:, :-2]))
    dedans = (points[:, 0] > fenetre) & (points[:, 0] < w - fenetre) & (points[:, 1] > fenetre) & (points[:, 1] < h - fenetre)
    if dedans.sum() < _ASSEZ:
        return None
    proche = gradient - np.abs(pas[1:-1]) * 0.02 * gradient.max(1, keepdims=True)
    la, ici = np.clip(proche.argmax(1), 1, gradient.shape[1] - 2), np.arange(len(points))
    y0, y1, y2 = (gradient[ici, la + n] for n in (-1, 0, 1))
    creux = y0 - 2 * y1 + y2
    sommet = np.where(np.abs(creux) > 1e-6, 0.5 * (y0 - y2) / np.where(np.abs(creux) > 1e-6, creux, 1), 0)
    bon = dedans & (y1 > max(1.5, 0.3 * float(np.median(y1[dedans]))))
    return (pas[1:-1][la] + np.clip(sommet, -0.5, 0.5), bon) if bon.sum() >= _ASSEZ else None


def _ajuster(u: NDArray[np.float64], ecart: NDArray[np.float64], bon: NDArray[np.bool_], longueur: float) -> NDArray[np.float64] | None:
    """Fit a line, then a parabola, what lies far from it counting less at each turn; return its three coefficients."""
    parabole = np.vander(u, 3)
    droite, poids, courbe = parabole[:, 1:], bon.astype(np.float64), parabole[0]
    for tour in range(_TOURS):
        base = parabole if tour >= 3 else droite
        solution = _moindres_carres(base, ecart, poids)
        reste = np.abs(ecart - base @ solution)
        echelle = max(0.6, 1.5 * float(np.median(reste[bon])))
        poids = bon / (1 + (reste / echelle) ** 2) ** 2
        courbe = solution if tour >= 3 else np.concatenate([[0], solution])
    if (poids > 0.25).sum() < 0.3 * bon.sum():
        return None
    if abs(courbe[0]) > 0.035 * longueur or abs(courbe[0]) < 1.2:  # no paper bows so much, or the bow is only noise
        courbe = np.concatenate([[0], _moindres_carres(droite, ecart, poids)])
    return np.asarray(courbe)


def _moindres_carres(base: NDArray[np.float64], ecart: NDArray[np.float64], poids: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weighted least squares' coefficients, by the normal equations: two or three of them, of points between -1 and 1."""
    pesee = base.T * poids
    return np.asarray(np.linalg.solve(pesee @ base, pesee @ ecart), np.float64)


def etendre(e: Esquisse, quad: Quad, au_plus: float = 0.3) -> Quad:
    """Push a side out while the two beside it go on: a coloured heading was taken for the page's edge."""
    q = quad.copy()
    for _ in range(2):
        avance = [_pousser(e, q, rang, au_plus) for rang in range(4)]
        if not any(avance):
            break
    return q


def _pousser(e: Esquisse, q: Quad, rang: int, au_plus: float) -> bool:
    avant, a, b, apres = q[rang - 1], q[rang], q[(rang + 1) % 4], q[(rang + 2) % 4]
    parts = np.linspace(0, au_plus, 76, dtype=np.float32)[1:]
    aa, bb = a + (a - avant) * parts[:, None], b + (b - apres) * parts[:, None]
    dedans = np.all([(p > 1).all(1) & (p[:, 0] < e.w - 2) & (p[:, 1] < e.h - 2) for p in (aa, bb)], 0)
    if dedans.sum() < 3:
        return False
    rangs = np.arange(1, len(parts) + 1)
    suivis = [np.cumsum(_bord(e, p, np.broadcast_to(_perpendiculaire(v), p.shape))) / rangs for p, v in ((aa, a - avant), (bb, b - apres))]
    t = np.linspace(0.04, 0.96, 36, dtype=np.float32)[None, :, None]
    points = aa[:, None] + (bb - aa)[:, None] * t
    sens = (bb - aa) / (np.linalg.norm(bb - aa, axis=1, keepdims=True) + 1e-6)
    normale = np.stack([sens[:, 1], -sens[:, 0]], 1)
    appui = _bord(e, points, np.broadcast_to(normale[:, None], points.shape)).mean(1)
    bons = np.nonzero(dedans & (appui > 0.85) & (suivis[0] > 0.8) & (suivis[1] > 0.8) & (parts > 0.012))[0]
    if not len(bons):
        return False
    derniers = bons[bons >= bons[-1] - 3]
    la = derniers[appui[derniers].argmax()]
    q[rang], q[(rang + 1) % 4] = aa[la], bb[la]
    return True


def _perpendiculaire(v: Quad) -> NDArray[np.float32]:
    v = v / (np.linalg.norm(v) + 1e-6)
    return np.array([v[1], -v[0]], np.float32)


def _bord(e: Esquisse, points: NDArray[np.float32], normale: NDArray[np.float32]) -> NDArray[np.bool_]:
    ecarts = np.arange(-2, 3, dtype=np.float32)
    x, y = (np.rint(points[..., n, None] + normale[..., n, None] * ecarts).astype(int) for n in (0, 1))
    dedans = (points[..., 0] > 2) & (points[..., 0] < e.w - 3) & (points[..., 1] > 2) & (points[..., 1] < e.h - 3)
    x, y = np.clip(x, 0, e.w - 1), np.clip(y, 0, e.h - 1)
    a_travers = np.abs(e.dx[y, x] * normale[..., 0, None] + e.dy[y, x] * normale[..., 1, None])
    la = a_travers.argmax(-1)[..., None]
    fort = np.take_along_axis(a_travers, la, -1)[..., 0]
    aligne = fort / (np.take_along_axis(e.force[y, x], la, -1)[..., 0] + 1e-6)
    return np.asarray((fort > max(1.5, 2.5 * e.bruit)) & (aligne > 0.85) & dedans)
