"""The centre, as HTTP: one blocking client, every answer checked before it is believed."""

import ssl
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx2
import msgspec
import zstandard

from guichet.contract.limites import PAGE_MEDIA, PAGE_OCTETS
from guichet.contract.sync import (
    AgentDemonstration,
    Bonjour,
    EnTetePage,
    Envoi,
    EtatFichier,
    EtatPortee,
    FinPage,
    Ligne,
    Moi,
    Probleme,
    Session,
    Verdict,
)  # fmt: skip
from guichet.sync.erreurs import (
    CentreEnPanne,
    CentreOccupe,
    CertificatRefuse,
    Injoignable,
    PortailCaptif,
    ReponseRefusee,
    SessionExpiree,
    VersionRefusee,
)  # fmt: skip

_JSON = ("application/json", "application/problem+json", PAGE_MEDIA, "application/pdf")
_T = TypeVar("_T")
_DELAIS = httpx2.Timeout(30, connect=5)


@dataclass(frozen=True)
class Page:
    """One page of a feed, whole: its trailer counted."""

    entete: EnTetePage
    lignes: list[Ligne]
    fin: FinPage


class ClientCentre:
    """Speaks to one centre; `jeton` is empty before sign-in."""

    def __init__(self, url: str, jeton: str = "") -> None:
        self.url = url.rstrip("/")
        entetes = {"Authorization": f"Bearer {jeton}"} if jeton else {}
        self._http = httpx2.Client(base_url=self.url, headers=entetes, timeout=_DELAIS, follow_redirects=False)

    def fermer(self) -> None:
        """Close the connections."""
        self._http.close()

    def agents_de_demonstration(self) -> list[AgentDemonstration]:
        """Return who may sign in by one click; nobody when the centre is not a demonstration."""
        return self._lire("GET", "/v1/demonstration/agents", list[AgentDemonstration])

    def ouvrir_session(self, login: str) -> Session:
        """Sign in a demonstration agent."""
        return self._lire("POST", "/v1/demonstration/session", Session, params={"login": login})

    def moi(self) -> Moi:
        """Ask whom our token stands for."""
        return self._lire("GET", "/v1/moi", Moi)

    def bonjour(self, message: Bonjour) -> list[EtatPortee]:
        """Ask where every scope stands."""
        return self._lire("POST", "/v1/sync/hello", list[EtatPortee], content=msgspec.json.encode(message))

    def page(self, portee: str, epoque: str, apres: int) -> Page:
        """Read one page after a cursor. Raises Injoignable when it was cut short (trap 7)."""
        octets = self._demander("GET", "/v1/sync/pull", params={"portee": portee, "epoque": epoque, "apres": apres})
        try:
            lignes = zstandard.ZstdDecompressor().decompress(octets, max_output_size=PAGE_OCTETS).split(b"\n")
            entete, fin = msgspec.json.decode(lignes[0], type=EnTetePage), msgspec.json.decode(lignes[-1], type=FinPage)
            corps = [_LIGNE.decode(ligne) for ligne in lignes[1:-1]]
        except (msgspec.MsgspecError, zstandard.ZstdError) as erreur:
            raise Injoignable from erreur
        if not entete.n == fin.fin == len(corps):
            raise Injoignable
        return Page(entete, corps, fin)

    def pousser(self, envoi: Envoi) -> list[Verdict]:
        """Send operations; return their verdicts."""
        return self._lire("POST", "/v1/sync/push", list[Verdict], content=msgspec.json.encode(envoi))

    def etat_fichier(self, portee: str, sha256: str) -> EtatFichier:
        """Ask which parts of a file the centre holds."""
        return self._lire("GET", f"/v1/fichiers/{sha256}/etat", EtatFichier, params={"portee": portee})

    def envoyer_part(self, portee: str, sha256: str, numero: int, octets: bytes) -> None:
        """Send one part of a file."""
        entetes = {"Content-Type": "application/octet-stream"}
        chemin = f"/v1/fichiers/{sha256}/parts/{numero}"
        self._demander("PUT", chemin, params={"portee": portee}, content=octets, headers=entetes)

    def valider_fichier(self, portee: str, sha256: str, octets: int) -> EtatFichier:
        """Ask the centre to join the parts and check them."""
        return self._lire("POST", f"/v1/fichiers/{sha256}/commit", EtatFichier, params={"portee": portee, "octets": octets})

    def lire_fichier(self, portee: str, sha256: str) -> bytes:
        """Return a file's bytes."""
        return self._demander("GET", f"/v1/fichiers/{sha256}", params={"portee": portee})

    def _lire(self, methode: str, chemin: str, type_: type[_T], **reste: Any) -> _T:  # noqa: ANN401
        try:
            return msgspec.json.decode(self._demander(methode, chemin, **reste), type=type_)
        except msgspec.MsgspecError as erreur:
            raise PortailCaptif from erreur

    def _demander(self, methode: str, chemin: str, **reste: Any) -> bytes:  # noqa: ANN401 (httpx2's own keywords)
        try:
            reponse = self._http.request(methode, chemin, **reste)
        except httpx2.TransportError as erreur:
            raise (CertificatRefuse if _est_un_certificat(erreur) else Injoignable) from erreur
        except httpx2.DecodingError as erreur:
            raise Injoignable from erreur
        if reponse.status_code == 204:
            return b""
        _verifier(reponse)
        return reponse.content


_LIGNE = msgspec.json.Decoder(Ligne)


def _verifier(reponse: httpx2.Response) -> None:
    """Raise what an answer other than a good one means."""
    genre = reponse.headers.get("content-type", "").partition(";")[0]
    if genre not in _JSON and reponse.status_code < 500:
        raise PortailCaptif
    if reponse.status_code < 300:
        return
    if reponse.status_code == 401:
        raise SessionExpiree
    if reponse.status_code == 426:
        raise VersionRefusee
    if reponse.status_code == 429:
        raise CentreOccupe(_attente(reponse))
    if reponse.status_code >= 500:
        raise CentreEnPanne(_attente(reponse))
    try:
        probleme = msgspec.json.decode(reponse.content, type=Probleme)
    except msgspec.MsgspecError as erreur:
        raise PortailCaptif from erreur
    raise ReponseRefusee(reponse.status_code, probleme.code, probleme.detail)


def _attente(reponse: httpx2.Response) -> float:
    """Read Retry-After in seconds; a date or nothing counts as none."""
    texte = reponse.headers.get("retry-after", "")
    return float(texte) if texte.isdigit() else 0


def _est_un_certificat(erreur: BaseException | None) -> bool:
    while erreur is not None:
        if isinstance(erreur, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(erreur):
            return True
        erreur = erreur.__cause__ or erreur.__context__
    return False
