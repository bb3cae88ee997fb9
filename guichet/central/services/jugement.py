"""What every judge of a fact has: the case before it, what the batch has read, the ways to say yes and no."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from guichet.central.fil import Ecrit, deja_nes, lire_entite
from guichet.central.jetons import AgentConnecte
from guichet.contract import corps
from guichet.contract.codes import Code, Etat
from guichet.contract.sync import Mutation


class RefusOperation(Exception):
    """A rule says no; `detail` is French and says what to do; `serveur`: the fields as the centre has them, by whom and since when."""

    def __init__(
        self, etat: Etat, code: Code, detail: str, serveur: dict[str, Any] | None = None, champ: str = "", auteur: str = "", le: str = ""
    ) -> None:
        super().__init__(detail)
        self.etat, self.code, self.detail, self.serveur = etat, code, detail, serveur or {}
        self.champ, self.auteur, self.le = champ, auteur, le


@dataclass
class Jugement:
    """What an accepted operation writes, and the word for it."""

    ecrits: list[Ecrit] = field(default_factory=list)
    etat: Etat = Etat.APPLIQUE
    detail: str = ""


@dataclass
class Cahier:
    """What a batch has read ahead, and what it has not written yet.

    `le`: the one moment of the batch; `lus`: (type, id) to columns, or None; `cherches`: the identifiers that creations ask for and
    that were looked up; `nes`: those in use.
    """

    le: datetime
    lus: dict[tuple[str, str], dict[str, Any] | None] = field(default_factory=dict)
    cherches: set[str] = field(default_factory=set)
    nes: set[str] = field(default_factory=set)
    historiques: list[dict[str, Any]] = field(default_factory=list)
    journaux: list[dict[str, Any]] = field(default_factory=list)
    joints: Mapping[str, str] = field(default_factory=dict)
    """Dossiers and people who were joined to others, and to whom: what is written of them from afar goes there."""

    def a_part(self) -> "Cahier":
        """Return a copy to judge one act on: it takes this one's place if the act goes through."""
        return Cahier(self.le, dict(self.lus), self.cherches, set(self.nes), list(self.historiques), list(self.journaux), self.joints)


@dataclass(frozen=True)
class Cas:
    """One mutation before its judge."""

    connexion: Connection
    agent: AgentConnecte
    portee: str
    appareil: str
    opid: str
    mutation: Mutation
    cahier: Cahier

    @property
    def valeurs(self) -> dict[str, Any]:
        """The mutation's fields as columns, of the dossier and the person that took the place of those who were joined to them."""
        lues = corps.lire(self.mutation.type, self.mutation.set)
        return lues | {nom: self.cahier.joints.get(lues[nom], lues[nom]) for nom in ("dossier_id", "personne_id") if nom in lues}


Juge = Callable[[Cas, Jugement], None]


def nouveau(cas: Cas, valeurs: dict[str, Any]) -> Ecrit:
    """Write a fact once: a second `new` of the same id, alive or buried, is refused (I7)."""
    if est_ne(cas):
        raise RefusOperation(Etat.CONFLIT, Code.REQUETE_INVALIDE, "Cette saisie est déjà enregistrée au centre.")
    return Ecrit(cas.mutation.type, cas.mutation.id, valeurs)


def est_ne(cas: Cas) -> bool:
    """Tell whether the mutation's identifier is in use, alive or buried."""
    id_ = cas.mutation.id
    if id_ not in cas.cahier.cherches:
        return bool(deja_nes(cas.connexion, cas.mutation.type, cas.portee, [id_]))
    return id_ in cas.cahier.nes


def existant(cas: Cas) -> dict[str, Any]:
    """Return the row that is changed, locked. Raises RefusOperation when it is not there, or no more."""
    cle = (cas.mutation.type, cas.mutation.id)
    if cle not in cas.cahier.lus:
        cas.cahier.lus[cle] = lire_entite(cas.connexion, cle[0], cas.portee, cle[1], verrou=True)
    avant = cas.cahier.lus[cle]
    if avant is not None:
        return avant
    if est_ne(cas):
        raise RefusOperation(Etat.DISPARU, Code.INTROUVABLE, "Ce que vous modifiez a été supprimé au centre.")
    raise RefusOperation(Etat.ABSENT, Code.INTROUVABLE, "Le centre ne trouve pas ce que vous modifiez.")
