"""The centre through its HTTP doors, on SQLite and on PostgreSQL: the same suite."""

import hashlib
import os
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
import zstandard
from nacl.signing import SigningKey
from sqlalchemy import func, select

from guichet.central.fil import Ecrit, inscrire
from guichet.central.jetons import delivrer, passer_en_production
from guichet.central.tables import quarantine, scope_head, sync_row
from guichet.contract.corps import empreinte
from guichet.contract.limites import PART_OCTETS, SCHEMA
from guichet.contract.sync import ENROLEMENT
from guichet.models import Creneau, Declaration, Document, Habilitation, Locataire, RendezVous, Reservation, uuid7

CAF, BAILLEUR = "conseiller.caf31", "bailleur.social"


class Poste:
    """A workstation reduced to its HTTP requests."""

    def __init__(self, client, base, login):
        self._client, self.appareil, self._cle = client, uuid7(), SigningKey.generate()
        with base.ecriture() as connexion:
            self.jeton, self.agent = delivrer(connexion, login)
        self.lseq = {}
        assert self.enroler().status_code == 200
        self.portees = {p["portee"]: p for p in self.bonjour().json()["portees"]}

    @property
    def entetes(self):
        return {"Authorization": f"Bearer {self.jeton}"}

    def portee(self, genre):
        return next(p for p in self.portees if p.startswith(genre))

    def enroler(self, cle=None):
        cle = cle or self._cle
        preuve = cle.sign(ENROLEMENT + self.appareil.encode()).signature
        corps = {"appareil": self.appareil, "cle": b64encode(bytes(cle.verify_key)).decode(), "preuve": b64encode(preuve).decode()}
        return self._client.post("/v1/devices", json=corps, headers=self.entetes)

    def bonjour(self, **changes):
        corps = {"schema": SCHEMA, "appareil": self.appareil} | changes
        return self._client.post("/v1/sync/hello", json=corps, headers=self.entetes)

    def tirer(self, portee, apres=0, epoque=None, **reste):
        params = {"portee": portee, "epoque": epoque or self.portees[portee]["epoque"], "apres": apres} | reste
        return self._client.get("/v1/sync/pull", params=params, headers=self.entetes)

    def lignes(self, portee):
        lignes, apres = [], 0
        while True:
            brut = zstandard.ZstdDecompressor().decompress(self.tirer(portee, apres).content, max_output_size=1 << 28).split(b"\n")
            entete, fin = msgspec.json.decode(brut[0]), msgspec.json.decode(brut[-1])
            lignes += [msgspec.json.decode(x, type=list[msgspec.Raw]) for x in brut[1:-1]]
            apres = entete["a"]
            if apres == entete["tete"]:
                return lignes, fin

    def operation(self, portee, *mutations):
        self.lseq[portee] = self.lseq.get(portee, 0) + 1
        return {"lseq": self.lseq[portee], "opid": uuid7(), "v": SCHEMA, "muts": list(mutations)}

    def pousser(self, portee, *operations, **changes):
        corps = {
            "appareil": self.appareil,
            "portee": portee,
            "epoque": self.portees[portee]["epoque"],
            "base": 0,
            "operations": list(operations),
        }
        return self._client.post("/v1/sync/push", json=corps | changes, headers=self.entetes)

    def faire(self, portee, type_, contenu, k="new", id_=None):
        """Push one act and return its verdict."""
        mutation = {"k": k, "type": type_, "id": id_ or uuid7(), "set": contenu}
        reponse = self.pousser(portee, self.operation(portee, mutation))
        assert reponse.status_code == 200, reponse.text
        return reponse.json()[0] | {"id": mutation["id"]}


@pytest.fixture
def caf(client, base):
    return Poste(client, base, CAF)


@pytest.fixture
def bailleur(client, base):
    return Poste(client, base, BAILLEUR)


def _un(base, requete):
    with base.lecture() as connexion:
        return connexion.execute(requete).scalars().first()


def _creneau_libre(base, agenda="agenda:caf-31"):
    return _un(base, select(Creneau.id).where(Creneau.scope_id == agenda, Creneau.etat == "libre").order_by(Creneau.debut, Creneau.id))


def _rdv(creneau):
    return {"creneau_id": creneau, "motif_code": "04", "etat": "demande", "saisi_le": datetime.now(UTC).isoformat()}


def _loyer(locataire, cents=61_240):
    return {
        "locataire_id": locataire,
        "type": "loyer",
        "mois": "2026-07-01",
        "loyer_cents": cents,
        "etat": "transmise",
        "saisi_le": datetime.now(UTC).isoformat(),
    }


