"""A photo made small enough to be looked at whole: colours that shadows move little, gradients, ink, zones of colour."""

from functools import cached_property

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

Pixels = MatLike
"""Eight bits a channel, blue first when there are three: what OpenCV gives and takes."""
Plans = MatLike
"""Float32, so many channels."""

COTE, _COTE_FIN = 640, 1400
_OCTET = np.arange(256, dtype=np.float32)
_NIVEAUX = np.dstack([np.log(_OCTET + 12) * 60, _OCTET * 1.6, _OCTET * 1.6])
"""What each level of light and of both colours counts for: light by its ratios, as shadows change it."""
PAS = 4
"""Pixels of the sketch for one of its zones."""


class Esquisse:
    """What the detection looks at. `k`: its pixels for one of the photo; `plans`: (h, w, 3), log luminance and the two colour planes."""

    def __init__(self, bgr: Pixels, cote: int = COTE) -> None:
        hauteur, largeur = bgr.shape[:2]
        self.k = cote / max(hauteur, largeur)
        # By a whole number first, which is quick: everything else is seen on what that leaves.
        n = max(1, max(hauteur, largeur) // _COTE_FIN)
        self._photo = cv2.resize(bgr, (largeur // n, hauteur // n), interpolation=cv2.INTER_AREA) if n > 1 else bgr
        petite = cv2.resize(self._photo, (round(largeur * self.k), round(hauteur * self.k)), interpolation=cv2.INTER_AREA)
        self.h, self.w = petite.shape[:2]
        self.plans = _plans(petite, 1.0)
        gx, gy = (cv2.Scharr(self.plans, cv2.CV_32F, dx, 1 - dx) / 32 for dx in (1, 0))
        energie = gx**2 + gy**2
        fort = energie.argmax(2)[..., None]
        self.force = np.sqrt(au_plus_fort(energie))
        self.dx, self.dy = (np.take_along_axis(g, fort, 2)[..., 0] for g in (gx, gy))
        self.bruit = float(np.median(self.force))
        # Without its text: what the paper's own colour is.
        self.unis = self.plans.copy()
        self.unis[..., 0] = cv2.morphologyEx(self.plans[..., 0], cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
        zones = (self.w // PAS, self.h // PAS)
        self.zones = cv2.resize(self.unis, zones, interpolation=cv2.INTER_AREA)
        trait = cv2.morphologyEx(self.plans[..., 0], cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8)) - self.plans[..., 0]
        self.encre = cv2.resize(np.asarray(trait > 9, np.float32), zones, interpolation=cv2.INTER_AREA)

    @cached_property
    def teintes(self) -> NDArray[np.int32]:
        """The zones' colours, numbered: coarse in light, which shadows move, fine in colour."""
        lisse = cv2.GaussianBlur(self.zones, (0, 0), 0.8)
        clair = lisse[..., 0] - 0.6 * cv2.GaussianBlur(lisse[..., 0], (0, 0), 14)
        clair = np.clip((clair - clair.min()) / (np.ptp(clair) + 1e-6) * 4.99, 0, 4).astype(int)
        a, b = (np.clip((lisse[..., n] - 205) / 9 + 6, 0, 11).astype(int) for n in (1, 2))
        _, numeros = np.unique(clair * 144 + a * 12 + b, return_inverse=True)
        return numeros.reshape(clair.shape).astype(np.int32)

    @cached_property
    def fine(self) -> Plans:
        """The same planes at twice the size, for the edges' exact place."""
        k = min(1, _COTE_FIN / max(self._photo.shape[:2]))
        return _plans(cv2.resize(self._photo, None, fx=k, fy=k, interpolation=cv2.INTER_LINEAR), 1.2)


def au_plus_fort(plans: Plans) -> Plans:
    """Return, at each pixel, the largest of its channels: numpy's own maximum takes ten times as long over three of them."""
    return cv2.reduce(plans.reshape(-1, plans.shape[2]), 1, cv2.REDUCE_MAX).reshape(plans.shape[:2])


def _plans(bgr: Pixels, sigma: float) -> Plans:
    return cv2.LUT(cv2.cvtColor(cv2.GaussianBlur(bgr, (0, 0), sigma), cv2.COLOR_BGR2LAB), _NIVEAUX)
