"""Mandates: what a person lets a counter do in her name, act by act, for a time (research/domain.md §3.4)."""

from datetime import date, datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from guichet.models.base import Portee


class Mandat(Portee):
    """A paper signed by the person. `expire_le`: the last day it holds; `empreinte`: the hash of what it says; `document_id`: its signed scan."""

    __tablename__ = "mandat"
    __table_args__ = (Index(None, "scope_id", "dossier_id"), Index(None, "scope_id", "expire_le"))
    dossier_id: Mapped[str] = mapped_column(String(36))
    personne_id: Mapped[str] = mapped_column(String(36))
    agent_id: Mapped[str] = mapped_column(String(36))
    mandataire: Mapped[str]
    preuve: Mapped[str]
    signe_le: Mapped[datetime]
    debute_le: Mapped[date]
    expire_le: Mapped[date]
    empreinte: Mapped[str] = mapped_column(String(64))
    document_id: Mapped[str | None] = mapped_column(String(36))


class Autorisation(Portee):
    """One act that a mandate lets be done, until it is taken back."""

    __tablename__ = "autorisation"
    __table_args__ = (Index(None, "scope_id", "dossier_id"), Index(None, "scope_id", "mandat_id"))
    dossier_id: Mapped[str] = mapped_column(String(36))
    mandat_id: Mapped[str] = mapped_column(String(36))
    acte: Mapped[str] = mapped_column(String(32))
    revoquee_le: Mapped[datetime | None]
