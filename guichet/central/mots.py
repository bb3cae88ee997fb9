"""The words of people's names at the centre, kept in step with every writing of a person."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert

from guichet.central.tables import mot
from guichet.rules.recherche import plier

_AU_PLUS = 64


def mots_de(personne: Mapping[str, Any]) -> list[str]:
    """Return the words by which a person is found, each once: of her names and first names."""
    noms = " ".join(str(personne.get(nom) or "") for nom in ("nom_naissance", "nom_usage", "prenoms"))
    return sorted({m[:_AU_PLUS] for m in plier(noms).split()})


def suivre(connexion: Connection, portee: str, personnes: Sequence[Mapping[str, Any]], mortes: Sequence[str] = ()) -> None:
    """Write anew the words of people who were written, and take away those of people who are gone."""
    touchees = [{"qui": str(p["id"])} for p in personnes] + [{"qui": id_} for id_ in mortes]
    if touchees:
        connexion.execute(delete(mot).where(mot.c.scope_id == portee, mot.c.personne_id == bindparam("qui")), touchees)
    lignes = [{"scope_id": portee, "personne_id": p["id"], "mot": m} for p in personnes for m in mots_de(p)]
    if lignes:
        connexion.execute(insert(mot), lignes)
