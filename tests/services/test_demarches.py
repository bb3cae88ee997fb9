"""Démarches filled in at the counter: every form, from what is typed to what the centre holds."""

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from guichet.models import Demarche, Dossier, Organisme
from guichet.models.enums import Qualite
from guichet.rules.formulaires import DECLARER, formulaires, verifier
from guichet.services import demarches, dossiers, ouvrir_session, visites
from guichet.services.session import Refus, maintenant
from guichet.store import conservation
from guichet.store.tables import brouillon
from tests import attendus
from tests.menage import ADAM, LEYLA, MARC, PORTEE
from tests.sync.outils import CAF, poste

JOUR = date.today()
TOUS = formulaires(JOUR)
FORMULAIRES = {
    code: f for code, f in TOUS.items() if not f.sans_dossier and not f.document
}  # the CPAM's goes with a document: test_depots.py
AVEC_DOSSIER = {code: x[1] for code, x in attendus.FORMULAIRES.items() if code not in ("depot_cpam", "mail_sans_dossier")}
SAISIES = {
    "texte": "12, rue des Lilas", "long": "Bonjour,\nje vous écris.", "date": "09/03/2027", "date_passee": "9/3/2026", "mois": "07/2026", "annee": "2025",
    "entier": "2", "montant": "1 205,40 €", "telephone": "06 39 98 12 34", "courriel": "camille@exemple.fr", "code_postal": "31000",
    "iban": "FR14 2004 1010 0505 0001 3M02 606",
}  # fmt: skip


def _remplies(code):
    return {c.code: c.choix[0] if c.choix else SAISIES[c.type] for c in TOUS[code].champs}


@pytest.mark.exigence(
    "DEM-01", "DEM-04", "DEM-05", "DEM-08", "DEM-10", "MC-13", "ADD-18", "PAI-04", "AUT-03", "PREST-01", "CTC-06", "DEP-03"
)
def test_the_forms_cover_what_the_counter_declares():
    """B-10's declarations and requests, one by one: each with its act, its words, its papers and its fields, and no other."""
    ici = {code: (f.acte, f.libelle, f.rubrique, " ".join(f.pieces), _champs(f)) for code, f in TOUS.items()}
    assert ici == attendus.FORMULAIRES
    assert {(f.code, c.code): list(c.choix) for f in TOUS.values() for c in f.champs if c.choix} == attendus.CHOIX


def _champs(formulaire):
    return " ".join(f"{c.code}:{c.type}{'' if c.requis else '?'}" for c in formulaire.champs)


@pytest.mark.exigence("AUT-07")
@pytest.mark.parametrize(
    ("qui", "qualite", "permis"),
    [
        (LEYLA, Qualite.ALLOCATAIRE, set(AVEC_DOSSIER)),
        (MARC, Qualite.CONJOINT_AUTORISE, set(AVEC_DOSSIER)),
        (ADAM, Qualite.ENFANT, set()),
    ],
)
def test_what_is_offered_follows_the_quality(menage, visite, qui, qualite, permis):
    assert {p.formulaire.code for p in demarches.proposees(menage[0], visite(qui, qualite))} == permis


@pytest.mark.exigence("AUT-08", "PREST-12")
def test_a_husband_without_delegation_declares_what_is_his(deux):
    session, _, ids = deux
    ouverte = visites.ouvrir(session, PORTEE, ids["dossier"], ids[MARC], Qualite.CONJOINT, "Passeport, valide")
    try:
        assert {p.formulaire.code for p in demarches.proposees(session, ouverte)} == {
            "adresse",
            "coordonnees",
            "separation",
            "demande_aah",
            "demande_ajpa",
            "demande_bafa",
            "demande_pala",
        }, "PREST-12"
        with pytest.raises(Refus, match="n'est pas permis en cette qualité"):
            demarches.deposer(session, ouverte, "mail", _remplies("mail"), JOUR)
    finally:
        visites.terminer(session, ouverte)