def test_health_readiness_and_openapi(client):
    assert client.get("/sante").json() == {"etat": "vivant"}
    assert client.get("/pret").json() == {"etat": "pret"}
    schema = client.get("/openapi.json").json()
    assert {"/v1/sync/hello", "/v1/sync/pull", "/v1/sync/push"} <= set(schema["paths"])


@pytest.mark.parametrize("entete", [{}, {"Authorization": "Bearer faux"}, {"Authorization": "Basic eDp5"}])
def test_nobody_in_without_a_token(client, entete):
    reponse = client.post("/v1/sync/hello", json={"schema": 1, "appareil": "x", "curseurs": {}}, headers=entete)
    assert reponse.status_code == 401
    assert reponse.headers["content-type"].startswith("application/problem+json")
    assert reponse.json()["code"] == "non_connecte"


def test_an_expired_token_says_so(client, base):
    with base.ecriture() as connexion:
        jeton, _ = delivrer(connexion, CAF, timedelta(seconds=-1))
    reponse = client.get("/v1/moi", headers={"Authorization": f"Bearer {jeton}"})
    assert (reponse.status_code, reponse.json()["code"]) == (401, "jeton_expire")


def test_production_gives_no_token_and_revokes_those_given(client, base, caf):
    assert CAF in {a["login"] for a in client.get("/v1/demonstration/agents").json()}
    with base.ecriture() as connexion:
        passer_en_production(connexion)
    assert client.get("/v1/demonstration/agents").json() == []
    assert caf.bonjour().status_code == 401


def test_bad_requests_are_problems_in_french(client, caf):
    reponse = client.post("/v1/sync/hello", content=b"{", headers=caf.entetes)
    assert (reponse.status_code, reponse.json()["code"]) == (400, "requete_invalide")
    assert "centre" in reponse.json()["detail"]
    assert caf.bonjour(schema=99).status_code == 426


def test_hello_names_the_agent_s_scopes(caf):
    assert sorted(p.split(":")[0] for p in caf.portees) == ["agenda", "ref", "site", "user"]


def test_a_pull_adds_up_to_the_head(caf):
    lignes, fin = caf.lignes(caf.portee("site"))
    digest = 0
    for _, id_, rev, _, _, corps in lignes:
        digest ^= empreinte(msgspec.json.decode(id_), msgspec.json.decode(rev), bytes(corps))
    assert len(lignes) == fin["vivantes"] > 0
    assert digest == fin["digest"]


def test_scopes_are_closed_to_others(client, caf, bailleur):
    autre = bailleur.portee("bailleur")
    caf.portees[autre] = bailleur.portees[autre]
    assert caf.tirer(autre).status_code == 403
    assert caf.pousser(autre).status_code == 403
    for methode, chemin in (("GET", "etat"), ("POST", "commit?octets=1")):
        separateur = "&" if "?" in chemin else "?"
        reponse = client.request(methode, f"/v1/fichiers/{'0' * 64}/{chemin}{separateur}portee={autre}", headers=caf.entetes)
        assert reponse.status_code == 403
    assert client.get(f"/v1/fichiers/{'0' * 64}", params={"portee": autre}, headers=caf.entetes).status_code == 403


def test_france_services_and_landlords_hold_no_nir(client, base, bailleur):
    hotesse = Poste(client, base, "hotesse.fs")
    for poste in (hotesse, bailleur):
        for portee in poste.portees:
            for type_, *_, corps in poste.lignes(portee)[0]:
                assert not (type_ == b'"identifiant"' and b'"nir"' in bytes(corps))


def test_another_epoch_and_a_cursor_ahead_are_told(caf):
    portee = caf.portee("user")
    assert (caf.tirer(portee, epoque=uuid7()).status_code, caf.tirer(portee, apres=10_000).status_code) == (409, 409)
    assert caf.pousser(portee, epoque=uuid7()).status_code == 409


def test_an_operation_is_executed_once_and_its_verdict_given_again(base, bailleur):
    portee = bailleur.portee("bailleur")
    locataire = _un(base, select(Locataire.id).where(Locataire.scope_id == portee, Locataire.loyer_etat == "attendu"))
    mutation = {"k": "new", "type": "declaration", "id": uuid7(), "set": _loyer(locataire)}
    operation = bailleur.operation(portee, mutation)
    premiers, seconds = (bailleur.pousser(portee, operation).json() for _ in range(2))
    assert premiers == seconds
    assert premiers[0]["st"] == "applied"
    with base.lecture() as connexion:
        assert connexion.scalar(select(func.count()).select_from(Declaration)) == 1
        ligne = connexion.execute(select(Locataire.loyer_etat, Locataire.loyer_cents).where(Locataire.id == locataire)).one()
    assert tuple(ligne) == ("declare", 61_240)


