"""The page in a photo: its four corners, and how sure it is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from guichet.documents.vision.affinage import affiner, etendre
from guichet.documents.vision.candidats import echanger_un_cote, proposer
from guichet.documents.vision.esquisse import COTE, Esquisse, Pixels
from guichet.documents.vision.geometrie import Quad, commun, valide
from guichet.documents.vision.notation import noter

_PRES = 5
"""Candidates nearer than so many pixels of the sketch, corner by corner, are one."""
_MARGE = 0.04
_PRIME = 0.06
"""What a side laid on its edge is worth over the same one, a little beside."""


_PROBABLE, _NETTE, _NULLE, _ENTIERE = 2.5, 2.7, 0.7, 3.2
"""Of the 197 photos of the research, one crop noted from 2.5 to 2.7 was wrong, none above."""
SUR = 0.8
"""The confidence from which a photo is cropped without being asked."""
_COTE_SECOND, _ACCORD = 480, 0.97


@dataclass(frozen=True)
class Recadrage:
    """Four corners in the photo's pixels, and how sure they are, from 0 to 1."""

    quad: Quad
    confiance: float


def detecter(bgr: Pixels) -> Recadrage | None:
    """Return the page of a photo, or None when nothing looks like one. `bgr`: (h, w, 3), 8 bits."""
    vu = _regarder(bgr, COTE)
    if vu is None:
        return None
    quad, note = vu
    confiance = (note - _NULLE) / (_ENTIERE - _NULLE)
    if _PROBABLE <= note < _NETTE:
        # What is right is seen again from further off; what is wrong hangs on details.
        second = _regarder(bgr, _COTE_SECOND)
        d_accord = second is not None and commun(quad, second[0]) >= _ACCORD
        confiance = SUR if d_accord else min(confiance, SUR - 0.01)
    return Recadrage(quad, float(np.clip(confiance, 0, 1)))


def _regarder(bgr: Pixels, cote: int) -> tuple[Quad, float] | None:
    """Return the likeliest page in the photo's pixels and its score, looked for at a size."""
    e = Esquisse(bgr, cote)
    proposes, lignes = proposer(e)
    vus: set[tuple[int, ...]] = set()

    def neuf(q: Quad) -> bool:
        cle = tuple(np.rint(q.ravel() / _PRES).astype(int).tolist())
        return cle not in vus and not vus.add(cle)  # type: ignore[func-returns-value]

    quads = [q for q in proposes if neuf(q)]
    if not quads:
        return None
    tous = np.stack(quads)
    notes = noter(e, tous)
    for _ in range(2):
        autres = [x for rang in np.argsort(-notes)[:5] for x in echanger_un_cote(tous[rang], lignes, e, neuf)]
        if not autres:
            break
        essais = np.stack(autres)
        leurs = noter(e, essais)
        meilleurs = np.argsort(-leurs)[:60]
        tous, notes = np.concatenate([tous, essais[meilleurs]]), np.concatenate([notes, leurs[meilleurs]])
    quad, note = _choisir(e, tous[np.argsort(-notes)[:8]])
    return _plus_loin(e, quad, note) / np.float32(e.k), note


def _choisir(e: Esquisse, meilleurs: NDArray[np.float32]) -> tuple[Quad, float]:
    """Lay the best ones on their edges, and keep the one that then has the best score."""
    finalistes, primes = [], []
    for quad in meilleurs:
        finalistes.append(quad)
        primes.append(0.0)
        affine = valide(affiner(e, quad), e.w, e.h, _MARGE)
        if affine is not None:
            finalistes.append(affine)
            primes.append(_PRIME)
    notes = noter(e, np.stack(finalistes)) + np.asarray(primes, np.float32)
    rang = int(notes.argmax())
    return finalistes[rang], float(notes[rang])


def _plus_loin(e: Esquisse, quad: Quad, note: float) -> Quad:
    etendu = etendre(e, quad)
    if np.abs(etendu - quad).max() <= 1:
        return quad
    affine = valide(affiner(e, etendu), e.w, e.h, _MARGE)
    etendu = etendu if affine is None else affine
    possible = valide(etendu, e.w, e.h, _MARGE) is not None and noter(e, etendu[None])[0] > note - 1.0
    return etendu if possible else quad
