"""Mandates: for how long, what for, and what the paper's fingerprint is made of (research/domain.md §3.4)."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta

from guichet.models.enums import Qualite
from guichet.ressources import donnees
from guichet.rules.regles import en_vigueur
from guichet.rules.visiteurs import Acte, vue_visiteur


class MandatRefuse(ValueError):
    """Such a mandate cannot be given; the text says in French why."""


def regle(le: date) -> Any:  # noqa: ANN401 (the shape is the rule's own)
    """Return the rule of mandates of a day."""
    return en_vigueur(donnees("regles.yaml"), "mandats", le)


def permis(le: date) -> tuple[Acte, ...]:
    """Return the acts that may be given: what the responsable of a dossier may do, less the giving itself and what needs no mandate."""
    siens = vue_visiteur(Qualite.ALLOCATAIRE, "", le).faire
    return tuple(a for a in Acte if a in siens and a not in (Acte.AUTORISER, Acte.TELEPHONER))


def expiration(debute_le: date, jours: int) -> date:
    """Return the last day of a mandate of so many days. Raises MandatRefuse for another length than those of the rule."""
    if jours not in regle(debute_le)["durees_jours"]:
        raise MandatRefuse("Un mandat dure 1, 31, 182 ou 365 jours.")
    return debute_le + timedelta(days=jours - 1)


def exiger_majeur(ne_le: date, le: date) -> None:
    """Raise MandatRefuse for a minor, who cannot give one."""
    if ne_le + relativedelta(years=regle(le)["majorite_ans"]) > le:
        raise MandatRefuse("Une personne mineure ne peut pas donner de mandat : son représentant fait les démarches.")


def empreinte(mandataire: str, personne_id: str, debute_le: date, expire_le: date, actes: Iterable[str]) -> str:
    """Return the fingerprint that the paper bears: reckoned again from what is kept, it says whether that is what was signed."""
    ecrit = json.dumps(
        [mandataire, personne_id, debute_le.isoformat(), expire_le.isoformat(), sorted(actes)], ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(ecrit.encode()).hexdigest()
