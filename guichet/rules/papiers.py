"""Which period a paper may cover, and the reference by which the centre vouches for it (PAI-03 to PAI-06, PAI-15)."""

import re
import secrets
import string
from datetime import date, timedelta

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


def periode(type_: TypePapier, du: date, au: date, ouvert_le: date, aujourd_hui: date) -> tuple[date, date]:
    """Return the days that a paper covers: those asked for, or the whole month of `du` for a monthly one. Raises PeriodeRefusee."""
    if type_ is not TypePapier.ATTESTATION_PERIODE:
        du = du.replace(day=1)
        au = min(du + relativedelta(months=1) - timedelta(days=1), aujourd_hui)
    mois = en_vigueur(donnees("regles.yaml"), "papiers", aujourd_hui)["mois"]
    if du > au:
        raise PeriodeRefusee("La période commence après sa fin : inversez les deux dates.")
    if au > aujourd_hui:
        raise PeriodeRefusee("La période finit dans l'avenir : elle va au plus tard jusqu'à aujourd'hui.")
    if au > du + relativedelta(months=mois):
        raise PeriodeRefusee(f"Une attestation couvre au plus {mois} mois, de date à date : raccourcissez la période.")
    debut = (aujourd_hui - relativedelta(months=mois)).replace(day=1)
    if du < debut:
        raise PeriodeRefusee(f"Les paiements sont connus depuis le {debut:%d/%m/%Y} : au-delà, la personne écrit à sa caisse.")
    if au < ouvert_le:
        raise PeriodeRefusee(
            f"Ce dossier est dans ce département depuis le {ouvert_le:%d/%m/%Y} : "
            "pour la période d'avant, la personne demande l'attestation par courriel à sa Caf d'origine."
        )
    return max(du, ouvert_le) if type_ is not TypePapier.ATTESTATION_PERIODE else _entiere(du, ouvert_le), au


def _entiere(du: date, ouvert_le: date) -> date:
    """A period that the person chose is not cut short unseen."""
    if du < ouvert_le:
        raise PeriodeRefusee(
            f"Ce dossier est dans ce département depuis le {ouvert_le:%d/%m/%Y} : commencez ce jour-là, "
            "et demandez le reste par courriel à la Caf d'origine."
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
