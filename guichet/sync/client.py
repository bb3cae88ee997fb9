"""The centre, as HTTP: one blocking client, every answer checked before it is believed."""

import hashlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.request import getproxies

import httpx2
import msgspec
import zstandard

from guichet.contract.limites import PAGE_LIGNES, PAGE_MEDIA, PAGE_OCTETS
from guichet.contract.sync import (
    Accord,
    Accueil,
    AgentDemonstration,
    Bonjour,
    BrisDeGlace,
    DemandeTelephone,
    DossierHorsPortee,
    DoublonNomme,
    Enrole,
    Enrolement,
    EnTetePage,
    Envoi,
    EtatFichier,
    EtatTelephone,
    ExportDossier,
    FinPage,
    Fusion,
    Fusionnes,
    LienTelephone,
    Ligne,
    LigneJournal,
    Moi,
    PartInstantane,
    Possession,
    Probleme,
    RechercheHorsPortee,
    Rendus,
    Restitution,
    ResultatsHorsPortee,
    Retraits,
    Scelles,
    Seaux,
    Separes,
    Verdict,
)  # fmt: skip
from guichet.sync.erreurs import (
    CentreEnPanne,
    CentreOccupe,
    CertificatPerime,
    CertificatRefuse,
    Injoignable,
    PortailCaptif,
    ProxyRefuse,
    ReponseRefusee,
    SansReponse,
    SessionExpiree,
    VersionRefusee,
)  # fmt: skip
from guichet.sync.porteur import Autorisation, Porteur
from guichet.sync.tls import autorites

_GENRES = ("application/json", "application/problem+json", PAGE_MEDIA, "application/pdf", "application/octet-stream")
_T = TypeVar("_T")
_DELAIS = httpx2.Timeout(30, connect=5)
_REPRISES = 4
"""How many times a cut download of one part of a snapshot goes on from where it was."""
_MORCEAU = 16 * 1024
_PETIT_TAMPON = [(socket.SOL_SOCKET, socket.SO_SNDBUF, 32 * 1024)]
"""A file is handed to the system by small pieces, and little of it waits there: what people do never queues behind more than that."""


@dataclass(frozen=True)
class Page:
    """One page of a feed, whole: its trailer counted."""

    entete: EnTetePage
    lignes: list[Ligne]
    fin: FinPage


def deballer(part: bytes) -> PartInstantane:
    """Return what a part of a snapshot holds. Raises Injoignable when it is not one."""
    try:
        return msgspec.json.decode(zstandard.ZstdDecompressor().decompress(part, max_output_size=PAGE_OCTETS), type=PartInstantane)
    except (msgspec.MsgspecError, UnicodeDecodeError, zstandard.ZstdError) as erreur:
        raise Injoignable from erreur


def qui(url: str, jeton: str) -> Moi:
    """Ask a centre whom a token stands for. Raises Injoignable, SessionExpiree."""
    client = ClientCentre(url, jeton)
    try:
        return client.moi()
    finally:
        client.fermer()


