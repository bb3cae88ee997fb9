"""Who may take which door: every route of the API's own document, for each role, at home, at another organisme's, and nowhere."""

import json
import re
from base64 import b64encode
from datetime import UTC, datetime

import pytest
from nacl.public import SealedBox
from sqlalchemy import select, update

from guichet.central.fil import Ecrit, inscrire
from guichet.central.jetons import agent_nomme, delivrer
from guichet.central.services.appareils import cle_scellement
from guichet.central.tables import quarantine
from guichet.contract.limites import SCHEMA
from guichet.models import Dossier, Habilitation, uuid7
from guichet.ressources import donnees
from tests.central.test_centre import BAILLEUR, CAF, Poste

CPAM = "conseillere.cpam31"
ROLES = ("conseiller", "responsable", "bailleur", "admin")
SHA = "0" * 64
# What a request needs besides a scope, for it to be judged on the right alone. A route that is not here fails the test.
CORPS = {
    "/v1/devices": lambda p, _: {"appareil": p.appareil, "cle": "", "preuve": ""},
    "/v1/sync/hello": lambda p, _: {"schema": SCHEMA, "appareil": p.appareil},
    "/v1/sync/push": lambda p, portee: {"appareil": p.appareil, "portee": portee, "epoque": "x", "base": 0, "operations": []},
    "/v1/sync/scelles": lambda p, portee: {"appareil": p.appareil, "portee": portee, "scelles": []},
    "/v1/sync/retraits": lambda p, portee: {"appareil": p.appareil, "portee": portee, "operations": []},
    "/v1/slots/own": lambda p, portee: {"appareil": p.appareil, "portee": portee, "creneaux": []},
    "/v1/slots/release": lambda p, portee: {"appareil": p.appareil, "portee": portee, "paires": [], "barriere": 0},
}
for _chemin in ("/v1/comptes/invitations", "/v1/comptes/fermetures", "/v1/rattachements"):
    CORPS[_chemin] = lambda _, portee: {"portee": portee, "login": "absent"}
CORPS["/v1/dossiers/glace"] = lambda _, __: {"numero": "0000000", "motif": "un motif assez long"}
CORPS["/v1/dossiers/recherche"] = lambda _, __: {"mots": ["sentinelle"]}
CORPS["/v1/doublons/fusion"] = lambda _, portee: {"portee": portee, "doublon": "x", "garde": "x", "repris": []}
CORPS["/v1/doublons/separation"] = lambda _, portee: {"portee": portee, "doublon": "x"}
CORPS["/v1/telephone"] = lambda _, portee: {"portee": portee}
PARAMETRES = {
    "epoque": "x", "apres": 0, "appareil": "x", "depart": 0, "gen": 0, "limite": 10, "types": "", "seaux": "", "octets": 1, "login": CAF,
    "avant": 5, "dossier": "x",
}  # fmt: skip
CHEMIN = {"sha256": SHA, "numero": "0", "instantane": "x", "part": "0", "lien": SHA}
SANS_PORTEE = {
    "/v1/dossiers/glace",
    "/v1/dossiers/recherche",
    "/v1/moi",
    "/v1/devices",
    "/v1/sync/hello",
    "/v1/sync/events",
    "/v1/demonstration/agents",
}
"""Routes that name no scope: they speak of the agent himself, or of nobody."""
SENTINELLE = "sentinelle-d-autrui"


@pytest.fixture
def deux(client, base):
    """Each role at one organisme, and another organisme's scope whose rows bear a mark."""
    postes = {"conseiller": Poste(client, base, CAF), "bailleur": Poste(client, base, BAILLEUR), "autre": Poste(client, base, CPAM)}
    chez = {
        "nous": postes["conseiller"].portee("site"),
        "eux": postes["autre"].portee("site"),
        "bailleur": postes["bailleur"].portee("bailleur"),
    }
    with base.ecriture() as connexion:
        d = Dossier.__table__
        ligne = dict(connexion.execute(select(d).where(d.c.scope_id == chez["eux"]).limit(1)).mappings().one())
        inscrire(connexion, chez["eux"], [Ecrit("dossier", ligne["id"], ligne | {"organisme_nom": SENTINELLE})])
    for login in (CAF, CPAM, BAILLEUR):
        with base.lecture() as connexion:
            assert agent_nomme(connexion, login) is not None
    return postes, chez


def _devenir(base, login, role):
    with base.ecriture() as connexion:
        id_ = agent_nomme(connexion, login).id
        connexion.execute(update(Habilitation.__table__).where(Habilitation.agent_id == id_).values(role=role))
        return delivrer(connexion, login)[0]


def _routes(client):
    document = client.get("/openapi.json").json()
    for chemin, operations in document["paths"].items():
        for methode, operation in operations.items():
            if chemin.startswith("/v1"):
                yield methode, chemin, operation


