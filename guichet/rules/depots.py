"""Where documents go, and what is expected of each kind of paper: data (depots.yaml, pieces.yaml), looked at before a document leaves."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from guichet.ressources import donnees
from guichet.rules.pieces import reperer
from guichet.rules.regles import en_vigueur

_NUMEROTEE = re.compile(r"\bpage\s{0,3}(?:n°\s?)?(\d{1,2})\s{0,3}(?:/|sur|de)\s{0,3}(\d{1,2})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Canal:
    """Where a body takes documents. `octets`: of one document, at most; `formulaire`: code of what is filled in beside it, or nothing; `exclus`: kinds refused."""

    octets: int
    formulaire: str
    exclus: tuple[str, ...]


@dataclass(frozen=True)
class PageVue:
    """What a page says, and whether it may bear several papers' sides."""

    texte: str
    composee: bool


def canal(organisme: str | None, departement: str, le: date) -> Canal:
    """Return where a kind of body, in a department, takes documents on a day."""
    fichier = donnees("depots.yaml")
    version = en_vigueur(fichier, "depots", max(le, min(v["effet_le"] for v in fichier["depots"])))
    lu: Mapping[str, Any] = version["organismes"].get(organisme, version["autre"])
    ici = departement in lu.get("departements", ())
    return Canal(lu["octets"], lu.get("formulaire", "") if ici else "", tuple(lu.get("exclus", ())) if ici else ())


def constater(attendu: Mapping[str, Any], pages: Sequence[PageVue], aujourd_hui: date) -> tuple[str, ...]:
    """Say in words what a document lacks of what is expected of its kind (`attendu`, pieces.yaml); what cannot be read is not held against it."""
    constats = [*_pages_manquantes(pages)]
    dates = [reperer(p.texte).dates for p in pages]
    toutes = sorted(d for de_la_page in dates for d in de_la_page)
    if "faces" in attendu and len(pages) < attendu["faces"] and not any(p.composee for p in pages):
        constats.append("Le recto et le verso sont attendus : une seule page est là.")
    if "mois" in attendu:
        constats += _mois_manquants(attendu["mois"], pages, dates, aujourd_hui)
    passees = [d for d in toutes if d <= aujourd_hui]
    if "age_mois" in attendu and passees and passees[-1] < aujourd_hui - relativedelta(months=attendu["age_mois"]):
        constats.append(f"La date la plus récente lue est le {passees[-1]:%d/%m/%Y} : moins de {attendu['age_mois']} mois sont attendus.")
    if attendu.get("valable") and len(toutes) > 1 and toutes[-1] < aujourd_hui:
        constats.append(f"La date la plus tardive lue est le {toutes[-1]:%d/%m/%Y} : cette pièce semble périmée.")
    return tuple(constats)


def _pages_manquantes(pages: Sequence[PageVue]) -> list[str]:
    """Read « page 2/4 » on the pages; say which are not there, when all agree on how many there are."""
    lus = [(int(n), int(total)) for p in pages for n, total in _NUMEROTEE.findall(p.texte)]
    totaux = {total for n, total in lus if 0 < n <= total}
    if len(totaux) != 1:
        return []
    (total,) = totaux
    absentes = sorted(set(range(1, total + 1)) - {n for n, _ in lus})
    if not absentes or len(pages) >= total:
        return []
    quoi = f"la page {absentes[0]}" if len(absentes) == 1 else "les pages " + ", ".join(map(str, absentes))
    return [f"Il manque {quoi} sur {total}."]


def _mois_manquants(attendus: int, pages: Sequence[PageVue], dates: Sequence[Sequence[date]], aujourd_hui: date) -> list[str]:
    """Tell when fewer months than expected are there: by the latest past date of each page, or by the pages when one has none."""
    mois = {max(passees).replace(day=1) for d in dates if (passees := [x for x in d if x <= aujourd_hui])}
    lisibles = all(any(x <= aujourd_hui for x in d) for d in dates)
    if len(pages) >= attendus and (not lisibles or len(mois) >= attendus):
        return []
    lus = f" ({', '.join(f'{m:%m/%Y}' for m in sorted(mois))})" if mois else ""
    return [f"Les {attendus} derniers mois sont attendus : {len(mois) or len(pages)} là{lus}."]
