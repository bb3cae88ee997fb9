"""What each quality may be shown and may do, one by one (AUT-06 to AUT-11, TUT-02, PREST-13), and the words for it."""

from copy import deepcopy
from datetime import date

import pytest

from guichet.models.enums import Qualite, RoleMembre
from guichet.ressources import donnees
from guichet.rules import visiteurs as regles
from guichet.rules.visiteurs import (
    Acte,
    Information,
    actes_si_ferme,
    nom_acte,
    nom_qualite,
    qualites_possibles,
    refus_si_ferme,
    vue_agent,
    vue_visiteur,
)  # fmt: skip

JOUR = date(2026, 11, 22)
QUALITES = {
    "allocataire": ("Allocataire, responsable du dossier", "Allocataire", "Les coordonnées des autres membres du foyer ne sont montrées à personne.", "identite foyer coordonnees situation activite activite_foyer gestion ressources ressources_foyer droits paiements quotient banque dettes courriers demarches pieces documents alertes agenda visites", "consulter gerer_acces simuler creer_espace demander demander_aah demander_ajpa demander_bafa demander_pala declarer_separation declarer_famille declarer_activite declarer_ressources declarer_scolarite modifier_coordonnees modifier_banque telecharger autoriser prendre_rendez_vous telephoner envoyer_mail envoyer_courrier envoyer_document rembourser"),
    "conjoint_autorise": ("Conjoint autorisé à gérer le dossier", "Conjoint autorisé", "Les coordonnées des autres membres du foyer ne sont montrées à personne.", "identite foyer coordonnees situation activite activite_foyer gestion ressources ressources_foyer droits paiements quotient banque dettes courriers demarches pieces documents alertes agenda visites", "consulter gerer_acces simuler creer_espace demander demander_aah demander_ajpa demander_bafa demander_pala declarer_separation declarer_famille declarer_activite declarer_ressources declarer_scolarite modifier_coordonnees modifier_banque telecharger autoriser prendre_rendez_vous telephoner envoyer_mail envoyer_courrier envoyer_document rembourser"),
    "conjoint": ("Conjoint sans autorisation", "Conjoint", "Sans délégation du responsable du dossier, le conjoint ne voit que ses propres informations.", "identite coordonnees activite ressources", "gerer_acces simuler creer_espace demander_aah demander_ajpa demander_bafa demander_pala declarer_separation modifier_coordonnees telephoner"),
    "enfant": ("Enfant de plus de 15 ans ou autre personne du foyer", "Enfant", "Un enfant ou une autre personne du foyer ne consulte que ses propres informations.", "identite coordonnees activite ressources", "gerer_acces simuler creer_espace telephoner"),
    "tuteur_physique": ("Tuteur", "Tuteur", "Les coordonnées des autres membres du foyer ne sont montrées à personne.", "identite foyer coordonnees situation activite activite_foyer gestion ressources ressources_foyer droits paiements quotient banque dettes courriers demarches pieces documents alertes agenda visites", "consulter gerer_acces simuler creer_espace demander demander_aah demander_ajpa demander_bafa demander_pala declarer_separation declarer_famille declarer_activite declarer_ressources declarer_scolarite modifier_coordonnees modifier_banque telecharger autoriser prendre_rendez_vous telephoner envoyer_mail envoyer_courrier envoyer_document rembourser"),
    "tuteur_moral": ("Tuteur (organisme)", "Tuteur moral", "Les coordonnées des autres membres du foyer ne sont montrées à personne.", "identite foyer coordonnees situation activite activite_foyer gestion ressources ressources_foyer droits paiements quotient banque dettes courriers demarches pieces documents alertes agenda visites", "consulter gerer_acces simuler creer_espace demander demander_aah demander_ajpa demander_bafa demander_pala declarer_separation declarer_famille declarer_activite declarer_ressources declarer_scolarite modifier_coordonnees modifier_banque telecharger autoriser prendre_rendez_vous telephoner envoyer_mail envoyer_courrier envoyer_document rembourser"),
    "tiers_mandate": ("Tiers mandaté", "Mandataire", "Un mandataire ne voit et ne fait que ce que nomme le mandat signé, tant qu'il court.", "identite", "telephoner"),
    "non_allocataire": ("Non-allocataire", "Sans dossier", "Un visiteur qui n'est pas du dossier n'en voit rien.", "", "gerer_acces simuler creer_espace demander prendre_rendez_vous telephoner envoyer_mail envoyer_courrier"),
    "bailleur": ("Bailleur", "Bailleur", "Un bailleur ne voit rien du dossier de ses locataires.", "", "telephoner"),
}  # fmt: skip
"""By quality: its words, shorter ones, what is said in the place of the rest, the informations shown, the acts allowed."""
INFORMATIONS = {
    "identite": "Son identité et ses numéros",
    "foyer": "Qui compose le foyer",
    "coordonnees": "Ses coordonnées",
    "coordonnees_foyer": "Les coordonnées des autres membres",
    "situation": "La situation familiale",
    "activite": "Sa situation professionnelle",
    "activite_foyer": "La situation professionnelle des autres",
    "gestion": "Qui gère le dossier",
    "ressources": "Ses ressources",
    "ressources_foyer": "Les ressources des autres",
    "droits": "Les droits",
    "paiements": "Les paiements",
    "quotient": "Le quotient familial",
    "banque": "Le compte bancaire",
    "dettes": "Les dettes",
    "courriers": "Les courriers et courriels",
    "demarches": "Les démarches",
    "pieces": "Les pièces demandées",
    "documents": "Les documents transmis",
    "alertes": "Les alertes",
    "agenda": "L'agenda",
    "visites": "Les visites passées",
}
ACTES = {
    "consulter": "Consulter le dossier",
    "gerer_acces": "Demander un identifiant ou un mot de passe",
    "simuler": "Simuler ses droits",
    "creer_espace": "Créer son espace personnel",
    "demander": "Demander une prestation",
    "demander_aah": "Demander l'AAH",
    "demander_ajpa": "Demander l'AJPA",
    "demander_bafa": "Demander l'aide au Bafa",
    "demander_pala": "Demander la PALA",
    "declarer_separation": "Déclarer une séparation",
    "declarer_famille": "Déclarer un changement familial",
    "declarer_activite": "Déclarer un changement professionnel",
    "declarer_ressources": "Déclarer des ressources",
    "declarer_scolarite": "Confirmer une scolarité ou des études",
    "modifier_coordonnees": "Modifier ses coordonnées",
    "modifier_banque": "Modifier le compte bancaire",
    "telecharger": "Télécharger une attestation ou un relevé",
    "autoriser": "Donner ou retirer l'autorisation de gestion",
    "prendre_rendez_vous": "Prendre rendez-vous",
    "telephoner": "Téléphoner, venir à un point d'accueil",
    "envoyer_mail": "Envoyer un mail",
    "envoyer_courrier": "Envoyer un courrier",
    "envoyer_document": "Transmettre un document",
    "rembourser": "Rembourser une dette",
}


