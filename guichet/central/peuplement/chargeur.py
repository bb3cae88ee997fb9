"""Bulk writing of entities and of their feed rows."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, Time

from guichet.central.fil import inserer_absent
from guichet.central.garde import elargir
from guichet.central.mots import mots_de
from guichet.central.tables import portee_nir, scope_head, sync_row
from guichet.contract.corps import champs, empreinte, encoder
from guichet.models import ENTITES, uuid7
from guichet.models.base import Instant

_LOT = 20_000


class Chargeur:
    """Gathers rows and writes them by lots of driver tuples; replicated scopes also get their feed rows and head."""

    def __init__(self, connexion: Connection) -> None:
        self._connexion = connexion
        self._marque = "%s" if connexion.dialect.name == "postgresql" else "?"
        self._lots: dict[str, list[tuple[Any, ...]]] = {}
        self._fil: list[tuple[Any, ...]] = []
        self._mots: list[tuple[Any, ...]] = []
        self._tetes: dict[str, dict[str, Any]] = {}

    def ouvrir(self, portee: str, genre: str) -> None:
        """Declare a replicated scope."""
        elargir(self._connexion, [*self._tetes, portee])
        self._tetes[portee] = {"scope_id": portee, "kind": genre, "epoch": uuid7(), "last": 0, "digest": 0, "live": 0}

    def permettre_nir(self, portee: str) -> None:
        """Let a scope hold a NIR; the base refuses it elsewhere."""
        elargir(self._connexion, [*self._tetes, portee])
        inserer_absent(self._connexion, portee_nir, {"scope_id": portee})

    def ajouter(self, portee: str, type_: str, id_: str, valeurs: Mapping[str, Any]) -> None:
        """Add one row; its dates may be given as their ISO text."""
        if _a_convertir(type_):
            valeurs_completes = dict.fromkeys(champs(type_)) | dict(valeurs) | {"scope_id": portee, "id": id_}
            self._connexion.execute(ENTITES[type_].__table__.insert(), valeurs_completes)  # type: ignore[attr-defined]
        else:
            lot = self._lots.setdefault(type_, [])
            lot.append((portee, id_, None, *(_pour_le_pilote(valeurs.get(nom)) for nom in champs(type_))))
            if len(lot) >= _LOT:
                self._vider(type_)
        if type_ == "personne":
            self._mots += [(portee, id_, mot) for mot in mots_de(valeurs)]
            if len(self._mots) >= _LOT:
                self._vider_mots()
        tete = self._tetes.get(portee)
        if tete is not None:
            self._au_fil(tete, type_, id_, encoder(type_, valeurs))

    def terminer(self) -> None:
        """Write what is left, and the heads last."""
        for type_ in list(self._lots):
            self._vider(type_)
        self._vider_fil()
        self._vider_mots()
        if self._tetes:
            self._connexion.execute(scope_head.insert(), list(self._tetes.values()))

    def _au_fil(self, tete: dict[str, Any], type_: str, id_: str, corps: bytes) -> None:
        h = empreinte(id_, 1, corps)
        tete["last"] += 1
        tete["live"] += 1
        tete["digest"] ^= h
        self._fil.append((tete["scope_id"], id_, type_, 1, tete["last"], False, h, corps))
        if len(self._fil) >= _LOT:
            self._vider_fil()

    def _vider(self, type_: str) -> None:
        self._inserer(ENTITES[type_].__tablename__, ("scope_id", "id", "extra", *champs(type_)), self._lots.pop(type_, []))

    def _vider_mots(self) -> None:
        self._inserer("mot", ("scope_id", "personne_id", "mot"), self._mots)
        self._mots = []

    def _vider_fil(self) -> None:
        colonnes = ("scope_id", "id", "etype", "rev", "seq", "deleted", "h", "body")
        table: Table = sync_row
        self._inserer(table.name, colonnes, self._fil)
        self._fil = []

    def _inserer(self, table: str, colonnes: tuple[str, ...], lignes: list[tuple[Any, ...]]) -> None:
        if lignes:
            marques = ", ".join([self._marque] * len(colonnes))
            # Table and columns come from our own metadata, values are bound.
            sql = f"INSERT INTO {table} ({', '.join(colonnes)}) VALUES ({marques})"  # noqa: S608
            self._connexion.exec_driver_sql(sql, lignes)


@cache
def _a_convertir(type_: str) -> bool:
    """Instants and hours have a form of their own in each database: SQLAlchemy writes those rows."""
    return any(isinstance(c.type, (Instant, Time)) for c in ENTITES[type_].__table__.columns)


def _pour_le_pilote(valeur: Any) -> Any:  # noqa: ANN401 (a column's value)
    return msgspec.json.encode(valeur).decode() if isinstance(valeur, (list, dict)) else valeur
