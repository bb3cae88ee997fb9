"""Scanners plugged into a Windows workstation, through WIA's automation library (wiaaut, part of Windows): for those that speak no eSCL.

Runs in a process of its own, as drivers hang and crash. Sheets are asked for one by one, so that each error keeps its own code: of all
of them, « paper empty » after a page is the only end of a feed (research/capture.md §4.1).
Run as `python -m guichet.documents.sources.wia`, it writes the devices it sees.
"""

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import msgspec

from guichet.documents import jpeg
from guichet.documents.sources.escl import Encre, Reglages, Source
from guichet.documents.sources.fautes import Faute, NumerisationInterrompue
from guichet.documents.sources.messages import WIA

_NUMERISEUR, _JPEG = 1, "{B96B3CAE-0728-11D3-9D7B-0000F81EF32E}"
_SOURCE, _SOURCES = "3088", {Source.CHARGEUR: 1, Source.VITRE: 2}
"""WIA_DPS_DOCUMENT_HANDLING_SELECT. Both sides at once are refused: a transfer gives one picture, and the other would be lost."""
_PAGES, _INTENTION, _PPP, _ORIGINE, _ETENDUE = "3096", "6146", ("6147", "6148"), ("6149", "6150"), ("6151", "6152")
_INTENTIONS = {Encre.COULEUR: 1, Encre.GRIS: 2}
_A4_POUCES = (210 / 25.4, 297 / 25.4)
_VIDE = 0x80210003
_FAUTES = {
    0x80210002: Faute.BOURRAGE, 0x80210004: Faute.BOURRAGE, _VIDE: Faute.CHARGEUR_VIDE, 0x80210005: Faute.INJOIGNABLE, 0x80210006: Faute.OCCUPE,
    0x80210007: Faute.OCCUPE, 0x80210008: Faute.INTERVENTION, 0x8021000A: Faute.COUPURE, 0x8021000C: Faute.REFUS, 0x8021000D: Faute.OCCUPE,
    0x80210020: Faute.DOUBLE_PRISE, 0x80210016: Faute.CAPOT_OUVERT, 0x80210015: Faute.INJOIGNABLE, 0x80070005: Faute.INTERDIT,
    0x80004004: Faute.ANNULE, 0x800704C7: Faute.ANNULE,
}  # fmt: skip
"""HRESULTs of wiadef.h, and Windows' own for what is refused or cancelled."""
_FEUILLES_MAX = 500


class Wia:
    """One device, by WIA's own name of it."""

    def __init__(self, nom: str) -> None:
        import pywintypes
        import win32com.client

        self._erreur = pywintypes.com_error
        try:
            infos = win32com.client.Dispatch("WIA.DeviceManager").DeviceInfos
            (info,) = [i for i in infos if i.DeviceID == nom]
            self._appareil = info.Connect()
        except (self._erreur, ValueError) as erreur:
            raise _interruption(erreur, 0, Faute.INJOIGNABLE) from erreur

    def numeriser(self, reglages: Reglages, arret: Callable[[], bool]) -> Iterator[bytes]:
        """Yield each page as a JPEG. Raises NumerisationInterrompue for whatever is not the last sheet's end."""
        recues, du_chargeur = 0, reglages.source is not Source.VITRE
        if reglages.source not in _SOURCES:
            raise NumerisationInterrompue(Faute.REFUS, 0)
        try:
            objet = self._regler(reglages)
            while recues < _FEUILLES_MAX:
                if arret():
                    raise NumerisationInterrompue(Faute.ANNULE, recues)
                try:
                    image = objet.Transfer(_JPEG)
                except self._erreur as erreur:
                    if du_chargeur and recues and _code(erreur) == _VIDE:
                        return
                    raise
                yield _en_jpeg(bytes(image.FileData.BinaryData), reglages.ppp, recues)
                recues += 1
                if not du_chargeur:
                    return
            raise NumerisationInterrompue(Faute.PAGE_PERDUE, recues)
        except self._erreur as erreur:
            raise _interruption(erreur, recues) from erreur

    def fermer(self) -> None:
        """Let the device go."""
        self._appareil = None

    def _regler(self, reglages: Reglages) -> Any:  # noqa: ANN401 (an object of COM)
        """Set what the device has, and return what is scanned; a source that it lacks is refused, since another would be read."""
        choix = self._appareil.Properties
        if choix.Exists(_SOURCE):
            choix.Item(_SOURCE).Value = _SOURCES[reglages.source]
        elif reglages.source is not Source.VITRE:
            raise NumerisationInterrompue(Faute.REFUS, 0)
        if reglages.source is Source.CHARGEUR and choix.Exists(_PAGES):
            choix.Item(_PAGES).Value = 1
        objet = self._appareil.Items.Item(1)
        etendue = [round(pouces * reglages.ppp) for pouces in _A4_POUCES]
        for cle, valeur in (
            (_INTENTION, _INTENTIONS[reglages.encre]), *zip(_PPP, (reglages.ppp, reglages.ppp), strict=True),
            *zip(_ORIGINE, (0, 0), strict=True), *zip(_ETENDUE, etendue, strict=True),
        ):  # fmt: skip
            # One that a device lacks, or bounds otherwise, stays as it is.
            if objet.Properties.Exists(cle):
                with suppress(self._erreur):
                    objet.Properties.Item(cle).Value = valeur
        return objet


def _en_jpeg(octets: bytes, ppp: int, recues: int) -> bytes:
    """Return a page's own JPEG, or a JPEG of the bitmap that some drivers give instead. Raises NumerisationInterrompue when it is cut."""
    if octets[:2] == b"\xff\xd8":
        if jpeg.nettoyer(octets) is None:
            raise NumerisationInterrompue(Faute.IMAGE_INCOMPLETE, recues)
        return octets
    from PIL import Image

    sortie = io.BytesIO()
    try:
        Image.open(io.BytesIO(octets), formats=["BMP"]).save(sortie, "JPEG", quality=92, dpi=(ppp, ppp))
    except OSError as erreur:
        raise NumerisationInterrompue(Faute.IMAGE_INCOMPLETE, recues) from erreur
    return sortie.getvalue()


def _code(erreur: BaseException) -> int:
    """Return the device's own code: automation wraps it (`excepinfo`'s last)."""
    details = getattr(erreur, "excepinfo", None)
    code: int = (details[5] if details else 0) or getattr(erreur, "hresult", 0)
    return code & 0xFFFFFFFF


def _interruption(erreur: BaseException, recues: int, defaut: Faute = Faute.PANNE) -> NumerisationInterrompue:
    return NumerisationInterrompue(_FAUTES.get(_code(erreur), defaut), recues)


def lister() -> list[tuple[str, str]]:
    """Return the devices plugged in: what people call them, and our address of each."""
    import win32com.client

    infos = win32com.client.Dispatch("WIA.DeviceManager").DeviceInfos
    return [(str(i.Properties.Item("Name").Value), f"{WIA}{i.DeviceID}") for i in infos if i.Type == _NUMERISEUR]


def main() -> None:
    """Write the devices, as MessagePack."""
    appareils: Any = []
    with suppress(Exception):  # no service, or a driver that breaks: none is seen
        appareils = lister()
    sys.stdout.buffer.write(msgspec.msgpack.encode(appareils))


if __name__ == "__main__":
    main()
