"""Network scanners without a driver: eSCL (Mopria Alliance, eSCL Technical Specification 2.97), the device's own JPEG bytes kept.

Every way that a feed may end other than by its last sheet is a fault: a page that is missing without a word is worse than none.
"""

import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import defusedxml.ElementTree as Arbre
import httpx2
from defusedxml import DefusedXmlException

from guichet.documents import jpeg
from guichet.documents.sources.fautes import Faute, NumerisationInterrompue

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_NOMS = {"s": "http://schemas.hp.com/imaging/escl/2011/05/03", "p": "http://www.pwg.org/schemas/2010/12/sm"}
_CHARGEUR = {
    "ScannerAdfJam": Faute.BOURRAGE, "ScannerAdfMispick": Faute.BOURRAGE, "ScannerAdfMultipickDetected": Faute.DOUBLE_PRISE,
    "ScannerAdfHatchOpen": Faute.CAPOT_OUVERT,
}  # fmt: skip
_FINIS = {"Aborted", "Canceled"}
_OCCUPE, _FINI = {503, 409}, {404, 410}
_REPONSE_S, _SILENCE_S, _LIBRE_S, _PAS_S = 30.0, 120.0, 10.0, 0.3
_OCTETS = 200_000_000
_DEMANDE = """<?xml version="1.0" encoding="UTF-8"?>
<scan:ScanSettings xmlns:pwg="{p}" xmlns:scan="{s}"><pwg:Version>2.0</pwg:Version><scan:Intent>Document</scan:Intent>
<pwg:ScanRegions><pwg:ScanRegion><pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>
<pwg:XOffset>0</pwg:XOffset><pwg:YOffset>0</pwg:YOffset><pwg:Width>{largeur}</pwg:Width><pwg:Height>{hauteur}</pwg:Height></pwg:ScanRegion></pwg:ScanRegions>
<pwg:InputSource>{source}</pwg:InputSource>{duplex}<scan:ColorMode>{couleur}</scan:ColorMode>
<pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat><scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt>
<scan:XResolution>{ppp}</scan:XResolution><scan:YResolution>{ppp}</scan:YResolution></scan:ScanSettings>"""
_A4 = (2480, 3508)
"""Width and height of an A4, in three-hundredths of an inch."""


class Source(StrEnum):
    """Where the sheet lies."""

    VITRE = "vitre"
    CHARGEUR = "chargeur"
    RECTO_VERSO = "recto_verso"


class Encre(StrEnum):
    """What is kept of it."""

    COULEUR = "RGB24"
    GRIS = "Grayscale8"


@dataclass(frozen=True)
class Reglages:
    """How a scan is made. `ppp`: dots an inch."""

    source: Source = Source.VITRE
    ppp: int = 300
    encre: Encre = Encre.COULEUR


@dataclass(frozen=True)
class Appareil:
    """What a scanner says it can do. `cotes`: the largest sheet of each source, in three-hundredths of an inch."""

    nom: str
    cotes: dict[Source, tuple[int, int]]
    ppp: tuple[int, ...]


@cache
def _autorites() -> ssl.SSLContext:
    """Return what checks the certificate of a scanner that has one, read once: a tenth of a second."""
    return httpx2.create_ssl_context(trust_env=False)


