"""Each dated rule of the product with its values: what a document, a text or ourselves say, as regles.yaml names them."""

from datetime import date

import pytest
import yaml

from guichet.ressources import RACINE, donnees
from guichet.rules.assurance_maladie import natures, nom_du_droit
from guichet.rules.depots import Canal, canal
from guichet.rules.papiers import offres

JOUR = date(2026, 11, 22)
ECRITES = yaml.safe_load((RACINE / "donnees" / "regles.yaml").read_text("utf-8"))
"""As they are shipped: what a passphrase costs is made cheap for the tests (tests/derivation.py)."""
REGLES = {
    "loyer_juillet": (date(2020, 1, 1), {"mois": 7, "ecart_signale_pct": 10}),
    "historique_paiements": (date(2023, 3, 7), {"mois": 24}),
    "mandats": (date(2023, 1, 1), {"durees_jours": [1, 31, 182, 365], "alerte_jours": 30, "majorite_ans": 18}),
    "retard_demarche": (date(2023, 1, 1), {"jours_ouvres": 10}),
    "delais_observes": (date(2026, 1, 1), {"jours": 30, "paliers_pct": [30, 60, 90], "au_moins": 20}),
    "agenda": (date(2023, 1, 1), {"mois": 6}),
    "creneaux": (date(2023, 3, 9), {"pas_min": 20, "jours_ouverts": 21}),
    "creneaux_confies": (date(2026, 1, 1), {"part_pct": 20, "jours_ouvres": 2, "duree_heures": 72, "au_plus": 50}),
    "telephone": (date(2026, 1, 1), {"minutes": 15, "photos": 40, "photo_octets": 12000000}),
    "purge_tombes": (date(2026, 1, 1), {"jours": 180}),
    "garde_verdicts": (date(2026, 1, 1), {"jours": 90}),
    "effacement_en_masse": (date(2026, 1, 1), {"part_pct": 20, "au_moins": 20}),
    "essais_coffre": (date(2022, 7, 21), {"au_plus": 10, "delai_max_s": 300}),
    "jetons": (date(2026, 1, 1), {"acces_min": 10, "inactif_h": 2, "session_h": 12, "code_s": 60, "demande_min": 10, "horloge_s": 30}),
    "derivation": (date(2021, 9, 7), {"tours": 3, "memoire_kio": 65536, "fils": 2}),
    "hachage": (date(2021, 9, 7), {"tours": 3, "memoire_kio": 65536, "fils": 4}),
    "secret_personnel": (date(2022, 7, 21), {"bits": 50}),
    "essais_compte": (date(2022, 7, 21), {"sans_attente": 3, "delai_max_s": 900}),
    "invitation": (date(2026, 1, 1), {"heures": 48}),
    "fenetre_hors_ligne": (date(2026, 1, 1), {"heures": 72}),
    "code_ecran": (date(2022, 7, 21), {"chiffres": 6, "essais": 3}),
    "bris_de_glace": (date(2026, 1, 1), {"signes": 10, "minutes": 15, "montre_s": 20}),
    "presse_papiers": (date(2026, 1, 1), {"secondes": 20}),
    "garde_journal": (date(2021, 10, 14), {"mois": 12}),
    "verrou_ecran": (date(2026, 1, 1), {"minutes": 5}),
    "conservation": (date(2021, 3, 11), {"dossiers_mois": 24, "rendez_vous_mois": 24, "avis_mois": 12, "identite_jours": 30, "types": ["piece_identite"], "copies_locales_jours": 30, "brouillons_jours": 7}),
    "doublons": (date(2026, 1, 1), {"a_signaler": 60, "annulable_jours": 30, "nir_egal": 100, "nir_different": -100, "nom_egal": 30, "nom_d_usage_egal": 25, "nom_proche": 20, "nom_different": -20, "prenom_egal": 25, "prenom_proche": 15, "prenom_different": -40, "naissance_egale": 35, "naissance_inversee": 20, "naissance_proche": 15, "naissance_differente": -40, "commune_egale": 10, "sexe_different": -15}),
}  # fmt: skip
ROLES = {
    "conseiller": "moi glace:briser doublons:fusionner dossiers:read dossiers:write pieces:read pieces:write",
    "responsable": "moi glace:briser doublons:fusionner dossiers:read dossiers:write pieces:read pieces:write creneaux:reprendre journal:read "
    "rattachements:confirmer personnes:exporter",
    "bailleur": "moi dossiers:read dossiers:write pieces:read pieces:write",
    "admin": "moi comptes:read comptes:write",
}
NATURES = [
    ("Remboursement de soins", False, 0), ("Paiement à un tiers", False, 0), ("Invalidité", False, 100),
    ("Indemnités journalières maladie", True, 100), ("Indemnités journalières maternité", True, 100),
    ("Indemnités journalières accident du travail", True, 50), ("Indemnités journalières affection de longue durée", True, 0),
]  # fmt: skip


