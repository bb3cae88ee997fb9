"""Several papers laid at once on a glass or a table: where each is."""

import cv2
import numpy as np

from guichet.documents.vision.esquisse import Pixels
from guichet.documents.vision.geometrie import Quad, ordonner

_COTE, _BORD, _ECART = 800, 0.02, 12
"""The size at which they are looked for; the part of each edge that shows what lies behind; how far from it a paper is, of 255."""
_JOINT = 0.035
"""What is nearer than this part of the picture is one paper: its lines of text, on a lid as white as it."""
_PETIT, _GRAND, _MARGE = 0.015, 0.85, 0.001
_RANGEE = 0.12
"""Papers whose tops are within this part of the height are in one row, read from the left."""


def separer(bgr: Pixels) -> list[Quad]:
    """Return the corners of each paper, in reading order, in the picture's pixels; fewer than two when it holds one or none."""
    k = min(1.0, _COTE / max(bgr.shape[:2]))
    petite = cv2.GaussianBlur(cv2.resize(bgr, None, fx=k, fy=k, interpolation=cv2.INTER_AREA), (0, 0), 1.2)
    h, w = petite.shape[:2]
    b = max(2, round(_BORD * max(h, w)))
    bords = np.concatenate(
        [petite[:b].reshape(-1, 3), petite[-b:].reshape(-1, 3), petite[:, :b].reshape(-1, 3), petite[:, -b:].reshape(-1, 3)]
    )
    fond = np.median(bords, axis=0)
    autre = (np.abs(petite.astype(np.float32) - fond).max(axis=2) > _ECART).astype(np.uint8)
    joint = max(3, round(_JOINT * max(h, w))) | 1
    plein = cv2.morphologyEx(autre, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (joint, joint)))
    nombre, numeros = cv2.connectedComponents(plein, connectivity=8)
    marge = _MARGE * max(h, w)
    quads = []
    for numero in range(1, nombre):
        # Of what was joined, what was there: between two papers that are near, the joint bulges.
        points = np.argwhere((numeros == numero) & (autre > 0))[:, ::-1].astype(np.float32)
        centre, (l_, h_), angle = cv2.minAreaRect(points) if len(points) else ((0, 0), (0, 0), 0)
        if _PETIT < l_ * h_ / (w * h) < _GRAND:
            coins = cv2.boxPoints((centre, (l_ + 2 * marge, h_ + 2 * marge), angle))
            quads.append(ordonner(np.clip(coins, 0, (w - 1, h - 1)).astype(np.float32)))
    return [q / np.float32(k) for q in _dans_l_ordre(quads, _RANGEE * h)]


def _dans_l_ordre(quads: list[Quad], rangee: float) -> list[Quad]:
    """Return papers row by row, each from the left."""
    rangees: list[list[Quad]] = []
    for quad in sorted(quads, key=lambda q: float(q[:, 1].min())):
        if rangees and quad[:, 1].min() - rangees[-1][0][:, 1].min() <= rangee:
            rangees[-1].append(quad)
        else:
            rangees.append([quad])
    return [q for r in rangees for q in sorted(r, key=lambda q: float(q[:, 0].min()))]
