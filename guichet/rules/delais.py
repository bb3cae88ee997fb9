"""Whether a request should have been handled by now (LOC-05, SUI-03, B-09)."""

from datetime import date
from enum import StrEnum


class Avancement(StrEnum):
    """How an arrival date stands to the dates a body is working on."""

    DEVRAIT_ETRE_TRAITEE = "devrait_etre_traitee"
    EN_COURS = "en_cours"
    EN_ATTENTE = "en_attente"


def avancement(arrivee: date, arrivees_du: date, arrivees_au: date) -> Avancement:
    """Compare an arrival with the published window, both days included. Waiting means useless to contact (SUI-03)."""
    if arrivee < arrivees_du:
        return Avancement.DEVRAIT_ETRE_TRAITEE
    return Avancement.EN_COURS if arrivee <= arrivees_au else Avancement.EN_ATTENTE
