"""Each form that is filled in at the counter, field by field: what DEM-01 to DEM-10, MC-13, DEP-03, CTC-06 and PREST-01 to PREST-13 ask for.

A form: the act that a visitor's quality must allow ; its words ; its heading ; its window of processing times ; papers to join ; bodies.
A field: its code (`?` when it may stay empty), its kind, « its words », [what it is chosen from], what it is filled in with, what it replaces.
"""

from datetime import date

import pytest

from guichet.rules.formulaires import DECLARER, formulaires, ouverture, proposables, qui_repond

JOUR = date(2026, 11, 22)
FORMULAIRES = {
    "depot_cpam": [
        "envoyer_document ; Dépôt de pièces CPAM ; Déclarer ; autres ;  ; CPAM",
        "sujet texte « Sujet concerné »",
        "nom texte « Nom » connu=personne.nom_naissance",
        "prenom texte « Prénom » connu=personne.prenoms",
        "ne_le date_passee « Date de naissance » connu=personne.ne_le",
        "courriel courriel « Adresse mail » connu=contact.courriel.valeur",
        "fixe telephone « N° de téléphone fixe » connu=contact.telephone.fixe",
        "portable telephone « N° de téléphone portable » connu=contact.telephone.portable",
        "nir nir « Num. Sécurité Sociale » connu=identifiant.nir",
        "commentaires? long « Commentaires »",
    ],
    "adresse": [
        "modifier_coordonnees ; Changement d'adresse ; Déclarer ; autres ; justificatif_domicile ; Caf",
        "depuis date_passee « Depuis le »",
        "adresse texte « Numéro et voie » ecrit=contact.adresse.valeur",
        "code_postal code_postal « Code postal » ecrit=contact.adresse.code_postal",
        "commune texte « Commune » ecrit=contact.adresse.commune",
    ],
    "coordonnees": [
        "modifier_coordonnees ; Changement de téléphone ou de courriel ; Déclarer ; autres ;  ; Caf",
        "telephone telephone « Téléphone » ecrit=contact.telephone.valeur",
        "courriel? courriel « Courriel » ecrit=contact.courriel.valeur",
    ],
    "banque": [
        "modifier_banque ; Changement de compte bancaire ; Déclarer ; autres ;  ; Caf",
        "titulaire texte « Titulaire du compte »",
        "iban iban « IBAN »",
    ],
    "separation": [
        "declarer_separation ; Déclaration de séparation ; Déclarer ; autres ;  ; Caf",
        "le date_passee « Séparés depuis le »",
        "enfants choix « Chez qui vivent les enfants » [Sans enfant, Chez le responsable du dossier, Chez le conjoint, En alternance]",
    ],
    "situation_familiale": [
        "declarer_famille ; Changement de situation familiale ; Déclarer ; autres ; livret_famille ; Caf",
        "situation choix « Nouvelle situation » [Mariage, Pacs, Vie maritale, Divorce, Veuvage]",
        "le date_passee « Depuis le »",
    ],
    "grossesse": [
        "declarer_famille ; Déclaration de grossesse ; Déclarer ; autres ;  ; Caf",
        "terme date « Date prévue de l'accouchement »",
        "enfants entier « Nombre d'enfants attendus »",
    ],
    "naissance": [
        "declarer_famille ; Déclaration de naissance ; Déclarer ; autres ; livret_famille ; Caf",
        "nom texte « Nom de l'enfant »",
        "prenoms texte « Prénoms »",
        "le date_passee « Né le »",
        "commune texte « À »",
    ],
    "adoption": [
        "declarer_famille ; Arrivée d'un enfant par adoption ; Déclarer ; autres ; livret_famille ; Caf",
        "nom texte « Nom de l'enfant »",
        "prenoms texte « Prénoms »",
        "ne_le date_passee « Né le »",
        "le date_passee « Arrivé au foyer le »",
    ],
    "depart_enfant": [
        "declarer_famille ; Départ d'un enfant du foyer ; Déclarer ; autres ;  ; Caf",
        "enfant texte « Prénom de l'enfant »",
        "le date_passee « Parti le »",
        "ou choix « Où vit-il » [Chez son autre parent, Dans son propre logement, Confié à un service ou à un tiers, Ailleurs]",
    ],
    "situation_professionnelle": [
        "declarer_activite ; Changement de situation professionnelle ; Déclarer ; autres ;  ; Caf",
        "situation choix « Nouvelle situation » [Salarié, Travailleur indépendant, Congé maternité, Chômage, Chômage partiel, Maladie, Sans activité]",
        "le date_passee « Depuis le »",
    ],
    "dtr_rsa": [
        "declarer_ressources ; Déclaration trimestrielle Rsa ; Déclarer ; rsa_aah ;  ; Caf",
        "mois mois « Premier mois du trimestre » connu=trimestre_suivant falc=Vous déclarez 3 mois. Quel est le premier mois ?",
        "salaires montant « Salaires des trois mois » falc=Quel argent avez-vous gagné en travaillant pendant ces 3 mois ? Écrivez 0 si vous n'avez pas travaillé.",
        "indemnites montant « Indemnités et chômage » falc=Quel argent avez-vous reçu quand vous étiez malade ou au chômage ? Écrivez 0 si vous n'avez rien reçu.",
        "autres montant « Autres ressources » falc=Avez-vous reçu un autre argent, par exemple une pension ? Écrivez 0 si vous n'avez rien reçu.",
    ],
    "dtr_ppa": [
        "declarer_ressources ; Déclaration trimestrielle Prime d'activité ; Déclarer ; autres ;  ; Caf",
        "mois mois « Premier mois du trimestre » connu=trimestre_suivant falc=Vous déclarez 3 mois. Quel est le premier mois ?",
        "salaires montant « Salaires des trois mois » falc=Quel argent avez-vous gagné en travaillant pendant ces 3 mois ? Écrivez 0 si vous n'avez pas travaillé.",
        "indemnites montant « Indemnités et chômage » falc=Quel argent avez-vous reçu quand vous étiez malade ou au chômage ? Écrivez 0 si vous n'avez rien reçu.",
        "autres montant « Autres ressources » falc=Avez-vous reçu un autre argent, par exemple une pension ? Écrivez 0 si vous n'avez rien reçu.",
    ],
    "dtr_aah": [
        "declarer_ressources ; Déclaration trimestrielle Aah ; Déclarer ; rsa_aah ;  ; Caf",
        "mois mois « Premier mois du trimestre » connu=trimestre_suivant falc=Vous déclarez 3 mois. Quel est le premier mois ?",
        "salaires montant « Salaires des trois mois » falc=Quel argent avez-vous gagné en travaillant pendant ces 3 mois ? Écrivez 0 si vous n'avez pas travaillé.",
        "indemnites montant « Indemnités et chômage » falc=Quel argent avez-vous reçu quand vous étiez malade ou au chômage ? Écrivez 0 si vous n'avez rien reçu.",
        "autres montant « Autres ressources » falc=Avez-vous reçu un autre argent, par exemple une pension ? Écrivez 0 si vous n'avez rien reçu.",
    ],
    "ressources_annuelles": [
        "declarer_ressources ; Déclaration annuelle de ressources ; Déclarer ; autres ;  ; Caf",
        "annee annee « Année »",
        "salaires montant « Salaires »",
        "pensions montant « Pensions et retraites »",
        "autres montant « Autres ressources »",
    ],
    "patrimoine": [
        "declarer_ressources ; Déclaration de patrimoine ; Déclarer ; autres ;  ; Caf",
        "au date_passee « Valeur au »",
        "epargne montant « Épargne et placements »",
        "biens montant « Biens immobiliers hors résidence principale »",
        "imposables? montant « Revenus imposables tirés de ce patrimoine »",
        "non_imposables? montant « Revenus non imposables tirés de ce patrimoine »",
    ],
    "avantage_vieillesse": [
        "declarer_ressources ; Déclaration d'avantage vieillesse ; Déclarer ; autres ;  ; Caf",
        "depuis date_passee « Perçu depuis le »",
        "organisme texte « Caisse qui le verse »",
        "mensuel montant « Montant par mois »",
    ],
    "etudiant_logement": [
        "declarer_scolarite ; Étudiant : conservation du logement l'été ; Déclarer ; autres ;  ; Caf",
        "garde choix « Le logement est-il gardé de juillet à septembre » [Oui, Non]",
        "fin? date « Sinon, quitté le »",
    ],
    "etudiant_bourse": [
        "declarer_scolarite ; Étudiant : confirmation du statut de boursier ; Déclarer ; autres ; attestation ; Caf",
        "boursier choix « Boursier cette année » [Oui, Non]",
    ],
    "ars": [
        "declarer_scolarite ; Confirmation de scolarité ou d'apprentissage (Ars 16-18 ans) ; Déclarer ; autres ; certificat_scolarite ; Caf",
        "enfant texte « Prénom de l'enfant »",
        "situation choix « Cette année » [Scolarisé, Apprenti, Ni l'un ni l'autre]",
    ],
    "autorisation": [
        "autoriser ; Autorisation de gestion du conjoint ; Déclarer ; autres ;  ; Caf",
        "autorise choix « Le conjoint peut-il gérer le dossier » [Oui, Non]",
    ],
    "attestation_courrier": [
        "telecharger ; Recevoir une attestation par courrier ; Déclarer ; autres ;  ; Caf",
        "document choix « Document » [Attestation de paiement, Attestation de quotient familial, Relevé de compte]",
        "mois mois « Mois »",
    ],
    "mail": [
        "envoyer_mail ; Mail à la Caf ; Déclarer ; courriels ;  ; Caf",
        "objet texte « Objet »",
        "message long « Message »",
    ],
    "mail_sans_dossier": [
        "envoyer_mail ; Mail à la Caf d'une personne qui n'est pas allocataire ; Déclarer ; courriels ;  ; Caf",
        "nom texte « Votre nom »",
        "nom_usage? texte « Votre nom d'usage (du conjoint, ex-conjoint, père et/ou mère) »",
        "prenom texte « Votre prénom »",
        "courriel courriel « Votre adresse mail »",
        "courriel_confirme courriel « Confirmer votre adresse mail » comme=courriel",
        "telephone telephone « Votre numéro de téléphone »",
        "adresse texte « Votre adresse »",
        "code_postal code_postal « Votre code postal »",
        "commune texte « Votre commune »",
        "objet texte « Objet »",
        "message long « Message »",
    ],
    "demande_rsa": [
        "demander ; Demande de revenu de solidarité active (Rsa) ; Vie professionnelle ; rsa_aah ; avis_imposition ; Caf",
        "activite choix « Situation professionnelle » [Salarié, Travailleur indépendant, Chômage, Sans activité]",
        "logement choix « Logement » [Locataire, Propriétaire, Hébergé gratuitement, Sans logement]",
        "charge entier « Personnes à charge »",
        "ressources montant « Ressources du foyer des trois derniers mois »",
        "telephone telephone « Téléphone pour vous joindre » connu=contact.telephone.valeur",
    ],
    "demande_prime_activite": [
        "demander ; Demande de Prime d'activité ; Vie professionnelle ; autres ; bulletin_salaire ; Caf",
        "activite choix « Situation professionnelle » [Salarié, Travailleur indépendant, Apprenti, Étudiant salarié]",
        "logement choix « Logement » [Locataire, Propriétaire, Hébergé gratuitement, Sans logement]",
        "ressources montant « Ressources du foyer des trois derniers mois »",
        "telephone telephone « Téléphone pour vous joindre » connu=contact.telephone.valeur",
    ],
    "demande_bafa": [
        "demander_bafa ; Demande d'aide à la formation Bafa ; Vie professionnelle ; autres ; attestation ; Caf",
        "session date « Premier jour de la session »",
        "organisme texte « Organisme de formation »",
        "etape choix « Étape » [Formation générale, Approfondissement, Qualification]",
    ],
    "demande_aide_logement": [
        "demander ; Demande d'aide au logement ; Logement ; autres ; bail ; Caf",
        "entree date_passee « Entrée dans le logement le »",
        "adresse texte « Adresse du logement » connu=contact.adresse.valeur",
        "code_postal code_postal « Code postal » connu=contact.adresse.code_postal",
        "commune texte « Commune » connu=contact.adresse.commune",
        "statut choix « Vous êtes » [Locataire, Colocataire, Résident d'un foyer, Accédant]",
        "bailleur texte « Nom du bailleur ou du prêteur »",
        "loyer montant « Loyer mensuel hors charges, ou mensualité »",
        "surface entier « Surface en m² »",
        "ressources montant « Ressources du foyer des trois derniers mois »",
        "telephone telephone « Téléphone pour vous joindre » connu=contact.telephone.valeur",
    ],
    "demande_prime_demenagement": [
        "demander ; Demande de prime de déménagement ; Logement ; autres ; attestation ; Caf",
        "le date_passee « Déménagement le »",
        "frais montant « Frais payés »",
        "enfants entier « Enfants à charge »",
    ],
    "versement_direct": [
        "demander ; Demande de versement direct de l'aide au logement au bailleur ; Logement ; autres ;  ; Caf",
        "bailleur texte « Nom du bailleur »",
        "siret? texte « Numéro Siret du bailleur, s'il est connu »",
        "depuis date « À partir du »",
    ],
    "pret_habitat": [
        "demander ; Demande de prêt à l'amélioration de l'habitat ; Logement ; autres ;  ; Caf",
        "travaux long « Travaux prévus »",
        "cout montant « Coût des travaux »",
    ],
    "demande_paje_naissance": [
        "demander ; Demande de prime à la naissance et d'allocation de base (Paje) ; Vie personnelle ; autres ;  ; Caf",
        "terme date « Naissance prévue ou survenue le »",
        "enfants entier « Nombre d'enfants attendus ou nés »",
        "ressources montant « Ressources du foyer des trois derniers mois »",
    ],
    "demande_cmg": [
        "demander ; Demande de complément de libre choix du mode de garde (Cmg) ; Vie personnelle ; autres ;  ; Caf",
        "debut date « Début de la garde le »",
        "mode choix « Mode de garde » [Assistant maternel, Garde à domicile, Micro-crèche ou structure]",
        "heures entier « Heures de garde par mois »",
    ],
    "demande_aah": [
        "demander_aah ; Demande d'allocation aux adultes handicapés (Aah) ; Handicap ; rsa_aah ; attestation ; Caf",
        "decision date_passee « Décision de la CDAPH du »",
        "taux entier « Taux d'incapacité en pourcentage »",
        "logement choix « Logement » [Locataire, Propriétaire, Hébergé gratuitement, Sans logement]",
        "ressources montant « Ressources du foyer des trois derniers mois »",
    ],
    "demande_ajpa": [
        "demander_ajpa ; Demande d'allocation journalière du proche aidant (Ajpa) ; Handicap ; autres ; attestation ; Caf",
        "debut date « Premier jour de l'aide »",
        "proche texte « Lien avec la personne aidée »",
        "jours entier « Jours demandés ce mois-ci »",
    ],
    "demande_pala": [
        "demander_pala ; Demande de Pala ; Accident de vie ; autres ;  ; Caf",
        "motif long « Ce que vous demandez »",
        "telephone telephone « Téléphone pour vous joindre » connu=contact.telephone.valeur",
    ],
    "demande_asf": [
        "demander ; Demande d'allocation de soutien familial (Asf) ; Accident de vie ; autres ;  ; Caf",
        "depuis date_passee « L'autre parent ne participe plus depuis le »",
        "enfants entier « Enfants concernés »",
        "jugement choix « Une décision de justice fixe une pension » [Oui, Non]",
    ],
}  # fmt: skip
OUVERTURE = [
    "nom_naissance texte « Nom de naissance »",
    "nom_usage? texte « Nom d'usage »",
    "prenoms texte « Prénoms »",
    "sexe choix « Sexe » [F, M]",
    "ne_le date_passee « Date de naissance »",
    "commune_naissance? texte « Commune de naissance »",
    "pays_naissance? texte « Pays de naissance »",
    "nir? nir « NIR »",
    "situation choix « Situation familiale » [Célibataire, Marié(e), Pacsé(e), En couple, Séparé(e), Divorcé(e), Veuf ou veuve]",
    "telephone? telephone « Téléphone »",
    "courriel? courriel « Courriel »",
    "adresse? texte « Numéro et voie »",
    "code_postal? code_postal « Code postal »",
    "commune? texte « Commune »",
]  # fmt: skip
CAF = ("caf", "msa", "france_services")


