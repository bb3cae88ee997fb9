"""The forty-one lines of the Caf's table, one by one (B-10, DEM-02).

A line: its number in the source, its section, its words, its ticks (on the site without a dossier, with one, on the telephone; ✓ or –), its help
sheets, the acts that open it. Damaged words are read as the requirements say: Ajsa is Ajpa, l'Appel is l'Appli, « cinés » is left out.
"""

from datetime import date

import pytest

from guichet.rules.catalogue import catalogue

JOUR = date(2026, 11, 22)
LIGNES = [
    (2247, "Simulation de droits", "Aides au logement", "✓✓–", "Estimer mes droits", "simuler"),
    (2248, "Simulation de droits", "Prestation d'accueil de jeune enfant (Paje)", "✓✓–", "Estimer mes droits", "simuler"),
    (2249, "Simulation de droits", "Revenu de solidarité active (Rsa)", "✓✓–", "Faire une simulation de Rsa", "simuler"),
    (2250, "Simulation de droits", "Prime d'activité", "✓✓–", "Faire une simulation de prime d'activité", "simuler"),
    (2251, "Simulation de droits", "Autres prestations", "✓✓–", "Estimer mes droits", "simuler"),
    (2253, "Création de compte", "Créer son espace personnel", "✓––", "Créer Mon Compte", "creer_espace"),
    (2255, "Demande de prestation", "Aide au logement allocataire", "–✓–", "Faire une demande d'aide au logement", "demander"),
    (2256, "Demande de prestation", "Aide au logement non allocataire", "✓––", "Faire une demande d'aide au logement", "demander"),
    (2257, "Demande de prestation", "Allocation de soutien familial (Asf)", "–✓–", "Faire une demande de prestation", "demander"),
    (2258, "Demande de prestation", "Allocation journalière du proche aidant (Ajpa)", "–✓–", "Faire une demande de prestation", "demander_ajpa"),
    (2259, "Demande de prestation", "Prestation d'accueil de jeune enfant (Paje) : prime à la naissance et allocation de base", "✓✓–", "Faire une demande de prestation", "demander"),
    (2260, "Demande de prestation", "Prestation d'accueil de jeune enfant (Paje) : complément mode de garde (structure et cumul des deux modes de garde)", "–✓–", "Le complément de libre choix du mode de garde", "demander"),
    (2261, "Demande de prestation", "Prime d'activité", "✓✓–", "Faire une demande de Prime d'activité", "demander"),
    (2262, "Demande de prestation", "Revenu de solidarité active (Rsa)", "✓✓–", "Faire une demande de Rsa", "demander"),
    (2263, "Demande de prestation", "Autres prestations", "✓✓–", "Faire une demande de prestation", "demander demander_aah demander_bafa demander_pala"),
    (2265, "Demande de document", "Attestation de paiement et de quotient familial", "–✓✓", "Télécharger une attestation sur Mon Compte; Télécharger une attestation sur l'Appli Caf - Mon Compte", "telecharger"),
    (2266, "Demande de document", "Relevé de compte Caf", "–✓✓", "Utiliser Mon Compte", "telecharger"),
    (2268, "Déclaration", "Changement de situation familiale (enfants et autres personnes)", "–✓✓", "Modifier sa situation; Déclarer un changement familial", "declarer_famille declarer_separation"),
    (2269, "Déclaration", "Déclarer ma grossesse", "–✓✓", "Déclarer ma grossesse", "declarer_famille"),
    (2270, "Déclaration", "Déclarer une naissance", "–✓✓", "Déclarer une naissance", "declarer_famille"),
    (2271, "Déclaration", "Changement de situation professionnelle", "–✓✓", "Déclarer un changement professionnel", "declarer_activite"),
    (2272, "Déclaration", "Changement de coordonnées (adresse, téléphone, email, banque)", "–✓✓", "Modifier mes coordonnées bancaires; Déclarer un changement d'adresse", "modifier_banque modifier_coordonnees"),
    (2273, "Déclaration", "Ressources annuelles", "–✓–", "", "declarer_ressources"),
    (2274, "Déclaration", "Patrimoine", "–✓–", "", "declarer_ressources"),
    (2275, "Déclaration", "Avantage vieillesse", "–✓–", "", "declarer_ressources"),
    (2276, "Déclaration", "Ressources trim. Allocation adultes handicapés (Aah)", "–✓✓", "Déclarer mes ressources trimestrielles Aah", "declarer_ressources"),
    (2277, "Déclaration", "Ressources trim. Allocation adultes handicapés (Aah) en FALC", "–✓✓", "Faire une déclaration trimestrielle Aah (FALC)", "declarer_ressources"),
    (2278, "Déclaration", "Ressources trim. Revenu de solidarité active (Rsa)", "–✓✓", "Déclarer mes ressources trimestrielles Rsa", "declarer_ressources"),
    (2279, "Déclaration", "Ressources trim. Revenu de solidarité active (Rsa) en FALC", "–✓✓", "Faire une déclaration trimestrielle Rsa (FALC)", "declarer_ressources"),
    (2280, "Déclaration", "Ressources trim. Prime d'activité", "–✓✓", "Déclarer mes ressources trimestrielles Prime d'activité", "declarer_ressources"),
    (2281, "Déclaration", "Ressources trim. Prime d'activité en FALC", "–✓✓", "Faire une déclaration trimestrielle Prime d'activité (FALC)", "declarer_ressources"),
    (2282, "Déclaration", "Étudiant : conservation du logement", "–✓✓", "", "declarer_scolarite"),
    (2283, "Déclaration", "Étudiant : confirmation du statut de boursier", "–✓✓", "", "declarer_scolarite"),
    (2284, "Déclaration", "Confirmation scolarité ou apprentissage pour l'allocation de rentrée scolaire (Ars) 16-18 ans", "–✓✓", "", "declarer_scolarite"),
    (2286, "Consultation et autorisation de gestion", "Situation, droits, paiements, courriers, mails, notifications, dernières démarches", "–✓✓", "Utiliser Mon Compte; Découvrir l'application Caf Mon Compte", "consulter"),
    (2287, "Consultation et autorisation de gestion", "Autorisation de gestion du conjoint", "–✓✓", "Donner une autorisation de gestion", "autoriser"),
    (2289, "Échanges avec la Caf", "Attribution d'un identifiant provisoire, demande de mot de passe", "✓✓✓", "", "gerer_acces"),
    (2290, "Échanges avec la Caf", "Prendre rendez-vous", "✓✓✓", "Prendre rendez-vous en ligne", "prendre_rendez_vous"),
    (2291, "Échanges avec la Caf", "Envoi d'un courrier", "✓✓–", "Contacter ma Caf par courrier", "envoyer_courrier"),
    (2292, "Échanges avec la Caf", "Envoi d'un document justificatif dématérialisé", "–✓✓", "Transmettre un document justificatif", "envoyer_document"),
    (2293, "Échanges avec la Caf", "Dettes", "–✓✓", "Calculer ou rembourser mes dettes", "rembourser"),
]  # fmt: skip


def _coches(ligne):
    return "".join("✓" if oui else "–" for oui in (ligne.na, ligne.alloc, ligne.appli))


@pytest.mark.exigence("DEM-02", "DEM-06", "PREST-10", "SIM-16", "APP-10")
@pytest.mark.parametrize("rang", range(41))
def test_each_line_of_the_table(rang):
    lue = catalogue(JOUR)[rang]
    assert (lue.ligne, lue.section, lue.libelle, _coches(lue), "; ".join(lue.fiches), " ".join(sorted(lue.actes))) == LIGNES[rang]


@pytest.mark.exigence("AUT-11")
def test_one_line_is_open_to_members_of_a_household_beside_its_columns():
    assert {x.ligne: sorted(x.aussi) for x in catalogue(JOUR) if x.aussi} == {2253: ["conjoint", "conjoint_autorise", "enfant"]}


def test_there_is_no_other_line():
    assert len(catalogue(JOUR)) == len(LIGNES)
