"""One clean PDF from pages: their bytes as they are, on A4 where the page is an image, without metadata."""

import io
from collections.abc import Sequence

import img2pdf
import pikepdf
import pypdf

from guichet.documents.page import Genre, Page

_A4 = (img2pdf.mm_to_pt(210), img2pdf.mm_to_pt(297))


class AssemblageFaux(RuntimeError):
    """The PDF just written does not read back as it should: it is not given to anybody."""


def assembler(pages: Sequence[Page]) -> bytes:
    """Return the PDF of at least one page, read back by another library before it is given."""
    if not pages:
        raise ValueError("no page")
    resultat = pikepdf.new()
    sources: dict[int, pikepdf.Pdf] = {}
    for page in pages:
        source = sources.get(id(page.contenu))
        if source is None:
            octets = page.contenu if page.genre is Genre.PDF else _image_en_pdf(page.contenu)
            source = sources[id(page.contenu)] = pikepdf.open(io.BytesIO(octets))
        resultat.pages.append(source.pages[page.rang])
        if page.rotation:
            resultat.pages[-1].rotate(page.rotation, relative=True)
    resultat.Root.Lang = pikepdf.String("fr-FR")
    sortie = io.BytesIO()
    resultat.save(sortie, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    octets = sortie.getvalue()
    if len(pypdf.PdfReader(io.BytesIO(octets)).pages) != len(pages):
        raise AssemblageFaux
    return octets


def _image_en_pdf(contenu: bytes) -> bytes:
    """Put an image on A4, landscape when it is wider than high, never enlarged past its edges."""
    disposition = img2pdf.get_layout_fun(pagesize=_A4, fit=img2pdf.FitMode.into, auto_orient=True)
    return bytes(img2pdf.convert(contenu, layout_fun=disposition, rotation=img2pdf.Rotation.none, nodate=True, producer=""))
