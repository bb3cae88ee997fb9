"""Photos of papers that never were: pages of invented people laid on tables, in perspective, shadow and noise, with their true corners and words."""

import random
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from guichet.ressources import RACINE

_POLICE = str(RACINE / "fonts" / "Inter-Regular.otf")
_NOMS = ("MARTIN", "NGUYEN", "HAMDAOUI", "LE GOFF", "GARCIA", "DUBOIS", "PÉREZ", "ROUSSEAU")
_PHRASES = (
    "Je soussigné déclare sur l'honneur héberger à mon domicile la personne nommée ci-dessus.",
    "Cette attestation est établie pour servir et valoir ce que de droit auprès de l'organisme.",
    "Toute fausse déclaration expose à des sanctions pénales prévues par le code.",
    "Le montant du loyer hors charges est payé chaque mois par virement bancaire.",
    "Les ressources du foyer sont composées de salaires et de pensions alimentaires.",
    "La présente quittance annule tous les reçus donnés précédemment pour la période.",
)
FONDS = ("bois", "nappe", "granit", "bureau", "noir", "tissu", "papiers")


@dataclass(frozen=True)
class Photo:
    """A photo (h, w, 3, BGR), the page's corners (4, 2) from its top left, clockwise, its words, and what it lies on."""

    pixels: np.ndarray
    quad: np.ndarray
    texte: str
    fond: str


def page(graine: int) -> tuple[np.ndarray, str]:
    """Draw an A4 page at 150 dots an inch: some with a coloured heading, some with a table."""
    alea = random.Random(graine)
    image = Image.new("RGB", (1240, 1754), (252, 252, alea.choice((252, 246, 240))))
    dessin, lignes, y = ImageDraw.Draw(image), [], 120
    titre = alea.choice(("ATTESTATION D'HÉBERGEMENT", "QUITTANCE DE LOYER", "BULLETIN DE PAIE", "FACTURE D'ÉLECTRICITÉ"))
    if alea.random() < 0.4:
        dessin.rectangle((0, 0, 1240, 100), fill=alea.choice(((0, 86, 140), (120, 20, 40), (20, 110, 60))))
    ecrits = [
        (titre, 44),
        (f"{alea.choice(_NOMS)} {alea.choice(('Anaïs', 'Loïc', 'Théo', 'Inès'))}", 26),
        (f"{alea.randrange(1, 200)} rue des Lilas", 26),
    ]
    for texte, corps in [*ecrits, *((alea.choice(_PHRASES), 24) for _ in range(alea.randrange(6, 22)))]:
        dessin.text((110, y), texte, fill=(25, 25, 30), font=ImageFont.truetype(_POLICE, corps))
        lignes.append(texte)
        y += corps + alea.randrange(14, 40)
    if alea.random() < 0.4 and y < 1500:
        for rang in range(4):
            dessin.line((110, y + 30 * rang, 1130, y + 30 * rang), fill=(90, 90, 90), width=2)
    return cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2BGR), "\n".join(lignes)


def photographier(graine: int, largeur: int = 1512, hauteur: int = 2016) -> Photo:
    """Photograph a page on a table; the same seed gives the same photo."""
    alea, hasard = random.Random(graine * 7919 + 1), np.random.default_rng(graine)
    papier, texte = page(graine)
    nom = FONDS[graine % len(FONDS)]
    image = fond(nom, largeur, hauteur, hasard)
    quad = _coins(alea, largeur, hauteur)
    image = _ombre_portee(image, quad, alea)
    h, w = papier.shape[:2]
    vers = cv2.getPerspectiveTransform(np.float32([[0, 0], [w, 0], [w, h], [0, h]]), quad)
    pose = cv2.warpPerspective(papier, vers, (largeur, hauteur), flags=cv2.INTER_AREA)
    masque = cv2.warpPerspective(np.full((h, w), 255, np.uint8), vers, (largeur, hauteur), flags=cv2.INTER_AREA)[..., None] / 255
    image = image * (1 - masque) + pose * masque
    image *= _lumiere(alea, largeur, hauteur)[..., None] * np.array([alea.uniform(0.85, 1), 1, alea.uniform(0.95, 1.05)])
    image = cv2.GaussianBlur(image, (0, 0), alea.uniform(0.4, 0.9)) + hasard.normal(0, alea.uniform(1, 5), image.shape)
    octets = cv2.imencode(".jpg", np.clip(image, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 85])[1]
    return Photo(cv2.imdecode(octets, cv2.IMREAD_COLOR), quad, texte, nom)


