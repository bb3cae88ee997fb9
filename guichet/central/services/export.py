"""What is held of the people of a dossier, for them (RGPD art. 15 and 20): their data, who was told, how long, and each consultation.

Of a consultation they are given the moment, the service and the reason, never the agent (Conseil d'État, 24/02/2022; CJUE C-579/21).
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, select

from guichet.contract import corps
from guichet.contract.sync import Consultation, ExportDossier
from guichet.contract.vues import lisibles
from guichet.models import ENTITES, Dossier, Journal, Personne
from guichet.ressources import donnees
from guichet.rules.regles import en_vigueur
from guichet.rules.visiteurs import Vue, vue_agent

_TUS = ("avis", "journal", "doublon")
"""What is the agents' or speaks of others."""


def exporter(connexion: Connection, portee: str, dossier_id: str) -> ExportDossier:
    """Gather all of a dossier. Raises LookupError when the scope has none of that name."""
    responsable = connexion.scalar(select(Dossier.responsable_id).where(Dossier.scope_id == portee, Dossier.id == dossier_id))
    if responsable is None:
        raise LookupError(dossier_id)
    lignes = lignes_de(connexion, portee, dossier_id, vue_agent(responsable))
    objets = {dossier_id, *(str(x["id"]) for contenus in lignes.values() for x in contenus)}
    service = lignes["dossier"][0]["organisme_nom"]
    regle = en_vigueur(donnees("regles.yaml"), "conservation", datetime.now(UTC).date())
    return ExportDossier(
        exporte_le=datetime.now(UTC).isoformat(), service=service, numero=lignes["dossier"][0]["numero"],
        donnees=lignes,
        consultations=_consultations(connexion, portee, objets, service),
        destinataires=[service, *sorted({str(p["tiers"]) for p in lignes.get("paiement", []) if p.get("tiers")})],
        durees={
            "dossier": f"{regle['dossiers_mois']} mois après le dernier contact", "copies de pièces d'identité": f"{regle['identite_jours']} jours",
            "rendez-vous": f"{regle['rendez_vous_mois']} mois", "journal des consultations": "12 mois",
        },
    )  # fmt: skip


def lignes_de(connexion: Connection, portee: str, dossier_id: str, vue: Vue) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of a dossier and of its people that a view shows, by entity, as they travel; nothing when it is not there."""

    def lire(nom: str, colonne: str, valeurs: Sequence[str]) -> list[dict[str, Any]]:
        t: Table = ENTITES[nom].__table__  # type: ignore[assignment]
        requete = lisibles(nom, vue).where(t.c.scope_id == portee, t.c[colonne].in_(valeurs)).order_by(t.c.id)
        lues = connexion.execute(requete).mappings()
        return [{"id": x["id"]} | msgspec.json.decode(corps.encoder(nom, dict(x))) for x in lues]

    lignes = {"dossier": lire("dossier", "id", [dossier_id])}
    for nom, classe in ENTITES.items():
        if nom not in _TUS and "dossier_id" in classe.__table__.c:
            lignes[nom] = lire(nom, "dossier_id", [dossier_id])
    gens = [str(m["personne_id"]) for m in lignes["membre"]]
    gens += connexion.scalars(select(Personne.id).where(Personne.scope_id == portee, Personne.fusionne_dans.in_(gens)))
    lignes["personne"] = lire("personne", "id", gens)
    lignes["foyer"] = lire("foyer", "id", [str(d["foyer_id"]) for d in lignes["dossier"]])
    for nom in ("identifiant", "contact"):
        lignes[nom] = lire(nom, "personne_id", gens)
    return {nom: contenus for nom, contenus in lignes.items() if contenus}


def _consultations(connexion: Connection, portee: str, objets: set[str], service: str) -> list[Consultation]:
    lues = connexion.execute(
        select(Journal.le, Journal.action, Journal.motif)
        .where(Journal.scope_id == portee, Journal.objet.in_(sorted(objets)))
        .order_by(Journal.le)
    )
    return [Consultation(x.le.isoformat(), service, x.action, x.motif or "") for x in lues]
