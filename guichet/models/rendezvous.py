"""Appointments: why, when, where, and who holds the slot."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Index, String, Time, text
from sqlalchemy.orm import Mapped, mapped_column

from guichet.models.base import Portee


class Motif(Portee):
    """Why a person comes (RDV-05): the nine codes of the Caf, with gaps kept. `duree_min` in minutes."""

    __tablename__ = "motif"
    code: Mapped[str] = mapped_column(String(4))
    libelle: Mapped[str]
    duree_min: Mapped[int]
    a_apporter: Mapped[str]


class Plage(Portee):
    """When a site receives, week after week: `jours` are ISO week days (1 is Monday), hours are the site's own."""

    __tablename__ = "plage"
    site_id: Mapped[str] = mapped_column(String(36))
    mode: Mapped[str] = mapped_column(String(12))
    jours: Mapped[list[Any]]
    debut: Mapped[time] = mapped_column(Time)
    fin: Mapped[time] = mapped_column(Time)
    pas_min: Mapped[int]


class Absence(Portee):
    """Days, both included, on which a site receives nobody."""

    __tablename__ = "absence"
    site_id: Mapped[str] = mapped_column(String(36))
    du: Mapped[date]
    au: Mapped[date]
    libelle: Mapped[str]


class Creneau(Portee):
    """A slot: a generated row, taken by compare-and-set, or by the device that owns it (design/sync.md §7).

    `own_no` grows each time the owner changes and outlives him; `own_until` is when an unreachable owner may be looked into.
    """

    __tablename__ = "creneau"
    __table_args__ = (Index(None, "scope_id", "etat", "debut"),)
    site_id: Mapped[str] = mapped_column(String(36))
    debut: Mapped[datetime]
    fin: Mapped[datetime]
    mode: Mapped[str] = mapped_column(String(12))
    etat: Mapped[str] = mapped_column(String(8))
    own_device: Mapped[str | None] = mapped_column(String(36))
    own_no: Mapped[int | None]
    own_until: Mapped[datetime | None]


class RendezVous(Portee):
    """A request for a slot and its outcome. No name here: the agenda is read by every desk of the body.

    `dossier_id` points to a row of another scope, by value only. `alternatives`: ids of free slots, when refused.
    `own_no`: the right under which a workstation confirmed it while offline.
    """

    __tablename__ = "rendez_vous"
    __table_args__ = (
        Index(None, "scope_id", "dossier_id"), Index(None, "scope_id", "visite_id"), Index(None, "scope_id", "creneau_id", "etat"),
    )  # fmt: skip
    creneau_id: Mapped[str] = mapped_column(String(36))
    motif_code: Mapped[str] = mapped_column(String(4))
    dossier_id: Mapped[str | None] = mapped_column(String(36))
    visite_id: Mapped[str | None] = mapped_column(String(36))
    etat: Mapped[str] = mapped_column(String(12))
    alternatives: Mapped[list[Any] | None]
    saisi_le: Mapped[datetime]
    own_no: Mapped[int | None]


class Reservation(Portee):
    """Who holds a slot. The unique index is the second lock behind the compare-and-set (invariant I11)."""

    __tablename__ = "reservation"
    __table_args__ = (
        Index(
            "uq_reservation_vivante", "scope_id", "creneau_id", unique=True,
            sqlite_where=text("vivante"), postgresql_where=text("vivante"),
        ),
    )  # fmt: skip
    creneau_id: Mapped[str] = mapped_column(String(36))
    rendez_vous_id: Mapped[str] = mapped_column(String(36))
    vivante: Mapped[bool]