@pytest.mark.exigence("AUT-01", "AUT-06", "AUT-07", "AUT-08", "AUT-09", "AUT-10", "AUT-11", "TUT-01", "PREST-12", "PREST-13")
@pytest.mark.parametrize("qualite", Qualite)
def test_each_quality_is_shown_and_does_this(qualite):
    vue = vue_visiteur(qualite, "x", JOUR)
    libelle, court, refus, voir, faire = QUALITES[qualite]
    assert (nom_qualite(qualite), nom_qualite(qualite, court=True), vue.refus) == (libelle, court, refus)
    assert (vue.voir, vue.faire) == (set(voir.split()), set(faire.split()))


def test_what_is_listed_is_listed_once_and_there_is_no_other_quality():
    (version,) = donnees("visiteurs.yaml")["visiteurs"]
    assert set(version["qualites"]) == set(Qualite) == set(QUALITES)
    assert version["enfant_modifie_ses_coordonnees"] is False


def test_a_child_changes_his_contact_details_where_the_rule_says_so_and_he_alone(monkeypatch):
    """C04: one document lets him, a later one does not."""
    autrement = deepcopy(donnees("visiteurs.yaml"))
    autrement["visiteurs"][0]["enfant_modifie_ses_coordonnees"] = True
    monkeypatch.setattr(regles, "donnees", lambda _: autrement)
    regles._table.cache_clear()
    try:
        assert Acte.MODIFIER_COORDONNEES in vue_visiteur(Qualite.ENFANT, "x", JOUR).faire
        assert Acte.MODIFIER_COORDONNEES not in vue_visiteur(Qualite.BAILLEUR, "x", JOUR).faire
    finally:
        regles._table.cache_clear()


@pytest.mark.exigence("SEC-03")
def test_nobody_is_shown_the_others_contact_details():
    for vue in (vue_agent("x"), *(vue_visiteur(q, "x", JOUR) for q in Qualite)):
        assert Information.COORDONNEES_FOYER not in vue.voir


def test_each_information_and_each_act_has_its_words():
    assert donnees("visiteurs.yaml")["informations"] == INFORMATIONS
    assert {str(acte): nom_acte(acte) for acte in Acte} == donnees("visiteurs.yaml")["actes"] == ACTES
    assert [str(i) for i in Information] == list(INFORMATIONS)


@pytest.mark.exigence("AUT-12")
def test_a_closed_dossier_is_read_and_its_body_written_to():
    assert actes_si_ferme(JOUR) == {Acte.CONSULTER, Acte.TELECHARGER, Acte.TELEPHONER, Acte.ENVOYER_MAIL, Acte.ENVOYER_COURRIER}
    assert refus_si_ferme(JOUR) == "Ce dossier est fermé : il se consulte, et la personne peut écrire à cette caisse."


@pytest.mark.exigence("AUT-10")
@pytest.mark.parametrize(("ne_le", "qualites"), [(date(2011, 11, 22), (Qualite.ENFANT,)), (date(2011, 11, 23), ())])
def test_a_child_stands_for_himself_from_fifteen_on(ne_le, qualites):
    assert qualites_possibles(RoleMembre.ENFANT, ne_le, None, JOUR) == qualites