@pytest.mark.exigence("DEM-01", "DEM-04", "DEM-05", "MC-13", "PAI-04", "PREST-13", "MDP-10")
def test_every_form_goes_from_the_counter_to_the_centre(menage, visite):
    session, ids = menage
    ouverte = visite(LEYLA, Qualite.ALLOCATAIRE)

    def carte():
        return dossiers.ouvrir(session, PORTEE, ids["dossier"], JOUR)

    def etats():
        return Counter((d.libelle, str(d.etat)) for d in carte().demarches)

    avant = etats()  # the dossier may have some of them already
    for code in AVEC_DOSSIER:
        demarches.garder(session, ouverte, code, {FORMULAIRES[code].champs[0].code: "commencé"})
        demarches.deposer(session, ouverte, code, _remplies(code), JOUR)
        assert demarches.brouillon(session, ouverte, code) is None
    assert etats() - avant == Counter((libelle, "transmise") for libelle in AVEC_DOSSIER.values())
    session.synchroniser()
    session.synchroniser()
    la_bas = {(libelle, etat) for libelle, etat in etats() if libelle in AVEC_DOSSIER.values()}
    assert la_bas == {(libelle, "recue") for libelle in AVEC_DOSSIER.values()}
    assert carte().adresse == "12, rue des Lilas, 31000 12, rue des Lilas", "an address that is declared is the address"
    assert carte().contacts.startswith("XX XX XX 12 34")


