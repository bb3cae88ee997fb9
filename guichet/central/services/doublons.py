"""People of a scope who may be one: found when somebody is written down, told to its counters."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, select, union_all

from guichet.central.fil import Ecrit
from guichet.central.tables import mot
from guichet.models import Dossier, Identifiant, Membre, Personne, uuid7
from guichet.models.enums import EtatDoublon, TypeIdentifiant
from guichet.rules.doublons import a_signaler, comparer, identite
from guichet.rules.recherche import plier

_CANDIDATS = 500
"""People who are looked at for one who is written down: no name of a site is that common."""


def guetter(connexion: Connection, portee: str, personne: Mapping[str, Any], dossier_id: str, nir: str, le: date) -> list[Ecrit]:
    """Return the pairs that somebody new makes with who is there, to be looked at."""
    neuve = identite(personne, nir)
    pairs = []
    for autre in _candidats(connexion, portee, personne, nir):
        ressemblance = comparer(neuve, identite(autre, autre["nir"] or ""), le)
        if a_signaler(ressemblance, le):
            pairs.append(Ecrit("doublon", uuid7(), {
                "dossier_id": dossier_id, "personne_id": personne["id"], "autre_dossier_id": autre["dossier_id"], "autre_id": autre["id"],
                "score": ressemblance.score, "raisons": list(ressemblance.raisons), "etat": EtatDoublon.A_EXAMINER, "agent_id": None,
                "decide_le": None, "fusion_id": None,
            }))  # fmt: skip
    return pairs


def joints(connexion: Connection, portee: str) -> dict[str, str]:
    """Return the dossiers and people of a scope that were joined to others, each with who stands for it now."""
    requetes = [select(t.id, t.fusionne_dans).where(t.scope_id == portee, t.fusionne_dans.is_not(None)) for t in (Dossier, Personne)]
    lues = {id_: str(vers) for id_, vers in connexion.execute(union_all(*requetes))}
    return {id_: _au_bout(lues, vers) for id_, vers in lues.items()}


def _au_bout(lues: Mapping[str, str], id_: str) -> str:
    while id_ in lues:
        id_ = lues[id_]
    return id_


def _candidats(connexion: Connection, portee: str, personne: Mapping[str, Any], nir: str) -> list[dict[str, Any]]:
    """Return who has the NIR, a word of the names, or the first name and the day of birth; each with a dossier and the NIR, once."""
    noms = {m for nom in ("nom_naissance", "nom_usage") for m in plier(str(personne.get(nom) or "")).split()}
    du_nir = select(Identifiant.personne_id).where(Identifiant.scope_id == portee, Identifiant.valeur == nir)
    du_nom = select(mot.c.personne_id).where(mot.c.scope_id == portee, mot.c.mot.in_(sorted(noms)))
    du_jour = (
        select(mot.c.personne_id)
        .join(Personne, and_(Personne.scope_id == mot.c.scope_id, Personne.id == mot.c.personne_id))
        .where(mot.c.scope_id == portee, mot.c.mot.in_(plier(personne["prenoms"]).split()[:1]), Personne.ne_le == personne["ne_le"])
    )
    ids = {i for requete in (du_nir, du_jour, du_nom) for i in connexion.scalars(requete.limit(_CANDIDATS))} - {personne["id"]}
    numero = (
        select(Identifiant.valeur)
        .where(Identifiant.scope_id == portee, Identifiant.personne_id == Personne.id, Identifiant.type == TypeIdentifiant.NIR)
        .limit(1)
        .scalar_subquery()
    )
    requete = (
        select(Personne.__table__, Membre.dossier_id, numero.label("nir"))
        .join(Membre, and_(Membre.scope_id == Personne.scope_id, Membre.personne_id == Personne.id))
        .join(Dossier, and_(Dossier.scope_id == Membre.scope_id, Dossier.id == Membre.dossier_id))
        .where(Personne.scope_id == portee, Personne.id.in_(sorted(ids)), Dossier.fusionne_dans.is_(None))
        .order_by(Personne.id, Membre.dossier_id)
    )
    return list({x["id"]: dict(x) for x in connexion.execute(requete).mappings()}.values())
