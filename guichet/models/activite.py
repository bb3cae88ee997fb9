"""What happened at the counter: visits, and the journal of who looked at what."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from guichet.models.base import Portee


class Visite(Portee):
    """A person in front of the agent, from his identification to his leaving (design/interface.md).

    `personne_id`: for whom he stands; `visiteur`: his own name, when he is not that person (a guardian, a proxy).
    """

    __tablename__ = "visite"
    __table_args__ = (
        Index(None, "scope_id", "dossier_id"),
        Index(
            "ix_visite_ouvertes", "scope_id", "agent_id", sqlite_where=text("fermee_le IS NULL"),
            postgresql_where=text("fermee_le IS NULL"),
        ),
    )  # fmt: skip
    agent_id: Mapped[str] = mapped_column(String(36))
    dossier_id: Mapped[str | None] = mapped_column(String(36))
    personne_id: Mapped[str | None] = mapped_column(String(36))
    qualite: Mapped[str] = mapped_column(String(24))
    visiteur: Mapped[str | None]
    preuve: Mapped[str]
    ouverte_le: Mapped[datetime]
    fermee_le: Mapped[datetime | None]


class Avis(Portee):
    """A word to an agent: somebody replaced what he had written (design/sync.md §6), or broke the glass of a dossier.

    Read by `agent_id` alone, or by the scope's responsables when it is RESPONSABLES.
    """

    __tablename__ = "avis"
    __table_args__ = (Index(None, "scope_id", "agent_id"),)
    agent_id: Mapped[str] = mapped_column(String(36))
    cible_type: Mapped[str] = mapped_column(String(16))
    cible_id: Mapped[str] = mapped_column(String(36))
    champ: Mapped[str] = mapped_column(String(32))
    avant: Mapped[str | None]
    apres: Mapped[str | None]
    auteur: Mapped[str]
    le: Mapped[datetime]
    lu_le: Mapped[datetime | None]


RESPONSABLES = "responsables"
BRIS_DE_GLACE = "bris_de_glace"
"""The action of the journal by which an agent says why he must see in clear what a mask hides."""


class Journal(Portee):
    """One line of the access journal: who did what to what, and why; never the content. Goes up, never comes down.

    `appareil`, `rang`, `maillon`: the workstation's own chain (rules.journal). `auteur`: the agent's name, for who reads it at the centre.
    """

    __tablename__ = "journal"
    __table_args__ = (Index(None, "scope_id", "le"),)
    agent_id: Mapped[str] = mapped_column(String(36))
    le: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(32))
    objet: Mapped[str]
    motif: Mapped[str | None]
    appareil: Mapped[str | None] = mapped_column(String(36))
    rang: Mapped[int | None] = mapped_column(BigInteger)
    maillon: Mapped[str | None] = mapped_column(String(64))
    auteur: Mapped[str | None]
