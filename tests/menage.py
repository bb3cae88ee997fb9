"""A household where each thing that a dossier tells carries a mark of its own: a mark that is seen says what leaked."""

from datetime import UTC, date, datetime, timedelta

from guichet.central.fil import Ecrit, inscrire
from guichet.models import uuid7
from guichet.rules.recherche import cle_de_tri

PORTEE = "site:caf-31:toulouse-riquet"
NUMERO = "7654321"
LEYLA, MARC, ADAM, ZOE = "leyla", "marc", "adam", "zoe"
"""The responsable, her husband, their son of 17, their daughter of 9."""

MARQUES = {
    ("identite", LEYLA): "DARTIGUELONGUE", ("identite", MARC): "VERGNEBRUNE", ("identite", ADAM): "PEYRELADE",
    ("numero", LEYLA): "P70000001", ("numero", MARC): "P70000002", ("numero", ADAM): "P70000003",
    ("coordonnees", LEYLA): "+33561110001", ("coordonnees", MARC): "+33561110002", ("coordonnees", ADAM): "+33561110003",
    ("adresse", LEYLA): "allée des Marques",
    ("activite", LEYLA): "marque-chaudronniere", ("activite", MARC): "marque-apiculteur", ("activite", ADAM): "marque-apprenti",
    ("ressources", LEYLA): "marque-salaires", ("ressources", MARC): "marque-miel",
    "situation": "marque-mariage", "retenues": "marque-retenue", "gestion": "2021-04-03", "droits": "MQDROIT", "paiements": "marque-tiers", "quotient": "73737373",
    "banque": "FR7612345987650123456789014", "dettes": "MQDETTE", "courriers": "marque-lettre", "demarches": "marque-demarche",
    "pieces": "marque-piece", "documents": "marque-document", "alertes": "marque-alerte", "agenda": "marque-echeance",
    "visites": "marque-preuve",
}  # fmt: skip


def informations(marque, vu_par):
    """Return the information that shows a mark to somebody."""
    if isinstance(marque, str):
        return {"retenues": "paiements"}.get(marque, marque)
    quoi, qui = marque
    quoi = {"numero": "identite", "adresse": "coordonnees"}.get(quoi, quoi)
    return quoi if qui == vu_par else {"identite": "foyer"}.get(quoi, f"{quoi}_foyer")


def placer(base, dossier, personne):
    """Make somebody a member of another dossier too: she has two (AUT-12)."""
    place = Ecrit("membre", uuid7(), {"dossier_id": dossier, "personne_id": personne, "role": "autre"})
    base.ecrire(lambda connexion: inscrire(connexion, PORTEE, [place]), PORTEE)


def ecrire_menage(base, numero=NUMERO, *, autorise=True, ferme_le=None):
    """Write the household at the centre; return the ids: dossier, and each person by his name here."""
    ids = {nom: uuid7() for nom in ("dossier", "foyer", "paiement", LEYLA, MARC, ADAM, ZOE)}
    jour, m = date.today(), MARQUES

    def ligne(type_, id_=None, **valeurs):
        return Ecrit(type_, id_ or uuid7(), valeurs)

    def personne(qui, prenom, role, ne_le, sexe):
        nom = m.get(("identite", qui), "CASTANDET")
        yield ligne("personne", ids[qui], nom_naissance=nom, prenoms=prenom, sexe=sexe, ne_le=ne_le, cle=cle_de_tri(nom, prenom))
        yield ligne(
            "membre", dossier_id=ids["dossier"], personne_id=ids[qui], role=role, activite=m.get(("activite", qui)),
            autorise_le=date.fromisoformat(m["gestion"]) if autorise and role == "conjoint" else None,
            activite_depuis=date(2019, 1, 1) if ("activite", qui) in m else None,
        )  # fmt: skip
        if ("numero", qui) in m:
            yield ligne("identifiant", personne_id=ids[qui], type="provisoire", valeur=m["numero", qui])
        if ("coordonnees", qui) in m:
            yield ligne("contact", personne_id=ids[qui], type="telephone", valeur=m["coordonnees", qui])

    def du_dossier(type_, **valeurs):
        return ligne(type_, dossier_id=ids["dossier"], **valeurs)

    ecrits = [
        *personne(LEYLA, "Leyla", "responsable", date(1984, 5, 2), "F"),
        *personne(MARC, "Marc", "conjoint", date(1982, 7, 9), "M"),
        *personne(ADAM, "Adam", "enfant", jour - timedelta(days=17 * 366), "M"),
        *personne(ZOE, "Zoé", "enfant", jour - timedelta(days=9 * 366), "F"),
        ligne("contact", personne_id=ids[LEYLA], type="adresse", valeur=m["adresse", LEYLA], code_postal="31000", commune="Toulouse"),
        ligne("foyer", ids["foyer"], situation=m["situation"], depuis=date(2014, 6, 7)),
        ligne(
            "dossier", ids["dossier"], organisme_id=uuid7(), organisme_nom="Caf 31", numero=numero, foyer_id=ids["foyer"],
            responsable_id=ids[LEYLA], ouvert_le=date(2015, 1, 1), ferme_le=ferme_le, quotient_familial=int(m["quotient"]), iban=m["banque"],
        ),
        du_dossier("droit", prestation_code=m["droits"], mois=jour.replace(day=1), etat="ouvert", montant_cents=12300),
        du_dossier("ressource", personne_id=ids[LEYLA], annee=2024, nature=m["ressources", LEYLA], montant_cents=1_900_000),
        du_dossier("ressource", personne_id=ids[MARC], annee=2024, nature=m["ressources", MARC], montant_cents=900_000),
        du_dossier("retenue", paiement_id=ids["paiement"], libelle=m["retenues"], montant_cents=4800),
        ligne("paiement", ids["paiement"], dossier_id=ids["dossier"], verse_le=jour - timedelta(days=9), montant_cents=12300, tiers=m["paiements"]),
        du_dossier("dette", prestation_code=m["dettes"], nee_le=jour - timedelta(days=40), solde_cents=4500),
        du_dossier("courrier", le=jour - timedelta(days=12), sens="recu", objet=m["courriers"], lu=False),
        du_dossier("demarche", libelle=m["demarches"], famille="autres", etat="recue", deposee_le=jour - timedelta(days=5)),
        du_dossier("piece", type=m["pieces"], demandee_le=jour - timedelta(days=4)),
        du_dossier(
            "document", type_piece="autre", nom=m["documents"], sha256="0" * 64, octets=1, pages=1, etat="recu", saisi_le=datetime.now(UTC)
        ),
        du_dossier("alerte", libelle=m["alertes"], demandee_le=jour - timedelta(days=3)),
        du_dossier("echeance", le=jour + timedelta(days=20), type="paiement", libelle=m["agenda"]),
        du_dossier(
            "visite", agent_id=uuid7(), personne_id=ids[LEYLA], qualite="allocataire", preuve=m["visites"],
            ouverte_le=datetime.now(UTC) - timedelta(days=2), fermee_le=datetime.now(UTC) - timedelta(days=2),
        ),
    ]  # fmt: skip
    base.ecrire(lambda connexion: inscrire(connexion, PORTEE, ecrits), PORTEE)
    return ids
