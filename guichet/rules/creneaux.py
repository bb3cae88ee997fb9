"""Slots of a site: its opening ranges, less holidays and absences."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from guichet.rules.jours import est_ferie


@dataclass(frozen=True)
class Ouverture:
    """A weekly range: ISO week days, the site's own hours, minutes between two starts."""

    jours: tuple[int, ...]
    debut: time
    fin: time
    pas_min: int
    mode: str


@dataclass(frozen=True)
class Fermeture:
    """Days without reception, both included."""

    du: date
    au: date


def horaires(
    ouverture: Ouverture, fermetures: Iterable[Fermeture], du: date, jours: int, fuseau: str
) -> Iterator[tuple[datetime, datetime]]:
    """Yield (start, end) of each slot over `jours` days from `du`, in the site's zone, in order.

    The last start leaves room for a whole slot (research/domain.md §3.1). RDV-17: 20 minutes by default.
    """
    zone = ZoneInfo(fuseau)
    fermetures = tuple(fermetures)
    pas = timedelta(minutes=ouverture.pas_min)
    for ecart in range(jours):
        jour = du + timedelta(days=ecart)
        if jour.isoweekday() not in ouverture.jours or est_ferie(jour) or any(f.du <= jour <= f.au for f in fermetures):
            continue
        debut = datetime.combine(jour, ouverture.debut)
        while debut + pas <= datetime.combine(jour, ouverture.fin):
            yield debut.replace(tzinfo=zone), (debut + pas).replace(tzinfo=zone)
            debut += pas


def fin_de_fenetre(maintenant: datetime, jours_ouvres: int) -> datetime:
    """Return the end of the so-many-th working day from now on, today included if it is one."""
    jour, restants = maintenant.date(), jours_ouvres
    while True:
        if jour.isoweekday() < 6 and not est_ferie(jour):
            restants -= 1
        if restants == 0:
            return datetime.combine(jour + timedelta(days=1), time(), maintenant.tzinfo)
        jour += timedelta(days=1)
