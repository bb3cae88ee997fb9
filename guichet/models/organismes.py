"""Bodies, their sites and counters, and the agents who work there."""

from datetime import date
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from guichet.models.base import Portee


class Organisme(Portee):
    """A Caf, a CPAM, a France Services operator or a landlord's company."""

    __tablename__ = "organisme"
    code: Mapped[str] = mapped_column(String(32))
    nom: Mapped[str]
    type: Mapped[str] = mapped_column(String(16))
    departement: Mapped[str] = mapped_column(String(3))


class Site(Portee):
    """A place, real or by telephone, where people are received (RDV-09, CTC-07 to CTC-10).

    `horaires`: lines of {libelle, jours, debut, fin, avec}; `modes`: list of Mode; `fuseau`: IANA zone.
    """

    __tablename__ = "site"
    organisme_id: Mapped[str] = mapped_column(String(36))
    nom: Mapped[str]
    adresse: Mapped[str | None]
    code_postal: Mapped[str | None] = mapped_column(String(5))
    commune: Mapped[str | None]
    fuseau: Mapped[str]
    modes: Mapped[list[Any]]
    horaires: Mapped[list[Any]]
    espace_numerique: Mapped[bool]


class Poste(Portee):
    """One counter of a site (a guichet)."""

    __tablename__ = "poste"
    site_id: Mapped[str] = mapped_column(String(36))
    libelle: Mapped[str]


class Agent(Portee):
    """Someone who signs in; `login` is what scripts name him by. Lives in his own `user:` scope."""

    __tablename__ = "agent"
    __table_args__ = (Index(None, "scope_id", "login"),)
    login: Mapped[str] = mapped_column(String(64))
    nom: Mapped[str]
    prenom: Mapped[str]
    fonction: Mapped[str]
    role: Mapped[str] = mapped_column(String(16))
    organisme_id: Mapped[str] = mapped_column(String(36))
    organisme_nom: Mapped[str]
    site_id: Mapped[str | None] = mapped_column(String(36))
    site_nom: Mapped[str]
    poste_libelle: Mapped[str]
    bailleur_id: Mapped[str | None] = mapped_column(String(36))
    voit_nir: Mapped[bool]
    onglets: Mapped[list[Any]]


class Habilitation(Portee):
    """The right of an agent on a scope, for a time. The centre reads it at each request."""

    __tablename__ = "habilitation"
    __table_args__ = (Index(None, "scope_id", "agent_id"),)
    agent_id: Mapped[str] = mapped_column(String(36))
    portee: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(16))
    du: Mapped[date]
    au: Mapped[date | None]
