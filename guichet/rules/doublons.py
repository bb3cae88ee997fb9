"""How much two people look like one and the same, and why (research/domain.md §3.3).

Contacts never count: couples share a telephone and a mailbox. Weights are dated data (regles.yaml).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rapidfuzz.distance import OSA

from guichet.ressources import donnees
from guichet.rules.phonetique import se_ressemblent
from guichet.rules.recherche import plier
from guichet.rules.regles import en_vigueur

_DEFINITIFS = ("1", "2")
"""First digits of a NIR that stays; the others are given while one is being attributed (B-05)."""

NIR_DIFFERENTS = "NIR différents"
"""What no other likeness outweighs."""
CHAMPS = ("nom_naissance", "nom_usage", "prenoms", "sexe", "ne_le", "commune_naissance", "pays_naissance")
"""What of a person a merge chooses, field by field."""


@dataclass(frozen=True)
class Identite:
    """Who somebody is, as far as it is known; `nir` of 13 characters, or empty."""

    nom_naissance: str
    nom_usage: str
    prenoms: str
    sexe: str
    ne_le: date
    commune_naissance: str = ""
    nir: str = ""


@dataclass(frozen=True)
class Ressemblance:
    """`score` of 100, never below 0; `raisons`: what agrees and what does not, in French."""

    score: int
    raisons: tuple[str, ...]


def identite(personne: Mapping[str, Any], nir: str = "") -> Identite:
    """Return who a row of `personne` is."""
    textes = {c: str(personne.get(c) or "") for c in ("nom_naissance", "nom_usage", "prenoms", "sexe", "commune_naissance")}
    return Identite(**textes, ne_le=personne["ne_le"], nir=nir)


def a_signaler(ressemblance: Ressemblance, le: date) -> bool:
    """Tell whether somebody has to look at two people who are so much alike."""
    return ressemblance.score >= int(_poids(le)["a_signaler"])


def comparer(a: Identite, b: Identite, le: date) -> Ressemblance:
    """Weigh what agrees and what does not, by the rule of a day."""
    poids = _poids(le)
    constats = [c for c in (_nir(a, b), _nom(a, b), _prenoms(a, b), _naissance(a, b), _commune(a, b), _sexe(a, b)) if c is not None]
    score = sum(int(poids[cle]) for cle, _ in constats)
    return Ressemblance(max(0, min(100, score)), tuple(raison for _, raison in constats))


def _poids(le: date) -> Any:  # noqa: ANN401 (the shape is the rule's own)
    return en_vigueur(donnees("regles.yaml"), "doublons", le)


def _nir(a: Identite, b: Identite) -> tuple[str, str] | None:
    if not a.nir or not b.nir:
        return None
    if a.nir == b.nir:
        return "nir_egal", "même NIR"
    return ("nir_different", NIR_DIFFERENTS) if a.nir[0] in _DEFINITIFS and b.nir[0] in _DEFINITIFS else None


def _nom(a: Identite, b: Identite) -> tuple[str, str]:
    noms_a, noms_b = ([plier(n) for n in (x.nom_naissance, x.nom_usage) if n] for x in (a, b))
    if noms_a[:1] == noms_b[:1]:
        return "nom_egal", "même nom de naissance"
    if set(noms_a) & set(noms_b):
        return "nom_d_usage_egal", "nom d'usage de l'une, nom de l'autre"
    if any(_proches(x, y) for x in noms_a for y in noms_b):
        return "nom_proche", f"noms proches : {a.nom_naissance.upper()}, {b.nom_naissance.upper()}"
    return "nom_different", "noms différents"


def _prenoms(a: Identite, b: Identite) -> tuple[str, str]:
    premiers_a, premiers_b = (plier(x.prenoms).split() for x in (a, b))
    if premiers_a[:1] == premiers_b[:1]:
        return "prenom_egal", "même premier prénom"
    if set(premiers_a) & set(premiers_b) or any(se_ressemblent(x, y) for x in premiers_a[:1] for y in premiers_b[:1]):
        return "prenom_proche", f"prénoms proches : {a.prenoms}, {b.prenoms}"
    return "prenom_different", "prénoms différents"


def _naissance(a: Identite, b: Identite) -> tuple[str, str]:
    if a.ne_le == b.ne_le:
        return "naissance_egale", "même date de naissance"
    if (a.ne_le.day, a.ne_le.month, a.ne_le.year) == (b.ne_le.month, b.ne_le.day, b.ne_le.year):
        return "naissance_inversee", "jour et mois de naissance inversés"
    if OSA.distance(f"{a.ne_le:%d%m%Y}", f"{b.ne_le:%d%m%Y}", score_cutoff=1) <= 1:
        return "naissance_proche", "dates de naissance à un chiffre près"
    return "naissance_differente", "dates de naissance différentes"


def _commune(a: Identite, b: Identite) -> tuple[str, str] | None:
    if a.commune_naissance and plier(a.commune_naissance) == plier(b.commune_naissance):
        return "commune_egale", "même commune de naissance"
    return None


def _sexe(a: Identite, b: Identite) -> tuple[str, str] | None:
    return ("sexe_different", "sexe différent") if a.sexe and b.sexe and a.sexe != b.sexe else None


def _proches(a: str, b: str) -> bool:
    """Tell whether two folded names are alike, word by word, in their order."""
    mots_a, mots_b = a.split(), b.split()
    return len(mots_a) == len(mots_b) and all(se_ressemblent(x, y) for x, y in zip(mots_a, mots_b, strict=True))
