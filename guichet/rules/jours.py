"""Public holidays and working days, for each territory (Code du travail L3133-1, L3134-13 in Alsace-Moselle, L3422-2 overseas).

Computed by the `holidays` library for any year, never listed.
"""

from datetime import date
from functools import cache

import holidays

_SUBDIVISIONS = {
    "57": "57", "67": "6AE", "68": "6AE", "971": "971", "972": "972", "973": "973", "974": "974", "975": "PM", "976": "976", "977": "BL",
    "978": "MF", "986": "WF", "987": "PF", "988": "NC",
}  # fmt: skip
"""Departments whose holidays are not those of the rest, and their names in the library."""


def est_ferie(jour: date, departement: str = "") -> bool:
    """Tell whether a day is a public holiday in a department; of no department, in most of them."""
    return jour in _feries(departement)


def avancer(depart: date, jours: int, departement: str = "") -> date:
    """Return the so-many-th working day, Monday to Friday, after a day."""
    arrivee: date = _feries(departement).get_nth_working_day(depart, jours)
    return arrivee


def ouvres(du: date, au: date, departement: str = "") -> int:
    """Count the working days that pass from a day to a later one, the first one left out."""
    if au <= du:
        return 0
    feries = _feries(departement)
    return feries.get_working_days_count(du, au) - int(feries.is_working_day(du))


@cache
def _feries(departement: str) -> holidays.HolidayBase:
    return holidays.country_holidays("FR", subdiv=_SUBDIVISIONS.get(departement))
