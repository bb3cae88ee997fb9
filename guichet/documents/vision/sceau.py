"""2D-Doc seals (ANTS, spécifications techniques des codes à barres 2D-Doc, v3.3): read on the original pixels, verified offline.

A valid seal says that its fields were signed by who had the right to; that they are those of the page beside it, a person sees.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

import cv2

from guichet.documents.vision.esquisse import Pixels

if TYPE_CHECKING:
    from tddoc.doc import TwoDDoc
    from tddoc.keychain import KeyChain

_ESSAI = "FR00"
"""The specification's own authority, whose private key is published: it vouches for nothing."""


class Verdict(StrEnum):
    """What is known of a page's seal. There is no « faux »: a certificate may be younger than those shipped."""

    VALIDE = "valide"
    ABSENT = "absent"
    NON_VERIFIABLE = "non_verifiable"


@dataclass(frozen=True)
class Sceau:
    """A page's seal: its verdict and why, the kind of paper, its fields as (name, value), and when it was signed."""

    verdict: Verdict
    motif: str = ""
    type_document: str = ""
    champs: tuple[tuple[str, str], ...] = ()
    signe_le: date | None = None


def chercher(pixels: Pixels) -> Sceau:
    """Return the seal of a page: the first that is valid, else the first that is there."""
    import zxingcpp

    gris = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY) if pixels.ndim == 3 else pixels
    # Black on white, as the specification prints them: what is white on black is not looked for.
    codes = zxingcpp.read_barcodes(gris, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.DataMatrix), try_invert=False)
    sceaux = [verifier(texte) for code in codes if (texte := code.bytes.decode("latin-1")).startswith("DC")]
    valides = [s for s in sceaux if s.verdict is Verdict.VALIDE]
    return (valides or sceaux or [Sceau(Verdict.ABSENT)])[0]


def verifier(texte: str, confiance: "KeyChain | None" = None) -> Sceau:
    """Verify a seal's text. `confiance`: the certificates, those of the national list (TSL) by default."""
    from tddoc.doc import TwoDDoc

    try:
        doc = TwoDDoc.from_code(texte)
        type_ = doc.header.doc_type()
        quoi = f"{type_.user_type} : {type_.emitter_type}"
        champs = tuple((m.definition.name, _en_mots(m.value)) for m in doc.message.dataset)
    except (ValueError, KeyError, IndexError, AttributeError, TypeError, UnicodeError):
        return Sceau(Verdict.NON_VERIFIABLE, "Le code ne suit pas la spécification.")
    motif = _ce_qui_manque(doc, confiance or certificats())
    return Sceau(Verdict.NON_VERIFIABLE if motif else Verdict.VALIDE, motif, quoi, champs, doc.header.sign_date)


def _ce_qui_manque(doc: "TwoDDoc", confiance: "KeyChain") -> str:
    """Return why a seal is not valid, or nothing. Its certificate is judged on the day of the signature, not today."""
    from cryptography.exceptions import InvalidSignature

    tete = doc.header
    try:
        certificat = confiance.lookup(tete.ca_id, tete.cert_id)
        if not any(confiance._cn(c.subject) == tete.ca_id for c in confiance.certs):  # noqa: SLF001 (it lets a certificate in whose authority it has not)
            return "L'autorité qui a délivré le certificat n'est pas connue de ce poste."
        if tete.sign_date is None or tete.sign_date > datetime.now(UTC).date():
            return "La date de signature manque ou n'est pas encore venue."
        du, au = certificat.not_valid_before_utc, certificat.not_valid_after_utc
        jour = datetime.combine(tete.sign_date, time(), UTC)
        if not du.date() <= jour.date() <= au.date():
            return "Le certificat n'était pas en vigueur le jour de la signature."
        if not doc.signature_is_valid(confiance):
            return "La signature ne correspond pas aux données : elles ont pu être changées."
    except KeyError:
        return "Le certificat n'est pas connu de ce poste : il peut être plus récent que sa liste."
    except (InvalidSignature, ValueError, TypeError):
        return "La signature ou le certificat ne peut pas être lu."
    return ""


@cache
def certificats() -> "KeyChain":
    """Return the certificates shipped, read once: neither the test authority's nor those that somebody left in a folder of his own."""
    from importlib.resources import files

    from tddoc.keychain import KeyChain

    confiance = KeyChain(check_expiry=False)
    for entree in sorted(files("tddoc.chains").iterdir(), key=lambda f: f.name):
        if entree.name.endswith(".der") and not entree.name.startswith(_ESSAI):
            confiance.load_der_blob(entree.read_bytes())
    return confiance


def preparer() -> None:
    """Load what verifies: nothing may be opened any more once the process is confined."""
    import zxingcpp  # noqa: F401 (not to be looked for later)
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: F401 (idem)
    from tddoc.doc import TwoDDoc  # noqa: F401 (idem)

    certificats()


def _en_mots(valeur: object) -> str:
    if isinstance(valeur, bytes):
        return valeur.decode("utf-8", "replace")
    if isinstance(valeur, date):
        return valeur.isoformat()
    return str(valeur).strip()
