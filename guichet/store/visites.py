"""Visits of this workstation."""

from typing import Any

from sqlalchemy import Connection, and_, select

from guichet.models import Dossier, Personne, Visite


def ouverte(connexion: Connection, portee: str, agent_id: str) -> Any:  # noqa: ANN401 (a row of the columns below, or None)
    """Return the agent's open visit with the visitor's name and dossier number, or None."""
    return connexion.execute(
        select(Visite.__table__, Personne.nom_naissance, Personne.prenoms, Dossier.numero)
        .join(Personne, and_(Personne.scope_id == Visite.scope_id, Personne.id == Visite.personne_id))
        .join(Dossier, and_(Dossier.scope_id == Visite.scope_id, Dossier.id == Visite.dossier_id))
        .where(Visite.scope_id == portee, Visite.agent_id == agent_id, Visite.fermee_le.is_(None))
        .order_by(Visite.ouverte_le.desc())
        .limit(1)
    ).first()
