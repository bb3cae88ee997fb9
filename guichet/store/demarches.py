"""Drafts of démarches, and the person's own rows that a démarche replaces."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from guichet.contract.vues import lisibles
from guichet.models import Contact
from guichet.rules.visiteurs import Vue
from guichet.store.tables import brouillon

_b = brouillon.c


@dataclass(frozen=True)
class Brouillon:
    """What was typed in a form, as it was typed, and when."""

    saisies: Mapping[str, str]
    le: datetime


def lire(connexion: Connection, dossier_id: str, formulaire: str) -> Brouillon | None:
    """Return the draft of a form for a dossier, or None."""
    ligne = connexion.execute(select(_b.saisies, _b.le).where(_b.dossier_id == dossier_id, _b.formulaire == formulaire)).first()
    return Brouillon(ligne.saisies, ligne.le) if ligne is not None else None


def commences(connexion: Connection, dossier_id: str) -> dict[str, datetime]:
    """Return the forms that were begun for a dossier, and when they were last typed in."""
    return dict(connexion.execute(select(_b.formulaire, _b.le).where(_b.dossier_id == dossier_id)).all())


def garder(connexion: Connection, dossier_id: str, formulaire: str, saisies: Mapping[str, str], le: datetime) -> None:
    """Keep a draft in the place of the last one; an empty one is none."""
    oublier(connexion, dossier_id, formulaire)
    if any(saisies.values()):
        connexion.execute(insert(brouillon).values(dossier_id=dossier_id, formulaire=formulaire, saisies=dict(saisies), le=le))


def oublier(connexion: Connection, dossier_id: str, formulaire: str) -> None:
    """Forget a draft."""
    connexion.execute(delete(brouillon).where(_b.dossier_id == dossier_id, _b.formulaire == formulaire))


def contact(connexion: Connection, portee: str, type_: str, vue: Vue) -> Mapping[str, str | None] | None:
    """Return the visitor's own contact of a kind, with its id, or None."""
    requete = lisibles("contact", vue).where(Contact.scope_id == portee, Contact.personne_id == vue.personne_id, Contact.type == type_)
    ligne = connexion.execute(requete.limit(1)).mappings().first()
    return dict(ligne) if ligne is not None else None
