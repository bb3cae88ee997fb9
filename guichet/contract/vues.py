"""What of a dossier may be read for who stands at the counter: the one select of both ends, deny by default (AUT-06 to AUT-11)."""

from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, case, false, null, or_, select, true

from guichet.models import ENTITES
from guichet.rules.visiteurs import Information, Vue

_I = Information
_DU_DOSSIER = {
    "foyer": _I.SITUATION, "droit": _I.DROITS, "paiement": _I.PAIEMENTS, "retenue": _I.PAIEMENTS, "dette": _I.DETTES, "courrier": _I.COURRIERS, "demarche": _I.DEMARCHES,
    "piece": _I.PIECES, "document": _I.DOCUMENTS, "attestation": _I.PAIEMENTS, "mandat": _I.GESTION, "autorisation": _I.GESTION, "alerte": _I.ALERTES, "echeance": _I.AGENDA, "visite": _I.VISITES,
}  # fmt: skip
_DES_GENS = {
    "membre": (_I.IDENTITE, _I.FOYER), "personne": (_I.IDENTITE, _I.FOYER), "identifiant": (_I.IDENTITE, _I.FOYER),
    "contact": (_I.COORDONNEES, _I.COORDONNEES_FOYER), "ressource": (_I.RESSOURCES, _I.RESSOURCES_FOYER),
}  # fmt: skip
"""Rows of people: what shows one's own, what shows the others'."""
_COLONNES = {
    ("dossier", "quotient_familial"): (_I.QUOTIENT, _I.QUOTIENT), ("dossier", "iban"): (_I.BANQUE, _I.BANQUE),
    ("membre", "autorise_le"): (_I.GESTION, _I.GESTION), ("membre", "activite"): (_I.ACTIVITE, _I.ACTIVITE_FOYER),
    ("membre", "activite_depuis"): (_I.ACTIVITE, _I.ACTIVITE_FOYER),
}  # fmt: skip
_TOUJOURS = ("dossier",)
"""That the dossier is there, its number and its body: who stands there gave them."""


def lisibles(entite: str, vue: Vue, *colonnes: ColumnElement[Any]) -> Select[Any]:
    """Return the rows of an entity that a view lets through, with what it hides in them left empty.

    `colonnes`: of other tables, joined by the caller. A kind of row that nobody thought of is seen by agents alone.
    """
    table: Table = ENTITES[entite].__table__  # type: ignore[assignment]
    return select(*(_colonne(entite, table, c, vue) for c in table.columns), *colonnes).where(_lignes(entite, table, vue))


def _lignes(entite: str, table: Table, vue: Vue) -> ColumnElement[bool]:
    if entite in _TOUJOURS:
        return true()
    if entite in _DES_GENS:
        return _selon(table, vue, *_DES_GENS[entite])
    information = _DU_DOSSIER.get(entite)
    visible = vue.qualite is None if information is None else information in vue.voir
    return true() if visible else false()


def _selon(table: Table, vue: Vue, a_soi: Information, aux_autres: Information) -> ColumnElement[bool]:
    """Rows of one person: his own, the others', both or none."""
    lien = table.c.personne_id if "personne_id" in table.c else table.c.id
    sien = lien == vue.personne_id
    vues = [clause for information, clause in ((a_soi, sien), (aux_autres, ~sien)) if information in vue.voir]
    return true() if len(vues) == 2 else or_(false(), *vues)


def _colonne(entite: str, table: Table, colonne: Column[Any], vue: Vue) -> ColumnElement[Any]:
    if colonne.name == "extra" and vue.qualite is not None:
        return null().label(colonne.name)  # what this version does not know, it cannot judge
    regle = _COLONNES.get((entite, colonne.name))
    if regle is None or set(regle) <= vue.voir:
        return colonne
    if not set(regle) & vue.voir or "personne_id" not in table.c:
        return null().label(colonne.name)
    return case((_selon(table, vue, *regle), colonne), else_=null()).label(colonne.name)
