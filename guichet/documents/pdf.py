"""One clean PDF from pages: their bytes as they are, at their true size or on A4, without metadata; words under them, PDF/A-2b if asked."""

import io
from collections.abc import Callable, Iterable, Sequence

import img2pdf
import pikepdf
import pypdf

from guichet.documents import couche, jpeg
from guichet.documents.page import Genre, PageTraitee

_MARGE = img2pdf.mm_to_pt(12)
_A4 = (img2pdf.mm_to_pt(210), img2pdf.mm_to_pt(297))
Disposition = Callable[[int, int, tuple[float, float]], tuple[float, float, float, float]]


class AssemblageFaux(RuntimeError):
    """The PDF just written does not read back as it should: it is not given to anybody."""


def composer(pages: Iterable[PageTraitee], *, texte: bool, pdfa: bool) -> bytes:
    """Return the PDF of at least one page, read back by another library before it is given.

    Pages of one PDF share the same bytes object. `texte`: their words under them; `pdfa`: PDF/A-2b (ISO 19005-2).
    """
    resultat, nombre = pikepdf.new(), 0
    # What a page came from must live until it is written, its bytes too: they are known by where they lie.
    ouverts: dict[int, tuple[bytes, pikepdf.Pdf]] = {}
    police = couche.Police(resultat)
    for traitee in pages:
        nombre += 1
        if traitee.genre is Genre.JPEG:
            _ajouter_jpeg(resultat, traitee)
        else:
            if id(traitee.contenu) not in ouverts:
                ouverts[id(traitee.contenu)] = (traitee.contenu, _ouvrir(traitee))
            _, source = ouverts[id(traitee.contenu)]
            resultat.pages.append(source.pages[traitee.rang])
        if traitee.rotation:
            resultat.pages[-1].rotate(traitee.rotation, relative=True)
        if texte and traitee.mots:
            couche.poser(resultat.pages[-1], police, traitee.mots, _ou_est_l_image(resultat.pages[-1], traitee))
    if not nombre:
        raise ValueError("no page")
    police.finir()
    if pdfa:
        _declarer_pdfa(resultat)
    return _ecrire(resultat, nombre, comprimer=bool(ouverts) or texte or pdfa)


def superposer(pages: Sequence[PageTraitee]) -> bytes:
    """Return a PDF of one A4 page with these one under the other, at their true size when it is known and fits."""
    largeur, hauteur = _A4
    resultat, place = pikepdf.new(), (hauteur - _MARGE) / len(pages)
    page = resultat.add_blank_page(page_size=_A4)
    ouverts = []  # what a page came from must live until it is written
    for rang, traitee in enumerate(pages):
        ouverts.append(pikepdf.open(io.BytesIO(composer([traitee], texte=False, pdfa=False))))
        vue, milieu = ouverts[-1].pages[0], hauteur - _MARGE / 2 - place * (rang + 0.5)
        x0, y0, x1, y1 = (float(v) for v in vue.cropbox)
        l_, h = (y1 - y0, x1 - x0) if int(vue.obj.get("/Rotate", 0)) % 180 else (x1 - x0, y1 - y0)
        k = min((largeur - _MARGE) / l_, (place - _MARGE) / h, 1.0 if traitee.mm[0] else float("inf"))
        page.add_overlay(vue, pikepdf.Rectangle((largeur - l_ * k) / 2, milieu - h * k / 2, (largeur + l_ * k) / 2, milieu + h * k / 2))
    return _ecrire(resultat, 1, comprimer=True)


def _ouvrir(traitee: PageTraitee) -> pikepdf.Pdf:
    octets = traitee.contenu if traitee.genre is Genre.PDF else _image_en_pdf(traitee.contenu, _disposition(traitee))
    return pikepdf.open(io.BytesIO(octets))


def _disposition(traitee: PageTraitee) -> Disposition:
    return _a_sa_taille(traitee.mm) if traitee.mm[0] else _sur_a4


