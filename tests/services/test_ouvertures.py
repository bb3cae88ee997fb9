"""A dossier opened at the counter, and a person who then has two: told, compared, joined, separated, on a real centre."""

from datetime import date

import pytest
from sqlalchemy import select, update

from guichet.models import Contact, Demarche, Dossier, Doublon, Identifiant, Membre, Personne
from guichet.services import a_faire, demarches, dossiers, doublons, ouvertures, visites
from guichet.services.session import Refus
from guichet.store import sortie
from tests.menage import LEYLA, MARQUES, NUMERO, PORTEE, ecrire_menage
from tests.outils import centre_servi
from tests.sync.outils import CAF, poste

JOUR = date.today()
ODILE = {
    "nom_naissance": "Ségalas", "prenoms": "Odile Marthe", "sexe": "F", "ne_le": "9/3/1985", "situation": "Célibataire",
    "commune_naissance": "Auch", "nir": "285033201300157", "telephone": "05 61 99 00 12", "adresse": "3, rue des Essais", "code_postal": "31000",
    "commune": "Toulouse",
}  # fmt: skip
FS = "hotesse.fs"
BAILLEUR = "bailleur.social"


def _menage_du_site(base):
    """Write the household, of the body that the site opens dossiers at; return its ids."""
    ids = ecrire_menage(base)
    du_site = select(Dossier.organisme_id).where(Dossier.scope_id == PORTEE, Dossier.numero != NUMERO).limit(1).scalar_subquery()
    base.ecrire(
        lambda c: c.execute(update(Dossier).where(Dossier.scope_id == PORTEE, Dossier.numero == NUMERO).values(organisme_id=du_site)),
        PORTEE,
    )
    return ids


@pytest.fixture(scope="module")
def centre(monde, tmp_path_factory):
    with centre_servi(monde, tmp_path_factory.mktemp("ouvertures"), _menage_du_site) as servi:
        yield servi


@pytest.fixture
def au_guichet(centre, tmp_path):
    """Return what opens a workstation in step with the centre."""
    ouverts = []

    def ouvrir(login=CAF):
        ouverts.append(poste(tmp_path / f"{login}-{len(ouverts)}", centre[0], login))
        ouverts[-1].synchroniser()
        return ouverts[-1]

    yield ouvrir
    for session in ouverts:
        session.fermer()


def _organisme(session):
    return ouvertures.commencer(session, "", JOUR).organismes[0][0]


def _ouvrir(session, saisies, ecartes=()):
    return ouvertures.ouvrir(session, saisies, _organisme(session), ecartes, JOUR)[1]


def _envoyer(session):
    session.synchroniser()
    with session.coffre.lecture() as connexion:
        assert sortie.comptes(connexion) == sortie.Comptes(0, 0), sortie.lister(connexion)


def _lire(session, classe, *conditions):
    t = classe.__table__
    with session.coffre.lecture() as connexion:
        return connexion.execute(select(t).where(t.c.scope_id == PORTEE, *conditions)).mappings().all()


def test_a_search_fills_in_the_form():
    remplies = ouvertures._de_la_recherche("Ségalas Odile 9/3/1985 31000", JOUR, voit_nir=True)
    assert remplies == {"nom_naissance": "Ségalas", "prenoms": "Odile", "ne_le": "09/03/1985", "code_postal": "31000"}
    assert ouvertures._de_la_recherche("05 61 99 00 12", JOUR, voit_nir=True) == {"telephone": "05 61 99 00 12"}
    assert ouvertures._de_la_recherche("285033201300157", JOUR, voit_nir=True) == {"nir": "285033201300157"}
    assert ouvertures._de_la_recherche("285033201300157", JOUR, voit_nir=False) == {}


def test_it_is_found_at_once_without_the_line_and_the_centre_takes_it(centre, au_guichet):
    session = au_guichet()
    dossier = _ouvrir(session, ODILE | {"nom_naissance": "Lacrampe", "nir": "285033201300256"})
    trouves = dossiers.chercher(session, "lacrampe odile", JOUR).trouves
    assert [t.dossier_id for t in trouves] == [dossier]
    assert dossiers.chercher(session, trouves[0].numero, JOUR).trouves[0].dossier_id == dossier, "by its number too"
    carte = dossiers.ouvrir(session, PORTEE, dossier, JOUR)
    assert carte.titulaire.nom == "LACRAMPE Odile Marthe"
    _envoyer(session)
    autre = au_guichet()
    assert [t.dossier_id for t in dossiers.chercher(autre, "lacrampe", JOUR).trouves] == [dossier], "the whole site has it"


