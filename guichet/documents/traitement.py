"""One page through the whole course: seal, crop or straightening, cleaning, notes, and an encoding that keeps to its bytes."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from guichet.documents.lecteur import Decodee
from guichet.documents.page import Coins, Commande, Genre, Mode, Recadrer
from guichet.documents.vision import nettoyage, ocr, qualite, redressement
from guichet.documents.vision import sceau as sceaux
from guichet.documents.vision.esquisse import Pixels
from guichet.documents.vision.geometrie import Quad
from guichet.documents.vision.plusieurs import separer
from guichet.documents.vision.recadrage import SUR, detecter

if TYPE_CHECKING:
    import pypdfium2

OCTETS_PHOTO, OCTETS_TEXTE = 350_000, 35_000
_COTE_ENVOI, _COTE_TEXTE = 2480, 3508
"""The long side of an A4 at 210 dots an inch, and at 300."""
_QUALITES, _REDUCTIONS = (82, 75, 68, 60, 52, 44), (1.0, 0.85, 0.72, 0.6, 0.5)
_ANGLE_VU = 0.1
_PPP_PDF = 200
_COTE_APERCU = 1000
_POUCE = 25.4


@dataclass(frozen=True)
class Traitee:
    """A page done: what is sent of it, what its words are read on, and what was found."""

    genre: Genre
    contenu: bytes
    rotation: int
    mm: tuple[float, float]
    lisible: Pixels
    blanche: bool
    sceau: sceaux.Sceau
    quad: list[tuple[float, float]] | None = None
    confiance: float = 0.0
    recadre: bool = False
    angle: float = 0.0
    notes: tuple[str, ...] = ()
    taille: tuple[int, int] = (0, 0)
    papiers: tuple[Coins, ...] = ()
    texte: str = ""
    """A PDF's own words: such a page is not read again."""

    def apercu(self) -> bytes:
        """Return a small JPEG of the page as it will be seen."""
        return _apercu(_relire(self.contenu) if self.genre is Genre.G4 else self.lisible)


@dataclass(frozen=True)
class _Vue:
    """A page's pixels as they stand, and what was done to them; `intacte`: nothing, but whole turns."""

    pixels: Pixels
    mm: tuple[float, float]
    intacte: bool
    rotation: int = 0
    quad: list[tuple[float, float]] | None = None
    confiance: float = 0.0
    recadre: bool = False
    angle: float = 0.0
    coupee: bool = False


def traiter(decodee: Decodee, commande: Commande) -> Traitee:
    """Do a picture's page as asked."""
    source = _en_pixels(decodee)
    vue = _voir(source, _vraie_taille(source, decodee.ppp), commande, decodee.reduction)
    notes, lisible, blanche = _examiner(vue, commande)
    if vue.intacte and _se_garde(decodee, commande):
        rotation = (decodee.rotation + vue.rotation) % 360
        genre, contenu, mm = decodee.genre, decodee.contenu, _vraie_taille(source, decodee.ppp)
        mm = mm[::-1] if decodee.rotation % 180 else mm
    else:
        (genre, contenu), rotation, mm = _encoder(lisible, vue, commande), 0, vue.mm
    k = decodee.reduction
    quad = [(round(x * k, 1), round(y * k, 1)) for x, y in vue.quad] if vue.quad is not None else None
    return Traitee(
        genre, contenu, rotation, mm, lisible, blanche, sceaux.chercher(source), quad, vue.confiance, vue.recadre, vue.angle, notes,
        (round(source.shape[1] * k), round(source.shape[0] * k)), _papiers(source, k) if commande.separer else (),
    )  # fmt: skip


def _papiers(source: Pixels, reduction: float) -> tuple[Coins, ...]:
    return tuple(_en_coins(quad * np.float32(reduction)) for quad in separer(source))


def _en_coins(quad: Quad) -> Coins:
    a, b, c, d = _points(quad)
    return a, b, c, d


def _voir(source: Pixels, mm: tuple[float, float], commande: Commande, reduction: float) -> _Vue:
    if commande.coins is not None:
        return _aplatir(source, np.array(commande.coins, np.float32) / np.float32(reduction), 1.0)
    if commande.recadrer is Recadrer.NON:
        return _Vue(source, mm, intacte=True)
    if redressement.occupe_toute_l_image(source):
        return _scan(source, mm)
    return _photo(source, mm, commande.recadrer)


