"""Whether a request should have been handled by now (LOC-05, SUI-03, B-09)."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from math import ceil
from typing import NamedTuple

from guichet.rules.jours import avancer, ouvres


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


class Publication(NamedTuple):
    """The arrival dates that a body is working on, both included, and the day it said so."""

    du: date
    au: date
    publie_le: date


class Observation(NamedTuple):
    """How long answers really took, in days: three tiers, of how many answers, reckoned when."""

    rapide: int
    moyen: int
    lent: int
    sur: int
    le: date


def observer(durees: Sequence[int], paliers_pct: Sequence[int], au_moins: int, le: date) -> Observation | None:
    """Return the durations within which each share of the answers came (nearest rank), or None when there are too few to tell."""
    if len(durees) < au_moins:
        return None
    triees = sorted(durees)
    rapide, moyen, lent = (triees[ceil(len(triees) * p / 100) - 1] for p in paliers_pct)
    return Observation(rapide, moyen, lent, len(triees), le)


def reponse_attendue(arrivee: date, publication: Publication, departement: str = "") -> tuple[date, date]:
    """Return between which days an answer may be expected, were the body to keep its pace: an estimate, never a promise.

    The pace: the working days between the dates it works on and the day it published them.
    """
    au_plus_tot, au_plus_tard = (ouvres(jour, publication.publie_le, departement) for jour in (publication.au, publication.du))
    return avancer(arrivee, au_plus_tot, departement), avancer(arrivee, au_plus_tard, departement)


def en_retard(arrivee: date, publication: Publication, aujourd_hui: date, tolerance: int, departement: str = "") -> bool:
    """Tell whether an answer is late by more than so many working days (SUI-03; research/domain.md §3.7)."""
    _, au_plus_tard = reponse_attendue(arrivee, publication, departement)
    return aujourd_hui > avancer(au_plus_tard, tolerance, departement)


def dernier_retard(depuis: date, publication: Publication, aujourd_hui: date, tolerance: int, departement: str = "") -> date | None:
    """Return the latest arrival since a day whose answer is late, or None: all that came before it are late too."""
    jours = [depuis + timedelta(days=n) for n in range((aujourd_hui - depuis).days + 1)]
    rang = bisect_left(jours, True, key=lambda jour: not en_retard(jour, publication, aujourd_hui, tolerance, departement))
    return jours[rang - 1] if rang else None
