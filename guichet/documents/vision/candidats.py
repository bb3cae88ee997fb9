"""Where a page may be: edges closed on themselves, light and dark masses, zones of one colour, pairs of long lines."""

import itertools
from collections.abc import Callable, Iterator

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from guichet.documents.vision.esquisse import PAS, Esquisse
from guichet.documents.vision.geometrie import Quad, depuis_enveloppe, valide

Ligne = tuple[float, float]
"""The angle of a line's normal, and its distance from the centre, pixels of the sketch."""
_SEUILS_BORDS = ((8, 24), (20, 60), (50, 130))
_ECARTS_CLARTE = (-18, 0, 18, 36)
_LIGNES, _PAIRES = 24, 44


def proposer(e: Esquisse) -> tuple[list[Quad], list[Ligne]]:
    """Return every plausible page of a sketch, ordered, and the long lines of which other sides may be made."""
    plans = [cv2.GaussianBlur(_sur_256(plan), (0, 0), 1.2) for plan in cv2.split(e.unis)]
    lignes, par_lignes = _par_lignes(e, plans)
    bruts = itertools.chain(_par_bords(e, plans), _par_masses(e, plans), _par_couleurs(e), par_lignes)
    return [q for q in (valide(b, e.w, e.h) for b in bruts) if q is not None], lignes


def _sur_256(plan: MatLike) -> MatLike:
    return np.asarray(np.clip((plan - plan.min()) / (np.ptp(plan) + 1e-6) * 255, 0, 255), np.uint8)


