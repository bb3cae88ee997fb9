"""A landlord's tenants: counted and read by windows on covering indexes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, literal, select

from guichet.models import Bail, Bailleur, Declaration, Locataire, Logement
from guichet.models.enums import EtatDeclaration, EtatLoyer
from guichet.rules.recherche import cle_de_tri
from guichet.store.sortie import A_REVOIR
from guichet.store.tables import sortie

_AU_DELA = "\U0010ffff"


@dataclass(frozen=True)
class Criteres:
    """The filters of BAI-08; `attendus`: only those whose July rent is expected; texts are beginnings."""

    attendus: bool = False
    nom: str = ""
    numero: str = ""
    code_postal: str = ""


@dataclass(frozen=True)
class LigneLocataire:
    """One line of the list. Amounts in cents; `etat_loyer`: EtatLoyer, the state of what was declared here, or `a_revoir`."""

    id: str
    nom: str
    prenom: str
    numero_allocataire: str
    code_postal: str
    commune: str
    residence: str | None
    loyer_cents: int
    derniere_al_cents: int
    etat_loyer: str


@dataclass(frozen=True)
class FicheLocataire:
    """What the card shows (BAI-14)."""

    ligne: LigneLocataire
    adresse: str
    type_logement: str
    surface: int
    depuis: date
    charges_cents: int


def compter(connexion: Connection, portee: str, criteres: Criteres) -> int:
    """Count the tenants of a filter."""
    return int(connexion.scalar(select(func.count()).select_from(Locataire).where(*_conditions(portee, criteres))) or 0)


def lire(connexion: Connection, portee: str, criteres: Criteres, debut: int, nombre: int) -> Sequence[LigneLocataire]:
    """Return a window of the sorted list: the ids from a covering index, then their rows by key.

    In two steps: joined, SQLite may choose to walk every tenant in order and look each up among the ids.
    """
    voulus = select(Locataire.id).where(*_conditions(portee, criteres)).order_by(Locataire.cle, Locataire.id)
    ids = connexion.scalars(voulus.limit(nombre).offset(debut)).all()
    lus = {x.id: LigneLocataire(*x) for x in connexion.execute(_lignes(portee).where(Locataire.id.in_(ids)))}
    return [lus[id_] for id_ in ids]


def identifiants(connexion: Connection, portee: str, criteres: Criteres) -> frozenset[str]:
    """Return every tenant of a filter, for « Tout sélectionner »."""
    return frozenset(connexion.scalars(select(Locataire.id).where(*_conditions(portee, criteres))))


def fiche(connexion: Connection, portee: str, id_: str) -> FicheLocataire | None:
    """Return one tenant's card, or None when he is not this landlord's."""
    ligne = connexion.execute(_lignes(portee).where(Locataire.id == id_)).first()
    if ligne is None:
        return None
    detail = connexion.execute(
        select(Logement.adresse, Logement.type, Logement.surface, Bail.debut, Bail.charges_cents)
        .select_from(Locataire)
        .join(Bail, and_(Bail.scope_id == Locataire.scope_id, Bail.id == Locataire.bail_id))
        .join(Logement, and_(Logement.scope_id == Bail.scope_id, Logement.id == Bail.logement_id))
        .where(Locataire.scope_id == portee, Locataire.id == id_)
    ).one()
    return FicheLocataire(LigneLocataire(*ligne), *detail)


def a_declarer(connexion: Connection, portee: str, ids: Sequence[str]) -> Sequence[LigneLocataire]:
    """Return those of a selection whose rent is expected, in the order of the list."""
    retenus: list[LigneLocataire] = []
    for debut in range(0, len(ids), 500):
        requete = _lignes(portee).where(Locataire.id.in_(ids[debut : debut + 500]), _attendu(portee))
        retenus.extend(LigneLocataire(*x) for x in connexion.execute(requete))
    return sorted(retenus, key=lambda x: (cle_de_tri(x.nom, x.prenom), x.id))


def bailleur(connexion: Connection, portee: str) -> tuple[str, str, str] | None:
    """Return the landlord's name, SIRET and département."""
    ligne = connexion.execute(select(Bailleur.nom, Bailleur.siret, Bailleur.departement).where(Bailleur.scope_id == portee)).first()
    return (ligne.nom, ligne.siret, ligne.departement) if ligne else None


def _lignes(portee: str) -> Any:  # noqa: ANN401 (a Select of this module's columns)
    declare = (
        select(Declaration.etat)
        .where(Declaration.scope_id == portee, Declaration.locataire_id == Locataire.id, Declaration.etat != EtatDeclaration.REFUSEE)
        .limit(1)
        .scalar_subquery()
    )
    a_revoir = select(literal("a_revoir")).where(sortie.c.parent == Locataire.id, sortie.c.etat.in_(A_REVOIR)).limit(1).scalar_subquery()
    return select(
        Locataire.id, Locataire.nom, Locataire.prenom, Locataire.numero_allocataire, Locataire.code_postal, Locataire.commune,
        Locataire.residence, Locataire.loyer_cents, Locataire.derniere_al_cents, func.coalesce(a_revoir, declare, Locataire.loyer_etat),
    ).where(Locataire.scope_id == portee)  # fmt: skip


def _conditions(portee: str, criteres: Criteres) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Locataire.scope_id == portee]
    if criteres.attendus:
        conditions.append(_attendu(portee))
    for colonne, debut in (
        (Locataire.cle, criteres.nom), (Locataire.numero_allocataire, criteres.numero), (Locataire.code_postal, criteres.code_postal),
    ):  # fmt: skip
        if debut:
            conditions.append(and_(colonne >= debut, colonne < debut + _AU_DELA))
    return conditions


def _attendu(portee: str) -> ColumnElement[bool]:
    """A rent is expected when the centre says so and nothing standing was declared here since."""
    declare = exists(literal(1)).where(
        Declaration.scope_id == portee, Declaration.locataire_id == Locataire.id, Declaration.etat != EtatDeclaration.REFUSEE
    )
    return and_(Locataire.loyer_etat == EtatLoyer.ATTENDU, ~declare)
