"""What a paper's words suggest: its kind, and the numbers and dates that are in it. Suggestions only: somebody looks at the paper."""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from rapidfuzz import fuzz

from guichet.rules.identifiants import IdentifiantRefuse, iban_verifie, nir_verifie
from guichet.rules.recherche import plier

_LUE = 90.0
"""How alike, of 100, an expression must be to what was read: a reader takes one letter for another."""
_TITRE, _ASSEZ = 3, 2
_HAUT = 400
"""Letters of the top of a page, where its title is; further down, it is another paper's that is spoken of."""
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
_NIR = re.compile(r"\b[1-478] ?\d\d ?\d\d ?\d[\dAB] ?\d{3} ?\d{3} ?\d\d\b")
_DATE = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b")


@dataclass(frozen=True)
class Trouvailles:
    """Numbers whose keys are right, and dates that exist, in the order of the paper, each once."""

    ibans: tuple[str, ...]
    nirs: tuple[str, ...]
    dates: tuple[date, ...]


def suggerer(texte: str, connus: Iterable[Mapping[str, Any]]) -> str:
    """Return the code of the likeliest kind of paper, or nothing. `connus`: code, titres, indices of each (pieces.yaml)."""
    return peser(texte, connus)[0]


def peser(texte: str, connus: Iterable[Mapping[str, Any]]) -> tuple[str, bool]:
    """Return the code of the likeliest kind of paper, or nothing, and whether it is plain: a title at the top, or three words of it."""
    lu = plier(texte).lower()
    if not lu:
        return "", False
    comptes = [
        (_TITRE * _presentes(lu[:_HAUT], x["titres"]) + _presentes(lu[_HAUT:], x["titres"]) + _presentes(lu, x["indices"]), x["code"])
        for x in connus
    ]  # fmt: skip
    mieux, code = max(comptes, key=lambda c: c[0])
    return (str(code), mieux >= _TITRE) if mieux >= _ASSEZ else ("", False)


def nommer(libelle: str, precision: str, dates: Iterable[date], aujourd_hui: date) -> str:
    """Return a name for a paper: its kind, and the month or year of the latest date on it that is past. `precision`: mois, annee or nothing."""
    passees = [d for d in dates if d <= aujourd_hui]
    if not passees or not precision:
        return libelle
    derniere = max(passees)
    return f"{libelle} {derniere:%Y}" if precision == "annee" else f"{libelle} {derniere:%Y-%m}"


def _presentes(lu: str, expressions: Sequence[str]) -> int:
    return sum(f" {x} " in f" {lu} " or (11 < len(x) < len(lu) and fuzz.partial_ratio(x, lu, score_cutoff=_LUE) > 0) for x in expressions)


def reperer(texte: str) -> Trouvailles:
    """Return the IBANs, the NIRs and the dates of a paper."""
    ibans, nirs, dates = dict[str, None](), dict[str, None](), dict[date, None]()
    for lu in _IBAN.findall(texte):
        with suppress(IdentifiantRefuse):
            ibans[iban_verifie(lu)] = None
    for lu in _NIR.findall(texte):
        with suppress(IdentifiantRefuse):
            nirs[nir_verifie(lu)] = None
    for jour, mois, annee in _DATE.findall(texte):
        with suppress(ValueError):
            dates[date(int(annee), int(mois), int(jour))] = None
    return Trouvailles(tuple(ibans), tuple(nirs), tuple(dates))
