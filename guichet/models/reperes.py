"""What every counter reads: benefits, processing times, news."""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from guichet.models.base import Portee


class Prestation(Portee):
    """A benefit of the partners' list of 25 (PRO-05)."""

    __tablename__ = "prestation"
    code: Mapped[str] = mapped_column(String(16))
    libelle: Mapped[str]
    thematique: Mapped[str] = mapped_column(String(24))
    parent: Mapped[str | None] = mapped_column(String(16))


class Delai(Portee):
    """The arrival dates a body is working on, by family of requests (LOC-05, SUI-02). Both days included.

    `observe_*`: what the centre saw, in days from arrival to answer: three tiers, of how many answers, reckoned when; empty where it saw too few.
    """

    __tablename__ = "delai"
    organisme_id: Mapped[str] = mapped_column(String(36))
    famille: Mapped[str] = mapped_column(String(16))
    libelle: Mapped[str]
    arrivees_du: Mapped[date]
    arrivees_au: Mapped[date]
    publie_le: Mapped[date]
    observe_rapide: Mapped[int | None]
    observe_moyen: Mapped[int | None]
    observe_lent: Mapped[int | None]
    observe_sur: Mapped[int | None]
    observe_le: Mapped[date | None]


class Actualite(Portee):
    """A piece of news, national or of one département (PRO-07)."""

    __tablename__ = "actualite"
    titre: Mapped[str]
    thematique: Mapped[str] = mapped_column(String(24))
    departement: Mapped[str | None] = mapped_column(String(3))
    publiee_le: Mapped[date]
