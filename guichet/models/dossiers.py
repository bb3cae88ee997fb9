"""What the organisme knows of a household: written by the centre alone."""

from datetime import date

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from guichet.models.base import JOINT, Portee


class Dossier(Portee):
    """A household's file at one body. `numero` is text: leading zeros count. Amounts in euros for the QF only.

    `numero` was given at the counter while the body has given none (rules.identifiants). `fusionne_dans`: the dossier that took this one's place.
    `ferme_le`: from when it is only read, the household having gone to another body (AUT-12).
    """

    __tablename__ = "dossier"
    __table_args__ = (
        Index(None, "scope_id", "numero"),
        Index("ix_dossier_fusionnes", "scope_id", "fusionne_dans", sqlite_where=JOINT, postgresql_where=JOINT),
    )
    organisme_id: Mapped[str] = mapped_column(String(36))
    organisme_nom: Mapped[str]
    numero: Mapped[str] = mapped_column(String(13))
    foyer_id: Mapped[str] = mapped_column(String(36))
    responsable_id: Mapped[str] = mapped_column(String(36))
    ouvert_le: Mapped[date]
    ferme_le: Mapped[date | None]
    quotient_familial: Mapped[int | None]
    iban: Mapped[str | None] = mapped_column(String(34))
    fusionne_dans: Mapped[str | None] = mapped_column(String(36))


class Membre(Portee):
    """A person's place in a dossier, and whether he may manage it (AUT-02 to AUT-05)."""

    __tablename__ = "membre"
    __table_args__ = (Index(None, "scope_id", "dossier_id"), Index(None, "scope_id", "personne_id"))
    dossier_id: Mapped[str] = mapped_column(String(36))
    personne_id: Mapped[str] = mapped_column(String(36))
    role: Mapped[str] = mapped_column(String(16))
    autorise_le: Mapped[date | None]
    activite: Mapped[str | None]
    activite_depuis: Mapped[date | None]


class Droit(Portee):
    """A right for a month: an amount, or the reason of its absence."""

    __tablename__ = "droit"
    __table_args__ = (Index(None, "scope_id", "dossier_id", "mois"),)
    dossier_id: Mapped[str] = mapped_column(String(36))
    prestation_code: Mapped[str] = mapped_column(String(16))
    mois: Mapped[date]
    etat: Mapped[str] = mapped_column(String(16))
    montant_cents: Mapped[int]
    motif: Mapped[str | None]


class Paiement(Portee):
    """Money sent. Shown over 24 months (PAI-01). `periode_du`, `periode_au`: the months it is for, when it is not the one before (PAI-07)."""

    __tablename__ = "paiement"
    __table_args__ = (Index(None, "scope_id", "dossier_id", "verse_le"),)
    dossier_id: Mapped[str] = mapped_column(String(36))
    verse_le: Mapped[date]
    montant_cents: Mapped[int]
    tiers: Mapped[str | None]
    libelle: Mapped[str | None]
    periode_du: Mapped[date | None]
    periode_au: Mapped[date | None]


class Retenue(Portee):
    """What was kept back from a payment, to reimburse a debt for instance (PAI-14)."""

    __tablename__ = "retenue"
    __table_args__ = (Index(None, "scope_id", "dossier_id"),)
    dossier_id: Mapped[str] = mapped_column(String(36))
    paiement_id: Mapped[str] = mapped_column(String(36))
    libelle: Mapped[str]
    montant_cents: Mapped[int]


class Ressource(Portee):
    """What a member earned in a year, as it is used to reckon the rights (PAI-17)."""

    __tablename__ = "ressource"
    __table_args__ = (Index(None, "scope_id", "dossier_id"),)
    dossier_id: Mapped[str] = mapped_column(String(36))
    personne_id: Mapped[str] = mapped_column(String(36))
    annee: Mapped[int]
    nature: Mapped[str]
    montant_cents: Mapped[int]


class Dette(Portee):
    """What the household owes; shown only when there is one (PAI-13)."""

    __tablename__ = "dette"
    __table_args__ = (Index(None, "scope_id", "dossier_id"),)
    dossier_id: Mapped[str] = mapped_column(String(36))
    prestation_code: Mapped[str] = mapped_column(String(16))
    nee_le: Mapped[date]
    solde_cents: Mapped[int]


class Courrier(Portee):
    """A letter or message, received or sent."""

    __tablename__ = "courrier"
    __table_args__ = (Index(None, "scope_id", "dossier_id", "le"),)
    dossier_id: Mapped[str] = mapped_column(String(36))
    le: Mapped[date]
    sens: Mapped[str] = mapped_column(String(8))
    objet: Mapped[str]
    lu: Mapped[bool]


class Alerte(Portee):
    """What is missing or urgent (MC-04, DOC-13)."""

    __tablename__ = "alerte"
    __table_args__ = (Index(None, "scope_id", "dossier_id"),)
    dossier_id: Mapped[str] = mapped_column(String(36))
    libelle: Mapped[str]
    demandee_le: Mapped[date]
    avant_le: Mapped[date | None]


class Echeance(Portee):
    """A date of the next six months (MC-08)."""

    __tablename__ = "echeance"
    __table_args__ = (Index(None, "scope_id", "dossier_id", "le"),)
    dossier_id: Mapped[str] = mapped_column(String(36))
    le: Mapped[date]
    type: Mapped[str] = mapped_column(String(16))
    libelle: Mapped[str]
