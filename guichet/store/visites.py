"""Visits of this workstation."""

from typing import Any

from sqlalchemy import Connection, and_, exists, select

from guichet.models import Dossier, Membre, Personne, Visite
from guichet.store.tables import coffre, curseur


def ouverte(connexion: Connection, portee: str, agent_id: str) -> Any:  # noqa: ANN401 (a row of the columns below, or None)
    """Return the agent's open visit with the visitor's name, and the number and end of his dossier, which who has none does not have, or None."""
    return connexion.execute(
        select(Visite.__table__, Personne.nom_naissance, Personne.prenoms, Dossier.numero, Dossier.ferme_le)
        .outerjoin(Personne, and_(Personne.scope_id == Visite.scope_id, Personne.id == Visite.personne_id))
        .outerjoin(Dossier, and_(Dossier.scope_id == Visite.scope_id, Dossier.id == Visite.dossier_id))
        .where(Visite.scope_id == portee, Visite.agent_id == agent_id, Visite.fermee_le.is_(None))
        .order_by(Visite.ouverte_le.desc())
        .limit(1)
    ).first()


QUELQU_UN = exists().where(
    Visite.scope_id.in_(select(curseur.c.scope_id)),
    Visite.agent_id == select(coffre.c.agent_id).scalar_subquery(),
    Visite.fermee_le.is_(None),
)
"""Whether somebody stands in front of the agent of this vault. Made once: it is asked at each keystroke."""


def en_cours(connexion: Connection) -> bool:
    """Tell whether somebody stands in front of the agent of this vault."""
    return bool(connexion.scalar(select(QUELQU_UN)))


def membre(connexion: Connection, portee: str, dossier_id: str, personne_id: str) -> Any:  # noqa: ANN401 (a row of these columns, or None)
    """Return a person's place in a dossier (role, autorise_le), his name and birth, or None when he has none there."""
    return connexion.execute(
        select(Membre.role, Membre.autorise_le, Personne.nom_naissance, Personne.prenoms, Personne.ne_le)
        .join(Personne, and_(Personne.scope_id == Membre.scope_id, Personne.id == Membre.personne_id))
        .where(Membre.scope_id == portee, Membre.dossier_id == dossier_id, Membre.personne_id == personne_id)
        .limit(1)
    ).first()
