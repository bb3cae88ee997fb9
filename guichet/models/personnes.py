"""People, the numbers that name them, how to reach them, whom they live with."""

from datetime import date

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from guichet.models.base import JOINT, Portee


class Personne(Portee):
    """A human being. `cle` is the folded NAME FIRSTNAME that searches and sorts run on (rules.recherche).

    `fusionne_dans`: the person whom this one was found to be.
    """

    __tablename__ = "personne"
    __table_args__ = (Index("ix_personne_fusionnes", "scope_id", "fusionne_dans", sqlite_where=JOINT, postgresql_where=JOINT),)
    nom_naissance: Mapped[str]
    nom_usage: Mapped[str | None]
    prenoms: Mapped[str]
    sexe: Mapped[str] = mapped_column(String(1))
    ne_le: Mapped[date]
    commune_naissance: Mapped[str | None]
    pays_naissance: Mapped[str | None]
    cle: Mapped[str]
    fusionne_dans: Mapped[str | None] = mapped_column(String(36))


class Identifiant(Portee):
    """A number given to a person by a body (NIR of 13 characters, provisional `P` and 8 digits, MSA)."""

    __tablename__ = "identifiant"
    __table_args__ = (Index(None, "scope_id", "personne_id"), Index(None, "scope_id", "valeur"))
    personne_id: Mapped[str] = mapped_column(String(36))
    type: Mapped[str] = mapped_column(String(16))
    valeur: Mapped[str] = mapped_column(String(32))


class Contact(Portee):
    """How a person is reached. Never a key: couples share a telephone and a mailbox (research/domain.md §1.3)."""

    __tablename__ = "contact"
    __table_args__ = (Index(None, "scope_id", "personne_id"),)
    personne_id: Mapped[str] = mapped_column(String(36))
    type: Mapped[str] = mapped_column(String(16))
    valeur: Mapped[str]
    code_postal: Mapped[str | None] = mapped_column(String(5))
    commune: Mapped[str | None]


class Foyer(Portee):
    """A household and its family situation."""

    __tablename__ = "foyer"
    situation: Mapped[str]
    depuis: Mapped[date]