class Escl:
    """One scanner, by its address: http://HOTE:PORT/eSCL."""

    def __init__(self, adresse: str, libre_s: float = _LIBRE_S) -> None:
        self._adresse, self._libre_s = adresse.rstrip("/"), libre_s
        self._client = httpx2.Client(timeout=_REPONSE_S, follow_redirects=False, trust_env=False, verify=_autorites())

    def fermer(self) -> None:
        """Let the connection go."""
        self._client.close()

    def decrire(self) -> Appareil:
        """Ask what the scanner can do. Raises NumerisationInterrompue when it does not answer, or not as the norm says."""
        arbre = self._xml("/ScannerCapabilities", 0)
        entrees = {
            Source.VITRE: "s:Platen/s:PlatenInputCaps", Source.CHARGEUR: "s:Adf/s:AdfSimplexInputCaps",
            Source.RECTO_VERSO: "s:Adf/s:AdfDuplexInputCaps",
        }  # fmt: skip
        trouvees = {source: x for source, chemin in entrees.items() if (x := arbre.find(chemin, _NOMS)) is not None}
        try:
            cotes = {source: (_entier(x, "s:MaxWidth"), _entier(x, "s:MaxHeight")) for source, x in trouvees.items()}
            ppp = {int(x.text or "") for x in arbre.iterfind(".//s:DiscreteResolution/s:XResolution", _NOMS)}
        except ValueError as erreur:
            raise NumerisationInterrompue(Faute.REPONSE_ILLISIBLE, 0) from erreur
        return Appareil(arbre.findtext("p:MakeAndModel", "", _NOMS), cotes, tuple(sorted(ppp)))

    def numeriser(self, reglages: Reglages, annule: Callable[[], bool] = lambda: False) -> Iterator[bytes]:
        """Yield each page's JPEG as the device made it. Raises NumerisationInterrompue; the job is always ended on the device."""
        travail, recues = self._commencer(reglages, annule), 0
        try:
            while (page := self._page(travail, reglages, recues, annule)) is not None:
                recues += 1
                yield page
                if reglages.source is Source.VITRE:
                    return
            self._verifier_la_fin(travail, reglages, recues)
        finally:
            self._terminer(travail)

    def _commencer(self, reglages: Reglages, annule: Callable[[], bool]) -> str:
        """Make a job and return its path; wait a little for a device that is busy."""
        echeance = time.monotonic() + self._libre_s
        while True:
            reponse = self._demander("POST", "/ScanJobs", 0, _demande(reglages))
            if reponse.status_code == httpx2.codes.CREATED:
                return urlsplit(reponse.headers.get("location", "")).path
            if reponse.status_code not in _OCCUPE:
                raise NumerisationInterrompue(Faute.REFUS, 0)
            if annule():
                raise NumerisationInterrompue(Faute.ANNULE, 0)
            if time.monotonic() > echeance:
                chargeur = self._etat(0)[0] if reglages.source is not Source.VITRE else ""
                vide = Faute.CHARGEUR_VIDE if chargeur == "ScannerAdfEmpty" else Faute.OCCUPE
                raise NumerisationInterrompue(_CHARGEUR.get(chargeur, vide), 0)
            time.sleep(_PAS_S)

    def _page(self, travail: str, reglages: Reglages, recues: int, annule: Callable[[], bool]) -> bytes | None:
        """Return the next page, or None when the device has no other."""
        echeance = time.monotonic() + _SILENCE_S
        while not annule():
            reponse = self._demander("GET", f"{travail}/NextDocument", recues)
            if reponse.status_code == httpx2.codes.OK:
                if jpeg.nettoyer(reponse.content) is None:
                    raise NumerisationInterrompue(Faute.IMAGE_INCOMPLETE, recues)
                return reponse.content
            if reponse.status_code in _FINI:
                return None
            if reponse.status_code != httpx2.codes.SERVICE_UNAVAILABLE:
                raise NumerisationInterrompue(self._pourquoi(reglages, recues), recues)
            if time.monotonic() > echeance:
                raise NumerisationInterrompue(Faute.LENT, recues)
            time.sleep(_PAS_S)
        raise NumerisationInterrompue(Faute.ANNULE, recues)

    def _pourquoi(self, reglages: Reglages, recues: int) -> Faute:
        chargeur = self._etat(recues)[0] if reglages.source is not Source.VITRE else ""
        return _CHARGEUR.get(chargeur, Faute.REPONSE_ILLISIBLE)

    def _verifier_la_fin(self, travail: str, reglages: Reglages, recues: int) -> None:
        """Tell the end of the sheets from a feed that stopped: some devices say both in the same way."""
        chargeur, etat, faites = self._etat(recues, travail)
        if reglages.source is not Source.VITRE and chargeur in _CHARGEUR:
            raise NumerisationInterrompue(_CHARGEUR[chargeur], recues)
        if etat in _FINIS:
            raise NumerisationInterrompue(Faute.REPONSE_ILLISIBLE, recues)
        if faites > recues:
            raise NumerisationInterrompue(Faute.PAGE_PERDUE, recues)
        if not recues:
            raise NumerisationInterrompue(Faute.IMAGE_INCOMPLETE if reglages.source is Source.VITRE else Faute.CHARGEUR_VIDE, 0)

    def _etat(self, recues: int, travail: str = "") -> tuple[str, str, int]:
        """Return the feeder's state, the job's, and how many pages the device says that it made of it."""
        arbre = self._xml("/ScannerStatus", recues)
        for x in arbre.iterfind("s:Jobs/s:JobInfo", _NOMS):
            if travail and travail.endswith(x.findtext("p:JobUri", "", _NOMS).rstrip("/").rsplit("/", 1)[-1] or "?"):
                return arbre.findtext("s:AdfState", "", _NOMS), x.findtext("p:JobState", "", _NOMS), _entier(x, "p:ImagesCompleted", 0)
        return arbre.findtext("s:AdfState", "", _NOMS), "", 0

    def _terminer(self, travail: str) -> None:
        try:
            self._client.request("DELETE", self._url(travail), timeout=3)
        except httpx2.HTTPError:
            return  # the device ends it by itself, later

    def _xml(self, chemin: str, recues: int) -> "Element":
        reponse = self._demander("GET", chemin, recues)
        try:
            arbre: Element = Arbre.fromstring(reponse.content)
        except (Arbre.ParseError, DefusedXmlException, ValueError) as erreur:
            raise NumerisationInterrompue(Faute.REPONSE_ILLISIBLE, recues) from erreur
        return arbre

    def _demander(self, methode: str, chemin: str, recues: int, corps: str | None = None) -> httpx2.Response:
        entetes = {"content-type": "text/xml"} if corps is not None else {}
        try:
            reponse = self._client.request(methode, self._url(chemin), content=corps, headers=entetes)
        except httpx2.HTTPError as erreur:
            coupee = recues or isinstance(erreur, httpx2.ReadError | httpx2.RemoteProtocolError)
            raise NumerisationInterrompue(Faute.COUPURE if coupee else Faute.INJOIGNABLE, recues) from erreur
        if len(reponse.content) > _OCTETS:
            raise NumerisationInterrompue(Faute.REPONSE_ILLISIBLE, recues)
        return reponse

    def _url(self, chemin: str) -> str:
        """Stay on the device whatever it answers: only the path of its job is taken."""
        parties = urlsplit(self._adresse)
        racine = f"{parties.scheme}://{parties.netloc}"
        return f"{racine}{chemin}" if chemin.startswith(parties.path + "/") else f"{self._adresse}{chemin}"