def _dire(champ):
    choix = f" [{', '.join(champ.choix)}]" if champ.choix else ""
    suites = [f" {nom}={lu}" for nom in ("connu", "ecrit", "comme", "falc") if (lu := getattr(champ, nom))]
    return f"{champ.code}{'' if champ.requis else '?'} {champ.type} « {champ.libelle} »{choix}{''.join(suites)}"


def _tete(f):
    rubrique = {DECLARER: "Déclarer"}.get(f.rubrique, f.rubrique)
    bodies = {CAF: "Caf", ("cpam",): "CPAM"}[f.organismes]
    return f"{f.acte} ; {f.libelle} ; {rubrique} ; {f.famille} ; {', '.join(f.pieces)} ; {bodies}"


@pytest.mark.exigence(
    "DEM-01", "DEM-04", "DEM-05", "DEM-08", "DEM-10", "MC-13", "DEP-03", "CTC-06", "PREST-01", "PREST-02", "PREST-07", "PREST-12"
)
@pytest.mark.parametrize("code", FORMULAIRES)
def test_each_form_asks_for_what_it_must(code):
    formulaire = formulaires(JOUR)[code]
    assert [_tete(formulaire), *map(_dire, formulaire.champs)] == FORMULAIRES[code]


def test_there_is_no_other_form():
    assert list(formulaires(JOUR)) == list(FORMULAIRES)


