"""Who may see and do what, cell by cell: the table as we read it in the seeds, written again here, against every way that data come out."""

import json
from dataclasses import asdict
from datetime import date, timedelta

import pytest
from sqlalchemy import text, update

from guichet.central.services.export import lignes_de
from guichet.contract.vues import lisibles
from guichet.models import Dossier
from guichet.models.enums import Qualite
from guichet.ressources import donnees
from guichet.rules.visiteurs import Acte, Information, vue_agent, vue_visiteur
from guichet.services import demarches, documents, dossiers, rendezvous, visites
from guichet.services.session import Refus, maintenant
from tests.menage import ADAM, LEYLA, MARC, MARQUES, NUMERO, PORTEE, ZOE, ecrire_menage, informations
from tests.sync.outils import envoyer

JOUR = date.today()
TOUT = {i.value for i in Information} - {"coordonnees_foyer"}
SOI = {"identite", "coordonnees", "activite", "ressources"}
TABLE = {  # AUT-06 to AUT-10, TUT-02, C04: who stands there, for whom, what he sees
    "allocataire": (LEYLA, TOUT),
    "conjoint_autorise": (MARC, TOUT),
    "conjoint": (MARC, SOI),
    "enfant": (ADAM, SOI),
    "tuteur_physique": (LEYLA, TOUT),
    "tuteur_moral": (LEYLA, TOUT),
    "tiers_mandate": (LEYLA, {"identite"}),
    "non_allocataire": (LEYLA, set()),
    "bailleur": (LEYLA, set()),
}
TOUS = {a.value for a in Acte}
ACTES = {  # AUT-06 to AUT-10, PREST-12, PREST-13, C03, C44
    "allocataire": TOUS,
    "conjoint_autorise": TOUS,
    "conjoint": {
        "gerer_acces", "simuler", "creer_espace", "demander_aah", "demander_ajpa", "demander_bafa", "demander_pala", "declarer_separation", "modifier_coordonnees", "telephoner",
    },
    "enfant": {"gerer_acces", "simuler", "creer_espace", "telephoner"},
    "tuteur_physique": TOUS,
    "tuteur_moral": TOUS,
    "tiers_mandate": {"telephoner"},
    "non_allocataire": {"gerer_acces", "simuler", "creer_espace", "demander", "prendre_rendez_vous", "telephoner", "envoyer_mail", "envoyer_courrier"},
    "bailleur": {"telephoner"},
}  # fmt: skip


def _fuites(vu, qui, permises):
    """Return the marks that are seen and should not, and those that should and are not."""
    vues = {marque for marque, valeur in MARQUES.items() if valeur in vu}
    attendues = {marque for marque in MARQUES if informations(marque, qui) in permises}
    return vues - attendues, attendues - vues


def test_the_table_covers_each_quality_information_and_act():
    assert set(TABLE) == set(ACTES) == {q.value for q in Qualite}
    lues = donnees("visiteurs.yaml")["visiteurs"][-1]["qualites"]
    assert {q: set(x["voir"]) for q, x in lues.items()} == {q: voir for q, (_, voir) in TABLE.items()}
    assert all(x["source"] and x["refus"] for x in lues.values())


@pytest.mark.exigence("AUT-01", "AUT-10", "CRE-01", "MCP-03", "TUT-01")
@pytest.mark.parametrize("qualite", Qualite)
def test_each_act_of_each_quality(qualite):
    vue = vue_visiteur(qualite, "x", JOUR)
    for acte in Acte:
        assert (acte in vue.faire) is (acte in ACTES[qualite]), acte


@pytest.mark.exigence("AUT-06", "AUT-07", "MCP-03", "SEC-03", "TUT-02")
@pytest.mark.parametrize("qualite", Qualite)
def test_each_cell_where_the_centre_gives_a_dossier_away(base, qualite):
    ids = ecrire_menage(base)
    qui, permises = TABLE[qualite]
    with base.lecture(PORTEE) as connexion:
        lues = lignes_de(connexion, PORTEE, ids["dossier"], vue_visiteur(qualite, ids[qui], JOUR))
        entier = lignes_de(connexion, PORTEE, ids["dossier"], vue_agent(ids[LEYLA]))
    # Requests for money and account numbers apart, a row is a row: what names it is looked for in all that came.
    en_trop, manquants = _fuites(json.dumps(lues, ensure_ascii=False), qui, permises)
    assert not en_trop
    assert not manquants
    assert not _fuites(json.dumps(entier, ensure_ascii=False), LEYLA, TOUT)[0]