def _photo(source: Pixels, mm: tuple[float, float], recadrer: Recadrer) -> _Vue:
    trouve = detecter(source)
    if trouve is None:
        return _Vue(source, mm, intacte=True)
    if recadrer is Recadrer.AUTO and trouve.confiance < SUR:
        coupee = qualite.au_bord(trouve.quad, (source.shape[1], source.shape[0]))
        return _Vue(source, mm, intacte=True, quad=_points(trouve.quad), confiance=trouve.confiance, coupee=coupee)
    return _aplatir(source, trouve.quad, trouve.confiance)


def _points(quad: Quad) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in quad]


def _aplatir(source: Pixels, quad: Quad, confiance: float) -> _Vue:
    """Lay the page of a photo flat and upright."""
    coupee = qualite.au_bord(quad, (source.shape[1], source.shape[0]))
    plate = redressement.redresser(source, quad, _COTE_ENVOI)
    k = min(1.0, ocr.COTE_SENS / max(plate.pixels.shape[:2]))
    petite = cv2.resize(cv2.cvtColor(plate.pixels, cv2.COLOR_BGR2GRAY), None, fx=k, fy=k, interpolation=cv2.INTER_LINEAR)
    tour = ocr.sens(nettoyage.eclaircir(petite))
    debout = redressement.tourner(plate.pixels, tour)
    taille = plate.mm[::-1] if tour % 180 else plate.mm
    return _Vue(debout, taille, intacte=False, quad=_points(quad), confiance=confiance, recadre=True, coupee=coupee)


def _scan(source: Pixels, mm: tuple[float, float]) -> _Vue:
    """Straighten a page that fills its picture; a whole turn does not touch its bytes."""
    tour = ocr.sens(source)
    debout = redressement.tourner(source, tour)
    mm = mm[::-1] if tour % 180 else mm
    angle = redressement.inclinaison(cv2.cvtColor(debout, cv2.COLOR_BGR2GRAY))
    if abs(angle) < _ANGLE_VU:
        return _Vue(debout, mm, intacte=True, rotation=tour, angle=angle)
    return _Vue(redressement.mettre_droit(debout, angle), mm, intacte=False, angle=angle)


def _examiner(vue: _Vue, commande: Commande) -> tuple[tuple[str, ...], Pixels, bool]:
    """Return the notes, the page cleaned as it will be read and sent, and whether it is blank."""
    clarte = qualite.clarte_du_papier(vue.pixels)
    lisible = nettoyage.eclaircir(vue.pixels) if vue.recadre or commande.mode is not Mode.COULEUR else vue.pixels
    gris = cv2.cvtColor(lisible, cv2.COLOR_BGR2GRAY)
    notes = qualite.relever(gris, clarte=clarte, pouces=max(vue.mm) / _POUCE, coupee=vue.coupee)
    return tuple(n.value for n in notes), lisible, qualite.Note.BLANCHE in notes


def _se_garde(decodee: Decodee, commande: Commande) -> bool:
    """Tell if an untouched page may leave as it came: in the mode that was asked for, within its bytes."""
    voulu = {Mode.COULEUR: True, Mode.GRIS: decodee.image.mode in ("L", "1"), Mode.TEXTE: decodee.genre is Genre.G4}[commande.mode]
    return voulu and (not commande.octets_page or len(decodee.contenu) <= commande.octets_page)


def _encoder(lisible: Pixels, vue: _Vue, commande: Commande) -> tuple[Genre, bytes]:
    """Encode a page within its bytes: less quality first, then fewer pixels, as small as still reads when nothing does."""
    texte = commande.mode is Mode.TEXTE
    plafond = commande.octets_page or (OCTETS_TEXTE if texte else OCTETS_PHOTO)
    essais = _en_g4(vue.pixels) if texte else _en_jpeg(lisible, gris=commande.mode is Mode.GRIS)
    contenu = b""
    for contenu in essais:
        if len(contenu) <= plafond:
            break
    return (Genre.G4 if texte else Genre.JPEG), contenu


def _en_jpeg(page: Pixels, *, gris: bool) -> Iterator[bytes]:
    plans = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY) if gris else page
    for reduction in _REDUCTIONS:
        k = min(1.0, _COTE_ENVOI * reduction / max(plans.shape[:2]))
        petite = cv2.resize(plans, None, fx=k, fy=k, interpolation=cv2.INTER_AREA) if k < 1 else plans
        for niveau in _QUALITES:
            parametres = [cv2.IMWRITE_JPEG_QUALITY, niveau, cv2.IMWRITE_JPEG_OPTIMIZE, 1]
            yield cv2.imencode(".jpg", petite, parametres)[1].tobytes()


