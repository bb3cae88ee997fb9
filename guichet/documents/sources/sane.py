"""Scanners plugged into this workstation, through SANE (Linux; the extra « sane »): for those that speak no eSCL.

Runs in a process of its own, as drivers hang and crash. The library gives a fault as an English sentence only, and a short picture
without a word when a scan is cancelled: pages are compared with what the device announced (research/capture.md §4.1).
Run as `python -m guichet.documents.sources.sane`, it writes the devices it sees.
"""

import io
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import msgspec

from guichet.documents.sources.escl import Encre, Reglages, Source
from guichet.documents.sources.fautes import Faute, NumerisationInterrompue
from guichet.documents.sources.messages import SANE

_FAUTES = {
    "Operation was canceled": Faute.ANNULE, "Device busy": Faute.OCCUPE, "Document feeder jammed": Faute.BOURRAGE,
    "Scanner cover is open": Faute.CAPOT_OUVERT, "Error during device I/O": Faute.COUPURE, "Operation not supported": Faute.REFUS,
    "Invalid argument": Faute.REFUS, "Access to resource has been denied": Faute.INTERDIT, "End of file reached": Faute.IMAGE_INCOMPLETE,
}  # fmt: skip
_VIDE = "Document feeder out of documents"
_SOURCES = {Source.VITRE: r"flatbed|vitre|normal", Source.CHARGEUR: r"adf|feeder", Source.RECTO_VERSO: r"duplex|both"}
_ENCRES = {Encre.COULEUR: r"colou?r", Encre.GRIS: r"gr[ae]y"}
_FEUILLES_MAX = 500


class Sane:
    """One device, by SANE's own name of it."""

    def __init__(self, nom: str) -> None:
        import sane

        self._erreur = sane._sane.error  # noqa: SLF001 (where python-sane puts it)
        sane.init()
        try:
            self._appareil = sane.open(nom)
        except self._erreur as erreur:
            raise _interruption(str(erreur), 0, Faute.INJOIGNABLE) from erreur

    def numeriser(self, reglages: Reglages, arret: Callable[[], bool]) -> Iterator[bytes]:
        """Yield each page as a JPEG. Raises NumerisationInterrompue for whatever is not the last sheet's end."""
        recues, du_chargeur = 0, reglages.source is not Source.VITRE
        try:
            self._regler(reglages)
            while recues < _FEUILLES_MAX:
                if arret():
                    raise NumerisationInterrompue(Faute.ANNULE, recues)
                try:
                    self._appareil.start()
                except self._erreur as erreur:
                    if str(erreur) == _VIDE and recues:
                        return
                    raise
                yield self._page(reglages.ppp)
                recues += 1
                if not du_chargeur:
                    return
        except self._erreur as erreur:
            raise _interruption(str(erreur), recues) from erreur
        except NumerisationInterrompue as erreur:
            raise NumerisationInterrompue(erreur.faute, recues) from erreur

    def fermer(self) -> None:
        """Let the device go."""
        with suppress(Exception):
            self._appareil.cancel()
            self._appareil.close()

    def _page(self, ppp: int) -> bytes:
        """Read a page, whole: the library gives a shorter one without a word."""
        _, _, (largeur, hauteur), _, _ = self._appareil.get_parameters()
        try:
            image = self._appareil.snap(True)  # no_cancel: the feeder goes on
        except RuntimeError as erreur:  # « Scanner returned no data »
            raise NumerisationInterrompue(Faute.IMAGE_INCOMPLETE, 0) from erreur
        if image.width != largeur or (hauteur > 0 and image.height != hauteur):
            raise NumerisationInterrompue(Faute.IMAGE_INCOMPLETE, 0)
        sortie = io.BytesIO()
        image.save(sortie, "JPEG", quality=92, dpi=(ppp, ppp))
        return sortie.getvalue()

    def _regler(self, reglages: Reglages) -> None:
        """Set what the device has; a source that it lacks is refused, since another would be read."""
        if not self._choisir("source", _SOURCES[reglages.source]) and reglages.source is not Source.VITRE:
            raise NumerisationInterrompue(Faute.REFUS, 0)
        self._choisir("mode", _ENCRES[reglages.encre])
        self._donner("depth", 8)
        self._donner("resolution", reglages.ppp)
        for coin, mm in (("tl_x", 0), ("tl_y", 0), ("br_x", 210), ("br_y", 297)):
            self._donner(coin, mm)

    def _choisir(self, option: str, voulu: str) -> bool:
        choix = self._appareil.opt[option].constraint if option in self._appareil.opt else None
        trouves = [c for c in choix or () if re.search(voulu, str(c), re.IGNORECASE)]
        if trouves:
            # Of « ADF » and « ADF Duplex », the plain one: what says more is another choice.
            setattr(self._appareil, option, min(trouves, key=len))
        return bool(trouves)

    def _donner(self, option: str, valeur: int) -> None:
        """Set a number; a device that has no such option, or another range, keeps its own."""
        if option in self._appareil.opt:
            with suppress(self._erreur, AttributeError, TypeError):
                setattr(self._appareil, option, valeur)


def _interruption(phrase: str, recues: int, defaut: Faute = Faute.PANNE) -> NumerisationInterrompue:
    return NumerisationInterrompue(Faute.CHARGEUR_VIDE if phrase == _VIDE else _FAUTES.get(phrase, defaut), recues)


def lister() -> list[tuple[str, str]]:
    """Return the devices plugged in: what people call them, and our address of each."""
    import sane

    sane.init()
    vus: list[tuple[str, str, str, str]] = sane.get_devices(True)  # local ones only
    return [(" ".join(x for x in (marque, modele) if x), f"{SANE}{nom}") for nom, marque, modele, _ in vus]


def main() -> None:
    """Write the devices, as MessagePack."""
    appareils: Any = []
    with suppress(Exception):  # no library, or a driver that breaks: none is seen
        appareils = lister()
    sys.stdout.buffer.write(msgspec.msgpack.encode(appareils))


if __name__ == "__main__":
    main()
