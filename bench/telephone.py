"""A visitor's photo, from its last byte at the centre to the desk's tray, cropped and cleaned: the visitor is still there, and waits for it."""

import hashlib
import math
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import cv2
import httpx2
import numpy as np

from bench import centre as atelier
from bench import fenetre as vitrine
from bench import photos
from bench.magasin import PHRASE
from bench.mesure import Banc, Mesure
from guichet.central.services.telephone import PART_OCTETS


@dataclass(frozen=True)
class Tailles:
    photos: int
    largeur: int
    hauteur: int


def mesurer(t: Tailles) -> Iterator[Mesure]:
    from guichet.services import ouvrir_session

    with (
        tempfile.TemporaryDirectory() as dossier,
        atelier.ouvrir(Path(dossier), atelier.lignes(50), efface=True) as centre,
    ):
        profil = Path(dossier) / "profil"
        session = ouvrir_session(profil, PHRASE, centre.url, centre.jeton, centre.agent)
        session.synchroniser()
        session.fermer()
        fenetre = vitrine.ouvrir(profil, centre.url, centre.jeton)
        page = fenetre.page("documents")
        dialogue = page.recevoir_du_telephone()
        vitrine.attendre(dialogue.adresse.text)
        durees = []
        with httpx2.Client(base_url=centre.url) as telephone:
            chemin = urlsplit(dialogue.adresse.text()).path
            telephone.post(f"{chemin}/prise").raise_for_status()
            for n in range(t.photos):
                debut = _envoyer(telephone, chemin, photos.photographier(n, t.largeur, t.hauteur).pixels)
                vitrine.attendre(lambda attendues=n + 1: len(page.presenter.pages) == attendues)
                durees.append(time.perf_counter() - debut)
        dialogue.reject()
        fenetre.quitter()
    detail = f"{t.photos} photos of {t.largeur * t.hauteur / 1e6:.2g} Mpx, median {statistics.median(durees):.2f} s; the first, in the second of the code: {durees[0]:.2f} s"
    quoi = "a visitor's photo, from its last byte at the centre to the tray, cropped and cleaned, the longest"
    yield Mesure("photo", quoi, "", 2, max(durees), "s", detail)


def _envoyer(telephone: httpx2.Client, chemin: str, pixels: np.ndarray) -> float:
    """Send a photo part by part; return when its last byte was answered for."""
    octets = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()
    adresse = f"{chemin}/photos/{hashlib.sha256(octets).hexdigest()}/parts"
    for n in range(math.ceil(len(octets) / PART_OCTETS)):
        part = octets[n * PART_OCTETS : (n + 1) * PART_OCTETS]
        telephone.put(f"{adresse}/{n}", params={"octets": len(octets)}, content=part).raise_for_status()
    return time.perf_counter()


BANC = Banc(mesurer, court=Tailles(photos=1, largeur=504, hauteur=672), long=Tailles(photos=12, largeur=1512, hauteur=2016))