@pytest.mark.exigence("BAI-04", "PAI-01", "MC-08", "RDV-17")
@pytest.mark.parametrize("nom", REGLES)
def test_each_rule_says_what_it_must(nom):
    (version,) = ECRITES[nom]
    assert (version["effet_le"], {cle: valeur for cle, valeur in version.items() if cle not in ("effet_le", "source")}) == REGLES[nom]


def test_there_is_no_other_rule():
    assert list(ECRITES) == list(REGLES)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_do_this_at_the_centre(role):
    (version,) = donnees("acces.yaml")["etendues"]
    assert " ".join(version["roles"][role]) == ROLES[role]
    assert set(version["roles"]) == set(ROLES)


@pytest.mark.exigence("AMC-11")
def test_each_payment_of_the_assurance_maladie_and_what_is_taxed_of_it():
    assert [(n.libelle, n.ij, n.imposable_pct) for n in natures(JOUR).values()] == NATURES


def test_rights_have_their_words():
    assert (nom_du_droit("PUMA"), nom_du_droit("C2S")) == ("Prise en charge des frais de santé", "Complémentaire santé solidaire")


@pytest.mark.exigence("DEP-01")
@pytest.mark.parametrize(
    ("organisme", "departement", "attendu"),
    [
        *((organisme, "31", Canal(5_000_000, "", ())) for organisme in ("caf", "msa", "france_services", "bailleur", "un autre")),
        ("cpam", "31", Canal(5_000_000, "depot_cpam", ("feuille_soins",))),
        ("cpam", "92", Canal(5_000_000, "", ())),
    ],
)
def test_where_each_body_takes_documents(organisme, departement, attendu):
    assert canal(organisme, departement, JOUR) == attendu


def test_each_kind_of_body_has_its_line():
    (version,) = donnees("depots.yaml")["depots"]
    assert set(version["organismes"]) == {"caf", "msa", "france_services", "bailleur", "cpam"}


@pytest.mark.exigence("PAI-01", "PAI-05", "AMC-06", "AMC-13")
@pytest.mark.parametrize(
    ("organisme", "attendues"),
    [
        ("cpam", [("attestation_droits", "jour", 0), ("attestation_ij", "periode", 27), ("releve_fiscal", "annee", 27), ("releve", "mois", 27)]),
        ("caf", [("attestation_paiement", "mois", 24), ("attestation_quotient", "jour", 0), ("attestation_periode", "periode", 24),
                 ("releve", "mois", 24)]),
    ],
)  # fmt: skip
def test_the_papers_of_each_body(organisme, attendues):
    assert [(str(o.type), str(o.couvre), o.mois) for o in offres(organisme, JOUR)] == attendues


def test_the_three_settings_of_a_scanner_that_are_shipped():
    assert [(p["libelle"], p["source"], p["ppp"], p["encre"]) for p in donnees("numerisation.yaml")["profils"]] == [
        ("Papier courant", "chargeur", 200, "Grayscale8"),
        ("Papier courant recto verso", "recto_verso", 200, "Grayscale8"),
        ("Pièce d'identité", "vitre", 300, "RGB24"),
    ]