def test_a_kind_of_row_that_nobody_thought_of_is_for_agents(base):
    with base.lecture(PORTEE) as connexion:
        assert not connexion.execute(
            lisibles("avis", vue_visiteur(Qualite.ALLOCATAIRE, "x", JOUR)).where(text("scope_id = 'site:caf-31:toulouse-riquet'"))
        ).all()


def _carte(menage):
    session, ids = menage
    return dossiers.ouvrir(session, PORTEE, ids["dossier"], JOUR)


def _dit(carte):
    return json.dumps(asdict(carte), default=str, ensure_ascii=False)


MASQUES = {("coordonnees", LEYLA): "XX XX XX 00 01", ("coordonnees", MARC): "XX XX XX 00 02", ("coordonnees", ADAM): "XX XX XX 00 03"}
HORS_CARTE = {"banque", "dettes"}
"""What the card keeps for other lists, or says otherwise than by its mark."""


@pytest.mark.exigence("MC-07", "PAI-14", "PAI-17")
@pytest.mark.parametrize(
    ("qualite", "qui"),
    [("allocataire", LEYLA), ("conjoint_autorise", MARC), ("enfant", ADAM), ("tuteur_physique", LEYLA), ("tuteur_moral", LEYLA), ("tiers_mandate", LEYLA)],
)  # fmt: skip
def test_the_card_shows_what_the_visitor_s_quality_allows(menage, visite, qualite, qui):
    entiere = _dit(_carte(menage))
    visite(qui, Qualite(qualite), "Odile Marty" if qualite.startswith("t") else "")
    carte = _dit(_carte(menage))
    permises = TABLE[qualite][1]
    for marque, valeur in MARQUES.items():
        montre = MASQUES.get(marque, valeur)
        if informations(marque, qui) not in permises:
            assert valeur not in carte, marque
            assert montre not in carte, marque
        elif marque not in HORS_CARTE and montre in entiere:
            assert montre in carte, marque


@pytest.mark.exigence("AUT-09", "AUT-11")
def test_a_husband_without_delegation_sees_himself_alone(deux):
    session, _, ids = deux
    with pytest.raises(Refus, match="ne donne pas cette qualité"):
        visites.ouvrir(session, PORTEE, ids["dossier"], ids[MARC], Qualite.CONJOINT_AUTORISE, "Passeport, valide")
    ouverte = visites.ouvrir(session, PORTEE, ids["dossier"], ids[MARC], Qualite.CONJOINT, "Passeport, valide")
    carte = _dit(dossiers.ouvrir(session, PORTEE, ids["dossier"], JOUR))
    visites.terminer(session, ouverte)
    siennes = {("identite", MARC), ("numero", MARC), ("activite", MARC), ("ressources", MARC)}
    assert {m for m, valeur in MARQUES.items() if valeur in carte} == siennes
    assert {m for m, valeur in MASQUES.items() if valeur in carte} == {("coordonnees", MARC)}


@pytest.mark.exigence("SEC-03")
def test_an_agent_alone_reads_the_dossier_but_not_the_others_contact_details(menage):
    carte = _dit(_carte(menage))
    assert MASQUES["coordonnees", LEYLA] in carte
    assert not [m for m in (MARC, ADAM) if MASQUES["coordonnees", m] in carte or MARQUES["coordonnees", m] in carte]


def test_where_people_live_is_not_listed_in_front_of_a_visitor(menage, visite):
    session, _ = menage
    assert dossiers.chercher(session, NUMERO, JOUR).trouves[0].commune == "Toulouse"
    visite(ADAM, Qualite.ENFANT)
    trouves = dossiers.chercher(session, NUMERO, JOUR).trouves
    assert trouves
    assert not [t for t in trouves if t.commune or t.code_postal]


def test_another_dossier_waits_for_the_end_of_the_visit(menage, visite):
    session, _ = menage
    with session.coffre.lecture() as connexion:
        autre = connexion.execute(text("SELECT id FROM dossier WHERE numero <> :n LIMIT 1"), {"n": NUMERO}).scalar_one()
    ouverte = visite(LEYLA, Qualite.ALLOCATAIRE)
    with pytest.raises(Refus, match="n'est pas celui de la personne présente"):
        dossiers.ouvrir(session, PORTEE, autre, JOUR)
    visites.terminer(session, ouverte)
    assert dossiers.ouvrir(session, PORTEE, autre, JOUR).dossier_id == autre