def _ajouter_jpeg(resultat: pikepdf.Pdf, traitee: PageTraitee) -> None:
    """Lay a JPEG on a page of its own, its bytes as they are: half the time of img2pdf, which decodes to check, and writes a PDF to be read again."""
    largeur, hauteur, composantes = jpeg.dimensions(traitee.contenu)
    page_l, page_h, image_l, image_h = _disposition(traitee)(largeur, hauteur, (72, 72))
    image = resultat.make_stream(
        traitee.contenu, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=largeur, Height=hauteur, BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceGray if composantes == 1 else pikepdf.Name.DeviceRGB, Filter=pikepdf.Name.DCTDecode,
    )  # fmt: skip
    page = resultat.add_blank_page(page_size=(page_l, page_h))
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
    x, y = (page_l - image_l) / 2, (page_h - image_h) / 2
    page.obj.Contents = resultat.make_stream(f"q {image_l:.4f} 0 0 {image_h:.4f} {x:.4f} {y:.4f} cm /Im0 Do Q".encode())


def _ou_est_l_image(page: pikepdf.Page, traitee: PageTraitee) -> couche.Rectangle:
    """Return where the picture stands on the page as it is seen: all of it, or its middle when it is only placed on an A4."""
    x0, y0, x1, y1 = (float(v) for v in page.cropbox)
    largeur, hauteur = x1 - x0, y1 - y0
    tournee = bool(int(page.obj.get("/Rotate", 0)) % 180)
    if traitee.genre is Genre.PDF or traitee.mm[0]:
        return (0, 0, hauteur, largeur) if tournee else (0, 0, largeur, hauteur)
    (image,) = page.get_images().values()
    _, _, w, h = _sur_a4(int(image.Width), int(image.Height), (72, 72))
    if tournee:
        return (hauteur - h) / 2, (largeur - w) / 2, h, w
    return (largeur - w) / 2, (hauteur - h) / 2, w, h


def _sur_a4(largeur: int, hauteur: int, _ppp: tuple[float, float]) -> tuple[float, float, float, float]:
    """Put an image on A4, landscape when it is wider than high, never enlarged past its edges."""
    page = _A4 if largeur <= hauteur else _A4[::-1]
    k = min(page[0] / largeur, page[1] / hauteur)
    return (*page, largeur * k, hauteur * k)


def _a_sa_taille(mm: tuple[float, float]) -> Disposition:
    page = img2pdf.mm_to_pt(mm[0]), img2pdf.mm_to_pt(mm[1])
    return lambda _l, _h, _ppp: (*page, *page)


def _image_en_pdf(contenu: bytes, disposition: Disposition) -> bytes:
    return bytes(img2pdf.convert(contenu, layout_fun=disposition, rotation=img2pdf.Rotation.none, nodate=True, producer=""))


def _declarer_pdfa(pdf: pikepdf.Pdf) -> None:
    """Say which standard is kept, and which colours are meant: sRGB's profile travels with the document."""
    from PIL import ImageCms

    profil = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profil[24:36] = bytes.fromhex("07d000010001000000000000")  # the day it was made is of no interest: the same pages give the same bytes
    icc = pdf.make_stream(bytes(profil), N=3)
    pdf.Root.OutputIntents = pikepdf.Array([
        pikepdf.Dictionary(
            Type=pikepdf.Name.OutputIntent, S=pikepdf.Name.GTS_PDFA1, OutputConditionIdentifier="sRGB", Info="sRGB", DestOutputProfile=icc
        )
    ])  # fmt: skip
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        xmp["pdfaid:part"], xmp["pdfaid:conformance"] = "2", "B"


def _ecrire(pdf: pikepdf.Pdf, nombre: int, *, comprimer: bool) -> bytes:
    """Write a PDF and read it back. `comprimer`: it holds more than photos, which qpdf copies once more to see that it cannot compress them."""
    pdf.Root.Lang = pikepdf.String("fr-FR")
    sortie, niveau = io.BytesIO(), None if comprimer else pikepdf.StreamDecodeLevel.none
    pdf.save(
        sortie,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        min_version="1.7",
        compress_streams=comprimer,
        stream_decode_level=niveau,
    )
    octets = sortie.getvalue()
    if len(pypdf.PdfReader(io.BytesIO(octets)).pages) != nombre:
        raise AssemblageFaux
    return octets
