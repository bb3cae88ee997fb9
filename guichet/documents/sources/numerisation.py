"""One scan, in a process of its own: pages as they come, a fault in words, a stop that is obeyed."""

import subprocess
import sys
import threading
from collections.abc import Iterator

import msgspec

from guichet.documents import trames
from guichet.documents.sources.fautes import Faute, NumerisationInterrompue
from guichet.documents.sources.messages import OCTETS, Demande, Finie, Interrompue, Recue, Trame

_ARRET_S = 6.0
"""How long a device is given to end its job before its process is ended."""


class Numerisation:
    """A scan under way. Its pages are read on one thread; `annuler` may be called on another."""

    def __init__(self, demande: Demande) -> None:
        self._processus = subprocess.Popen(
            [sys.executable, "-m", "guichet.documents.sources.ouvrier"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert self._processus.stdin is not None
        self._annulee = False
        trames.ecrire(self._processus.stdin, msgspec.msgpack.encode(demande))

    def pages(self) -> Iterator[bytes]:
        """Yield each page's JPEG. Raises NumerisationInterrompue unless the process said that the last sheet was read."""
        sortie, recues = self._processus.stdout, 0
        assert sortie is not None
        try:
            while True:
                trame = _decoder(trames.lire(sortie, OCTETS))
                if isinstance(trame, Recue):
                    recues += 1
                    yield trame.octets
                elif isinstance(trame, Finie):
                    return
                else:
                    raise NumerisationInterrompue(Faute.ANNULE if self._annulee else trame.faute, recues)
        finally:
            self.fermer()

    def annuler(self) -> None:
        """Ask for the scan to stop after the page under way; a process that does not is ended."""
        self._annulee = True
        if self._processus.stdin is not None and not self._processus.stdin.closed:
            self._processus.stdin.close()
        reveil = threading.Timer(_ARRET_S, self._processus.kill)
        reveil.daemon = True
        reveil.start()

    def fermer(self) -> None:
        """End the process, whatever it is doing."""
        self._processus.kill()
        self._processus.wait()
        for flux in (self._processus.stdin, self._processus.stdout):
            if flux is not None:
                flux.close()


def _decoder(corps: bytes | None) -> Trame:
    """Return what was said; a process that went without a word broke down."""
    if corps is None:
        return Interrompue(Faute.PANNE)
    try:
        return msgspec.msgpack.decode(corps, type=Trame)  # type: ignore[no-any-return]
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Interrompue(Faute.PANNE)
