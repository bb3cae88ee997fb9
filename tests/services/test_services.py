"""What an advisor does, on a workstation that was filled once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from guichet.models.enums import Qualite
from guichet.rules.identifiants import cle_nir
from guichet.services import documents, dossiers, locataires, visites
from guichet.services.session import Refus
from tests.outils import centre_servi
from tests.sync.outils import poste

JOUR = date.today()
MOIS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")


@pytest.fixture(scope="module")
def monde_servi(monde, tmp_path_factory):
    dossier = tmp_path_factory.mktemp("servi")
    ouvertes = {}
    with centre_servi(monde, dossier) as (centre, _):

        def ouvrir(login):
            if login not in ouvertes:
                ouvertes[login] = poste(dossier / login, centre, login)
                ouvertes[login].synchroniser()
            return ouvertes[login]

        yield ouvrir
        for session in ouvertes.values():
            session.fermer()


@pytest.fixture
def caf(monde_servi):
    return monde_servi("conseiller.caf31")


def _ligne(session, condition="nir IS NOT NULL"):
    with session.coffre.lecture() as connexion:
        return connexion.execute(text(f"SELECT * FROM recherche WHERE {condition} AND role = 'responsable' ORDER BY rid LIMIT 1")).one()


@pytest.mark.exigence("CNX-02")
@pytest.mark.parametrize(
    ("saisie", "pourquoi"),
    [
        (lambda x: f"{x.nom} {x.prenoms}", "nom"),
        (lambda x: f"{x.prenoms.lower()} {x.nom[:3].lower()}", "nom"),
        (lambda x: x.cle.split()[0][:4].lower(), "nom"),
        (lambda x: " ".join((x.nir[:1], x.nir[1:3], x.nir[3:5], x.nir[5:7], x.nir[7:10], x.nir[10:])), "nir"),
        (lambda x: x.nir + cle_nir(x.nir), "nir"),
        (lambda x: x.numero, "numero"),
        (lambda x: "0" + x.telephone[3:], "telephone"),
        (lambda x: f"{date.fromisoformat(str(x.ne_le)):%d/%m/%Y}", "naissance"),
    ],
    ids=["name first", "any order, prefix", "prefix alone", "nir spaced", "nir with key", "numero", "telephone", "birth date"],
)
def test_a_person_is_found_by_all_that_names_him(caf, saisie, pourquoi):
    ligne = _ligne(caf)
    resultats = dossiers.chercher(caf, saisie(ligne), JOUR)
    trouves = {t.personne_id: t for t in resultats.trouves}
    assert resultats.plus or ligne.personne_id in trouves
    assert trouves[ligne.personne_id].pourquoi == pourquoi


@pytest.mark.parametrize(
    ("saisie", "pourquoi"),
    [
        (lambda x: f"{x.nom[:-3]}{x.nom[-2]}{x.nom[-3]}{x.nom[-1]} {x.prenoms}", "proche"),
        (lambda x: f"{x.prenoms} {x.nom[:2]}{x.nom[3:]}", "proche"),
        (lambda x: f"de {x.nom} {x.prenoms}", "nom"),
        (lambda x: f"{x.nom} {x.code_postal}", "nom"),
        (lambda x: f"{x.nom} {MOIS[date.fromisoformat(str(x.ne_le)).month - 1]} {str(x.ne_le)[:4]}", "nom"),
    ],
    ids=["letters swapped", "a letter lost", "a particle", "postcode", "month of birth"],
)
def test_a_person_is_found_though_badly_named(caf, saisie, pourquoi):
    ligne = _ligne(
        caf,
        "length(nom) > 6 AND substr(nom, -2, 1) <> substr(nom, -3, 1) AND nom NOT LIKE '% %' AND nom NOT LIKE '%-%' AND code_postal IS NOT NULL",
    )
    resultats = dossiers.chercher(caf, saisie(ligne), JOUR)
    trouves = {t.personne_id: t for t in resultats.trouves}
    assert ligne.personne_id in trouves
    assert trouves[ligne.personne_id].pourquoi == pourquoi


@pytest.mark.exigence("CNX-04", "PROV-02")
def test_a_provisional_identifier_finds_its_person(caf):
    ligne = _ligne(caf, "provisoire IS NOT NULL")
    assert dossiers.chercher(caf, ligne.provisoire.lower(), JOUR).trouves[0].personne_id == ligne.personne_id


def test_a_bad_nir_key_is_said_beside_the_results(caf):
    nir = _ligne(caf).nir
    mauvaise = f"{(int(cle_nir(nir)) % 97) + 1:02}"
    resultats = dossiers.chercher(caf, nir + mauvaise, JOUR)
    assert f"la clé « {mauvaise} »" in resultats.conseil


@pytest.mark.exigence("SEC-02")
def test_the_card_masks_and_the_reveal_is_complete(caf):
    ligne = _ligne(caf)
    carte = dossiers.ouvrir(caf, ligne.scope_id, ligne.dossier_id, JOUR)
    tout = repr(carte)
    assert ligne.nir not in tout
    assert ligne.telephone not in tout
    assert carte.nir == f"X XX XX XX XXX {ligne.nir[10:]}"
    with pytest.raises(Refus, match="pourquoi"):
        dossiers.reveler_nir(caf, ligne.scope_id, ligne.dossier_id)
    with pytest.raises(Refus, match="10 caractères"):
        dossiers.briser_la_glace(caf, ligne.dossier_id, "  court   ")
    assert dossiers.glace_brisee(caf, ligne.dossier_id) is None
    dossiers.briser_la_glace(caf, ligne.dossier_id, "erreur de saisie signalée")
    assert dossiers.glace_brisee(caf, ligne.dossier_id) is not None
    assert dossiers.reveler_nir(caf, ligne.scope_id, ligne.dossier_id).replace(" ", "") == ligne.nir + cle_nir(ligne.nir)


def test_a_broken_glass_is_whole_again_after_a_quarter_of_an_hour_and_for_another_dossier(caf, monkeypatch):
    premiere = _ligne(caf)  # whose glass another test finds whole, and breaks
    ligne = _ligne(caf, f"nir IS NOT NULL AND dossier_id <> '{premiere.dossier_id}'")
    fin = dossiers.briser_la_glace(caf, ligne.dossier_id, "erreur de saisie signalée")
    assert dossiers.glace_brisee(caf, "un-autre-dossier") is None
    monkeypatch.setattr(dossiers, "maintenant", lambda: fin - timedelta(seconds=1))
    assert dossiers.glace_brisee(caf, ligne.dossier_id) is not None
    for moment in (fin + timedelta(seconds=1), fin - timedelta(minutes=16)):
        monkeypatch.setattr(dossiers, "maintenant", lambda m=moment: m)
        with pytest.raises(Refus, match="pourquoi"):
            dossiers.reveler_nir(caf, ligne.scope_id, ligne.dossier_id)


def test_france_services_cannot_reveal_a_nir(monde_servi):
    hotesse = monde_servi("hotesse.fs")
    ligne = _ligne(hotesse, "1 = 1")
    assert ligne.nir is None
    with pytest.raises(Refus, match="habilitation"):
        dossiers.reveler_nir(hotesse, ligne.scope_id, ligne.dossier_id)


def test_a_dossier_that_is_not_here_is_refused_in_words(caf):
    with pytest.raises(Refus, match="n'est plus sur ce poste"):
        dossiers.ouvrir(caf, "site:autre", "inconnu", JOUR)


def test_one_visit_at_a_time_and_it_is_picked_up_after_a_restart(caf):
    ligne = _ligne(caf)
    visite = visites.ouvrir(caf, ligne.scope_id, ligne.dossier_id, ligne.personne_id, Qualite.ALLOCATAIRE, "Carte")
    with pytest.raises(Refus, match="déjà ouverte"):
        visites.ouvrir(caf, ligne.scope_id, ligne.dossier_id, ligne.personne_id, Qualite.ALLOCATAIRE, "Carte")
    assert visites.reprendre(caf).id == visite.id
    visites.terminer(caf, visite)
    assert visites.reprendre(caf) is None


@pytest.mark.exigence("BAI-08", "BAI-09")
def test_a_landlord_sees_his_own_tenants_only_with_the_filters_of_b02(monde_servi):
    session = monde_servi("bailleur.social")
    tous = locataires.criteres(attendus=False, nom="", numero="", code_postal="")
    assert locataires.compter(session, tous) == 406
    lignes = locataires.lire(session, tous, 0, 500)
    assert len(lignes) == 406
    assert [x.nom for x in lignes[:3]] == sorted(x.nom for x in lignes[:3])
    code = lignes[0].code_postal
    par_code = locataires.criteres(attendus=False, nom="", numero="", code_postal=code)
    assert locataires.compter(session, par_code) == sum(x.code_postal == code for x in lignes)
    par_nom = locataires.criteres(attendus=False, nom=lignes[9].nom[:3].lower(), numero="", code_postal="")
    assert lignes[9].id in {x.id for x in locataires.lire(session, par_nom, 0, 500)}
    par_numero = locataires.criteres(attendus=False, nom="", numero=lignes[9].numero_allocataire, code_postal="")
    assert [x.id for x in locataires.lire(session, par_numero, 0, 500)] == [lignes[9].id]
    attendus = locataires.criteres(attendus=True, nom="", numero="", code_postal="")
    assert locataires.compter(session, attendus) == sum(x.etat_loyer == "attendu" for x in lignes)
    assert "nir" not in repr(locataires.fiche(session, lignes[0].id)).lower()


def test_an_unknown_landlord_and_another_s_tenant_are_refused(monde_servi, caf):
    with pytest.raises(Refus, match="bailleur n'est pas connu"):
        locataires.bailleur(caf)
    session = monde_servi("bailleur.social")
    with pytest.raises(Refus, match="pas ou plus le vôtre"):
        locataires.fiche(session, "inconnu")


@pytest.mark.exigence("BAI-01", "BAI-04")
def test_declared_offline_a_rent_is_no_longer_expected(monde_servi):
    session = monde_servi("bailleur.grand")
    attendus = locataires.criteres(attendus=True, nom="", numero="", code_postal="")
    avant = locataires.compter(session, attendus)
    choisis = [x.id for x in locataires.lire(session, attendus, 0, 7)]
    with pytest.raises(Refus, match="supérieur à zéro"):
        locataires.declarer_loyers(session, {choisis[0]: 0}, date(2026, 7, 1))
    assert locataires.declarer_loyers(session, dict.fromkeys(choisis, 60_000), date(2026, 7, 1)) == 7
    assert locataires.compter(session, attendus) == avant - 7
    assert locataires.a_declarer(session, choisis) == []


@pytest.mark.exigence("BAI-04")
def test_the_july_to_declare_is_this_year_s_once_begun():
    assert locataires.campagne(date(2026, 6, 30)).mois == date(2025, 7, 1)
    assert locataires.campagne(date(2026, 7, 1)).mois == date(2026, 7, 1)


def test_no_page_no_pdf():
    with pytest.raises(Refus, match="au moins une page"):
        documents.convertir(None, [])
