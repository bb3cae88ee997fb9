"""The rights and the payments of the Assurance Maladie, as its dossiers name them (AMC-11; resources/donnees/assurance_maladie.yaml)."""

from dataclasses import dataclass
from datetime import date

from guichet.ressources import donnees
from guichet.rules.regles import en_vigueur


@dataclass(frozen=True)
class Nature:
    """A kind of payment. `ij`: daily allowances; `imposable_pct`: the part that income tax takes, in percent."""

    libelle: str
    ij: bool
    imposable_pct: int


def natures(le: date) -> dict[str, Nature]:
    """Return the kinds of payments that are known on a day, by their words."""
    version = en_vigueur(donnees("assurance_maladie.yaml"), "versements", le)
    return {n["libelle"]: Nature(n["libelle"], n.get("ij", False), n["imposable_pct"]) for n in version["natures"]}


def nom_du_droit(code: str) -> str:
    """Return a right's name; its code when it has none here."""
    return str(donnees("assurance_maladie.yaml")["droits"].get(code, code))