@pytest.mark.exigence("AUT-10")
@pytest.mark.parametrize(
    ("qui", "qualite", "dit"),
    [
        (MARC, Qualite.ALLOCATAIRE, "ne donne pas cette qualité"),
        (MARC, Qualite.CONJOINT, "ne donne pas cette qualité"),  # he has the delegation: that is his quality
        (LEYLA, Qualite.CONJOINT_AUTORISE, "ne donne pas cette qualité"),
        (ZOE, Qualite.ENFANT, "ne donne pas cette qualité"),
        (LEYLA, Qualite.BAILLEUR, "ne donne pas cette qualité"),
        (LEYLA, Qualite.TUTEUR_PHYSIQUE, "Donnez le nom"),
        ("dossier", Qualite.ALLOCATAIRE, "n'est pas de ce dossier"),
    ],
)
def test_the_dossier_decides_of_the_quality_not_the_agent(menage, qui, qualite, dit):
    session, ids = menage
    with pytest.raises(Refus, match=dit):
        visites.ouvrir(session, PORTEE, ids["dossier"], ids[qui], qualite, "Passeport, valide")
    assert visites.reprendre(session) is None


@pytest.mark.exigence("TUT-01")
def test_a_guardian_is_named_and_stands_for_the_person(menage, visite):
    session, ids = menage
    ouverte = visite(LEYLA, Qualite.TUTEUR_PHYSIQUE, "  Odile Marty ")
    assert (ouverte.nom, ouverte.personne_id) == ("Odile Marty, pour DARTIGUELONGUE Leyla", ids[LEYLA])
    assert visites.reprendre(session) == ouverte


def test_papers_and_bookings_follow_the_quality(menage, visite):
    session, _ = menage
    creneau = rendezvous.creneaux(session, maintenant())[0]
    ouverte = visite(ADAM, Qualite.ENFANT)
    with pytest.raises(Refus, match="n'est pas permis en cette qualité"):
        envoyer(session, ouverte, None, [], "autre", "Un papier")
    with pytest.raises(Refus, match="n'est pas permis en cette qualité"):
        rendezvous.reserver_creneau(session, creneau, "01", ouverte)
    assert documents.du_dossier(session, ouverte) == []
    visites.terminer(session, ouverte)
    allocataire = visite(LEYLA, Qualite.ALLOCATAIRE)
    assert [d.nom for d in documents.du_dossier(session, allocataire)] == [MARQUES["documents"]]


@pytest.mark.exigence("AUT-12")
def test_somebody_with_two_dossiers_goes_from_one_to_the_other_in_the_quality_of_each(deux):
    session, ids, autre = deux
    carte = dossiers.ouvrir(session, PORTEE, ids["dossier"], JOUR)
    assert carte.autres == ((autre["dossier"], "7654322", "Caf 31", date(2015, 1, 1), None),)
    ouverte = visites.ouvrir(session, PORTEE, ids["dossier"], ids[LEYLA], Qualite.ALLOCATAIRE, "Passeport, valide")
    try:
        la_bas = dossiers.ouvrir(session, PORTEE, autre["dossier"], JOUR)
        assert (la_bas.vue.qualite, la_bas.vue.personne_id) == (Qualite.ENFANT, ids[LEYLA]), "there she is only a member of the household"
        assert la_bas.versements == ()
        assert [a.numero for a in la_bas.autres] == [NUMERO]
    finally:
        visites.terminer(session, ouverte)


@pytest.fixture
def ancien(menage):
    """The household's dossier, closed since yesterday: it went to another body."""
    session, ids = menage

    def fermer(le):
        with session.coffre.ecriture() as connexion:
            connexion.execute(update(Dossier).where(Dossier.id == ids["dossier"]).values(ferme_le=le))

    fermer(JOUR - timedelta(days=1))
    yield session, ids
    fermer(None)


