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
from guichet.documents.lecteur import (
    OCTETS,
    Decodee,
    Refus,
    assainir,
    decoder,
    flairer,
    format_de,
    limiter,
    preparer_pdf,
    verifier,
    vignette,
)
from guichet.documents.page import LETTRES_PDF, Commande, MotLu, PageTraitee, Reponse, SceauLu

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guichet.documents.traitement import Traitee

DEMANDE_MAX = OCTETS + 1_000_000
"""A file one byte too long is asked about, and refused."""
_SIGNATURE, _SIGNEE = b"/ByteRange", "signee"
"""What a signed PDF always has in clear (ISO 32000-1, 12.8.1), and the note that says it: its signature is not kept."""
_SECONDES_PAGE = 5.0
_COTE_VIGNETTE = 192
_ECHELLE = 0.5
"""Pixels a point: 36 dots an inch."""


def travailler(commande: Commande) -> "Iterator[PageTraitee]":
    """Yield the pages of a file as they were asked for. Raises Refus, and whatever the decoders raise on damaged content.

    For the workshop's own process alone: each page sets the timer that ends it.
    """
    format_ = format_de(commande.octets)
    if commande.inspecter:
        _inspecter(commande.octets)
    elif format_ == "PDF":
        yield from _pdf(commande)
    else:
        for rang, decodee in enumerate(decoder(commande.octets, format_)):
            if commande.pages is None or rang in commande.pages:
                yield _image(decodee, commande)


def _image(decodee: Decodee, commande: Commande) -> PageTraitee:
    from guichet.documents.traitement import traiter

    accorder()
    return _en_page(traiter(decodee, commande), commande)


def _en_page(t: "Traitee", commande: Commande) -> PageTraitee:
    from guichet.documents.vision import ocr, redressement

    mots = (
        ocr.lire(redressement.tourner(t.lisible, commande.rotation))
        if commande.texte and not t.blanche and len(t.texte) < LETTRES_PDF
        else []
    )
    texte = t.texte or "".join(m.texte + ("\n" if m.fin_de_ligne else " ") for m in mots)
    return PageTraitee(
        genre=t.genre, contenu=t.contenu, rotation=t.rotation, mm=t.mm, quad=t.quad, confiance=t.confiance, recadre=t.recadre, angle=t.angle,
        notes=list(t.notes), texte=texte, mots=[MotLu(m.texte, m.gauche, m.haut, m.droite, m.bas, fin=m.fin_de_ligne) for m in mots],
        sceau=SceauLu(t.sceau.verdict, t.sceau.motif, t.sceau.type_document, t.sceau.champs, t.sceau.signe_le), taille=t.taille,
        apercu=t.apercu() if commande.apercu else b"", papiers=list(t.papiers),
    )  # fmt: skip


def _pdf(commande: Commande) -> "Iterator[PageTraitee]":
    """Keep a PDF's pages as they are drawn; what is to be done to them, PDF/A, or a budget that they do not meet, make pictures of them."""
    import pypdfium2

    from guichet.documents.traitement import lire_rendu, traiter_rendu

    propre = assainir(commande.octets, commande.mot_de_passe)
    document = pypdfium2.PdfDocument(propre)
    en_images = commande.en_images or commande.separer or commande.coins is not None
    voulues = range(len(document)) if commande.pages is None else commande.pages
    for rang in voulues:
        accorder()
        page = document[rang]
        if en_images:
            yield _en_page(traiter_rendu(page, commande), commande)
            continue
        lue = _en_page(lire_rendu(page), commande)
        if rang == 0 and _SIGNATURE in commande.octets:
            lue.notes.append(_SIGNEE)
        yield msgspec.structs.replace(lue, contenu=propre if rang == voulues[0] else b"", rang=rang)


def _inspecter(octets: bytes) -> None:
    """Draw every page of what should be a PDF of ours, small: each has to open, in the time of one."""
    import pypdfium2

    verifier(octets)
    document = pypdfium2.PdfDocument(octets)
    for page in document:
        accorder()
        page.render(scale=_ECHELLE)


def repondre(demande: bytes, octets: bytes) -> "Iterator[Reponse]":
    """Answer one request about a file's bytes. Whatever a decoder raises means that the file is damaged: this process is here to contain it."""
    nombre = 0
    try:
        commande = msgspec.msgpack.decode(demande, type=Commande)
        if commande.apercu and commande.pages is None and flairer(octets) == "JPEG":
            yield Reponse(vignette=vignette(octets, _COTE_VIGNETTE))
        for page in travailler(msgspec.structs.replace(commande, octets=octets)):
            nombre += 1
            if commande.mots_seuls:
                page.contenu = b""
            yield Reponse(page)
        fin = Reponse(nombre=nombre)
    except Refus as refus:
        fin = Reponse(cause=refus.cause)
    except MemoryError:
        fin = Reponse(cause=Cause.TROP_LONG)
    except Exception:  # noqa: BLE001 (decoders raise anything on damaged bytes)
        fin = Reponse(cause=Cause.ABIME)
    yield fin


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
    list(_pdf(Commande(preparer_pdf(), texte=True, apercu=True)))
    limiter()
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
        for reponse in repondre(demande, trames.lire(sys.stdin.buffer, DEMANDE_MAX) or b""):
            trames.ecrire(sys.stdout.buffer, msgspec.msgpack.encode(reponse))


if __name__ == "__main__":
    main()
