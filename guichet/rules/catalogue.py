"""What may be done on line and for whom: the forty-one lines of the Caf's table (B-10, DEM-02; resources/donnees/catalogue.yaml)."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from guichet.models.enums import Qualite
from guichet.ressources import donnees
from guichet.rules.regles import en_vigueur
from guichet.rules.visiteurs import Acte, Vue


@dataclass(frozen=True)
class LigneCatalogue:
    """One démarche: where it may be done, its help sheets, and the acts that a quality must allow.

    `ligne`: its number in the source, which names it; `aussi`: qualities that it is open to though the table's columns do not tell them.
    """

    ligne: int
    section: str
    libelle: str
    na: bool
    alloc: bool
    appli: bool
    fiches: tuple[str, ...]
    aussi: frozenset[Qualite]
    actes: frozenset[Acte]


@dataclass(frozen=True)
class Possible:
    """A line before a visitor. `permis`: the acts of it that he may do, all, some or none."""

    ligne: LigneCatalogue
    permis: frozenset[Acte]


@lru_cache(2)
def catalogue(le: date) -> tuple[LigneCatalogue, ...]:
    """Return the lines of a day, in the order of the table; the first table, before its day."""
    fichier = donnees("catalogue.yaml")
    version = en_vigueur(fichier, "catalogue", max(le, min(v["effet_le"] for v in fichier["catalogue"])))
    return tuple(
        LigneCatalogue(
            x["ligne"], section["libelle"], x["libelle"], x["na"], x["alloc"], x["appli"], tuple(x["fiches"]),
            frozenset(Qualite(q) for q in x.get("aussi", ())), frozenset(Acte(a) for a in x["actes"]),
        )
        for section in version["sections"]
        for x in section["lignes"]
    )  # fmt: skip


def possibles(vue: Vue, le: date) -> tuple[Possible, ...]:
    """Return each line with what of it may be done before a visitor, or by the agent alone."""

    def permis(ligne: LigneCatalogue) -> frozenset[Acte]:
        offerte = ligne.na if vue.qualite is Qualite.NON_ALLOCATAIRE else ligne.alloc
        return ligne.actes & vue.faire if offerte or vue.qualite is None or vue.qualite in ligne.aussi else frozenset()

    return tuple(Possible(ligne, permis(ligne)) for ligne in catalogue(le))