class ClientCentre:
    """Speaks to one centre; `jeton` is empty before sign-in, or turns by itself. `ecart_s`: how far ahead of ours the centre's clock is, in seconds."""

    def __init__(self, url: str, jeton: str | Porteur = "", *, pour_fichiers: bool = False) -> None:
        self.url, self._jeton = url.rstrip("/"), jeton
        self.ecart_s: int | None = None
        transport = httpx2.HTTPTransport(verify=autorites(), socket_options=_PETIT_TAMPON) if pour_fichiers and not getproxies() else None
        self._http = httpx2.Client(
            base_url=self.url, auth=Autorisation(jeton), timeout=_DELAIS, follow_redirects=False, transport=transport, verify=autorites()
        )

    def pour_fichiers(self) -> "ClientCentre":
        """Return a second client of the same agent, whose lines carry files beside this one's."""
        return ClientCentre(self.url, self._jeton, pour_fichiers=True)

    def fermer(self) -> None:
        """Close the connections."""
        self._http.close()

    def agents_de_demonstration(self) -> list[AgentDemonstration]:
        """Return who may sign in by one click; nobody when the centre is not a demonstration."""
        return self._lire("GET", "/v1/demonstration/agents", list[AgentDemonstration])

    def moi(self) -> Moi:
        """Ask whom our token stands for."""
        return self._lire("GET", "/v1/moi", Moi)

    def exporter(self, portee: str, dossier: str) -> ExportDossier:
        """Ask for all that is held of a dossier's people. Raises ReponseRefusee for who may not."""
        return self._lire("GET", "/v1/dossiers/export", ExportDossier, params={"portee": portee, "dossier": dossier})

    def chercher_ailleurs(self, demande: RechercheHorsPortee) -> ResultatsHorsPortee:
        """Look for people of the organisme's other sites."""
        return self._lire("POST", "/v1/dossiers/recherche", ResultatsHorsPortee, content=msgspec.json.encode(demande))

    def briser_la_glace(self, demande: BrisDeGlace) -> DossierHorsPortee:
        """Ask for a dossier of another site, with a reason. Raises ReponseRefusee, 404 when there is none."""
        return self._lire("POST", "/v1/dossiers/glace", DossierHorsPortee, content=msgspec.json.encode(demande))

    def fusionner(self, demande: Fusion) -> Fusionnes:
        """Join two people who are one. Raises ReponseRefusee, with the reason."""
        return self._lire("POST", "/v1/doublons/fusion", Fusionnes, content=msgspec.json.encode(demande))

    def separer(self, demande: DoublonNomme) -> Separes:
        """Undo a merge. Raises ReponseRefusee, with the reason."""
        return self._lire("POST", "/v1/doublons/separation", Separes, content=msgspec.json.encode(demande))

    def journal(self, portee: str, avant: int | None = None) -> list[LigneJournal]:
        """Read a page of the access journal of a scope that the agent answers for; it is journaled."""
        return self._lire("GET", "/v1/journal", list[LigneJournal], params={"portee": portee} | ({} if avant is None else {"avant": avant}))

    def enroler(self, demande: Enrolement) -> Enrole:
        """Present this workstation."""
        return self._lire("POST", "/v1/devices", Enrole, content=msgspec.json.encode(demande))

    def bonjour(self, message: Bonjour) -> Accueil | None:
        """Ask where every scope stands; None when we are in step."""
        corps = self._demander("POST", "/v1/sync/hello", content=msgspec.json.encode(message))
        return self._decoder(corps, Accueil) if corps else None

    def page(self, portee: str, epoque: str, apres: int, limite: int = PAGE_LIGNES, **reste: Any) -> Page:  # noqa: ANN401 (see the API: gen, depart, appareil, types, seaux)
        """Read one page after a cursor. Raises Injoignable when it was cut short (trap 7)."""
        params = {"portee": portee, "epoque": epoque, "apres": apres, "limite": limite} | reste
        octets = self._demander("GET", "/v1/sync/pull", params=params)
        try:
            lignes = zstandard.ZstdDecompressor().decompress(octets, max_output_size=PAGE_OCTETS).split(b"\n")
            entete, fin = msgspec.json.decode(lignes[0], type=EnTetePage), msgspec.json.decode(lignes[-1], type=FinPage)
            corps = [_LIGNE.decode(ligne) for ligne in lignes[1:-1]]
        except (msgspec.MsgspecError, UnicodeDecodeError, zstandard.ZstdError) as erreur:
            raise Injoignable from erreur
        if not entete.n == fin.fin == len(corps):
            raise Injoignable
        return Page(entete, corps, fin)

    def part_instantane(self, portee: str, instantane: str, n: int) -> bytes:
        """Read a part of a snapshot, packed; a line that is cut goes on from the byte it reached."""
        chemin, params = f"/v1/sync/snapshot/{instantane}/{n}", {"portee": portee}
        recu, etag = bytearray(), ""
        for reprise in range(_REPRISES):
            entetes = {"Range": f"bytes={len(recu)}-", "If-Range": etag} if recu else {}
            try:
                with self._http.stream("GET", chemin, params=params, headers=entetes) as reponse:
                    if reponse.status_code not in (200, 206):
                        reponse.read()
                        self._verifier(reponse)
                    if reponse.status_code == 200:
                        recu.clear()
                    etag = reponse.headers.get("etag", "")
                    for morceau in reponse.iter_bytes():
                        recu += morceau
                break
            except httpx2.TransportError as erreur:
                if reprise == _REPRISES - 1:
                    raise traduire(erreur) from erreur
        if f'"{hashlib.sha256(recu).hexdigest()}"' != etag:
            raise Injoignable
        return bytes(recu)

    def seaux(self, portee: str, epoque: str) -> Seaux:
        """Ask for the digest of each bucket of a scope."""
        return self._lire("GET", "/v1/sync/check", Seaux, params={"portee": portee, "epoque": epoque})

    def pousser(self, envoi: Envoi) -> list[Verdict]:
        """Send operations; return their verdicts."""
        return self._lire("POST", "/v1/sync/push", list[Verdict], content=msgspec.json.encode(envoi))

    def devancer(self, retraits: Retraits) -> None:
        """Have revocations of mandates heard before their turn."""
        self._demander("POST", "/v1/sync/retraits", content=msgspec.json.encode(retraits))

    def rapporter(self, scelles: Scelles) -> None:
        """Bring sealed operations back to a restored centre."""
        self._demander("POST", "/v1/sync/scelles", content=msgspec.json.encode(scelles))

    def posseder(self, demande: Possession) -> Accord:
        """Ask to own slots."""
        return self._lire("POST", "/v1/slots/own", Accord, content=msgspec.json.encode(demande))

    def rendre(self, demande: Restitution) -> list[str]:
        """Give slots back; return those that are."""
        return self._lire("POST", "/v1/slots/release", Rendus, content=msgspec.json.encode(demande)).rendus

    def evenements(self, arret: threading.Event) -> Iterator[str]:
        """Yield the scope of each hint until the stream ends, '' when it is only alive, on a line of its own. Raises Injoignable."""
        try:
            with (
                httpx2.Client(base_url=self.url, auth=Autorisation(self._jeton), timeout=_DELAIS, verify=autorites()) as http,
                http.stream("GET", "/v1/sync/events") as reponse,
            ):
                if reponse.status_code != 200:
                    return
                for ligne in reponse.iter_lines():
                    if arret.is_set():
                        return
                    if ligne.startswith("data:"):
                        with suppress(msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError):
                            yield msgspec.json.decode(ligne[5:])["portee"]
                    elif ligne.startswith(":"):
                        yield ""
        except httpx2.TransportError as erreur:
            raise traduire(erreur) from erreur

    def etat_fichier(self, portee: str, sha256: str) -> EtatFichier:
        """Ask which parts of a file the centre holds."""
        return self._lire("GET", f"/v1/fichiers/{sha256}/etat", EtatFichier, params={"portee": portee})

    def envoyer_part(self, portee: str, sha256: str, numero: int, octets: bytes, attendre: Callable[[], None]) -> None:
        """Send one part of a file, piece by piece; `attendre` is called before each, and may wait or raise."""

        def morceaux() -> Iterable[bytes]:
            for debut in range(0, len(octets), _MORCEAU):
                attendre()
                yield octets[debut : debut + _MORCEAU]

        entetes = {"Content-Type": "application/octet-stream", "Content-Length": str(len(octets))}
        chemin = f"/v1/fichiers/{sha256}/parts/{numero}"
        self._demander("PUT", chemin, params={"portee": portee}, content=morceaux(), headers=entetes)

    def valider_fichier(self, portee: str, sha256: str, octets: int) -> EtatFichier:
        """Ask the centre to join the parts and check them."""
        return self._lire("POST", f"/v1/fichiers/{sha256}/commit", EtatFichier, params={"portee": portee, "octets": octets})

    def lire_fichier(self, portee: str, sha256: str) -> bytes:
        """Return a file's bytes."""
        return self._demander("GET", f"/v1/fichiers/{sha256}", params={"portee": portee})

    def ouvrir_lien_telephone(self, portee: str) -> LienTelephone:
        """Ask for a link to be shown to a visitor's telephone."""
        return self._lire("POST", "/v1/telephone", LienTelephone, content=msgspec.json.encode(DemandeTelephone(portee)))

    def suivre_telephone(self, portee: str, lien: str) -> EtatTelephone:
        """Ask where a link stands. Raises ReponseRefusee 404 once it is over."""
        return self._lire("GET", f"/v1/telephone/{lien}", EtatTelephone, params={"portee": portee})

    def lire_photo(self, portee: str, lien: str, sha256: str) -> bytes:
        """Return a photo that came by a link."""
        return self._demander("GET", f"/v1/telephone/{lien}/photos/{sha256}", params={"portee": portee})

    def prendre_photo(self, portee: str, lien: str, sha256: str) -> None:
        """Say that a photo is kept here: the centre erases it."""
        self._demander("DELETE", f"/v1/telephone/{lien}/photos/{sha256}", params={"portee": portee})

    def fermer_lien_telephone(self, portee: str, lien: str) -> None:
        """End a link."""
        self._demander("DELETE", f"/v1/telephone/{lien}", params={"portee": portee})

    def _lire(self, methode: str, chemin: str, type_: type[_T], **reste: Any) -> _T:  # noqa: ANN401
        return self._decoder(self._demander(methode, chemin, **reste), type_)

    def _decoder(self, corps: bytes, type_: type[_T]) -> _T:
        try:
            return msgspec.json.decode(corps, type=type_)
        except (msgspec.MsgspecError, UnicodeDecodeError) as erreur:
            raise PortailCaptif from erreur

    def _demander(self, methode: str, chemin: str, **reste: Any) -> bytes:  # noqa: ANN401 (httpx2's own keywords)
        try:
            reponse = self._http.request(methode, chemin, **reste)
        except httpx2.TransportError as erreur:
            raise traduire(erreur) from erreur
        except httpx2.DecodingError as erreur:
            raise Injoignable from erreur
        self._regler_ecart(reponse.headers.get("date", ""))
        if reponse.status_code == 204:
            return b""
        self._verifier(reponse)
        return reponse.content

    def _verifier(self, reponse: httpx2.Response) -> None:
        """Raise what an answer other than a good one means."""
        genre = reponse.headers.get("content-type", "").partition(";")[0]
        if reponse.status_code == 407:
            raise ProxyRefuse
        if genre not in _GENRES and reponse.status_code < 500:
            raise PortailCaptif
        if reponse.status_code < 300:
            return
        if reponse.status_code == 401:
            raise SessionExpiree
        if reponse.status_code == 426:
            raise VersionRefusee
        if reponse.status_code in (429, 503):
            raise CentreOccupe(_attente(reponse))
        if reponse.status_code >= 500:
            raise CentreEnPanne(_attente(reponse))
        try:
            probleme = msgspec.json.decode(reponse.content, type=Probleme)
        except (msgspec.MsgspecError, UnicodeDecodeError) as erreur:
            raise PortailCaptif from erreur
        raise ReponseRefusee(reponse.status_code, probleme.code, probleme.detail)

    def _regler_ecart(self, date: str) -> None:
        with suppress(ValueError, TypeError):
            self.ecart_s = round((parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds())


_LIGNE = msgspec.json.Decoder(Ligne)


def traduire(erreur: httpx2.TransportError) -> Injoignable:
    """Return the words for a request that did not go through."""
    if isinstance(erreur, httpx2.ProxyError):
        return ProxyRefuse()
    if isinstance(erreur, httpx2.ReadTimeout):
        return SansReponse()
    cause = _certificat(erreur)
    if cause is None:
        return Injoignable()
    return CertificatPerime() if "expired" in cause or "not yet valid" in cause else CertificatRefuse()


def _attente(reponse: httpx2.Response) -> float:
    """Read Retry-After in seconds; a date or nothing counts as none."""
    texte = reponse.headers.get("retry-after", "")
    return float(texte) if texte.isdigit() else 0


def _certificat(erreur: BaseException | None) -> str | None:
    """Return why a certificate was refused, or None when that is not what happened."""
    while erreur is not None:
        if isinstance(erreur, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(erreur):
            return str(erreur)
        erreur = erreur.__cause__ or erreur.__context__
    return None
