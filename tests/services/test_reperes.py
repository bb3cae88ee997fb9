"""What Repères tells, value by value: how to reach the Caf, what the person does by himself, where and when people are received."""

from datetime import UTC, date, datetime

import pytest

from guichet.services import rendezvous
from guichet.services.reperes import _contacts, _gerer, rubriques

JOUR = date.today()


@pytest.mark.exigence("CTC-01", "CTC-02", "CTC-03", "CTC-04")
def test_each_way_to_reach_the_caf():
    lignes = {x[0]: x[1:] for x in _contacts(JOUR, datetime.now(UTC)).lignes}
    assert [(moyen, ou, quand, savoir) for moyen, (ou, quand, _, savoir) in lignes.items()] == [
        (
            "Courriel", "caf.fr, « Envoyer un mail » : je ne suis pas allocataire, ou je m'identifie", "à tout moment",
            "Ici aussi, par la démarche « Mail à la Caf »",
        ),
        ("Téléphone", "3230", "à tout moment", "Service gratuit et coût d'un appel local ; taper le numéro du département"),
        ("Pensions alimentaires (Aripa)", "3238", "lundi à vendredi, 09:00 à 16:30", ""),
        ("Étudiants", "0 969 32 52 52", "lundi à vendredi, 09:00 à 19:30", ""),
        ("Rendez-vous avec un gestionnaire conseil", "Onglet Rendez-vous", "à tout moment", "Sur place ou par téléphone"),
        ("Adresse postale", "Celle de la caisse du dossier", "à tout moment", "Un courrier se suit moins vite qu'un mail"),
    ]  # fmt: skip


@pytest.mark.exigence("AUT-03", "CNX-11", "MDP-13", "SEC-01")
def test_what_the_person_does_by_himself_and_never_tells():
    dits = dict(_gerer(JOUR).lignes)
    assert dits["Ce que le conjoint autorisé peut faire"] == (
        "Consulter les droits et paiements, déclarer des changements, demander une prestation"
    )
    assert dits["Changer son mot de passe"] == "Mon Compte, « Gérer Mon Compte » ; la personne le choisit et le tape elle-même"
    assert dits["Mot de passe et fraude"] == "Ne jamais donner son mot de passe, même à la Caf : aucun agent ne le demande"


@pytest.mark.exigence("RDV-05")
def test_the_nine_reasons(menage):
    session, _ = menage
    assert [(m.code, m.libelle) for m in rendezvous.motifs(session)] == [
        ("01", "Ma situation change"),
        ("02", "Je ne suis pas ou plus allocataire de votre Caf"),
        ("03", "Je veux savoir où en est mon dossier"),
        ("04", "Je rencontre des difficultés familiales ou financières"),
        ("06", "J'ai une demande concernant le handicap ou la dépendance"),
        ("07", "Je suis éligible au RSA"),
        ("09", "Je dois de l'argent à la Caf ou je conteste une décision"),
        ("10", "Je souhaite bénéficier d'un accompagnement social"),
        ("13", "Je suis sourd ou malentendant"),
    ]


SUR_PLACE = {
    "Gennevilliers": ("jeudi", "✓ oui"), "Chatenay": ("mardi, jeudi", "✓ oui"), "Nanterre": ("lundi", "✕ non"), "Montrouge": ("mercredi", "✕ non"),
    "Colombes": ("vendredi", "✕ non"),
}  # fmt: skip


@pytest.mark.exigence("CTC-07", "CTC-08", "CTC-09", "CTC-10")
@pytest.mark.parametrize("site", SUR_PLACE)
def test_when_each_place_of_the_hauts_de_seine_receives(menage, site):
    session, _ = menage
    (lignes,) = (r.lignes for r in rubriques(session, JOUR) if r.titre == "Points d'accueil")
    (ligne,) = (x for x in lignes if x[0] == site)
    jours, numerique = SUR_PLACE[site]
    for horaire in (
        f"sur place {jours} 09:00 à 16:00 avec un gestionnaire conseil", "par téléphone lundi à vendredi 08:30 à 16:00 avec un gestionnaire conseil", "Ems sur rendez-vous lundi, jeudi",
        "Ems en accueil spontané lundi à jeudi 09:00 à 12:30",
    ):  # fmt: skip
        assert horaire in " ; ".join(ligne).split(" ; ")
    assert ligne[-1] == numerique


@pytest.mark.exigence("RDV-09")
def test_the_places_of_the_haute_garonne(menage):
    session, _ = menage
    (lignes,) = (r.lignes for r in rubriques(session, JOUR) if r.titre == "Points d'accueil")
    assert {
        "Rendez-vous téléphonique CAF 31", "Auterive", "Bagneres de Luchon", "Blagnac", "Colomiers", "Cugnaux", "Muret", "Revel", "St Alban", "St Gaudens",
        "Toulouse Riquet",
    } <= {x[0] for x in lignes}  # fmt: skip