def _demander(client, poste, jeton, methode, chemin, operation, portee):
    url = re.sub(r"{(\w+)}", lambda m: CHEMIN[m[1]], chemin)
    params = {
        p["name"]: portee if p["name"] == "portee" else PARAMETRES[p["name"]] for p in operation.get("parameters", []) if p["in"] == "query"
    }
    reste = {}
    if "requestBody" in operation:
        reste["json"] = CORPS[chemin](poste, portee)
    elif methode == "put":
        reste["content"] = b"x"
    entetes = {"Authorization": f"Bearer {jeton}"} if jeton else {}
    if chemin == "/v1/sync/events" and jeton:
        with client.stream(methode.upper(), url, headers=entetes) as reponse:
            return reponse.status_code, ""
    reponse = client.request(methode.upper(), url, params=params, headers=entetes, **reste)
    return reponse.status_code, reponse.text


def test_without_a_token_only_what_is_public_answers(client, deux):
    postes, chez = deux
    publics = set()
    for methode, chemin, operation in _routes(client):
        statut, _ = _demander(client, postes["conseiller"], "", methode, chemin, operation, chez["nous"])
        if statut != 401:
            publics.add(chemin)
    assert publics == {"/v1/demonstration/agents"}


@pytest.mark.exigence("MCP-01")
@pytest.mark.parametrize("role", ROLES)
def test_access_matrix(client, base, deux, role):
    """Role by route by scope (own, another organisme's, none that exists): nothing of others is read, written or even told apart."""
    postes, chez = deux
    login, poste, propre = (
        (BAILLEUR, postes["bailleur"], chez["bailleur"]) if role == "bailleur" else (CAF, postes["conseiller"], chez["nous"])
    )
    etendues = set(donnees("acces.yaml")["etendues"][0]["roles"][role])
    jeton = _devenir(base, login, role)
    exigees = {h.opt.get("etendue"): None for r in client.app.routes for h in r.route_handlers}
    assert etendues <= set(exigees)
    refus, vus = 0, 0
    for methode, chemin, operation in _routes(client):
        if chemin == "/v1/sync/events" and "dossiers:read" in etendues:
            continue  # a stream that lasts: its reader's own scopes only (tests/central/test_protocole.py)
        reponses = {ou: _demander(client, poste, jeton, methode, chemin, operation, portee) for ou, portee in (
            ("propre", propre), ("autre", chez["eux"]), ("absent", "site:caf-99:nulle-part"),
        )}  # fmt: skip
        vus += 3
        for ou, (statut, texte) in reponses.items():
            assert statut < 500, (methode, chemin, ou, texte)
            assert ou == "propre" or SENTINELLE not in texte, (methode, chemin, ou)
        if chemin in SANS_PORTEE:
            continue
        if chemin == "/v1/sync/scelles" and role != "admin":
            continue  # kept in the agent's own scope: see below
        assert reponses["autre"] == reponses["absent"], (methode, chemin, reponses)
        assert reponses["autre"][0] in (403, 404), (methode, chemin, reponses["autre"])
        refus += reponses["propre"][0] == 403
    assert vus >= 50
    if role == "admin":
        # Accounts, not people: each door to a scope is shut to him, his own organisme's included.
        assert refus == sum(chemin not in SANS_PORTEE and not chemin.startswith("/v1/comptes") for _, chemin, _ in _routes(client))


def test_what_is_sealed_for_a_scope_one_never_had_stays_in_ones_own(client, base, deux):
    postes, chez = deux
    operation = {"lseq": 1, "opid": uuid7(), "v": SCHEMA, "muts": []}
    with base.lecture() as connexion:
        boite = SealedBox(cle_scellement(connexion).public_key)
    scelles = [b64encode(boite.encrypt(json.dumps(operation).encode())).decode()]
    for portee in (chez["eux"], "site:caf-99:nulle-part", chez["nous"]):
        corps = {"appareil": postes["conseiller"].appareil, "portee": portee, "scelles": scelles}
        assert client.post("/v1/sync/scelles", json=corps, headers=postes["conseiller"].entetes).status_code == 204
    with base.lecture() as connexion:
        gardees = connexion.execute(select(quarantine.c.scope_id, quarantine.c.why)).all()
    assert {g.scope_id for g in gardees} == {"user:conseiller.caf31", chez["nous"]}


def test_a_right_that_is_over_opens_nothing(client, base, deux):
    postes, chez = deux
    with base.ecriture() as connexion:
        h = Habilitation.__table__
        connexion.execute(update(h).where(h.c.portee == chez["nous"]).values(au=h.c.du))
    reponse = client.get("/v1/sync/pull", params={"portee": chez["nous"], "epoque": "x", "apres": 0}, headers=postes["conseiller"].entetes)
    assert reponse.status_code == 403
    assert (
        postes["conseiller"].faire(chez["nous"], "journal", {"le": datetime.now(UTC).isoformat(), "action": "x", "objet": uuid7()})["st"]
        == "forbidden"
    )
