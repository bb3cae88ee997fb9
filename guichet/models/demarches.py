"""What a counter sends for a dossier: requests, the pieces asked for, the documents given."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from guichet.models.base import Portee

OUVERTE = text("etat NOT IN ('traitee', 'refusee')")
"""A request that waits for an answer; worded once, since SQLite uses the index only for the very same words."""

TRAITEE = text("traitee_le IS NOT NULL")


class Demarche(Portee):
    """A request and where it stands. `famille` names its window of processing times (LOC-05); `traitee_le`: when the body answered, as it says."""

    __tablename__ = "demarche"
    __table_args__ = (
        Index(None, "scope_id", "dossier_id", "deposee_le"),
        Index("ix_demarche_ouvertes", "scope_id", "famille", "deposee_le", sqlite_where=OUVERTE, postgresql_where=OUVERTE),
        Index("ix_demarche_traitees", "scope_id", "traitee_le", sqlite_where=TRAITEE, postgresql_where=TRAITEE),
    )
    dossier_id: Mapped[str] = mapped_column(String(36))
    libelle: Mapped[str]
    famille: Mapped[str] = mapped_column(String(16))
    etat: Mapped[str] = mapped_column(String(24))
    deposee_le: Mapped[date]
    traitee_le: Mapped[date | None]
    contenu: Mapped[dict[str, Any] | None]


class Piece(Portee):
    """A paper that the organisme asks for, with the document that answers it once there is one."""

    __tablename__ = "piece"
    __table_args__ = (Index(None, "scope_id", "dossier_id"),)
    dossier_id: Mapped[str] = mapped_column(String(36))
    type: Mapped[str] = mapped_column(String(32))
    demandee_le: Mapped[date]
    document_id: Mapped[str | None] = mapped_column(String(36))


class Document(Portee):
    """A PDF sent from a counter. `sha256` names its bytes; `octets` is their number."""

    __tablename__ = "document"
    __table_args__ = (Index(None, "scope_id", "dossier_id"), Index(None, "scope_id", "sha256"))
    dossier_id: Mapped[str] = mapped_column(String(36))
    visite_id: Mapped[str | None] = mapped_column(String(36))
    type_piece: Mapped[str] = mapped_column(String(32))
    nom: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    octets: Mapped[int]
    pages: Mapped[int]
    etat: Mapped[str] = mapped_column(String(16))
    saisi_le: Mapped[datetime]


class Attestation(Portee):
    """A paper made at a counter, that the centre can vouch for: `contenu` is what it says, for who verifies it by `reference`."""

    __tablename__ = "attestation"
    __table_args__ = (Index(None, "scope_id", "dossier_id"),)
    dossier_id: Mapped[str] = mapped_column(String(36))
    type: Mapped[str] = mapped_column(String(24))
    reference: Mapped[str] = mapped_column(String(20))
    du: Mapped[date]
    au: Mapped[date]
    emise_le: Mapped[datetime]
    contenu: Mapped[dict[str, Any]]
