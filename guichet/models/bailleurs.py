"""Landlords, their dwellings, their tenants, what they declare."""

from datetime import date, datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from guichet.models.base import Portee


class Bailleur(Portee):
    """A landlord, named by his SIRET (14 digits)."""

    __tablename__ = "bailleur"
    siret: Mapped[str] = mapped_column(String(14))
    nom: Mapped[str]
    departement: Mapped[str]


class Logement(Portee):
    """A dwelling (BAI-14). `surface` in square metres."""

    __tablename__ = "logement"
    residence: Mapped[str | None]
    adresse: Mapped[str]
    code_postal: Mapped[str] = mapped_column(String(5))
    commune: Mapped[str]
    type: Mapped[str] = mapped_column(String(32))
    surface: Mapped[int]


class Bail(Portee):
    """A lease: from when, for how much. Amounts in cents per month."""

    __tablename__ = "bail"
    logement_id: Mapped[str] = mapped_column(String(36))
    debut: Mapped[date]
    fin: Mapped[date | None]
    loyer_cents: Mapped[int]
    charges_cents: Mapped[int]


class Locataire(Portee):
    """A tenant as his landlord may see him, and nothing more: no NIR, no income (research/domain.md §3.6).

    `loyer_cents` and the address repeat the lease, so that a page of the list is one covering walk.
    """

    __tablename__ = "locataire"
    __table_args__ = (
        Index("ix_locataire_liste", "scope_id", "cle", "id"),
        Index("ix_locataire_attendus", "scope_id", "loyer_etat", "cle", "id"),
        Index("ix_locataire_numero", "scope_id", "numero_allocataire", "cle", "id"),
        Index("ix_locataire_code_postal", "scope_id", "code_postal", "cle", "id"),
    )
    bail_id: Mapped[str] = mapped_column(String(36))
    nom: Mapped[str]
    prenom: Mapped[str]
    cle: Mapped[str]
    numero_allocataire: Mapped[str] = mapped_column(String(13))
    code_postal: Mapped[str] = mapped_column(String(5))
    commune: Mapped[str]
    residence: Mapped[str | None]
    loyer_cents: Mapped[int]
    derniere_al_cents: Mapped[int]
    loyer_etat: Mapped[str] = mapped_column(String(12))


class Declaration(Portee):
    """What a landlord declared for a tenant: a fact, whose state belongs to the centre afterwards."""

    __tablename__ = "declaration"
    __table_args__ = (Index(None, "scope_id", "locataire_id"),)
    locataire_id: Mapped[str] = mapped_column(String(36))
    type: Mapped[str] = mapped_column(String(16))
    mois: Mapped[date]
    loyer_cents: Mapped[int]
    etat: Mapped[str] = mapped_column(String(12))
    saisi_le: Mapped[datetime]
