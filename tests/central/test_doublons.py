"""What the centre takes for an opening, and refuses; merges and separations by HTTP."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from guichet.central.services import conservation
from guichet.central.tables import fusion
from guichet.models import Dossier, Doublon, Membre, Personne, uuid7
from guichet.rules.identifiants import numero_de_comptoir
from tests.central.test_centre import BAILLEUR, CAF, Poste

JOUR = date.today()
NIR = "2850332013009"
FS = "hotesse.fs"
ORGANISME = uuid7()
NON = ("refused", "forbidden", "rejected", "parked", "conflict")
ELLE = {"nom_naissance": "Ségalas", "prenoms": "Odile", "sexe": "F", "ne_le": "1985-03-09", "cle": "à la main", "fusionne_dans": "x"}


@pytest.fixture
def caf(client, base):
    return Poste(client, base, CAF)


def _actes(nir=NIR, **changes):
    """The acts of an opening, by name; a change is (fields of one of them)."""
    ids = {nom: uuid7() for nom in ("personne", "identifiant", "contact", "foyer", "dossier", "membre")}
    actes = {
        "personne": ELLE,
        "identifiant": {"personne_id": ids["personne"], "type": "nir", "valeur": nir},
        "contact": {"personne_id": ids["personne"], "type": "telephone", "valeur": "+33561990012"},
        "foyer": {"situation": "Célibataire", "depuis": JOUR.isoformat()},
        "dossier": {
            "organisme_id": ORGANISME, "organisme_nom": "Caf 31", "numero": numero_de_comptoir(), "foyer_id": ids["foyer"],
            "responsable_id": ids["personne"], "ouvert_le": JOUR.isoformat(), "quotient_familial": 12, "iban": "FR14",
        },
        "membre": {"dossier_id": ids["dossier"], "personne_id": ids["personne"], "role": "responsable", "autorise_le": JOUR.isoformat()},
    }  # fmt: skip
    actes = {nom: valeurs | changes.get(nom, {}) for nom, valeurs in actes.items() if nir or nom != "identifiant"}
    return ids, [{"k": "new", "type": nom, "id": ids[nom], "set": valeurs} for nom, valeurs in actes.items()]


def _pousser(poste, portee, actes):
    reponse = poste.pousser(portee, poste.operation(portee, *actes))
    assert reponse.status_code == 200, reponse.text
    return reponse.json()[0]


def _ouvrir(poste, portee, **changes):
    ids, actes = _actes(**changes)
    verdict = _pousser(poste, portee, actes)
    assert verdict["st"] == "applied", verdict
    return ids


def _lire(base, portee, classe, *conditions):
    with base.lecture(portee) as connexion:
        t = classe.__table__
        return connexion.execute(select(t).where(t.c.scope_id == portee, *conditions)).mappings().all()


def test_the_centre_keeps_its_own_fields_to_itself(base, caf):
    portee = caf.portee("site")
    ids = _ouvrir(caf, portee)
    (personne,) = _lire(base, portee, Personne, Personne.id == ids["personne"])
    (dossier,) = _lire(base, portee, Dossier, Dossier.id == ids["dossier"])
    (membre,) = _lire(base, portee, Membre, Membre.id == ids["membre"])
    assert (personne["cle"], personne["fusionne_dans"]) == ("SEGALAS ODILE", None)
    assert (dossier["quotient_familial"], dossier["iban"], dossier["fusionne_dans"]) == (None, None, None)
    assert membre["autorise_le"] is None


@pytest.mark.parametrize(
    "changes",
    [
        {"personne": {"nom_naissance": " "}}, {"personne": {"sexe": "X"}}, {"personne": {"ne_le": "2999-01-01"}}, {"personne": {"ne_le": None}},
        {"nir": NIR + "00"}, {"identifiant": {"type": "msa"}}, {"identifiant": {"personne_id": "autrui"}}, {"contact": {"personne_id": "autrui"}},
        {"contact": {"type": "pigeon"}}, {"contact": {"valeur": ""}}, {"foyer": {"situation": ""}}, {"dossier": {"numero": "1234567"}},
        {"dossier": {"numero": "G000000000001"}}, {"dossier": {"responsable_id": "autrui"}}, {"dossier": {"foyer_id": "autrui"}},
        {"dossier": {"ouvert_le": (JOUR + timedelta(days=9)).isoformat()}}, {"membre": {"role": "conjoint"}}, {"membre": {"dossier_id": "autrui"}},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_not_an_opening_is_refused_whole(base, caf, changes):
    portee = caf.portee("site")
    ids, actes = _actes(**changes)
    verdict = _pousser(caf, portee, actes)
    assert verdict["st"] in NON, verdict
    assert verdict["detail"].endswith("."), "it says why, in a sentence"
    assert _lire(base, portee, Personne, Personne.id == ids["personne"]) == []
    assert _lire(base, portee, Dossier, Dossier.id == ids["dossier"]) == []


@pytest.mark.parametrize("manquant", ["personne", "foyer", "dossier", "membre"])
def test_a_piece_of_an_opening_is_none(base, caf, manquant):
    portee = caf.portee("site")
    ids, actes = _actes()
    assert _pousser(caf, portee, [a for a in actes if a["type"] != manquant])["st"] == "forbidden"
    assert _lire(base, portee, Personne, Personne.id == ids["personne"]) == []


def test_a_number_is_given_once(caf):
    portee = caf.portee("site")
    numero = numero_de_comptoir()
    _ouvrir(caf, portee, dossier={"numero": numero})
    _, actes = _actes(dossier={"numero": numero})
    assert _pousser(caf, portee, actes)["st"] == "refused"


def test_a_landlord_opens_none_and_france_services_holds_no_nir(client, base):
    for login, genre in ((BAILLEUR, "bailleur"), (FS, "site")):
        poste = Poste(client, base, login)
        _, actes = _actes()
        assert _pousser(poste, poste.portee(genre), actes)["st"] == "forbidden"
    _ouvrir(poste, poste.portee("site"), nir="")


def _deux(caf, portee, **second):
    return _ouvrir(caf, portee), _ouvrir(caf, portee, **{"nir": "", "personne": {"ne_le": "1985-09-03"}} | second)


def _paire(base, portee, ids):
    (paire,) = _lire(base, portee, Doublon, Doublon.dossier_id == ids["dossier"])
    return paire


def _fusionner(client, poste, portee, paire, garde, repris=()):
    corps = {"portee": portee, "doublon": paire["id"], "garde": garde, "repris": list(repris)}
    return client.post("/v1/doublons/fusion", json=corps, headers=poste.entetes)


def _separer(client, poste, portee, paire):
    return client.post("/v1/doublons/separation", json={"portee": portee, "doublon": paire["id"]}, headers=poste.entetes)


def test_the_pair_is_told_with_its_reasons(base, caf):
    portee = caf.portee("site")
    premiere, seconde = _deux(caf, portee)
    paire = _paire(base, portee, seconde)
    assert (paire["autre_dossier_id"], paire["etat"], paire["agent_id"]) == (premiere["dossier"], "a_examiner", None)
    assert "jour et mois de naissance inversés" in paire["raisons"]


def test_the_same_nir_is_told_whatever_the_name(base, caf):
    portee = caf.portee("site")
    premiere = _ouvrir(caf, portee)
    autre = _ouvrir(caf, portee, personne={"nom_naissance": "Zuber", "prenoms": "Odile"})
    paire = _paire(base, portee, autre)
    assert paire["autre_id"] == premiere["personne"]
    assert "même NIR" in paire["raisons"]


def test_a_merge_and_its_undoing_leave_all_as_it_was(client, base, caf):
    portee = caf.portee("site")
    premiere, seconde = _deux(caf, portee)
    avant = [_lire(base, portee, c) for c in (Personne, Dossier, Membre)]
    paire = _paire(base, portee, seconde)
    reponse = _fusionner(client, caf, portee, paire, premiere["personne"], ["ne_le"])
    assert reponse.status_code == 200, reponse.text
    assert reponse.json()["dossier"] == premiere["dossier"]
    (gardee,) = _lire(base, portee, Personne, Personne.id == premiere["personne"])
    assert gardee["ne_le"] == date(1985, 9, 3), "the field that was chosen"
    assert _fusionner(client, caf, portee, paire, premiere["personne"]).status_code == 409, "once"
    assert _separer(client, caf, portee, paire).json() == {"rendus": reponse.json()["changements"], "gardes": 0}
    assert [_lire(base, portee, c) for c in (Personne, Dossier, Membre)] == avant
    assert _separer(client, caf, portee, paire).status_code == 409, "once"
    assert _fusionner(client, caf, portee, _paire(base, portee, seconde), seconde["personne"]).status_code == 200, "and again"


def test_dossiers_of_two_bodies_stay_two_of_one_person(client, base, caf):
    portee = caf.portee("site")
    premiere, seconde = _deux(caf, portee, dossier={"organisme_id": uuid7()})
    assert _fusionner(client, caf, portee, _paire(base, portee, seconde), premiere["personne"]).status_code == 200
    siens = _lire(base, portee, Membre, Membre.personne_id == premiere["personne"])
    assert {m["dossier_id"] for m in siens} == {premiere["dossier"], seconde["dossier"]}, "« Mes dossiers » (AUT-12)"
    dossiers = _lire(base, portee, Dossier, Dossier.id.in_([premiere["dossier"], seconde["dossier"]]))
    assert {(d["fusionne_dans"], d["responsable_id"]) for d in dossiers} == {(None, premiere["personne"])}
    base.ecrire(lambda c: conservation.effacer(c, portee, premiere["dossier"], "x", "à sa demande"), portee)
    assert len(_lire(base, portee, Personne, Personne.id == premiere["personne"])) == 1, "her other dossier has her"


def test_two_nir_that_stay_and_one_household_are_not_joined(client, base, caf):
    portee = caf.portee("site")
    autre = NIR[:-1] + "8"
    premiere = _ouvrir(caf, portee)
    seconde = _ouvrir(caf, portee, nir=autre)
    assert _lire(base, portee, Doublon, Doublon.dossier_id == seconde["dossier"]) == [], "they are two"
    id_ = uuid7()
    from guichet.central.fil import Ecrit, inscrire

    def apparier(a, b, da, db):
        valeurs = {
            "dossier_id": da, "personne_id": a, "autre_dossier_id": db, "autre_id": b, "score": 70, "raisons": [], "etat": "a_examiner",
        }  # fmt: skip
        base.ecrire(lambda c: inscrire(c, portee, [Ecrit("doublon", id_, valeurs)]), portee)
        return {"id": id_}

    paire = apparier(seconde["personne"], premiere["personne"], seconde["dossier"], premiere["dossier"])
    refus = _fusionner(client, caf, portee, paire, premiere["personne"])
    assert refus.status_code == 409
    assert "NIR" in refus.json()["detail"]
    troisieme = _ouvrir(caf, portee, nir="")
    place = {"dossier_id": premiere["dossier"], "personne_id": troisieme["personne"], "role": "autre"}
    base.ecrire(lambda c: inscrire(c, portee, [Ecrit("membre", uuid7(), place)]), portee)
    paire = apparier(troisieme["personne"], premiere["personne"], troisieme["dossier"], premiere["dossier"])
    refus = _fusionner(client, caf, portee, paire, premiere["personne"])
    assert refus.status_code == 409
    assert "foyer" in refus.json()["detail"]


def test_a_pair_of_another_scope_is_not_touched(client, base, caf):
    portee = caf.portee("site")
    premiere, seconde = _deux(caf, portee)
    paire = _paire(base, portee, seconde)
    autrui = Poste(client, base, "conseillere.cpam31")
    assert _fusionner(client, autrui, portee, paire, premiere["personne"]).status_code == 403
    assert _fusionner(client, autrui, autrui.portee("site"), paire, premiere["personne"]).status_code == 404
    assert _separer(client, autrui, portee, paire).status_code == 403
    assert _fusionner(client, caf, portee, paire, "quelqu'un").status_code == 409


def test_a_workstation_may_only_say_that_they_are_two(base, caf):
    portee = caf.portee("site")
    _, seconde = _deux(caf, portee)
    paire = _paire(base, portee, seconde)
    for interdit in ({"etat": "fusionne"}, {"score": 0}, {"etat": "ecarte", "agent_id": "x"}):
        assert caf.faire(portee, "doublon", interdit, "set", paire["id"])["st"] == "forbidden"
    assert caf.faire(portee, "doublon", {"etat": "ecarte"}, "set", paire["id"])["st"] == "applied"
    paire = _paire(base, portee, seconde)
    assert (paire["etat"], paire["agent_id"]) == ("ecarte", caf.agent.id)


def test_other_pairs_with_who_was_joined_have_no_object_any_more(client, base, caf):
    portee = caf.portee("site")
    premiere, seconde = _deux(caf, portee)
    troisieme = _ouvrir(caf, portee, nir="", personne={"prenoms": "Odille"})
    paires = {p["autre_id"]: p for p in _lire(base, portee, Doublon, Doublon.dossier_id == troisieme["dossier"])}
    assert premiere["personne"] in paires
    _fusionner(client, caf, portee, paires[premiere["personne"]], premiere["personne"])
    etats = {p["id"]: p["etat"] for p in _lire(base, portee, Doublon)}
    assert etats[paires[premiere["personne"]]["id"]] == "fusionne"
    assert all(etats[p["id"]] == "caduc" for qui, p in paires.items() if qui == seconde["personne"])


def test_what_was_joined_goes_with_its_dossier_and_so_does_what_undoes_it(client, base, caf):
    portee = caf.portee("site")
    premiere, seconde = _deux(caf, portee)
    assert _fusionner(client, caf, portee, _paire(base, portee, seconde), premiere["personne"]).status_code == 200
    base.ecrire(lambda c: conservation.effacer(c, portee, premiere["dossier"], "x", "à sa demande"), portee)
    gens = [premiere["personne"], seconde["personne"]]
    assert _lire(base, portee, Personne, Personne.id.in_(gens)) == []
    assert _lire(base, portee, Dossier, Dossier.id.in_([premiere["dossier"], seconde["dossier"]])) == []
    assert _lire(base, portee, Doublon, Doublon.personne_id.in_(gens)) == []
    with base.lecture(portee) as connexion:
        assert connexion.execute(select(fusion.c.id).where(fusion.c.scope_id == portee)).all() == []


def test_it_is_journaled(client, base, caf):
    from guichet.models import Journal

    portee = caf.portee("site")
    premiere, seconde = _deux(caf, portee)
    paire = _paire(base, portee, seconde)
    _fusionner(client, caf, portee, paire, premiere["personne"])
    _separer(client, caf, portee, paire)
    lignes = _lire(base, portee, Journal, Journal.action.in_(["fusion", "separation"]))
    assert sorted((x["action"], x["agent_id"]) for x in lignes) == [("fusion", caf.agent.id), ("separation", caf.agent.id)]
    assert all(x["le"] <= datetime.now(UTC) for x in lignes)