def _par_bords(e: Esquisse, plans: list[MatLike]) -> Iterator[Quad]:
    for plan, (bas, haut), trou in itertools.product(plans, _SEUILS_BORDS, (3, 7)):
        bords = cv2.Canny(plan, bas, haut, L2gradient=True)
        fermes = cv2.morphologyEx(bords, cv2.MORPH_CLOSE, np.ones((trou, trou), np.uint8))
        contours, _ = cv2.findContours(fermes, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        for contour in contours:
            _, _, largeur, hauteur = cv2.boundingRect(contour)
            if largeur * hauteur >= 0.06 * e.w * e.h and (q := depuis_enveloppe(cv2.convexHull(contour))) is not None:
                yield q


def _par_masses(e: Esquisse, plans: list[MatLike]) -> Iterator[Quad]:
    for rang, plan in enumerate(plans):
        seuil, _ = cv2.threshold(plan, 0, 255, cv2.THRESH_OTSU)
        demi = cv2.resize(plan, (e.w // 2, e.h // 2), interpolation=cv2.INTER_AREA)
        for ecart in _ECARTS_CLARTE:
            if not 5 < seuil + ecart < 250:
                continue
            masque = cv2.morphologyEx(np.asarray(demi > seuil + ecart, np.uint8) * 255, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
            yield from _du_masque(masque, 2)
            if rang:  # darker than what is around it, a paper is not; of another colour, it may be
                yield from _du_masque(255 - masque, 2)


def _par_couleurs(e: Esquisse) -> Iterator[Quad]:
    points = e.zones.reshape(-1, 3)
    cv2.setRNGSeed(7)  # the same photo gives the same crop
    for k in (3, 5):
        _, numeros, _ = cv2.kmeans(points, k, np.empty(0), (3, 10, 1.0), 1, cv2.KMEANS_PP_CENTERS)
        carte = numeros.reshape(e.zones.shape[:2])
        for ensemble in itertools.chain.from_iterable(itertools.combinations(range(k), n) for n in (1, 2)):
            masque = cv2.morphologyEx(np.asarray(np.isin(carte, ensemble), np.uint8) * 255, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
            yield from _du_masque(masque, PAS)


def _du_masque(masque: MatLike, echelle: float) -> Iterator[Quad]:
    contours, _ = cv2.findContours(masque, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:3]:
        if cv2.contourArea(contour) < 0.03 * masque.size:
            return
        q = depuis_enveloppe(cv2.convexHull(contour))
        if q is not None:
            yield q * np.float32(echelle)
        coins = cv2.approxPolyDP(contour, 0.02 * cv2.arcLength(contour, True), True)
        if len(coins) == 4:
            yield coins.reshape(4, 2) * np.float32(echelle)


def _par_lignes(e: Esquisse, plans: list[MatLike]) -> tuple[list[Ligne], Iterator[Quad]]:
    detecteur = cv2.createLineSegmentDetector(cv2.LSD_REFINE_NONE, scale=0.8)
    trouves = [lus.reshape(-1, 4) for lus in (detecteur.detect(plan)[0] for plan in plans) if lus is not None]
    if not trouves:
        return [], iter(())
    segments = np.concatenate(trouves)
    longueurs = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
    droites = _droites(segments[longueurs > 0.04 * max(e.w, e.h)], (e.w / 2, e.h / 2))
    # The frame's own sides: a page may go on past it.
    cadre = [(0.0, e.w / 2 - 1, 1.0), (np.pi, e.w / 2 - 1, 1.0), (np.pi / 2, e.h / 2 - 1, 1.0), (-np.pi / 2, e.h / 2 - 1, 1.0)]
    return [(angle, rho) for angle, rho, _ in droites], _paires(droites + cadre, e)


def _droites(segments: NDArray[np.float32], centre: tuple[float, float]) -> list[tuple[float, float, float]]:
    """Gather segments that lie on one line; return the longest as (normal's angle, distance, length in all)."""
    if not len(segments):
        return []
    angle = np.arctan2(segments[:, 3] - segments[:, 1], segments[:, 2] - segments[:, 0])
    normale = np.stack([-np.sin(angle), np.cos(angle)], 1)
    rho = (normale * (segments[:, :2] - np.asarray(centre))).sum(1)
    normale, rho = np.where(rho[:, None] < 0, -normale, normale), np.abs(rho)
    angle, longueur = np.arctan2(normale[:, 1], normale[:, 0]), np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
    libres, droites = np.ones(len(segments), bool), []
    for rang in np.argsort(-longueur):
        if not libres[rang]:
            continue
        ecart = _tour(angle - angle[rang])
        groupe = (np.abs(ecart) < np.radians(3)) & (np.abs(rho - rho[rang]) < 5) & libres
        libres &= ~groupe
        poids = longueur[groupe]
        moyen = float(angle[rang] + np.average(ecart[groupe], weights=poids))
        droites.append((moyen, float(np.average(rho[groupe], weights=poids)), float(poids.sum())))
    return sorted(droites, key=lambda d: -d[2])[:_LIGNES]


def _tour(angle: NDArray[np.float64]) -> NDArray[np.float64]:
    return (angle + np.pi) % (2 * np.pi) - np.pi


def _paires(droites: list[tuple[float, float, float]], e: Esquisse) -> Iterator[Quad]:
    """Cross pairs of lines that face each other with pairs across them."""
    normales = [(np.cos(angle), np.sin(angle)) for angle, _, _ in droites]

    def ecart(i: int, j: int) -> float:
        return abs((droites[i][0] - droites[j][0] + np.pi) % (2 * np.pi) - np.pi)

    def croise(i: int, j: int) -> tuple[float, float] | None:
        det = normales[i][0] * normales[j][1] - normales[i][1] * normales[j][0]
        if abs(det) < 0.15:
            return None
        x = (droites[i][1] * normales[j][1] - normales[i][1] * droites[j][1]) / det
        return x + e.w / 2, (normales[i][0] * droites[j][1] - droites[i][1] * normales[j][0]) / det + e.h / 2

    face_a_face = [
        (i, j) for i, j in itertools.combinations(range(len(droites)), 2)
        if ecart(i, j) > np.radians(140) and droites[i][1] + droites[j][1] > 0.15 * min(e.w, e.h)
    ]  # fmt: skip
    face_a_face.sort(key=lambda p: -(droites[p[0]][2] + droites[p[1]][2]))
    for (a, b), (c, d) in itertools.combinations(face_a_face[:_PAIRES], 2):
        if np.radians(55) < ecart(a, c) < np.radians(125):
            coins = [croise(*x) for x in ((a, c), (c, b), (b, d), (d, a))]
            if None not in coins:
                yield np.asarray(coins, np.float32)


def echanger_un_cote(q: Quad, lignes: list[Ligne], e: Esquisse, retenir: Callable[[Quad], bool]) -> list[Quad]:
    """Return the quadrilaterals that differ by one side, laid on a line of the picture, and that are wanted."""
    centre, nouveaux = np.array([e.w / 2, e.h / 2]), []
    for rang in range(4):
        a, b, avant, apres = q[rang], q[(rang + 1) % 4], q[rang - 1], q[(rang + 2) % 4]
        sens = (b - a) / (np.linalg.norm(b - a) + 1e-6)
        for angle, rho in lignes:
            normale = np.array([np.cos(angle), np.sin(angle)])
            k1, k2 = normale @ (a - avant), normale @ (b - apres)
            if abs(normale @ sens) > 0.35 or abs(k1) < 1e-3 or abs(k2) < 1e-3:
                continue
            distance, autre = rho + normale @ centre, q.copy()
            autre[rang] = avant + (a - avant) * ((distance - normale @ avant) / k1)
            autre[(rang + 1) % 4] = apres + (b - apres) * ((distance - normale @ apres) / k2)
            if np.abs(autre - q).max() > 3 and (bon := valide(autre, e.w, e.h)) is not None and retenir(bon):
                nouveaux.append(bon)
    return nouveaux
