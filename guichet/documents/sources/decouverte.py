"""Scanners of the network that say they are there (DNS-SD, RFC 6763), as the eSCL specification has them do."""

import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from threading import Lock

import msgspec
from zeroconf import InterfaceChoice, IPVersion, ServiceBrowser, ServiceStateChange, Zeroconf

_GENRE = "_uscan._tcp.local."
_DUREE_S, _REPONSE_MS, _PILOTES_S = 2.5, 1500, 20.0
_CHEMIN = re.compile(r"[\w/\-]{1,64}", re.ASCII)


@dataclass(frozen=True, order=True)
class Trouve:
    """A scanner: its own name, and its address: for eSCL, or SANE's after our prefix."""

    nom: str
    adresse: str


def chercher(interfaces: InterfaceChoice | Sequence[str] = InterfaceChoice.All, duree_s: float = _DUREE_S) -> list[Trouve]:
    """Return the scanners that answer within some seconds, by name. What they say of themselves is a stranger's: shown, never obeyed."""
    noms, verrou = set[str](), Lock()

    def noter(zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:  # noqa: ARG001 (zeroconf's names)
        with verrou:
            noms.add(name)

    with Zeroconf(interfaces=interfaces, ip_version=IPVersion.V4Only) as reseau:
        ecoute = ServiceBrowser(reseau, _GENRE, handlers=[noter])
        time.sleep(duree_s)
        ecoute.cancel()
        with verrou:
            trouves = [_decrire(reseau, nom) for nom in sorted(noms)]
    return sorted({t for t in trouves if t is not None})


def chercher_ici() -> list[Trouve]:
    """Return the scanners plugged into this workstation, asked for in a process of its own: a driver may hang."""
    pilotes = next((nos for leur, nos in (("win32com", "wia"), ("sane", "sane")) if find_spec(leur) is not None), None)
    if pilotes is None:
        return []
    demande = [sys.executable, "-m", f"guichet.documents.sources.{pilotes}"]
    try:
        rendu = subprocess.run(demande, capture_output=True, timeout=_PILOTES_S, check=False).stdout
        return [Trouve(nom, adresse) for nom, adresse in msgspec.msgpack.decode(rendu, type=list[tuple[str, str]])]
    except (subprocess.TimeoutExpired, msgspec.DecodeError, UnicodeDecodeError):
        return []


def _decrire(reseau: Zeroconf, nom: str) -> Trouve | None:
    service = reseau.get_service_info(_GENRE, nom, timeout=_REPONSE_MS)
    adresses = service.parsed_addresses(IPVersion.V4Only) if service is not None else []
    if service is None or not adresses or not service.port:
        return None
    chemin = (service.decoded_properties.get("rs") or "eSCL").strip("/")
    if not _CHEMIN.fullmatch(chemin):
        return None
    dit = service.decoded_properties.get("ty") or nom.removesuffix(f".{_GENRE}")
    return Trouve("".join(c for c in dit if c.isprintable())[:60], f"http://{adresses[0]}:{service.port}/{chemin}")
