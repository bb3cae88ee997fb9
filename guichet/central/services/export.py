"""What is held of the people of a dossier, for them (RGPD art. 15 and 20): their data, who was told, how long, and each consultation.

Of a consultation they are given the moment, the service and the reason, never the agent (Conseil d'État, 24/02/2022; CJUE C-579/21).
"""

from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, select

from guichet.contract import corps
from guichet.contract.sync import Consultation, ExportDossier
from guichet.models import ENTITES, Contact, Dossier, Identifiant, Journal, Membre
from guichet.ressources import donnees
from guichet.rules.regles import en_vigueur

_TUS = ("avis", "journal")


def exporter(connexion: Connection, portee: str, dossier_id: str) -> ExportDossier:
    """Gather all of a dossier. Raises LookupError when the scope has none of that name."""
    if connexion.scalar(select(Dossier.id).where(Dossier.scope_id == portee, Dossier.id == dossier_id)) is None:
        raise LookupError(dossier_id)
    lignes = lignes_de(connexion, portee, dossier_id)
    objets = {dossier_id, *(str(x["id"]) for contenus in lignes.values() for x in contenus)}
    service = lignes["dossier"][0]["organisme_nom"]
    regle = en_vigueur(donnees("regles.yaml"), "conservation", datetime.now(UTC).date())
    return ExportDossier(
        exporte_le=datetime.now(UTC).isoformat(), service=service, numero=lignes["dossier"][0]["numero"],
        donnees={nom: contenus for nom, contenus in lignes.items() if contenus},
        consultations=_consultations(connexion, portee, objets, service),
        destinataires=[service, *sorted({str(p["tiers"]) for p in lignes.get("paiement", []) if p.get("tiers")})],
        durees={
            "dossier": f"{regle['dossiers_mois']} mois après le dernier contact", "copies de pièces d'identité": f"{regle['identite_jours']} jours",
            "rendez-vous": f"{regle['rendez_vous_mois']} mois", "journal des consultations": "12 mois",
        },
    )  # fmt: skip


def lignes_de(connexion: Connection, portee: str, dossier_id: str) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of a dossier and of its people, by entity, as they travel."""
    lignes = {"dossier": _lire(connexion, "dossier", portee, [dossier_id])}
    for nom, classe in ENTITES.items():
        t: Table = classe.__table__  # type: ignore[assignment]
        if nom not in _TUS and "dossier_id" in t.c:
            ids = list(connexion.scalars(select(t.c.id).where(t.c.scope_id == portee, t.c.dossier_id == dossier_id).order_by(t.c.id)))
            lignes[nom] = _lire(connexion, nom, portee, ids)
    gens = [str(m["personne_id"]) for m in lignes[Membre.__tablename__]]
    lignes["personne"] = _lire(connexion, "personne", portee, gens)
    lignes["foyer"] = _lire(connexion, "foyer", portee, [str(lignes["dossier"][0]["foyer_id"])])
    for classe in (Identifiant, Contact):
        des_gens = select(classe.id).where(classe.scope_id == portee, classe.personne_id.in_(gens)).order_by(classe.id)
        lignes[classe.__tablename__] = _lire(connexion, classe.__tablename__, portee, list(connexion.scalars(des_gens)))
    return lignes


def _lire(connexion: Connection, nom: str, portee: str, ids: list[str]) -> list[dict[str, Any]]:
    t: Table = ENTITES[nom].__table__  # type: ignore[assignment]
    lues = connexion.execute(select(t).where(t.c.scope_id == portee, t.c.id.in_(ids)).order_by(t.c.id)).mappings()
    return [{"id": x["id"]} | msgspec.json.decode(corps.encoder(nom, dict(x))) for x in lues]


def _consultations(connexion: Connection, portee: str, objets: set[str], service: str) -> list[Consultation]:
    lues = connexion.execute(
        select(Journal.le, Journal.action, Journal.motif)
        .where(Journal.scope_id == portee, Journal.objet.in_(sorted(objets)))
        .order_by(Journal.le)
    )
    return [Consultation(x.le.isoformat(), service, x.action, x.motif or "") for x in lues]