def adresse_complete(saisie: str) -> str:
    """Return a scanner's whole address from what was typed: a name, an IP address with or without a port, or a URL; nothing when it is none."""
    parties = urlsplit(saisie.strip() if "://" in saisie else f"http://{saisie.strip()}")
    try:
        correcte = parties.scheme in ("http", "https") and bool(parties.hostname) and parties.port != 0 and " " not in parties.netloc
    except ValueError:  # a port that is no number
        return ""
    return f"{parties.scheme}://{parties.netloc}{parties.path.rstrip('/') or '/eSCL'}" if correcte else ""


def _demande(reglages: Reglages) -> str:
    duplex = (
        f"<scan:Duplex>{str(reglages.source is Source.RECTO_VERSO).lower()}</scan:Duplex>" if reglages.source is not Source.VITRE else ""
    )
    return _DEMANDE.format(
        **_NOMS, largeur=_A4[0], hauteur=_A4[1], duplex=duplex, couleur=reglages.encre.value, ppp=reglages.ppp,
        source="Platen" if reglages.source is Source.VITRE else "Feeder",
    )  # fmt: skip


def _entier(x: "Element", nom: str, defaut: int | None = None) -> int:
    texte = x.findtext(nom, "", _NOMS)
    return defaut if not texte and defaut is not None else int(texte)
