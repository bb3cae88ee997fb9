"""Which papers a body gives, which days they may cover, and the reference by which the centre vouches for them (PAI-03 to PAI-06, PAI-15, AMC-13)."""

import re
import secrets
import string
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from guichet.models.enums import TypePapier
from guichet.ressources import donnees
from guichet.rules.regles import en_vigueur

_SIGNES = "".join(c for c in string.digits + string.ascii_uppercase if c not in "ILOU")
"""Crockford's base 32: no I, L, O nor U, which are mistaken for others."""
_LONGUEUR = 20
"""A hundred bits: nobody finds a paper by trying."""
_CONFONDUS = str.maketrans("OIL", "011")
_REFERENCE = re.compile(f"[{_SIGNES}]{{{_LONGUEUR}}}")


class PeriodeRefusee(ValueError):
    """A paper cannot cover that period; the text says in French why, and what to do."""


class Etendue(StrEnum):
    """What days a paper is about."""

    JOUR = "jour"
    MOIS = "mois"
    ANNEE = "annee"
    PERIODE = "periode"


@dataclass(frozen=True)
class Offre:
    """A paper that a body gives: what it covers, and how many months back it goes, date to date; 0 for one of the day."""

    type: TypePapier
    couvre: Etendue
    mois: int

    def choix(self, aujourd_hui: date) -> list[date]:
        """Return the first days of the months, or of the whole years, that it may be about, latest first; none when it is not about one."""
        debut = _debut(self, aujourd_hui)
        if self.couvre is Etendue.ANNEE:
            return [jour for annee in range(aujourd_hui.year - 1, debut.year - 1, -1) if (jour := date(annee, 1, 1)) >= debut]
        if self.couvre is Etendue.MOIS:
            return [aujourd_hui.replace(day=1) - relativedelta(months=recul) for recul in range(self.mois + 1)]
        return []


def offres(organisme: str | None, le: date) -> tuple[Offre, ...]:
    """Return the papers that a kind of body gives on a day, in their order; those of the first list, before its day."""
    fichier = donnees("papiers.yaml")
    version = en_vigueur(fichier, "papiers", max(le, min(v["effet_le"] for v in fichier["papiers"])))
    papiers = version["organismes"].get(organisme, version["autre"])
    return tuple(Offre(TypePapier(type_), Etendue(x["couvre"]), x.get("mois", 0)) for type_, x in papiers.items())


def _debut(offre: Offre, aujourd_hui: date) -> date:
    return (aujourd_hui - relativedelta(months=offre.mois)).replace(day=1)


def _jours(offre: Offre, du: date, au: date, aujourd_hui: date) -> tuple[date, date]:
    if offre.couvre is Etendue.MOIS:
        return du.replace(day=1), min(du.replace(day=1) + relativedelta(months=1) - timedelta(days=1), aujourd_hui)
    if offre.couvre is Etendue.ANNEE:
        return date(du.year, 1, 1), date(du.year, 12, 31)
    return du, au


def periode(offre: Offre, du: date, au: date, ouvert_le: date, aujourd_hui: date) -> tuple[date, date]:
    """Return the days that a paper covers: those asked for, or the whole month or year of `du`. Raises PeriodeRefusee."""
    if offre.couvre is Etendue.JOUR:
        return aujourd_hui, aujourd_hui
    du, au = _jours(offre, du, au, aujourd_hui)
    if du > au:
        raise PeriodeRefusee("La période commence après sa fin : inversez les deux dates.")
    if au > aujourd_hui:
        raise PeriodeRefusee("La période finit dans l'avenir : elle va au plus tard jusqu'à aujourd'hui.")
    if au > du + relativedelta(months=offre.mois):
        raise PeriodeRefusee(f"Une attestation couvre au plus {offre.mois} mois, de date à date : raccourcissez la période.")
    if du < (debut := _debut(offre, aujourd_hui)):
        raise PeriodeRefusee(f"Les paiements sont connus depuis le {debut:%d/%m/%Y} : au-delà, la personne écrit à sa caisse.")
    if au < ouvert_le:
        raise PeriodeRefusee(
            f"Ce dossier est dans ce département depuis le {ouvert_le:%d/%m/%Y} : "
            "pour la période d'avant, la personne demande l'attestation par courriel à sa caisse d'origine."
        )
    return max(du, ouvert_le) if offre.couvre is not Etendue.PERIODE else _entiere(du, ouvert_le), au


def _entiere(du: date, ouvert_le: date) -> date:
    """A period that the person chose is not cut short unseen."""
    if du < ouvert_le:
        raise PeriodeRefusee(
            f"Ce dossier est dans ce département depuis le {ouvert_le:%d/%m/%Y} : commencez ce jour-là, "
            "et demandez le reste par courriel à la caisse d'origine."
        )
    return du


def nouvelle_reference() -> str:
    """Return a reference that nobody has and nobody guesses."""
    return "".join(secrets.choice(_SIGNES) for _ in range(_LONGUEUR))


def lisible(reference: str) -> str:
    """Write a reference by groups of four, to be read aloud or typed."""
    return "-".join(reference[i : i + 4] for i in range(0, _LONGUEUR, 4))


def lire_reference(texte: str) -> str | None:
    """Read a reference as it is typed: any case, spaces and dashes, letters taken for figures; None when it cannot be one."""
    propre = re.sub(r"[\s.-]", "", texte).upper().translate(_CONFONDUS)
    return propre if _REFERENCE.fullmatch(propre) else None
