"""The workshop: a process that reads papers one after the other, crops, straightens, cleans and reads them, and may be killed.

Run as `python -m guichet.documents.atelier`. Requests and answers are MessagePack (`trames.py`).
Everything that will be needed is loaded first; then it gives up files, network and processes, as the reading process does.
"""

import os
import signal
import sys
from typing import TYPE_CHECKING

import msgspec

from guichet.documents import trames
from guichet.documents.confinement import filtrer_les_appels
from guichet.documents.erreurs import Cause
from guichet.documents.lecteur import OCTETS, Decodee, Refus, assainir, decoder, format_de, limiter, preparer_pdf
from guichet.documents.page import Commande, MotLu, PageTraitee, SceauLu, Travail

if TYPE_CHECKING:
    from guichet.documents.traitement import Traitee

DEMANDE_MAX = OCTETS + 1_000_000
"""A file one byte too long is asked about, and refused."""
_SIGNATURE, _SIGNEE = b"/ByteRange", "signee"
"""What a signed PDF always has in clear (ISO 32000-1, 12.8.1), and the note that says it: its signature is not kept."""
_SECONDES_PAGE, _LETTRES_PDF = 5.0, 20
"""A PDF's page with fewer letters of its own is a picture, whose words are read."""


def travailler(commande: Commande) -> Travail:
    """Return the pages of a file as they were asked for. Raises Refus, and whatever the decoders raise on damaged content.

    For the workshop's own process alone: each page sets the timer that ends it.
    """
    format_ = format_de(commande.octets)
    if format_ == "PDF":
        return _pdf(commande)
    return Travail(pages=[_image(decodee, commande) for decodee in decoder(commande.octets, format_)])


def _image(decodee: Decodee, commande: Commande) -> PageTraitee:
    from guichet.documents.traitement import traiter

    accorder()
    return _en_page(traiter(decodee, commande), commande)


def _en_page(t: "Traitee", commande: Commande) -> PageTraitee:
    from guichet.documents.vision import ocr

    mots = ocr.lire(t.lisible) if commande.texte and not t.blanche and len(t.texte) < _LETTRES_PDF else []
    texte = t.texte or "".join(m.texte + ("\n" if m.fin_de_ligne else " ") for m in mots)
    return PageTraitee(
        genre=t.genre, contenu=t.contenu, rotation=t.rotation, mm=t.mm, quad=t.quad, confiance=t.confiance, recadre=t.recadre, angle=t.angle,
        notes=list(t.notes), texte=texte, mots=[MotLu(m.texte, m.gauche, m.haut, m.droite, m.bas, fin=m.fin_de_ligne) for m in mots],
        sceau=SceauLu(t.sceau.verdict, t.sceau.motif, t.sceau.type_document, t.sceau.champs, t.sceau.signe_le),
    )  # fmt: skip


def _pdf(commande: Commande) -> Travail:
    """Keep a PDF's pages as they are drawn; PDF/A, or a budget that they do not meet, make pictures of them."""
    import pypdfium2

    from guichet.documents.traitement import lire_rendu, traiter_rendu

    propre = assainir(commande.octets)
    document = pypdfium2.PdfDocument(propre)
    pages = []
    for rang, page in enumerate(document):
        accorder()
        if commande.en_images:
            pages.append(_en_page(traiter_rendu(page, commande), commande))
        else:
            lue = _en_page(lire_rendu(page), commande)
            pages.append(msgspec.structs.replace(lue, contenu=propre if rang == 0 else b"", rang=rang))
    if _SIGNATURE in commande.octets:
        pages[0].notes.append(_SIGNEE)
    return Travail(pages=pages)


def repondre(octets: bytes) -> bytes:
    """Answer one request. Whatever a decoder raises means that the file is damaged: this process is here to contain it."""
    try:
        travail = travailler(msgspec.msgpack.decode(octets, type=Commande))
    except Refus as refus:
        travail = Travail(cause=refus.cause)
    except MemoryError:
        travail = Travail(cause=Cause.TROP_LONG)
    except Exception:  # noqa: BLE001 (decoders raise anything on damaged bytes)
        travail = Travail(cause=Cause.ABIME)
    return msgspec.msgpack.encode(travail)


def _se_preparer() -> None:
    os.environ["OMP_THREAD_LIMIT"] = "1"
    import pillow_heif
    import pypdfium2  # noqa: F401 (not to be looked for later)
    import zxingcpp  # noqa: F401 (idem)
    from PIL import Image, ImageOps  # noqa: F401 (idem)

    from guichet.documents import traitement
    from guichet.documents.vision import ocr, sceau

    Image.init()
    pillow_heif.register_heif_opener()
    sceau.preparer()
    ocr.preparer()
    traitement.preparer()
    _pdf(Commande(preparer_pdf(), texte=True))
    limiter(0)
    filtrer_les_appels()


def accorder() -> None:
    """Give the next page so much of the processor's time; the system ends this process after that (elsewhere, the caller's deadline does)."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, _SECONDES_PAGE)


def main() -> None:
    """Serve until the one who asks goes."""
    _se_preparer()
    while (demande := trames.lire(sys.stdin.buffer, DEMANDE_MAX)) is not None:
        accorder()
        trames.ecrire(sys.stdout.buffer, repondre(demande))


if __name__ == "__main__":
    main()