@pytest.mark.exigence("CRE-09", "SEC-08")
@pytest.mark.parametrize(
    ("type_", "fausses"),
    [
        ("date", ["hier", "31/02/2026", "2026", "mars 2026"]), ("date_passee", ["01/01/2199", "x"]), ("mois", ["13/2026", "2026", "01/2199"]),
        ("annee", ["26", "2199", "deux mille"]), ("entier", ["0", "-1", "deux", "1,5"]), ("montant", ["douze", "-5", "1,234", "12345678"]),
        ("telephone", ["06 39", "bonjour"]), ("courriel", ["camille", "a@b", "a b@c.fr", "@c.fr"]), ("code_postal", ["3100", "31 000 0", "3100A"]),
        ("iban", ["FR00 1234 5123 4512 3456 7891 A12", "FR14"]), ("texte", ["x" * 121]), ("long", ["x" * 4001]), ("choix", ["Autre chose"]),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_said_beside_its_field(type_, fausses):
    formulaire, champ = next((f, c) for f in FORMULAIRES.values() for c in f.champs if c.type == type_)
    for fausse in fausses:
        bons, fautes = verifier(formulaire.champs, _remplies(formulaire.code) | {champ.code: fausse}, JOUR)
        assert set(fautes) == {champ.code}, fausse
        assert fautes[champ.code].endswith(".")
        assert champ.code not in bons


def test_nothing_is_sent_while_something_is_missing(menage, visite):
    session, _ = menage
    ouverte = visite(LEYLA, Qualite.ALLOCATAIRE)
    avant = session.etat().comptes.en_attente
    with pytest.raises(Refus, match="n'est pas complète"):
        demarches.deposer(session, ouverte, "banque", {"titulaire": "L. M."}, JOUR)
    assert session.etat().comptes.en_attente == avant


@given(st.sampled_from(sorted(TOUS)), st.lists(st.text(max_size=60), min_size=4, max_size=4))
def test_any_typing_is_judged_and_nothing_else_escapes(code, textes):
    champs = TOUS[code].champs
    bons, fautes = verifier(champs, dict(zip((c.code for c in champs), textes, strict=False)), JOUR)
    assert not set(bons) & set(fautes)
    assert {c.code for c in champs if c.requis} <= set(bons) | set(fautes)


TAPER = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from guichet.services import demarches, ouvrir_session, visites
session = ouvrir_session(Path(sys.argv[2]), "une phrase de passe d'essai")
visite, saisies = visites.reprendre(session), {}
for champ in ("depuis", "adresse", "code_postal", "commune"):
    saisies[champ] = "tape " + champ
    demarches.garder(session, visite, "adresse", saisies)
    print(champ, flush=True)
    sys.stdin.readline()
"""


@pytest.mark.exigence("PREST-06")
@pytest.mark.usefixtures("sans_trousseau")
def test_a_form_killed_at_each_field_is_found_again(centre, tmp_path):
    session = poste(tmp_path / "profil", centre, CAF)
    session.synchroniser()
    with session.coffre.lecture() as connexion:
        ligne = connexion.exec_driver_sql(
            "SELECT scope_id, dossier_id, personne_id FROM recherche WHERE role = 'responsable' LIMIT 1"
        ).one()
    ouverte = visites.ouvrir(session, *ligne, Qualite.ALLOCATAIRE, "Passeport, valide")
    session.fermer()
    for combien in range(1, 5):
        arguments = [sys.executable, "-c", TAPER, str(Path(__file__).parents[2]), str(tmp_path / "profil")]
        with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as processus:
            tapes = [processus.stdout.readline().strip()]
            while len(tapes) < combien:
                processus.stdin.write("\n")
                processus.stdin.flush()
                tapes.append(processus.stdout.readline().strip())
            os.kill(processus.pid, signal.SIGKILL)
        session = ouvrir_session(tmp_path / "profil", "une phrase de passe d'essai")
        retrouve = demarches.brouillon(session, ouverte, "adresse")
        session.fermer()
        assert retrouve.saisies == {champ: f"tape {champ}" for champ in tapes}
    assert tapes == ["depuis", "adresse", "code_postal", "commune"]


def test_a_form_left_unsent_is_forgotten_after_its_days(menage, visite):
    session, _ = menage
    ouverte = visite(LEYLA, Qualite.ALLOCATAIRE)
    with session.coffre.ecriture() as connexion:  # what others left unsent would be counted with this one
        connexion.execute(delete(brouillon))
    demarches.garder(session, ouverte, "banque", {"iban": "FR14 2004"})
    for jours, reste in ((6, True), (8, False)):
        with session.coffre.ecriture() as connexion:
            rapport = conservation.purger(connexion, session.coffre.dossier, maintenant() + timedelta(days=jours))
        assert (demarches.brouillon(session, ouverte, "banque") is not None) is reste
        assert rapport.brouillons == (0 if reste else 1)


@pytest.mark.exigence("DEM-07", "PREST-09")
def test_what_is_known_is_filled_in_and_what_was_corrected_is_told(menage, visite):
    """PREST-09 and DEM-07: of the visitor's own contacts alone."""
    session, ids = menage
    ouverte = visite(LEYLA, Qualite.ALLOCATAIRE)
    connus = demarches.connus(session, ouverte, "demande_aide_logement", JOUR).saisies
    assert set(connus) == {"adresse", "code_postal", "commune", "telephone"}
    saisies = _remplies("demande_aide_logement") | connus | {"commune": "Balma"}
    id_ = demarches.deposer(session, ouverte, "demande_aide_logement", saisies, JOUR)
    with session.coffre.lecture() as connexion:
        contenu = connexion.scalar(select(Demarche.contenu).where(Demarche.id == id_))
    assert contenu["preremplis"] == sorted(connus)
    assert contenu["corriges"] == ["commune"]
    session.synchroniser()
    assert session.etat().comptes.refuses == 0
    visites.terminer(session, ouverte)
    porteur = visites.ouvrir(session, PORTEE, ids["dossier"], ids[LEYLA], Qualite.TIERS_MANDATE, "Passeport, valide", "Odile Marty")
    assert demarches.connus(session, porteur, "demande_aide_logement", JOUR) == demarches.Connus({}, {}), (
        "what he may not see is not filled in for him"
    )
    visites.terminer(session, porteur)


@pytest.mark.exigence("PORT-06", "PREST-01", "PREST-02")
def test_requests_stand_under_the_five_themes():
    """PREST-01 to PREST-03 and PREST-07: the theme first, then the benefit."""
    themes = {f.rubrique for f in FORMULAIRES.values()} - {DECLARER}
    assert themes == {"Vie personnelle", "Vie professionnelle", "Logement", "Handicap", "Accident de vie"}
    pro = {f.code for f in FORMULAIRES.values() if f.rubrique == "Vie professionnelle"}
    assert pro == {"demande_rsa", "demande_prime_activite", "demande_bafa"}


def test_each_body_has_its_own_forms(menage, visite):
    """A Caf's declarations are not offered for a dossier of the CPAM."""
    session, ids = menage
    ouverte = visite(LEYLA, Qualite.ALLOCATAIRE)
    with session.coffre.lecture() as connexion:
        cpam = connexion.scalar(select(Organisme.id).where(Organisme.type == "cpam").limit(1))
        avant = connexion.scalar(select(Dossier.organisme_id).where(Dossier.id == ids["dossier"]))

    def rattacher(organisme):
        with session.coffre.ecriture() as connexion:
            connexion.execute(update(Dossier).where(Dossier.id == ids["dossier"]).values(organisme_id=organisme))

    rattacher(cpam)
    try:
        assert demarches.proposees(session, ouverte) == ()
    finally:
        rattacher(avant)
    assert demarches.proposees(session, ouverte)


@pytest.mark.exigence("AUT-03", "AUT-04")
def test_each_change_of_delegation_is_dated_on_the_card(menage, visite):
    """AUT-04: given, taken back, at any time."""
    session, ids = menage
    ouverte = visite(LEYLA, Qualite.ALLOCATAIRE)
    for dit in ("Non", "Oui"):
        demarches.deposer(session, ouverte, "autorisation", {"autorise": dit}, JOUR)
    gestion = dossiers.ouvrir(session, PORTEE, ids["dossier"], JOUR).gestion
    assert gestion.startswith("VERGNEBRUNE Marc, autorisation du 03/04/2021\n")
    assert f"Autorisation demandée le {JOUR:%d/%m/%Y}" in gestion
    assert f"Retrait demandé le {JOUR:%d/%m/%Y}" in gestion


@pytest.mark.exigence("DEM-07")
def test_the_next_quarter_is_filled_in_and_the_last_amounts_are_shown_and_not(menage, visite):
    """DEM-07: what was prefilled and what was corrected go with the declaration."""
    session, _ = menage
    ouverte = visite(LEYLA, Qualite.ALLOCATAIRE)
    demarches.deposer(session, ouverte, "dtr_aah", _remplies("dtr_aah") | {"mois": "02/2026", "salaires": "1 205,40"}, JOUR)
    connus = demarches.connus(session, ouverte, "dtr_aah", JOUR)
    assert connus.saisies == {"mois": "05/2026"}
    assert connus.rappels["salaires"] == f"Le {JOUR:%d/%m/%Y} : 1\u202f205,40\u00a0€"
    for mois, corriges in (("05/2026", []), ("08/2026", []), ("12/2025", ["mois"])):
        id_ = demarches.deposer(session, ouverte, "dtr_aah", _remplies("dtr_aah") | {"mois": mois}, JOUR)
        with session.coffre.lecture() as connexion:
            contenu = connexion.scalar(select(Demarche.contenu).where(Demarche.scope_id == PORTEE, Demarche.id == id_))
        assert (contenu["preremplis"], contenu["corriges"]) == (["mois"], corriges)


@pytest.fixture
def sans_dossier(menage):
    session, _ = menage
    ouverte = visites.recevoir_sans_dossier(session, "Odile Marty", "Passeport, valide")
    yield session, ouverte
    visites.terminer(session, ouverte)


@pytest.mark.exigence("CTC-06", "CTC-05", "PREST-13", "CRE-13", "SEC-07")
def test_who_has_no_dossier_writes_to_the_body_and_nothing_else(sans_dossier):
    """CTC-06: its fields, all required but the name of use, and the address typed twice."""
    session, ouverte = sans_dossier
    assert {p.formulaire.code for p in demarches.proposees(session, ouverte)} == {"mail_sans_dossier"}
    assert [(c.libelle, c.requis) for c in TOUS["mail_sans_dossier"].champs[:9]] == [
        ("Votre nom", True), ("Votre nom d'usage (du conjoint, ex-conjoint, père et/ou mère)", False), ("Votre prénom", True),
        ("Votre adresse mail", True), ("Confirmer votre adresse mail", True), ("Votre numéro de téléphone", True), ("Votre adresse", True),
        ("Votre code postal", True), ("Votre commune", True),
    ]  # fmt: skip
    saisies = _remplies("mail_sans_dossier")
    _, fautes = verifier(TOUS["mail_sans_dossier"].champs, saisies | {"courriel_confirme": "autre@exemple.fr"}, JOUR)
    assert list(fautes) == ["courriel_confirme"]
    with pytest.raises(Refus, match="pas de dossier"):
        demarches.deposer(session, ouverte, "mail", _remplies("mail"), JOUR)
    id_ = demarches.deposer(session, ouverte, "mail_sans_dossier", saisies, JOUR)
    session.synchroniser()
    session.synchroniser()
    with session.coffre.lecture() as connexion:
        etat = connexion.scalar(select(Demarche.etat).where(Demarche.scope_id == PORTEE, Demarche.id == id_))
    assert etat == "recue"


def test_what_he_typed_is_not_offered_to_the_next_one(sans_dossier):
    session, ouverte = sans_dossier
    demarches.garder(session, ouverte, "mail_sans_dossier", {"nom": "Marty"})
    assert demarches.brouillon(session, ouverte, "mail_sans_dossier").saisies == {"nom": "Marty"}
    visites.terminer(session, ouverte)
    suivante = visites.recevoir_sans_dossier(session, "Paul Autre", "Passeport, valide")
    assert demarches.brouillon(session, suivante, "mail_sans_dossier") is None
    visites.terminer(session, suivante)


def test_who_has_a_dossier_takes_the_form_of_those_who_have(menage, visite):
    ouverte = visite(LEYLA, Qualite.ALLOCATAIRE)
    with pytest.raises(Refus, match="sans dossier"):
        demarches.deposer(menage[0], ouverte, "mail_sans_dossier", _remplies("mail_sans_dossier"), JOUR)
