"""What a scanning process and its parent say to each other."""

import msgspec

from guichet.documents.sources.escl import Encre, Source
from guichet.documents.sources.fautes import Faute

SANE, WIA = "sane:", "wia:"
"""What an address of ours begins with when the rest is a driver's own name of a device."""
OCTETS = 250_000_000
"""The longest message that is read."""


class Demande(msgspec.Struct):
    """A scan to be made: the scanner's address, and how. `ppp`: dots an inch."""

    adresse: str
    source: Source = Source.VITRE
    ppp: int = 300
    encre: Encre = Encre.COULEUR


class Recue(msgspec.Struct, tag="page"):
    """A page, as the device made it."""

    octets: bytes


class Interrompue(msgspec.Struct, tag="faute"):
    """The scan stopped before its end."""

    faute: Faute


class Finie(msgspec.Struct, tag="fin"):
    """The last sheet was read: only this makes a whole document."""


Trame = Recue | Interrompue | Finie
