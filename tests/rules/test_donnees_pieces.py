"""Each kind of paper with what is expected of it and the words it is told by (DOC-01, DOC-06, DOC-11); each line of the help sheets."""

from datetime import date

import pytest

from guichet.ressources import donnees
from guichet.rules.pieces import suggerer

JOUR = date(2026, 11, 22)
PIECES = [
    ("avis_imposition", "Avis d'imposition", "annee", {"age_mois": 24}, 6),
    ("bulletin_salaire", "Bulletin de salaire", "mois", {"mois": 3, "age_mois": 4}, 1),
    ("quittance_loyer", "Quittance de loyer", "mois", {"age_mois": 3}, 1),
    ("bail", "Bail", "", {}, 12),
    ("justificatif_domicile", "Justificatif de domicile", "mois", {"age_mois": 3}, 1),
    ("certificat_scolarite", "Certificat de scolarité", "annee", {"age_mois": 12}, 6),
    ("piece_identite", "Pièce d'identité", "", {"faces": 2, "valable": True}, 0),
    ("titre_sejour", "Titre de séjour", "", {"faces": 2, "valable": True}, 3),
    ("livret_famille", "Livret de famille", "", {}, 12),
    ("mandat_signe", "Mandat signé", "", {}, 0),
    ("attestation", "Attestation", "", {"age_mois": 12}, 0),
    ("autre", "Autre document utile à l'étude du dossier", "", {}, 0),
]  # fmt: skip
"""Code, words, what of its date is in its name, what is looked at before it leaves, for how many months it may answer again."""
MOTS = {
    "avis_imposition": (
        "avis d impot, avis d imposition, avis de situation declarative, justificatif d impot sur le revenu",
        "revenu fiscal de reference, numero fiscal, direction generale des finances publiques, nombre de parts, revenus de l annee",
    ),
    "bulletin_salaire": (
        "bulletin de paie, bulletin de salaire, fiche de paie",
        "net a payer, net imposable, cotisations, salaire de base, salaire brut, conges payes",
    ),
    "quittance_loyer": (
        "quittance de loyer, avis d echeance de loyer",
        "loyer, provision pour charges, locataire, bailleur, quittance",
    ),
    "bail": (
        "contrat de location, bail d habitation, contrat de bail",
        "le bailleur, le locataire, depot de garantie, duree du contrat, loi du 6 juillet 1989",
    ),
    "justificatif_domicile": (
        "facture d electricite, facture d eau, facture de gaz, facture internet, attestation de contrat, attestation d hebergement",
        "facture n, reference client, abonnement, consommation, total ttc, point de livraison",
    ),
    "certificat_scolarite": (
        "certificat de scolarite, attestation de scolarite",
        "annee scolaire, annee universitaire, inscrit en, etablissement scolaire, l eleve",
    ),
    "titre_sejour": (
        "titre de sejour, carte de sejour, carte de resident, autorisation provisoire de sejour",
        "residence permit, prefecture, ressortissant",
    ),
    "piece_identite": (
        "carte nationale d identite, identity card, passeport, passport, carte specimen",
        "idfra, nationalite francaise, date de naissance, lieu de naissance, surname, given names",
    ),
    "livret_famille": (
        "livret de famille",
        "extrait de l acte de naissance, extrait de l acte de mariage, officier de l etat civil",
    ),
    "rib": (
        "releve d identite bancaire",
        "iban, bic, code banque, code guichet, domiciliation, titulaire du compte",
    ),
    "feuille_soins": (
        "feuille de soins, feuille de soins medecin",
        "actes effectues, assure e, beneficiaire des soins, signature du medecin, prescripteur, cerfa 12541, ticket moderateur",
    ),
    "attestation": (
        "attestation sur l honneur",
        "je soussigne, j atteste, atteste sur l honneur, pour servir et valoir ce que de droit, certifie sur l honneur",
    ),
}  # fmt: skip
"""By kind: the titles of which one is enough, the clues of which two are."""
CONTACTS = [
    ("Courriel", "caf.fr, « Envoyer un mail » : je ne suis pas allocataire, ou je m'identifie", "Ici aussi, par la démarche « Mail à la Caf »", ""),
    ("Téléphone", "3230", "Service gratuit et coût d'un appel local ; taper le numéro du département", ""),
    ("Pensions alimentaires (Aripa)", "3238", "", "12345 09:00-16:30"),
    ("Étudiants", "0 969 32 52 52", "", "12345 09:00-19:30"),
    ("Rendez-vous avec un gestionnaire conseil", "Onglet Rendez-vous", "Sur place ou par téléphone", ""),
    ("Adresse postale", "Celle de la caisse du dossier", "Un courrier se suit moins vite qu'un mail", ""),
]  # fmt: skip
GERER = [
    ("Autoriser son conjoint à gérer le dossier", "Mon Compte, « Gérer Mon Compte », « Mes autorisations », « Oui », « Continuer » ; aussi dans l'application mobile, ou ici par la démarche"),
    ("Ce que le conjoint autorisé peut faire", "Consulter les droits et paiements, déclarer des changements, demander une prestation"),
    ("Retirer l'autorisation", "Au même endroit, « Non » ; à tout moment"),
    ("Changer son mot de passe", "Mon Compte, « Gérer Mon Compte » ; la personne le choisit et le tape elle-même"),
    ("Mot de passe et fraude", "Ne jamais donner son mot de passe, même à la Caf : aucun agent ne le demande"),
    ("Rembourser une dette", "Mon Compte ou l'application mobile, « Mes dettes » : le détail s'y lit, et tout ou partie se rembourse en ligne ; la rubrique n'y est que si une somme est due"),
    ("Voir l'historique", "Mon Compte, « Gérer Mon Compte » ; celui des démarches est aussi dans l'application mobile"),
    ("Déclarations trimestrielles faciles à lire (FALC)", "caf.fr propose RSA, Prime d'activité et AAH en facile à lire et à comprendre"),
    ("Chiffre d'affaires des indépendants", "Depuis novembre 2022, il se déclare trimestre par trimestre"),
    ("Déclarer le salaire d'un assistant maternel", "Pajemploi : pajemploi.urssaf.fr, avec le Cmg"),
]  # fmt: skip
DEMANDER = [
    ("Aide au logement", "Qui paie un loyer ou rembourse un prêt pour sa résidence principale, avec des ressources modestes", "Une seule demande : la Caf étudie laquelle des trois est due (Apl, Alf ou Als). Conseillez de simuler d'abord"),
    ("Aide au logement, déjà allocataire", "Qui a un dossier", "La demande reprend ce qui est connu ; ici par la démarche « Demande d'aide au logement »"),
    ("Aide au logement, pas encore allocataire", "Qui n'a pas de dossier", "La demande crée le dossier : ouvrez-le ici après recherche, ou sur caf.fr"),
    ("Versement direct au bailleur", "Qui veut que l'aide soit payée au bailleur, ou le bailleur lui-même", "Démarche « Demande de versement direct » ; le bailleur répond depuis son espace"),
    ("Aah, Ajpa, Bafa, Pala", "L'allocataire, et son conjoint même sans délégation", "Ce sont les seules demandes qu'un conjoint sans délégation fait lui-même"),
    ("Toute demande d'une personne sans dossier", "Qui n'est pas allocataire", "Elle peut simuler, demander après avoir créé son compte, écrire un mail, prendre rendez-vous"),
    ("Demande commencée", "Qui a interrompu sa demande", "« Reprendre la demande en cours » : ce qui était saisi est gardé"),
]  # fmt: skip


