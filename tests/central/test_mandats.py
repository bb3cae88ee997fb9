"""What the centre takes for a mandate, and how one is taken back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from guichet.models import Autorisation, Dossier, Mandat, Personne
from tests.central.test_centre import CAF, Poste

JOUR = date.today()
NON = ("refused", "rejected", "parked")


@pytest.fixture
def ici(client, base):
    poste = Poste(client, base, CAF)
    portee = poste.portee("site")
    with base.lecture(portee) as connexion:
        dossier, personne = connexion.execute(select(Dossier.id, Dossier.responsable_id).where(Dossier.scope_id == portee).limit(1)).one()
    return poste, portee, dossier, personne


def _mandat(ici, **autres):
    poste, portee, dossier, personne = ici
    valeurs = {
        "dossier_id": dossier, "personne_id": personne, "agent_id": "x", "mandataire": "Toulouse", "preuve": "Passeport, valide",
        "signe_le": datetime.now(UTC).isoformat(), "debute_le": JOUR.isoformat(), "expire_le": (JOUR + timedelta(days=30)).isoformat(),
        "empreinte": "0" * 64,
    } | autres  # fmt: skip
    return poste.faire(portee, "mandat", valeurs)


def test_the_agent_who_wrote_it_is_the_one_who_is_signed_in(base, ici):
    verdict = _mandat(ici)
    assert verdict["st"] == "applied"
    with base.lecture(ici[1]) as connexion:
        assert connexion.scalar(select(Mandat.agent_id).where(Mandat.scope_id == ici[1], Mandat.id == verdict["id"])) != "x"


@pytest.mark.parametrize(
    "faute",
    [
        {"expire_le": (JOUR + timedelta(days=40)).isoformat()}, {"expire_le": (JOUR - timedelta(days=1)).isoformat()},
        {"debute_le": (JOUR + timedelta(days=9)).isoformat(), "expire_le": (JOUR + timedelta(days=39)).isoformat()},
        {"debute_le": "1999-01-01", "expire_le": "1999-01-31"},
    ],
    ids=["no such length", "ended before it began", "of the future", "before the rule"],
)  # fmt: skip
def test_dates_that_no_rule_gives_are_refused(ici, faute):
    assert _mandat(ici, **faute)["st"] in NON


def test_a_minor_gives_none(base, ici):
    _, portee, _, personne = ici
    jeune = update(Personne).where(Personne.scope_id == portee, Personne.id == personne).values(ne_le=JOUR - timedelta(days=16 * 365))
    base.ecrire(lambda c: c.execute(jeune), portee)
    assert _mandat(ici)["st"] in NON


def test_an_act_is_taken_back_once_and_never_given_again(base, ici):
    poste, portee, dossier, _ = ici
    valeurs = {"dossier_id": dossier, "mandat_id": _mandat(ici)["id"], "acte": "envoyer_mail"}
    assert poste.faire(portee, "autorisation", valeurs | {"acte": "autoriser"})["st"] in NON
    id_ = poste.faire(portee, "autorisation", valeurs)["id"]

    def changer(champ, valeur):
        return poste.faire(portee, "autorisation", {champ: valeur}, "set", id_)["st"]

    def revoquee():
        with base.lecture(portee) as connexion:
            return connexion.scalar(select(Autorisation.revoquee_le).where(Autorisation.scope_id == portee, Autorisation.id == id_))

    le = datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert changer("revoquee_le", le.isoformat()) == "applied"
    assert revoquee() == le
    changer("revoquee_le", datetime.now(UTC).isoformat())
    assert revoquee() == le, "the first time stands"
    assert changer("revoquee_le", None) == "forbidden"
    assert changer("acte", "modifier_banque") == "forbidden"
    assert revoquee() == le


def test_nothing_but_a_revocation_goes_before_its_turn(client, base, ici):
    poste, portee, dossier, _ = ici
    mandat = _mandat(ici)["id"]
    id_ = poste.faire(portee, "autorisation", {"dossier_id": dossier, "mandat_id": mandat, "acte": "envoyer_mail"})["id"]
    retrait = {"k": "set", "type": "autorisation", "id": id_, "set": {"revoquee_le": datetime.now(UTC).isoformat()}}
    autre = {"k": "set", "type": "dossier", "id": dossier, "set": {"iban": "FR7630006000011234567890189"}}

    def devancer(*mutations, nombre=1):
        operations = [poste.operation(portee, *mutations) for _ in range(nombre)]
        corps = {"appareil": poste.appareil, "portee": portee, "operations": operations}
        return client.post("/v1/sync/retraits", json=corps, headers=poste.entetes).status_code

    def revoquee():
        with base.lecture(portee) as connexion:
            return connexion.scalar(select(Autorisation.revoquee_le).where(Autorisation.scope_id == portee, Autorisation.id == id_))

    assert devancer(retrait, autre) == 400
    assert devancer(retrait, nombre=501) == 413
    assert devancer(retrait | {"set": {"acte": "modifier_banque"}}) == 204
    assert revoquee() is None
    avant = poste.bonjour().json()["portees"]
    assert devancer(retrait) == 204
    le = revoquee()
    assert le is not None
    apres = poste.bonjour().json()["portees"]
    assert [p["couloir"] for p in apres if "couloir" in p] == [p["couloir"] for p in avant if "couloir" in p], "no number of the lane moves"
    assert devancer(retrait | {"set": {"revoquee_le": datetime.now(UTC).isoformat()}}) == 204
    assert revoquee() == le, "the first time stands"