@pytest.mark.exigence("DEP-03", "CTC-06")
def test_one_goes_with_a_document_and_one_is_for_who_has_no_dossier():
    tous = formulaires(JOUR).values()
    assert [f.code for f in tous if f.document] == ["depot_cpam"]
    assert [f.code for f in tous if f.sans_dossier] == ["mail_sans_dossier"]
    assert proposables(JOUR, "cpam") == ()


@pytest.mark.exigence("DEM-03")
def test_the_three_quarterly_ones_are_also_in_words_easy_to_read():
    assert [f.code for f in formulaires(JOUR).values() if f.en_falc] == ["dtr_rsa", "dtr_ppa", "dtr_aah"]


@pytest.mark.exigence("DOC-13")
def test_alerts_lead_to_the_form_that_answers_them():
    assert {f.code: f.alertes for f in formulaires(JOUR).values() if f.alertes} == {
        "dtr_rsa": ("Déclaration trimestrielle RSA attendue",),
        "dtr_ppa": ("Déclaration trimestrielle Prime d'activité attendue",),
        "dtr_aah": ("Déclaration trimestrielle AAH attendue",),
        "ressources_annuelles": ("Déclaration annuelle de ressources attendue",),
    }
    assert qui_repond("Déclaration trimestrielle AAH attendue", JOUR) == formulaires(JOUR)["dtr_aah"]
    assert qui_repond("Pièce attendue", JOUR) is None


@pytest.mark.exigence("CRE-08")
def test_what_opens_a_dossier():
    assert [_dire(champ) for champ in ouverture(JOUR)] == OUVERTURE