def test_a_hole_in_the_lane_stops_it_and_base_declares_it(base, bailleur):
    portee = bailleur.portee("bailleur")
    saute = bailleur.operation(
        portee, {"k": "new", "type": "journal", "id": uuid7(), "set": {"le": datetime.now(UTC).isoformat(), "action": "x", "objet": ""}}
    )
    saute["lseq"] = 5
    assert bailleur.pousser(portee, saute).json()[0]["st"] == "gap"
    assert bailleur.pousser(portee, saute, base=4).json()[0]["st"] == "applied"


@pytest.mark.parametrize(
    ("contenu", "code"),
    [(_loyer("inconnu"), "locataire_inconnu"), ("zero", "loyer_invalide"), ("deux_fois", "loyer_deja_declare")],
)
def test_refused_rents_say_why_and_the_lane_goes_on(base, bailleur, contenu, code):
    portee = bailleur.portee("bailleur")
    locataire = _un(base, select(Locataire.id).where(Locataire.scope_id == portee, Locataire.loyer_etat == "attendu"))
    if contenu == "zero":
        contenu = _loyer(locataire, 0)
    elif contenu == "deux_fois":
        bailleur.faire(portee, "declaration", contenu := _loyer(locataire))
    verdict = bailleur.faire(portee, "declaration", contenu)
    assert verdict["code"] == code
    assert verdict["detail"].endswith(".")
    encore = _loyer(
        _un(base, select(Locataire.id).where(Locataire.scope_id == portee, Locataire.loyer_etat == "attendu", Locataire.id != locataire))
    )
    assert bailleur.faire(portee, "declaration", encore)["st"] == "applied"


@pytest.mark.parametrize("contenu", [{"locataire_id": "x"}, {"mois": "hier"}, {"le": 3}])
def test_a_poison_operation_is_parked_whole_and_the_lane_goes_on(base, bailleur, contenu):
    portee = bailleur.portee("bailleur")
    locataire = _un(base, select(Locataire.id).where(Locataire.scope_id == portee, Locataire.loyer_etat == "attendu"))
    verdict = bailleur.faire(
        portee, "declaration", contenu | {"type": "loyer", **({"locataire_id": locataire} if "mois" in contenu else {})}
    )
    assert verdict["st"] in ("parked", "missing")
    if verdict["st"] == "parked":
        assert _un(base, select(quarantine.c.operation))["muts"][0]["set"]["type"] == "loyer"
    assert bailleur.faire(portee, "declaration", _loyer(locataire))["st"] == "applied"


@pytest.mark.exigence("MCP-04")
@pytest.mark.parametrize(
    ("type_", "k"),
    [("dossier", "set"), ("paiement", "new"), ("agent", "set"), ("habilitation", "new"), ("creneau", "set"), ("inconnu", "new")],
)
def test_what_the_organisme_knows_is_not_written_by_a_counter(base, caf, type_, k):
    portee = caf.portee("site")
    assert caf.faire(portee, type_, {}, k)["st"] == "forbidden"


def test_a_lost_slot_is_refused_with_three_alternatives_nearby(base, client, caf):
    agenda, creneau = caf.portee("agenda"), _creneau_libre(base)
    assert caf.faire(agenda, "rendez_vous", _rdv(creneau))["st"] == "applied"
    perdu = Poste(client, base, "hotesse.fs").faire(agenda, "rendez_vous", _rdv(creneau))
    assert perdu["st"] == "slot_lost"
    with base.lecture() as connexion:
        refuse = connexion.execute(select(RendezVous.etat, RendezVous.alternatives).where(RendezVous.id == perdu["id"])).one()
        offerts = connexion.execute(select(Creneau.etat, Creneau.site_id).where(Creneau.id.in_(refuse.alternatives))).all()
        voulu = connexion.scalar(select(Creneau.site_id).where(Creneau.id == creneau))
    assert refuse.etat == "refuse"
    assert [c.etat for c in offerts] == ["libre"] * 3
    assert voulu in {c.site_id for c in offerts}


