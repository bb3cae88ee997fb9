"""The binder: a process that makes one PDF of the pages it is sent, so that a long document weighs nothing on the window.

Run as `python -m guichet.documents.relieur`. Messages are MessagePack (`trames.py`): pages, then an empty one; it answers the PDF.
"""

import sys
from collections.abc import Iterable, Iterator
from typing import IO

import msgspec

from guichet.documents import confinement, trames
from guichet.documents.page import Genre, PageTraitee

_OCTETS = 600 * 1024 * 1024


class ReliureManquee(Exception):
    """The process ended without a PDF."""


class Feuille(msgspec.Struct):
    """A page, without its bytes. They are those of `source`, sent before; or follow in a message of their own (`suivie`), 0 being nobody's source."""

    source: int
    page: PageTraitee
    suivie: bool


def relier(pages: Iterable[PageTraitee]) -> bytes:
    """Return the PDF of at least one page, with their words, made in a process of its own. Raises ReliureManquee."""
    processus, travail = confinement.demarrer("guichet.documents.relieur")
    assert processus.stdin is not None
    assert processus.stdout is not None
    with processus:
        try:
            _envoyer(processus.stdin, pages)
            pdf = trames.lire(processus.stdout, _OCTETS)
        except OSError as erreur:
            raise ReliureManquee from erreur
        finally:
            confinement.tuer(processus)
            del travail  # on Windows, all that it holds dies with it
    if not pdf:
        raise ReliureManquee
    return pdf


def _envoyer(entree: IO[bytes], pages: Iterable[PageTraitee]) -> None:
    """Send every page; none of their bytes is held once this returns."""
    for feuille in _feuilles(pages):
        contenu, feuille.page = feuille.page.contenu, msgspec.structs.replace(feuille.page, contenu=b"")
        trames.ecrire(entree, msgspec.msgpack.encode(feuille))
        if feuille.suivie:
            trames.ecrire(entree, contenu)
    trames.ecrire(entree, b"")


def _feuilles(pages: Iterable[PageTraitee]) -> Iterator[Feuille]:
    """Send the bytes that a PDF's pages share once; they are kept meanwhile, so that where they lie tells them apart."""
    sources: dict[int, tuple[int, bytes]] = {}
    for page in pages:
        if page.genre is not Genre.PDF:
            yield Feuille(0, page, suivie=True)
        elif id(page.contenu) in sources:
            yield Feuille(sources[id(page.contenu)][0], page, suivie=False)
        else:
            sources[id(page.contenu)] = (len(sources) + 1, page.contenu)
            yield Feuille(len(sources), page, suivie=True)


def _recues() -> Iterator[PageTraitee]:
    sources: dict[int, bytes] = {}
    while corps := trames.lire(sys.stdin.buffer, _OCTETS):
        feuille = msgspec.msgpack.decode(corps, type=Feuille)
        contenu = trames.lire(sys.stdin.buffer, _OCTETS) or b"" if feuille.suivie else sources[feuille.source]
        if feuille.source:
            sources[feuille.source] = contenu
        feuille.page.contenu = contenu
        yield feuille.page


def main() -> None:
    """Bind one document."""
    from guichet.documents.pdf import composer

    trames.ecrire(sys.stdout.buffer, composer(_recues(), texte=True, pdfa=False))


if __name__ == "__main__":
    main()
