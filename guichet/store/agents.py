"""Whose vault this is: the agent, his place, his scopes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from guichet.models import Agent, Poste
from guichet.store.tables import coffre, curseur


@dataclass(frozen=True)
class AgentLocal:
    """The agent of this vault and what he may open."""

    id: str
    portee: str
    nom: str
    fonction: str
    organisme_id: str
    organisme_nom: str
    site_id: str | None
    site_nom: str
    poste_libelle: str
    role: str
    bailleur: bool
    voit_nir: bool
    onglets: tuple[str, ...]
    travail: str
    agenda: str


def agent(connexion: Connection) -> AgentLocal | None:
    """Return the agent, or None before the first synchronisation."""
    ligne = connexion.execute(select(Agent.__table__).join(coffre, coffre.c.agent_id == Agent.id)).first()
    if ligne is None:
        return None
    portees: dict[str, str] = dict(connexion.execute(select(curseur.c.genre, curseur.c.scope_id)).all())
    return AgentLocal(
        ligne.id, ligne.scope_id, f"{ligne.prenom} {ligne.nom}", ligne.fonction, ligne.organisme_id, ligne.organisme_nom,
        ligne.site_id, ligne.site_nom, ligne.poste_libelle, ligne.role, ligne.bailleur_id is not None, ligne.voit_nir, tuple(ligne.onglets),
        portees.get("bailleur") or portees.get("site", ""), portees.get("agenda", ""),
    )  # fmt: skip


def guichets_du_site(connexion: Connection, site_id: str) -> int:
    """Count the counters of a site, which share what it hands over."""
    return connexion.scalar(select(func.count()).select_from(Poste).where(Poste.site_id == site_id)) or 0


def noter_synchronisation(connexion: Connection, le: datetime, ecart_s: int | None) -> None:
    """Note when everything was last in step, and how far ahead of ours the centre's clock was."""
    connexion.execute(update(coffre).values(sync_le=le, ecart_horloge_s=ecart_s))


def synchronise_le(connexion: Connection) -> datetime | None:
    """Return when everything was last in step."""
    le: datetime | None = connexion.execute(select(coffre.c.sync_le)).scalar_one()
    return le
