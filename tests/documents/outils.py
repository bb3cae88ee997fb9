"""The workshop for tests: one, kept warm as the window's is."""

import atexit

from guichet.documents.etabli import Etabli
from guichet.documents.page import Commande, PageTraitee, Recadrer
from guichet.documents.pdf import composer

_ETABLI = Etabli()
atexit.register(_ETABLI.fermer)


def lire(octets: bytes, nom: str = "x", **souhaits) -> list[PageTraitee]:
    """Return the pages of bytes, as they came unless it is said otherwise."""
    return _ETABLI.traiter(nom, Commande(octets, **({"recadrer": Recadrer.NON} | souhaits)))


def assembler(pages) -> bytes:
    """Return the PDF of pages, as they are."""
    return composer(pages, texte=False, pdfa=False)
