"""Strangers' files, opened in the workshop alone.

They are told by their content, refused by their header, decoded by one named decoder; PDFs are rebuilt from a whitelist
(research/capture.md §3.6).
"""

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guichet.documents import jpeg
from guichet.documents.confinement import MEMOIRE
from guichet.documents.erreurs import Cause
from guichet.documents.page import Genre

if TYPE_CHECKING:
    import pikepdf
    from PIL import Image

OCTETS = 100 * 1024 * 1024
PAGES = 300
_PIXELS_JPEG, _PIXELS, _COTE = 260_000_000, 90_000_000, 32_767
_PIXELS_VUS, _REDUITS = 30_000_000, ("L", "LA", "RGB", "RGBA", "CMYK")
"""A picture of more is looked at reduced: A4 at 400 dots an inch is 15 million, and the workshop's memory and time are those of one page."""
_SENS, _TOURS = 0x0112, {0: 0, 1: 0, 3: 180, 6: 90, 8: 270}
"""EXIF's orientation, and those that are plain turns, in degrees clockwise; the others are mirrored."""
_GARDEES = ("/Type", "/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents", "/Group", "/UserUnit", "/Parent")
_COTE_PDF = 14_400
_RACINE = {"/Type", "/Pages", "/Lang", "/Version", "/Metadata", "/OutputIntents"}
"""All that the catalogue of a PDF of ours has."""
_A_OTER = {"/F", "/FFilter", "/FDecodeParms", "/AF", "/Metadata", "/PieceInfo", "/OPI", "/PS"}