def _en_g4(page: Pixels) -> Iterator[bytes]:
    from PIL import Image

    for reduction in _REDUCTIONS:
        k = min(1.0, reduction * _COTE_TEXTE / max(page.shape[:2]))
        petite = cv2.resize(page, None, fx=k, fy=k, interpolation=cv2.INTER_AREA) if k < 1 else page
        sortie = io.BytesIO()
        Image.fromarray(nettoyage.noir_et_blanc(petite)).convert("1", dither=Image.Dither.NONE).save(sortie, "TIFF", compression="group4")
        yield sortie.getvalue()


def traiter_rendu(page: "pypdfium2.PdfPage", commande: Commande) -> Traitee:
    """Make a picture of a PDF's page, in the mode that was asked for; its corners are in this picture's pixels."""
    lue = lire_rendu(page)
    if commande.separer:
        lue = replace(lue, papiers=_papiers(lue.lisible, 1.0))
    if commande.coins is not None:
        vue = _voir(lue.lisible, lue.mm, commande, 1.0)
        lue = replace(lue, lisible=vue.pixels, mm=vue.mm, quad=vue.quad, confiance=1.0, recadre=True, texte="")
    vue = _Vue(lue.lisible, lue.mm, intacte=False)
    lisible = lue.lisible if commande.mode is not Mode.TEXTE else nettoyage.eclaircir(lue.lisible)
    genre, contenu = _encoder(lisible, vue, commande)
    return replace(lue, genre=genre, contenu=contenu)


def lire_rendu(page: "pypdfium2.PdfPage") -> Traitee:
    """Look at a PDF's page: its seal, whether it is blank, what its words will be read on."""
    pixels = np.ascontiguousarray(page.render(scale=_PPP_PDF / 72, rev_byteorder=False).to_numpy()[..., :3])
    largeur, hauteur = page.get_size()
    blanche = qualite.est_blanche(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY))
    mm = (largeur / 72 * _POUCE, hauteur / 72 * _POUCE)
    notes = (qualite.Note.BLANCHE.value,) if blanche else ()
    return Traitee(
        Genre.PDF, b"", 0, mm, pixels, blanche, sceaux.chercher(pixels), notes=notes, taille=(pixels.shape[1], pixels.shape[0]),
        texte=page.get_textpage().get_text_bounded(),
    )  # fmt: skip


def _apercu(page: Pixels) -> bytes:
    k = min(1.0, _COTE_APERCU / max(page.shape[:2]))
    petite = cv2.resize(page, None, fx=k, fy=k, interpolation=cv2.INTER_AREA)
    return cv2.imencode(".jpg", petite, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes()


def _relire(g4: bytes) -> Pixels:
    from PIL import Image

    return np.asarray(Image.open(io.BytesIO(g4), formats=["TIFF"]).convert("L"))


def _en_pixels(decodee: Decodee) -> Pixels:
    rgb = np.asarray(decodee.image if decodee.image.mode == "RGB" else decodee.image.convert("RGB"))
    return redressement.tourner(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), decodee.rotation)


def _vraie_taille(pixels: Pixels, ppp: int) -> tuple[float, float]:
    """Return a scan's size in millimetres; a camera's 72 dots an inch say nothing."""
    if ppp < _PPP_PDF // 2:
        return (0.0, 0.0)
    return pixels.shape[1] / ppp * _POUCE, pixels.shape[0] / ppp * _POUCE


def preparer() -> None:
    """Do a page of each kind once: libraries look for parts of themselves at the first need, when nothing may be opened any more."""
    from PIL import Image

    cv2.setNumThreads(1)  # pages are done side by side by processes
    scan = np.full((420, 300, 3), 250, np.uint8)
    cv2.putText(scan, "GUICHET 0123456789", (20, 90), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (30, 30, 30))
    photo = cv2.copyMakeBorder(scan, 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=(60, 40, 20))
    for pixels, mode in ((scan, Mode.TEXTE), (photo, Mode.GRIS)):
        traiter(Decodee(Genre.JPEG, b"", Image.fromarray(pixels), 0, 0), Commande(b"", Recadrer.OUI, mode)).apercu()
