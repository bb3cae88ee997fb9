"""People who may be one and the same, and what was decided of them (research/domain.md §3.3)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from guichet.models.base import Portee


class Doublon(Portee):
    """Two people of a scope, each with the dossier where she was found. `score` of 100; `raisons`: why, as rules.doublons words it.

    `fusion_id`: the merge that joined them, which the centre can undo.
    """

    __tablename__ = "doublon"
    __table_args__ = (
        Index(None, "scope_id", "etat"),
        Index(None, "scope_id", "dossier_id"),
        Index(None, "scope_id", "autre_dossier_id"),
    )
    dossier_id: Mapped[str] = mapped_column(String(36))
    personne_id: Mapped[str] = mapped_column(String(36))
    autre_dossier_id: Mapped[str] = mapped_column(String(36))
    autre_id: Mapped[str] = mapped_column(String(36))
    score: Mapped[int]
    raisons: Mapped[list[Any]]
    etat: Mapped[str] = mapped_column(String(16))
    agent_id: Mapped[str | None] = mapped_column(String(36))
    decide_le: Mapped[datetime | None]
    fusion_id: Mapped[str | None] = mapped_column(String(36))
