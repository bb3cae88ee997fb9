"""How much a quadrilateral looks like a page: one number, from what its sides and its inside show."""

import warnings

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from guichet.documents.vision.esquisse import PAS, Esquisse

_POIDS = {
    "appui_min": 0.3, "appui_second": 0.5, "appui": 0.6, "clarte": 0.48, "clarte_min": 0.0, "couleur": 0.03, "separation": 0.12,
    "heterogene": -0.5, "heterogene_max": -0.02, "aire": 0.9, "biais": -0.7, "au_cadre": -0.15, "encre": 0.5,
}  # fmt: skip
"""Weights read off 192 photos with known corners (shared research, capture.md §3.1); a page well seen has 2.5 or more."""
_POINTS, _FENETRE = 40, 3

Notes = NDArray[np.float32]


def noter(e: Esquisse, quads: NDArray[np.float32]) -> Notes:
    """Return the score of each quadrilateral, (n,). `quads`: (n, 4, 2), pixels of the sketch."""
    a, b = quads, np.roll(quads, -1, 1)
    cotes = b - a
    longueur = np.linalg.norm(cotes, axis=2) + 1e-6
    sens = cotes / longueur[..., None]
    normale = np.stack([sens[..., 1], -sens[..., 0]], 2)
    normale *= np.sign((((a + b) / 2 - quads.mean(1, keepdims=True)) * normale).sum(2))[..., None]  # outwards
    t = np.linspace(0.04, 0.96, _POINTS, dtype=np.float32)[None, None, :, None]
    points = a[:, :, None] + cotes[:, :, None] * t
    dedans = (points[..., 0] > 2) & (points[..., 0] < e.w - 3) & (points[..., 1] > 2) & (points[..., 1] < e.h - 3)
    vus = np.maximum(dedans.sum(2), 1)
    au_cadre = dedans.sum(2) < 0.35 * _POINTS
    part = longueur / longueur.sum(1, keepdims=True)

    appui = np.where(au_cadre, 0.8, (_sur_un_bord(e, points, normale) & dedans).sum(2) / vus)
    clarte, couleur, heterogene = _bandes(e, points, normale, dedans)
    clarte, couleur, heterogene = (np.where(au_cadre, 0, x) for x in (clarte, couleur, heterogene))
    separation, encre = _interieurs(e, quads)
    tries = np.sort(appui, 1)
    aire = np.array([cv2.contourArea(q) for q in quads]) / (e.w * e.h)
    traits = {
        "appui_min": tries[:, 0], "appui_second": tries[:, 1], "appui": (appui * part).sum(1),
        "clarte": (clarte * part).sum(1), "clarte_min": clarte.min(1), "couleur": (couleur * part).sum(1), "separation": separation,
        "heterogene": (heterogene * part).sum(1), "heterogene_max": heterogene.max(1), "aire": np.sqrt(np.minimum(aire, 0.92)),
        "biais": np.abs((sens * np.roll(sens, -1, 1)).sum(2)).mean(1), "au_cadre": au_cadre.sum(1).astype(float), "encre": encre,
    }  # fmt: skip
    return np.asarray(sum(poids * traits[nom] for nom, poids in _POIDS.items()), np.float32)


def _lire(e: Esquisse, plan: MatLike, points: Notes, normale: Notes, ecarts: Notes) -> NDArray[np.float32]:
    """Read a plane across each side: (n, 4, points, len(ecarts)), and its own channels if it has any."""
    x = np.clip(np.rint(points[..., 0, None] + normale[:, :, None, 0, None] * ecarts), 0, e.w - 1).astype(np.int32)
    y = np.clip(np.rint(points[..., 1, None] + normale[:, :, None, 1, None] * ecarts), 0, e.h - 1).astype(np.int32)
    return np.asarray(plan[y, x], np.float32)


def _sur_un_bord(e: Esquisse, points: Notes, normale: Notes) -> NDArray[np.bool_]:
    """Tell, for each point, if the picture changes there, across the side."""
    ecarts = np.arange(-_FENETRE, _FENETRE + 1, dtype=np.float32)
    gx, gy, force = (_lire(e, plan, points, normale, ecarts) for plan in (e.dx, e.dy, e.force))
    a_travers = np.abs(gx * normale[:, :, None, 0, None] + gy * normale[:, :, None, 1, None])
    la = a_travers.argmax(3)[..., None]
    fort = np.take_along_axis(a_travers, la, 3)[..., 0]
    aligne = fort / (np.take_along_axis(force, la, 3)[..., 0] + 1e-6)
    return np.asarray((fort > max(1.2, 2.2 * e.bruit)) & (aligne > 0.8))


def _bandes(e: Esquisse, points: Notes, normale: Notes, dedans: NDArray[np.bool_]) -> tuple[Notes, Notes, Notes]:
    """Compare a band inside each side with one outside: lighter, of another colour, and how much the inner one changes along the side."""
    interne = _lire(e, e.unis, points, normale, np.array([-10, -8, -6], np.float32)).mean(3)
    externe = _lire(e, e.unis, points, normale, np.array([5, 7, 9], np.float32)).mean(3)
    clair = np.where(dedans, interne[..., 0] - externe[..., 0], np.nan)
    teinte = np.where(dedans, np.hypot(interne[..., 1] - externe[..., 1], interne[..., 2] - externe[..., 2]), np.nan)
    saut = np.abs(np.diff(interne, axis=2)).max(3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a side wholly on the frame has no value
        clarte = np.clip(np.nanmedian(clair, 2) / 12, -0.6, 1)
        couleur = np.clip(np.nanmedian(teinte, 2) / 10, 0, 1)
        heterogene = np.nanmean(np.where(dedans[..., 1:], np.clip(saut / 14, 0, 1), np.nan), 2)
    return np.nan_to_num(clarte), np.nan_to_num(couleur), np.nan_to_num(heterogene)


def _interieurs(e: Esquisse, quads: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how much the colours inside differ from those outside, and how much ink there is inside."""
    teintes = e.teintes
    nombre = int(teintes.max()) + 1
    toutes = np.bincount(teintes.ravel(), minlength=nombre).astype(np.float64)
    separation, encre = np.zeros(len(quads)), np.zeros(len(quads))
    for rang, quad in enumerate(quads):
        masque = np.zeros(teintes.shape, np.uint8)
        cv2.fillConvexPoly(masque, np.rint(quad / PAS).astype(np.int32), 1)
        ici = np.bincount(teintes[masque > 0], minlength=nombre).astype(np.float64)
        ailleurs = toutes - ici
        combien, reste = ici.sum(), ailleurs.sum()
        trop_peu = reste < 0.03 * teintes.size or combien < 20
        separation[rang] = 0.5 if trop_peu else 1 - np.sqrt(ici / combien * ailleurs / reste).sum()
        coeur = cv2.erode(masque, np.ones((3, 3), np.uint8)) > 0
        encre[rang] = min(1.0, float(e.encre[coeur].mean()) / 0.03) if coeur.any() else 0
    return separation, encre