@pytest.mark.exigence("PROV-01")
def test_it_is_found_by_its_address_but_not_in_front_of_a_visitor(au_guichet):
    session = au_guichet()
    lieu = {"adresse": "12 bis, av. des Zéphyrs", "nir": "", "nom_naissance": "Cazalis"}
    dossier = _ouvrir(session, ODILE | lieu)
    for saisie in ("12 bis avenue des zephyrs", "avenue des zéph", "12 bis av des Zéphyrs 31000", "avenue des zephyrs 31000 Toulouse"):
        (trouve,) = dossiers.chercher(session, saisie, JOUR).trouves
        assert (trouve.dossier_id, trouve.pourquoi) == (dossier, "adresse"), saisie
    for saisie in ("13 avenue des zephyrs", "avenue des zephyrs 31500", "12 bis rue des zephyrs"):
        assert dossiers.chercher(session, saisie, JOUR).trouves == (), saisie
    visite = visites.recevoir_sans_dossier(session, "Paule Exemple", "Passeport, valide")
    assert dossiers.chercher(session, "avenue des zephyrs", JOUR).trouves == (), "where people live is not for him"
    visites.terminer(session, visite)


@pytest.mark.exigence("CRE-08", "CRE-09")
@pytest.mark.parametrize(
    ("champ", "valeur", "dit"),
    [
        ("ne_le", "31/02/1985", "JJ/MM/AAAA"), ("ne_le", "1/1/2999", "avenir"), ("nir", "285033201300158", "clé"), ("sexe", "M", "sexe"),
        ("ne_le", "9/3/1986", "année"), ("nom_naissance", " ", "remplir"), ("courriel", "odile", "nom@domaine.fr"), ("adresse", "", "remplir"),
        ("telephone", "0561", "dix chiffres"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_told_beside_its_field_and_nothing_is_written(au_guichet, champ, valeur, dit):
    session = au_guichet()
    saisies = ODILE | {champ: valeur}
    _, fautes = ouvertures.controler(session, saisies, JOUR)
    assert any(dit in faute for faute in fautes.values()), fautes
    with pytest.raises(Refus, match="pas complète"):
        _ouvrir(session, saisies)
    assert _lire(session, Personne, Personne.nom_naissance == "Ségalas") == []


def test_a_nir_that_is_known_opens_no_second_dossier(au_guichet):
    session = au_guichet()
    _ouvrir(session, ODILE | {"nom_naissance": "Barthe", "nir": "285033201300355"})
    semblables = ouvertures.ressemblants(session, ouvertures.controler(session, ODILE | {"nir": "285033201300355"}, JOUR)[0], JOUR)
    assert [r.certain for r in semblables] == [True]
    with pytest.raises(Refus, match="NIR est déjà"):
        _ouvrir(session, ODILE | {"nir": "285033201300355"}, [semblables[0].trouve.personne_id])


def test_who_looks_like_somebody_is_not_written_before_that_one_was_looked_at(au_guichet):
    session = au_guichet()
    premiere = _ouvrir(session, ODILE | {"nom_naissance": "Peyrissac", "nir": ""})
    saisies = ODILE | {"nom_naissance": "Perissac", "nir": ""}
    with pytest.raises(Refus, match="ressemble"):
        _ouvrir(session, saisies)
    semblables = ouvertures.ressemblants(session, ouvertures.controler(session, saisies, JOUR)[0], JOUR)
    assert [r.trouve.dossier_id for r in semblables] == [premiere]
    assert "noms proches" in semblables[0].ressemblance.raisons[0]
    seconde = _ouvrir(session, saisies, [semblables[0].trouve.personne_id])
    _envoyer(session)
    (paire,) = _lire(session, Doublon, Doublon.dossier_id == seconde)
    assert paire["etat"] == "ecarte", "what the agent found is remembered"
    assert not [d for d in a_faire.lire(session, JOUR).doublons if "Perissac".upper() in d.noms[0]], "and is not asked again"


def _deux_fois(au_guichet, nom, nir="", **autre):
    """Two counters open a dossier for the same person, neither knowing of the other; return a workstation in step, and both dossiers."""
    un, deux = au_guichet(), au_guichet()
    premier, second = (
        _ouvrir(un, ODILE | {"nom_naissance": nom, "nir": nir}),
        _ouvrir(deux, ODILE | {"nom_naissance": nom, "nir": ""} | autre),
    )
    _envoyer(un)
    _envoyer(deux)
    _envoyer(un)
    return un, deux, premier, second


def _paire(session, nom):
    return next(d for d in doublons.a_examiner(session) if nom.upper() in d.noms[0])


def test_two_counters_that_open_the_same_are_told_of_it_by_the_centre(au_guichet):
    un, deux, premier, second = _deux_fois(au_guichet, "Castex")
    for session in (un, deux):
        paire = _paire(session, "Castex")
        assert paire.score >= 60
        assert "même date de naissance" in paire.raisons
    doublons.ecarter(un, paire)
    assert not [d for d in doublons.a_examiner(un) if d.id == paire.id]
    _envoyer(un)
    _envoyer(deux)
    assert not [d for d in doublons.a_examiner(deux) if d.id == paire.id], "said at one counter, known at the other"
    assert {premier, second} == {d["id"] for d in _lire(deux, Dossier, Dossier.id.in_([premier, second]))}


def test_a_merge_is_field_by_field_and_is_undone_field_by_field(au_guichet):
    un, deux, premier, second = _deux_fois(au_guichet, "Lamothe", telephone="05 61 99 00 77", commune_naissance="")
    visite = visites.ouvrir(deux, PORTEE, second, _personne(deux, second), "allocataire", "Passeport, valide")
    demarches.deposer(deux, visite, "mail", {"objet": "Une question", "message": "Bonjour"}, JOUR)
    visites.terminer(deux, visite)
    _envoyer(deux)
    _envoyer(un)
    comparaison = doublons.comparer(un, PORTEE, _paire(un, "Lamothe").id)
    tenus = _etat(un, (premier, second))
    gauche = comparaison.dossier_ids.index(premier)
    assert {c.code: c.valeurs[gauche] for c in comparaison.champs}["commune_naissance"] == "Auch"
    reste = doublons.fusionner(un, comparaison, comparaison.personnes[gauche], ["telephone"])
    assert reste == premier
    for session in (un, deux):
        _envoyer(session)
        trouves = dossiers.chercher(session, "lamothe odile", JOUR).trouves
        assert [t.dossier_id for t in trouves] == [premier], "once, and no more"
        carte = dossiers.ouvrir(session, PORTEE, second, JOUR)
        assert carte.dossier_id == premier, "who knew the other dossier comes to the one that stays"
        assert [d.libelle for d in carte.demarches] == ["Mail à la Caf"]
    telephone = _lire(un, Contact, Contact.personne_id == comparaison.personnes[gauche], Contact.type == "telephone")
    assert [t["valeur"] for t in telephone] == ["+33561990077"], "the telephone that was chosen"
    ancien = _lire(un, Dossier, Dossier.id == second)[0]["numero"]
    assert dossiers.chercher(un, ancien, JOUR).trouves[0].dossier_id == premier, "the number on her papers still finds her"

    jointe = next(d for d in doublons.a_examiner(deux) if d.etat == "fusionne" and "LAMOTHE" in d.noms[0])
    assert doublons.separer(deux, jointe) == 0
    _envoyer(un)
    assert _etat(un, (premier, second)) == tenus, "each has what it had"
    assert {t.dossier_id for t in dossiers.chercher(un, "lamothe odile", JOUR).trouves} == {premier, second}


def _personne(session, dossier):
    return _lire(session, Membre, Membre.dossier_id == dossier)[0]["personne_id"]


def _etat(session, ids):
    """All that the two dossiers and their people have, as it is kept."""
    membres = _lire(session, Membre, Membre.dossier_id.in_(ids))
    gens = [m["personne_id"] for m in membres]
    return [
        sorted((dict(x) for x in lues), key=lambda x: x["id"])
        for lues in (
            membres, _lire(session, Personne, Personne.id.in_(gens)), _lire(session, Contact, Contact.personne_id.in_(gens)),
            _lire(session, Identifiant, Identifiant.personne_id.in_(gens)), _lire(session, Dossier, Dossier.id.in_(ids)),
            _lire(session, Demarche, Demarche.dossier_id.in_(ids)),
        )
    ]  # fmt: skip


def test_what_the_body_numbered_stays_and_the_counter_s_dossier_goes_into_it(centre, au_guichet):
    session = au_guichet()
    ids = centre[1]
    nom = MARQUES["identite", LEYLA]
    saisies = ODILE | {"nom_naissance": nom.title(), "prenoms": "Leyla", "ne_le": "2/5/1984", "nir": "", "commune_naissance": ""}
    with pytest.raises(Refus, match="ressemble"):
        _ouvrir(session, saisies)
    sans_elle = au_guichet()
    # Another counter, whose copy has not her yet.
    with sans_elle.coffre.ecriture() as connexion:
        from guichet.store.tables import recherche

        connexion.execute(recherche.delete().where(recherche.c.dossier_id == ids["dossier"]))
    neuf = _ouvrir(sans_elle, saisies)
    _envoyer(sans_elle)
    _envoyer(session)
    comparaison = doublons.comparer(session, PORTEE, _paire(session, nom).id)
    garde = comparaison.personnes[comparaison.dossier_ids.index(neuf)]
    assert doublons.fusionner(session, comparaison, garde, []) == ids["dossier"], "whoever is kept, the numbered dossier stays"
    _envoyer(session)
    carte = dossiers.ouvrir(session, PORTEE, neuf, JOUR)
    assert carte.numero == NUMERO
    assert carte.titulaire.personne_id == garde
    assert doublons.separer(session, next(d for d in doublons.a_examiner(session) if d.etat == "fusionne" and nom in d.noms[1])) == 0


def test_nothing_is_joined_while_something_waits_nor_offline(au_guichet):
    un, deux, premier, _ = _deux_fois(au_guichet, "Fourcade")
    comparaison = doublons.comparer(un, PORTEE, _paire(un, "Fourcade").id)
    visite = visites.ouvrir(un, PORTEE, premier, _personne(un, premier), "allocataire", "Passeport, valide")
    with pytest.raises(Refus, match="terminez d'abord la visite"):
        doublons.comparer(un, PORTEE, comparaison.doublon.id)
    visites.terminer(un, visite)
    with pytest.raises(Refus, match="attendent d'être envoyées"):
        doublons.fusionner(un, comparaison, comparaison.personnes[0], [])
    assert _paire(deux, "Fourcade").etat == "a_examiner"


def test_what_was_done_elsewhere_for_the_dossier_that_went_comes_to_the_one_that_stays(au_guichet):
    un, deux, premier, second = _deux_fois(au_guichet, "Duclos")
    comparaison = doublons.comparer(un, PORTEE, _paire(un, "Duclos").id)
    cote = comparaison.dossier_ids.index(premier)
    visite = visites.ouvrir(deux, PORTEE, second, _personne(deux, second), "allocataire", "Passeport, valide")
    demarches.deposer(deux, visite, "mail", {"objet": "Pendant ce temps", "message": "Bonjour"}, JOUR)
    visites.terminer(deux, visite)
    assert doublons.fusionner(un, comparaison, comparaison.personnes[cote], []) == premier
    _envoyer(deux)
    _envoyer(un)
    for session in (un, deux):
        assert len(dossiers.ouvrir(session, PORTEE, premier, JOUR).demarches) == 1
        assert _lire(session, Demarche, Demarche.dossier_id == second) == []


def test_a_field_changed_since_stays_when_they_are_separated(au_guichet):
    un, _, premier, second = _deux_fois(au_guichet, "Marrast", prenoms="Odille Marthe")
    comparaison = doublons.comparer(un, PORTEE, _paire(un, "Marrast").id)
    cote = comparaison.dossier_ids.index(premier)
    doublons.fusionner(un, comparaison, comparaison.personnes[cote], ["prenoms"])
    _envoyer(un)
    qui = comparaison.personnes[cote]
    with un.coffre.ecriture() as connexion:
        from guichet.contract.sync import Mutation

        corrige = Mutation("set", "personne", qui, {"prenoms": "Odile, Marthe"}, {"prenoms": "Odille Marthe"})
        sortie.poster(connexion, PORTEE, "Correction", [corrige], premier)
    _envoyer(un)
    assert doublons.separer(un, next(d for d in doublons.a_examiner(un) if d.etat == "fusionne" and "MARRAST" in d.noms[0])) >= 1
    _envoyer(un)
    assert _lire(un, Personne, Personne.id == qui)[0]["prenoms"] == "Odile, Marthe"
    assert _lire(un, Dossier, Dossier.id == second)[0]["fusionne_dans"] is None


def test_a_france_services_point_opens_for_a_body_of_its_departement_and_holds_no_nir(au_guichet):
    session = au_guichet(FS)
    debut = ouvertures.commencer(session, "", JOUR)
    assert {nom for _, nom in debut.organismes} == {"Caf de la Haute-Garonne", "CPAM de la Haute-Garonne"}
    assert "nir" not in {c.code for c in debut.champs}
    portee, dossier = ouvertures.ouvrir(session, ODILE, debut.organismes[0][0], (), JOUR)
    _envoyer(session)
    with session.coffre.lecture() as connexion:
        assert connexion.execute(select(Identifiant.id).where(Identifiant.valeur == ODILE["nir"][:13])).first() is None
    assert dossiers.ouvrir(session, portee, dossier, JOUR).titulaire.nom.startswith("SÉGALAS")


def test_a_landlord_opens_none(au_guichet):
    with pytest.raises(Refus, match="bailleur"):
        ouvertures.commencer(au_guichet(BAILLEUR), "", JOUR)


def test_what_is_typed_is_found_again_after_a_kill_and_goes_once_given_up(au_guichet):
    session = au_guichet()
    for n in range(1, len(ODILE) + 1):
        ouvertures.garder(session, dict(list(ODILE.items())[:n]))
        debut = ouvertures.commencer(session, "quelqu'un d'autre", JOUR)
        assert debut.repris
        assert debut.saisies == dict(list(ODILE.items())[:n])
    ouvertures.garder(session, {})
    debut = ouvertures.commencer(session, "Durand Paul", JOUR)
    assert not debut.repris
    assert debut.saisies == {"nom_naissance": "Durand", "prenoms": "Paul"}