class Refus(Exception):
    """The file is not taken."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause)
        self.cause = cause


def format_de(octets: bytes) -> str:
    """Return the format of a file that may be opened. Raises Refus."""
    if not octets:
        raise Refus(Cause.VIDE)
    if len(octets) > OCTETS:
        raise Refus(Cause.TROP_LOURD)
    format_ = flairer(octets)
    if format_ is None:
        raise Refus(Cause.FORMAT)
    return format_


def flairer(octets: bytes) -> str | None:
    """Tell the format by its first bytes, never by its name."""
    if octets[:3] == b"\xff\xd8\xff":
        return "JPEG"
    if octets[:8] == b"\x89PNG\r\n\x1a\n":
        return "PNG"
    if octets[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "TIFF"
    if octets[:2] == b"BM" and octets[6:10] == b"\0\0\0\0":
        return "BMP"
    if octets[:4] == b"RIFF" and octets[8:12] == b"WEBP":
        return "WEBP"
    if octets[4:8] == b"ftyp" and octets[8:12] in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"):
        return "HEIF"
    return "PDF" if b"%PDF-" in octets[:1024] else None


@dataclass(frozen=True)
class Decodee:
    """One page of an image: its bytes without metadata, its pixels, by how much both must be turned clockwise to be upright, their dots an inch or 0.

    `reduction`: pixels of the file for one of these, more than 1 when it is too large to be looked at whole.
    """

    genre: Genre
    contenu: bytes
    image: "Image.Image"
    rotation: int
    ppp: int
    reduction: float = 1.0


def decoder(octets: bytes, format_: str) -> Iterator[Decodee]:
    """Yield the pages of an image. Raises Refus, and whatever the decoders raise on damaged content."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None
    image = Image.open(io.BytesIO(octets), formats=[format_])
    largeur, pixels = image.width, image.width * image.height
    if max(image.size) > _COTE or pixels > (_PIXELS_JPEG if format_ == "JPEG" else _PIXELS):
        raise Refus(Cause.TROP_GRANDE)
    if format_ == "JPEG":
        pas = next(n for n in (1, 2, 4) if pixels <= _PIXELS_VUS * n * n or n == 4)
        image.draft("RGB", (image.width // pas, image.height // pas))
    nombre = getattr(image, "n_frames", 1) if format_ == "TIFF" else 1
    if nombre > PAGES:
        raise Refus(Cause.TROP_DE_PAGES)
    for rang in range(nombre):
        if nombre > 1:
            image.seek(rang)
            largeur = image.width
        image.load()
        tel_quel = format_ == "JPEG" and pixels <= _PIXELS and image.mode in ("L", "RGB") and image.getexif().get(_SENS, 1) in _TOURS
        if tel_quel:
            yield _telle_quelle(octets, image, largeur / image.width)
        else:
            vue = image.reduce(2) if image.width * image.height > _PIXELS_VUS and image.mode in _REDUITS else image
            yield _refaite(vue, largeur / vue.width)


def vignette(octets: bytes, cote: int) -> bytes:
    """Return a glimpse of a JPEG, upright, within a square: an eighth of it is decoded, in a fifth of the time. Raises what the decoder raises."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None
    image = Image.open(io.BytesIO(octets), formats=["JPEG"])
    if max(image.size) > _COTE or image.width * image.height > _PIXELS_JPEG:
        raise Refus(Cause.TROP_GRANDE)
    image.draft("RGB", (cote, cote))
    droite = ImageOps.exif_transpose(image.reduce(-(-max(image.size) // cote))).convert("RGB")
    sortie = io.BytesIO()
    droite.save(sortie, "JPEG", quality=75)
    return sortie.getvalue()


def _telle_quelle(octets: bytes, image: "Image.Image", reduction: float) -> Decodee:
    """Keep a JPEG's own stream. A decoder may make do with a cut one; it is refused here."""
    propre = jpeg.nettoyer(octets)
    if propre is None:
        raise Refus(Cause.ABIME)
    return Decodee(Genre.JPEG, propre, image, _TOURS[image.getexif().get(_SENS, 1)], round(_resolution(image)[0] / reduction), reduction)


def _refaite(image: "Image.Image", reduction: float) -> Decodee:
    """Encode a page again, upright, white behind transparency."""
    from PIL import ImageOps

    x, y = _resolution(image)
    droite, ppp = ImageOps.exif_transpose(image), (round(x / reduction), round(y / reduction))
    sortie = io.BytesIO()
    if droite.mode == "1":
        droite.save(sortie, "TIFF", compression="group4")
        return Decodee(Genre.G4, sortie.getvalue(), droite, 0, ppp[0], reduction)
    droite = _aplatie(droite)
    droite.save(sortie, "JPEG", quality=90, subsampling=0, dpi=ppp)
    return Decodee(Genre.JPEG, sortie.getvalue(), droite, 0, ppp[0], reduction)


def _resolution(image: "Image.Image") -> tuple[int, int]:
    lue = image.info.get("dpi", (0, 0))
    return (round(lue[0]), round(lue[1])) if min(lue) >= 72 else (0, 0)


def _aplatie(image: "Image.Image") -> "Image.Image":
    from PIL import Image

    if image.mode.startswith("I"):
        return image.point(lambda v: v / 256).convert("L")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        transparente = image.convert("RGBA")
        fond = Image.new("RGBA", image.size, "white")
        fond.alpha_composite(transparente)
        return fond.convert("RGB")
    return image if image.mode in ("L", "RGB") else image.convert("RGB")


def assainir(octets: bytes, mot_de_passe: str = "") -> bytes:
    """Rebuild a PDF with its pages' drawing and nothing else: no script, form, attachment, link, metadata or password."""
    import pikepdf

    try:
        source = pikepdf.open(io.BytesIO(octets), password=mot_de_passe)
    except pikepdf.PasswordError as erreur:
        raise Refus(Cause.MOT_DE_PASSE if mot_de_passe else Cause.PROTEGE) from erreur
    if not len(source.pages):
        raise Refus(Cause.ABIME)
    if len(source.pages) > PAGES:
        raise Refus(Cause.TROP_DE_PAGES)
    if "/AcroForm" in source.Root and "/XFA" in source.Root.AcroForm:
        del source.Root.AcroForm["/XFA"]
    if "/AcroForm" in source.Root:
        source.generate_appearance_streams()
    source.flatten_annotations("all")
    propre = pikepdf.new()
    for page in source.pages:
        propre.pages.append(page)
    for page in propre.pages:
        for cle in set(page.obj.keys()) - set(_GARDEES):
            del page.obj[cle]
        _mesurer(page)
    propre.remove_unreferenced_resources()
    for objet in propre.objects:
        if isinstance(objet, pikepdf.Stream):
            _vider_de_ce_qui_mene_ailleurs(objet)
    sortie = io.BytesIO()
    propre.save(sortie, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return sortie.getvalue()


def verifier(octets: bytes) -> None:
    """Look whether a PDF is as `assainir` leaves them: pages, and nothing else. Raises Refus."""
    import pikepdf

    if flairer(octets) != "PDF":
        raise Refus(Cause.FORMAT)
    try:
        pdf = pikepdf.open(io.BytesIO(octets))
    except pikepdf.PasswordError as erreur:
        raise Refus(Cause.PROTEGE) from erreur
    if not 0 < len(pdf.pages) <= PAGES:
        raise Refus(Cause.TROP_DE_PAGES if len(pdf.pages) else Cause.ABIME)
    for page in pdf.pages:
        _mesurer(page)
    flux = [o for o in pdf.objects if isinstance(o, pikepdf.Stream)]
    if (
        pdf.is_encrypted
        or set(pdf.Root.keys()) - _RACINE
        or any(set(page.obj.keys()) - set(_GARDEES) for page in pdf.pages)
        or any((_A_OTER - {"/Metadata"}) & set(f.keys()) or f.get("/Subtype") == pikepdf.Name.PS for f in flux)
    ):
        raise Refus(Cause.ACTIF)


def _mesurer(page: "pikepdf.Page") -> None:
    """Refuse a page that no paper has the size of."""
    largeur, hauteur = (float(page.mediabox[i + 2]) - float(page.mediabox[i]) for i in (0, 1))
    if not (0 < largeur <= _COTE_PDF and 0 < hauteur <= _COTE_PDF):
        raise Refus(Cause.TROP_GRANDE)


def _vider_de_ce_qui_mene_ailleurs(flux: "pikepdf.Stream") -> None:
    """Take out of a drawing's parts what names other files or people, and programs for printers."""
    import pikepdf

    for cle in _A_OTER & set(flux.keys()):
        del flux[cle]
    if flux.get("/Subtype") == pikepdf.Name.PS:
        flux.write(b"")
        flux.Subtype, flux.BBox = pikepdf.Name.Form, pikepdf.Array([0, 0, 0, 0])


def preparer_pdf() -> bytes:
    """Write a small PDF that only its owner may change, and return it: qpdf opens its source of chance once, for what is encrypted."""
    import pikepdf

    pdf, sortie = pikepdf.new(), io.BytesIO()
    page = pdf.add_blank_page()
    page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )))  # fmt: skip
    page.obj.Contents = pdf.make_stream(b"BT /F 24 Tf 72 700 Td (Guichet) Tj ET")
    pdf.save(sortie, encryption=pikepdf.Encryption(owner="guichet", user=""))
    assainir(sortie.getvalue())
    return sortie.getvalue()


def limiter() -> None:
    """Bound this process's memory, for good, where the system can."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMOIRE, MEMOIRE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