def _coins(alea: random.Random, largeur: int, hauteur: int) -> np.ndarray:
    k = min(largeur / 210, hauteur / 297) * alea.uniform(0.62, 0.85)
    base = np.array([[-105, -148.5], [105, -148.5], [105, 148.5], [-105, 148.5]]) * k
    angle = np.radians(alea.uniform(-16, 16))
    tournee = base @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    fuite = 1 / (1 + tournee @ np.array([alea.uniform(-0.1, 0.1) / largeur, alea.uniform(-0.25, 0.25) / hauteur]))
    quad = (
        tournee * fuite[:, None]
        + np.array([largeur / 2, hauteur / 2])
        + np.array([alea.uniform(-0.04, 0.04) * c for c in (largeur, hauteur)])
    )
    return np.clip(quad, 4, (largeur - 5, hauteur - 5)).astype(np.float32)


def fond(nom: str, largeur: int, hauteur: int, hasard: np.random.Generator) -> np.ndarray:
    """Make a table of so many pixels, without any paper."""

    def bruit(echelle: int, etire: int = 1) -> np.ndarray:
        petit = hasard.normal(0, 1, (max(2, hauteur // echelle), max(2, largeur // (echelle * etire))))
        return cv2.resize(petit, (largeur, hauteur), interpolation=cv2.INTER_CUBIC)

    y, x = np.mgrid[0:hauteur, 0:largeur]
    teinte, motif = {
        "bois": ((60, 95, 150), lambda: 16 * bruit(4, 40) + 10 * np.sin(y / 23 + 2 * bruit(300))),
        "nappe": ((120, 130, 225), lambda: 55 * ((x // 130 % 2) + (y // 130 % 2) - 1.0)),
        "granit": ((115, 115, 120), lambda: 22 * bruit(3) + 12 * bruit(14)),
        "bureau": ((205, 208, 210), lambda: 5 * bruit(120)),
        "noir": ((35, 34, 33), lambda: 6 * bruit(60)),
        "tissu": ((130, 90, 60), lambda: 12 * np.sin(x / 2.3) * np.sin(y / 2.1) + 8 * bruit(40)),
        "papiers": ((150, 160, 165), lambda: 6 * bruit(90)),
    }[nom]
    image = np.clip(np.array(teinte, float) + np.asarray(motif())[..., None], 0, 255)
    if nom == "papiers":  # other things on the desk, some of them straight
        for _ in range(5):
            boite = cv2.boxPoints(((float(hasard.uniform(0, largeur)), float(hasard.uniform(0, hauteur))),
                                   (float(hasard.uniform(200, 700)), float(hasard.uniform(100, 500))), float(hasard.uniform(0, 90))))  # fmt: skip
            cv2.fillConvexPoly(image, boite.astype(np.int32), [float(v) for v in hasard.uniform(40, 230, 3)])
    return image


def _ombre_portee(image: np.ndarray, quad: np.ndarray, alea: random.Random) -> np.ndarray:
    ombre = np.zeros(image.shape[:2], np.float32)
    cv2.fillConvexPoly(ombre, (quad + np.float32([alea.uniform(2, 14), alea.uniform(2, 14)])).astype(np.int32), 1)
    return image * (1 - 0.4 * cv2.GaussianBlur(ombre, (0, 0), 7))[..., None]


def _lumiere(alea: random.Random, largeur: int, hauteur: int) -> np.ndarray:
    y, x = np.mgrid[0:hauteur, 0:largeur]
    pente = 1 - alea.uniform(0, 0.35) * (np.cos(a := alea.uniform(0, 6.28)) * x / largeur + np.sin(a) * y / hauteur)
    masque = np.zeros((hauteur, largeur), np.float32)
    if alea.random() < 0.6:  # the shadow of an arm or a telephone
        boite = cv2.boxPoints(
            ((alea.uniform(0, largeur), alea.uniform(0, hauteur)), (alea.uniform(300, 900), alea.uniform(200, 900)), alea.uniform(0, 90))
        )
        cv2.fillConvexPoly(masque, boite.astype(np.int32), alea.uniform(0.2, 0.55))
    return np.clip(pente, 0.4, 1.2) * (1 - cv2.GaussianBlur(masque, (0, 0), alea.uniform(8, 40)))
