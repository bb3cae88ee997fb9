"""Is this paper true? Asked by whoever was given one: by its QR code, or by typing its reference."""

from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response, get
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery

from guichet.central.api.html import page
from guichet.central.services import papiers
from guichet.models.enums import TypePapier
from guichet.rules.papiers import lire_reference, lisible

_TITRES = {
    TypePapier.ATTESTATION_PAIEMENT: "Attestation de paiement", TypePapier.ATTESTATION_QUOTIENT: "Attestation de quotient familial",
    TypePapier.ATTESTATION_PERIODE: "Attestation de paiement sur une période", TypePapier.RELEVE: "Relevé de compte",
    TypePapier.ATTESTATION_DROITS: "Attestation de droits", TypePapier.ATTESTATION_IJ: "Attestation de paiement d'indemnités journalières",
    TypePapier.RELEVE_FISCAL: "Relevé fiscal",
}  # fmt: skip
_PARIS = ZoneInfo("Europe/Paris")


@get("/verifier", opt={"public": True}, include_in_schema=False, sync_to_thread=True)
def demander(state: State, reference: FromQuery[str] = "") -> Response[Any]:
    """Ask for a reference, or answer for the one that was typed."""
    return _repondre(state, reference) if reference.strip() else page("verification.html")


@get("/verifier/{reference:str}", opt={"public": True}, include_in_schema=False, sync_to_thread=True)
def verifier(state: State, reference: FromPath[str]) -> Response[Any]:
    """Say what the centre knows of a paper; 404 when it knows none of that reference."""
    return _repondre(state, reference)


def _repondre(state: State, saisie: str) -> Response[Any]:
    reference = lire_reference(saisie)
    if reference is None:
        return page("verification.html", 400, erreur="Cette référence n'a pas vingt signes : relisez-la sur le document.", saisie=saisie)
    with state.centre.base.lecture() as connexion:
        papier = papiers.verifier(connexion, reference)
    if papier is None:
        return page(
            "verification.html", 404, saisie=saisie,
            erreur="Aucun document n'a cette référence. S'il vient d'être remis, réessayez dans quelques heures : le poste était peut-être sans réseau.",
        )  # fmt: skip
    return page(
        "verification.html", papier=papier, titre=_TITRES[TypePapier(papier["type"])], reference=lisible(reference),
        emise_le=papier["emise_le"].astimezone(_PARIS),
    )  # fmt: skip