@pytest.mark.exigence("DOC-01", "DOC-11")
@pytest.mark.parametrize("rang", range(12))
def test_each_kind_of_paper(rang):
    lu = donnees("pieces.yaml")["pieces"][rang]
    assert (lu["code"], lu["libelle"], lu.get("date", ""), lu.get("attendu", {}), lu.get("ressert_mois", 0)) == PIECES[rang]
    assert len(donnees("pieces.yaml")["pieces"]) == len(PIECES)


@pytest.mark.parametrize("code", MOTS)
def test_each_kind_is_told_by_its_words(code):
    connus = donnees("pieces.yaml")["reconnaitre"]
    titres, indices = (mots.split(", ") for mots in MOTS[code])
    assert [(x["titres"], x["indices"]) for x in connus if x["code"] == code] == [(titres, indices)]
    assert [x["code"] for x in connus] == list(MOTS)
    assert {x["code"]: x["formulaire"] for x in connus if "formulaire" in x} == {"rib": "banque"}
    assert {suggerer(titre, connus) for titre in titres} == {code}


@pytest.mark.exigence("CTC-01", "CTC-02", "CTC-03", "CTC-04", "CTC-05")
@pytest.mark.parametrize("rang", range(6))
def test_each_way_to_reach_the_caf(rang):
    (version,) = donnees("fiches.yaml")["contacts"]
    lu = version["lignes"][rang]
    quand = f"{''.join(map(str, lu['jours']))} {lu['debut']}-{lu['fin']}" if "jours" in lu else ""
    assert (lu["moyen"], str(lu["ou"]), lu["precision"], quand) == CONTACTS[rang]
    assert len(version["lignes"]) == len(CONTACTS)


@pytest.mark.exigence("MC-11", "AUT-02", "AUT-03", "AUT-13", "AUT-14", "DEM-03", "DEM-09", "MC-12", "PAI-13", "SEC-01")
@pytest.mark.parametrize("rang", range(10))
def test_each_thing_that_a_person_does_by_himself(rang):
    (version,) = donnees("fiches.yaml")["gerer"]
    assert (version["lignes"][rang]["sujet"], version["lignes"][rang]["comment"]) == GERER[rang]
    assert len(version["lignes"]) == len(GERER)


@pytest.mark.exigence("PREST-03", "PREST-05", "PREST-11", "PREST-13")
@pytest.mark.parametrize("rang", range(7))
def test_each_line_on_asking_for_a_benefit(rang):
    (version,) = donnees("fiches.yaml")["demander"]
    lu = version["lignes"][rang]
    assert (lu["prestation"], lu["pour"], lu["comment"]) == DEMANDER[rang]
    assert len(version["lignes"]) == len(DEMANDER)