@pytest.mark.exigence("AUT-12", "CTC-05")
def test_a_former_dossier_is_read_and_its_body_written_to(ancien):
    """AUT-12: nothing else may be done with it."""
    session, ids = ancien
    assert _carte(ancien).ferme_le == JOUR - timedelta(days=1)
    ouverte = visites.ouvrir(session, PORTEE, ids["dossier"], ids[LEYLA], Qualite.ALLOCATAIRE, "Passeport, valide")
    try:
        carte = _carte(ancien)
        assert carte.vue.voir == vue_visiteur(Qualite.ALLOCATAIRE, ids[LEYLA], JOUR).voir
        assert carte.vue.faire == {Acte.CONSULTER, Acte.TELECHARGER, Acte.TELEPHONER, Acte.ENVOYER_MAIL, Acte.ENVOYER_COURRIER}
        assert {p.formulaire.code for p in demarches.proposees(session, ouverte)} == {"mail", "attestation_courrier"}
        with pytest.raises(Refus, match="Ce dossier est fermé"):
            envoyer(session, ouverte, None, [], "autre", "Un papier")
        with pytest.raises(Refus, match="Ce dossier est fermé"):
            demarches.deposer(session, ouverte, "adresse", {}, JOUR)
        demarches.deposer(session, ouverte, "mail", {"objet": "Mon ancien dossier", "message": "Bonjour"}, JOUR)
        assert visites.reprendre(session).ferme_le == JOUR - timedelta(days=1)
    finally:
        visites.terminer(session, ouverte)
    session.synchroniser()
    assert session.etat().comptes.refuses == 0


def test_a_dossier_that_closes_later_is_open_until_then(ancien):
    session, ids = ancien
    with session.coffre.ecriture() as connexion:
        connexion.execute(update(Dossier).where(Dossier.id == ids["dossier"]).values(ferme_le=JOUR + timedelta(days=1)))
    carte = _carte(ancien)
    assert carte.ferme_le is None
    assert Acte.MODIFIER_COORDONNEES in carte.vue.faire


@pytest.mark.exigence("AUT-02", "AUT-05", "MC-01")
def test_who_may_manage_is_said_as_each_of_the_two_reads_it(menage, visite):
    session, _ = menage
    assert _carte(menage).autorisation == "DARTIGUELONGUE Leyla autorise VERGNEBRUNE Marc à gérer le dossier depuis le 03/04/2021."
    ouverte = visite(LEYLA, Qualite.ALLOCATAIRE)
    assert _carte(menage).autorisation.startswith("Vous autorisez VERGNEBRUNE Marc")
    visites.terminer(session, ouverte)
    visite(MARC, Qualite.CONJOINT_AUTORISE)
    assert _carte(menage).autorisation == "DARTIGUELONGUE Leyla vous autorise à gérer son dossier depuis le 03/04/2021."


@pytest.mark.exigence("PREST-13", "RDV-03")
def test_somebody_without_a_dossier_sees_nothing_and_books(menage):
    """PREST-13: a visit of its own, that syncs; no dossier is his, no démarche is sent for one."""
    session, ids = menage
    with pytest.raises(Refus, match="Donnez le nom"):
        visites.recevoir_sans_dossier(session, "  ", "Passeport, valide")
    ouverte = visites.recevoir_sans_dossier(session, "Odile Marty", "Passeport, valide")
    try:
        assert (ouverte.nom, ouverte.qualite, ouverte.dossier_id, ouverte.numero) == ("Odile Marty", Qualite.NON_ALLOCATAIRE, "", "")
        assert visites.reprendre(session) == ouverte
        visites.exiger(ouverte, Acte.PRENDRE_RENDEZ_VOUS)
        with pytest.raises(Refus, match="n'est pas permis en cette qualité"):
            visites.exiger(ouverte, Acte.MODIFIER_COORDONNEES)
        with pytest.raises(Refus, match="pas celui de la personne présente"):
            dossiers.ouvrir(session, PORTEE, ids["dossier"], JOUR)
        with pytest.raises(Refus, match="n'a pas de dossier ici"):
            demarches.deposer(session, ouverte, "mail", {}, JOUR)
    finally:
        visites.terminer(session, ouverte)
    session.synchroniser()
    assert session.etat().comptes.refuses == 0
    assert visites.reprendre(session) is None


@pytest.mark.exigence("CRE-11")
@pytest.mark.parametrize(
    ("nature", "jusquau", "dit"),
    [
        ("Passeport", "", "Passeport, valide"), ("Passeport", "9/3/2031", "Passeport, valable jusqu'au 09/03/2031"),
        ("Passeport", "mars 2031", "Passeport, valable jusqu'au 31/03/2031"), ("Passeport", "9/3/2020", "Passeport, périmée depuis le 09/03/2020"),
        (visites.CONNU, "n'importe quoi", visites.CONNU),
    ],
)  # fmt: skip
def test_what_was_shown_is_noted_with_its_validity_and_no_copy(nature, jusquau, dit):
    assert visites.preuve_vue(nature, jusquau, date(2026, 11, 22)) == dit


def test_a_validity_that_is_no_date_is_told():
    with pytest.raises(Refus, match="JJ/MM/AAAA"):
        visites.preuve_vue("Passeport", "bientôt", date(2026, 11, 22))