def test_a_cancelled_appointment_frees_its_slot_once(base, caf):
    agenda, creneau = caf.portee("agenda"), _creneau_libre(base)
    rdv = caf.faire(agenda, "rendez_vous", _rdv(creneau))["id"]
    assert caf.faire(agenda, "rendez_vous", {"etat": "annule"}, "set", rdv)["st"] == "applied"
    assert caf.faire(agenda, "rendez_vous", {"etat": "annule"}, "set", rdv)["code"] == "deja_annule"
    assert caf.faire(agenda, "rendez_vous", _rdv(creneau))["st"] == "applied"


def test_sixteen_desks_on_one_slot_make_one_booking(base, client):
    postes = [Poste(client, base, CAF) for _ in range(16)]
    creneau = _creneau_libre(base)
    with ThreadPoolExecutor(16) as ensemble:
        verdicts = list(ensemble.map(lambda p: p.faire("agenda:caf-31", "rendez_vous", _rdv(creneau))["st"], postes))
    assert sorted(verdicts) == ["applied"] + ["slot_lost"] * 15
    with base.lecture() as connexion:
        assert (
            connexion.scalar(select(func.count()).select_from(Reservation).where(Reservation.creneau_id == creneau, Reservation.vivante))
            == 1
        )
        tete = connexion.scalar(select(scope_head.c.last).where(scope_head.c.scope_id == "agenda:caf-31"))
        assert connexion.scalar(select(func.max(sync_row.c.seq)).where(sync_row.c.scope_id == "agenda:caf-31")) == tete


def test_a_right_that_ended_is_no_right(base, client):
    poste = Poste(client, base, CAF)
    with base.ecriture() as connexion:
        site = poste.portee("site")
        ligne = connexion.execute(select(Habilitation.__table__).where(Habilitation.portee == site)).mappings().first()
        inscrire(connexion, ligne["scope_id"], [Ecrit("habilitation", ligne["id"], dict(ligne) | {"au": ligne["du"]})])
    assert poste.tirer(site).status_code == 403


def _envoyer(client, poste, portee, octets, sha=None):
    sha = sha or hashlib.sha256(octets).hexdigest()
    for n in range(-(-len(octets) // PART_OCTETS)):
        part = octets[n * PART_OCTETS : (n + 1) * PART_OCTETS]
        entetes = poste.entetes | {"Content-Type": "application/octet-stream"}
        assert client.put(f"/v1/fichiers/{sha}/parts/{n}", params={"portee": portee}, content=part, headers=entetes).status_code == 204
    return sha, client.post(f"/v1/fichiers/{sha}/commit", params={"portee": portee, "octets": len(octets)}, headers=poste.entetes)


def test_a_file_in_parts_comes_back_the_same_and_its_document_is_received(base, client, caf):
    portee = caf.portee("site")
    octets = os.urandom(PART_OCTETS * 2 + 17)
    sha = hashlib.sha256(octets).hexdigest()
    with base.lecture() as connexion:
        dossier = (
            connexion.execute(select(sync_row.c.id).where(sync_row.c.scope_id == portee, sync_row.c.etype == "dossier")).scalars().first()
        )
    contenu = {
        "dossier_id": dossier,
        "type_piece": "bail",
        "nom": "Bail",
        "sha256": sha,
        "octets": len(octets),
        "pages": 1,
        "etat": "a_envoyer",
        "saisi_le": datetime.now(UTC).isoformat(),
    }
    document = caf.faire(portee, "document", contenu)["id"]
    assert _un(base, select(Document.etat).where(Document.id == document)) == "a_envoyer"
    assert _envoyer(client, caf, portee, octets)[1].json() == {"complet": True, "parts": []}
    assert _un(base, select(Document.etat).where(Document.id == document)) == "recu"
    assert client.get(f"/v1/fichiers/{sha}", params={"portee": portee}, headers=caf.entetes).content == octets


def test_wrong_bytes_missing_parts_and_bad_hashes_are_refused(client, caf):
    portee = caf.portee("site")
    assert _envoyer(client, caf, portee, b"abc", "0" * 64)[1].json()["code"] == "empreinte_fausse"
    manque = client.post(f"/v1/fichiers/{'1' * 64}/commit", params={"portee": portee, "octets": 5}, headers=caf.entetes)
    assert (manque.status_code, manque.json()["code"]) == (409, "fichier_incomplet")
    assert client.get("/v1/fichiers/x..x/etat", params={"portee": portee}, headers=caf.entetes).status_code == 400
    trop = client.put(f"/v1/fichiers/{'1' * 64}/parts/0", params={"portee": portee}, content=b"x" * (PART_OCTETS + 1), headers=caf.entetes)
    assert trop.status_code == 413
