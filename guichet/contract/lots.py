"""Many rows at once, the one way of both ends: SQLAlchemy words the order once, the driver gets the values with nothing in between.

A snapshot alone, whose columns come ready for the driver, has its own (`store/chargement.py`).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Insert, Select, Table, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from guichet.contract.corps import MOTEUR

_Insertion = TypeVar("_Insertion", sqlite.Insert, postgresql.Insert)
_SQLITE = sqlite.dialect(json_serializer=MOTEUR["json_serializer"])


class LigneHorsPortee(RuntimeError):
    """A row of a scope that its transaction was not opened for: a fault of ours."""


def ajouter(connexion: Connection, table: Table, lignes: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, each with the same columns."""
    _ecrire(connexion, table, lignes, remplace=False)


def remplacer(connexion: Connection, table: Table, lignes: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, each with the same columns, or replace those that have the same key; none twice in one go."""
    _ecrire(connexion, table, lignes, remplace=True)


def par_id(connexion: Connection, requete: Select[Any]) -> dict[str, dict[str, Any]]:
    """Return whole rows of one table by identifier."""
    lues = connexion.execute(requete)
    noms = tuple(lues.keys())
    rang = noms.index("id")
    return {ligne[rang]: dict(zip(noms, ligne, strict=True)) for ligne in lues.all()}


def _ecrire(connexion: Connection, table: Table, lignes: Sequence[Mapping[str, Any]], *, remplace: bool) -> None:
    if not lignes:
        return
    colonnes = tuple(lignes[0])
    portees = connexion.get_execution_options().get("portees")
    if portees is not None and not portees.issuperset(ligne["scope_id"] for ligne in lignes):
        raise LigneHorsPortee(table.name)
    if connexion.dialect.name == "postgresql":
        par_colonne = {nom: [ligne[nom] for ligne in lignes] for nom in colonnes}
        communes = frozenset(nom for nom, valeurs in par_colonne.items() if valeurs.count(valeurs[0]) == len(valeurs))
        ordre = _pour_postgresql(table, colonnes, communes, remplace)
        valeurs = {nom: valeurs[0] if nom in communes else valeurs for nom, valeurs in par_colonne.items()}
        connexion.execute(ordre, valeurs, execution_options={"portees_verifiees": True})
        return
    sql, ecrivains = _pour_sqlite(table, colonnes, remplace)
    colonnees = (_convertir([ligne[nom] for ligne in lignes], ecrivain) for nom, ecrivain in ecrivains)
    connexion.exec_driver_sql(sql, list(zip(*colonnees, strict=True)))


def _convertir(valeurs: list[Any], ecrivain: Callable[[Any], Any] | None) -> list[Any]:
    """Turn values into the driver's; one that many rows share (a moment, an absence) once."""
    if ecrivain is None:
        return valeurs
    faites = {cle: ecrivain(valeur) for cle, valeur in {id(v): v for v in valeurs}.items()}
    return [faites[id(v)] for v in valeurs]


@cache
def _pour_sqlite(table: Table, colonnes: tuple[str, ...], remplace: bool) -> tuple[str, list[tuple[str, Callable[[Any], Any] | None]]]:
    """Return the order, and its columns in their places, each with what turns a value into the driver's."""
    insertion = sqlite.insert(table)
    compilee = _resoudre(insertion, table, colonnes, remplace).compile(dialect=_SQLITE, column_keys=list(colonnes))
    ecrivains = {nom: table.c[nom].type.dialect_impl(_SQLITE).bind_processor(_SQLITE) for nom in colonnes}
    return str(compilee), [(nom, ecrivains[nom]) for nom in compilee.positiontup or ()]


@cache
def _pour_postgresql(table: Table, colonnes: tuple[str, ...], communes: frozenset[str], remplace: bool) -> Insert:
    """Return the order, one for all rows: a parameter is a column's values, or the value that all rows have in common."""

    def valeur(nom: str) -> ColumnElement[Any]:
        type_ = table.c[nom].type
        return bindparam(nom, type_=type_) if nom in communes else func.unnest(bindparam(nom, type_=postgresql.ARRAY(type_, dimensions=1)))

    insertion = postgresql.insert(table).from_select(colonnes, select(*map(valeur, colonnes)), include_defaults=False)
    return _resoudre(insertion, table, colonnes, remplace)


def _resoudre(insertion: _Insertion, table: Table, colonnes: tuple[str, ...], remplace: bool) -> _Insertion:
    if not remplace:
        return insertion
    cles = [c.name for c in table.primary_key.columns]
    return insertion.on_conflict_do_update(index_elements=cles, set_={nom: insertion.excluded[nom] for nom in colonnes if nom not in cles})
