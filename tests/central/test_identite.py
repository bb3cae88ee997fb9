"""Signing in, through the centre's doors: its own accounts, a real provider, and whatever somebody may try instead."""

import base64
import hashlib
import json
import re
import secrets
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pyotp
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from litestar.testing import TestClient
from sqlalchemy import select, update

from guichet.central.app import creer_application
from guichet.central.identity import comptes, familles, identites
from guichet.central.identity.cles import Cles
from guichet.central.identity.fournisseur import Reglages
from guichet.central.identity.tables import compte, famille, identite, rafraichissement
from guichet.central.jetons import passer_en_production
from guichet.contract.demonstration import GRAINE_TOTP, PHRASE
from guichet.models import Agent, Habilitation
from tests.applications import application
from tests.central.test_centre import BAILLEUR, CAF
from tests.fournisseur import CLIENT, SECRET, fournisseur

EMETTEUR = "http://127.0.0.1"
MOT_DE_PASSE = "canard violon horizon tabouret"
RETOUR = "http://127.0.0.1:53117/retour"
MFA = ("eidas0-mfa", "eidas1-mfa", "eidas2", "eidas3")


@pytest.fixture
def client(base, tmp_path):
    with TestClient(application(base, tmp_path / "pieces", EMETTEUR), raise_server_exceptions=False) as ouvert:
        ouvert.follow_redirects = False
        yield ouvert


def agent(base, login):
    with base.lecture() as connexion:
        return Agent(**dict(connexion.execute(select(Agent.__table__).where(Agent.login == login)).mappings().one()))


class Connexion:
    """A workstation and the browser it opened."""

    def __init__(self, client, **changes):
        self.client, self.verificateur, self.state = client, secrets.token_urlsafe(48), secrets.token_urlsafe(32)
        defi = base64.urlsafe_b64encode(hashlib.sha256(self.verificateur.encode()).digest()).rstrip(b"=").decode()
        parametres = {
            "response_type": "code", "client_id": "guichet-poste", "redirect_uri": RETOUR, "state": self.state, "code_challenge": defi,
            "code_challenge_method": "S256",
        } | changes  # fmt: skip
        self.client.cookies.clear()
        self.page = client.get("/oauth/authorize?" + urlencode({n: v for n, v in parametres.items() if v is not None}))

    def mot_de_passe(self, login, mot=MOT_DE_PASSE):
        return self.client.post("/oauth/compte", data={"login": login, "mot_de_passe": mot})

    def code(self, secret, decalage=0):
        return self.client.post("/oauth/code", data={"code": pyotp.TOTP(secret).at(time.time() + decalage)})

    def echanger(self, code, **changes):
        corps = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": RETOUR, "client_id": "guichet-poste",
            "code_verifier": self.verificateur,
        } | changes  # fmt: skip
        return self.client.post("/oauth/token", data={n: v for n, v in corps.items() if v is not None})


def rafraichir(client, jeton):
    return client.post("/oauth/token", data={"grant_type": "refresh_token", "refresh_token": jeton, "client_id": "guichet-poste"})


def moi(client, jeton):
    return client.get("/v1/moi", headers={"Authorization": f"Bearer {jeton}"})


def rendu(reponse):
    """What a browser brings to the workstation."""
    assert reponse.status_code == 303, reponse.text
    adresse = urlsplit(reponse.headers["location"])
    assert f"{adresse.scheme}://{adresse.netloc}{adresse.path}" == RETOUR
    return {nom: valeurs[0] for nom, valeurs in parse_qs(adresse.query).items()}


def ouvrir_compte(client, base, login):
    """Invite an agent, and have him choose his password; return the secret of his codes."""
    lien = base.ecrire(lambda c: comptes.inviter(c, agent(base, login)))
    page = client.get(f"/oauth/invitation/{lien}")
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page.text).group(1)
    corps = {"mot_de_passe": MOT_DE_PASSE, "encore": MOT_DE_PASSE, "code": pyotp.TOTP(secret).now()}
    assert "ouvert" in client.post(f"/oauth/invitation/{lien}", data=corps).text
    assert client.post(f"/oauth/invitation/{lien}", data=corps).status_code == 403
    base.ecrire(lambda c: c.execute(update(compte).values(totp_pas=0)))  # the code of this moment serves again at once
    return secret


@pytest.fixture
def bailleur(client, base):
    """A landlord signed in with his own account: (his connection, his tokens, the secret of his codes)."""
    secret = ouvrir_compte(client, base, BAILLEUR)
    connexion = Connexion(client)
    assert "Code du moment" in connexion.mot_de_passe(BAILLEUR).text
    connexion.rendu = rendu(connexion.code(secret))
    jetons = connexion.echanger(connexion.rendu["code"])
    assert jetons.status_code == 200, jetons.text
    return connexion, jetons.json(), secret


# ---- the whole way


@pytest.mark.exigence("BAI-05", "MCP-01")
def test_a_landlord_comes_in_with_his_own_account(client, base, bailleur):
    connexion, jetons, _ = bailleur
    assert connexion.rendu["state"] == connexion.state
    assert connexion.rendu["iss"] == EMETTEUR
    assert moi(client, jetons["access_token"]).json()["agent_id"] == agent(base, BAILLEUR).id
    assert jetons["expires_in"] == 600
    lu = jwt.decode(jetons["access_token"], Cles(base).toutes(), algorithms=["ES256"])
    assert lu.header["typ"] == "at+jwt"
    assert lu.claims["exp"] - lu.claims["iat"] == 600
    tourne = rafraichir(client, jetons["refresh_token"])
    assert tourne.status_code == 200
    assert tourne.json()["refresh_token"] != jetons["refresh_token"]
    assert moi(client, tourne.json()["access_token"]).status_code == 200


def test_the_demonstration_comes_in_with_its_own_account_until_production(client, base):
    connexion = Connexion(client)
    connexion.mot_de_passe(CAF, PHRASE)
    lu = rendu(connexion.code(GRAINE_TOTP))
    jetons = connexion.echanger(lu["code"]).json()
    assert moi(client, jetons["access_token"]).json()["agent_id"] == agent(base, CAF).id
    base.ecrire(passer_en_production)
    assert moi(client, jetons["access_token"]).status_code == 401
    assert rafraichir(client, jetons["refresh_token"]).status_code == 400
    assert Connexion(client).mot_de_passe(CAF, PHRASE).status_code == 403


def test_nothing_secret_is_kept_as_it_is(base, bailleur):
    _, jetons, _ = bailleur
    with base.lecture() as connexion:
        garde = repr(connexion.execute(select(rafraichissement)).all()) + repr(connexion.execute(select(compte.c.mot_de_passe)).all())
    assert jetons["refresh_token"] not in garde
    assert MOT_DE_PASSE not in garde
    assert "$argon2id$" in garde


def test_the_metadata_say_what_is_true(client):
    lues = client.get("/.well-known/oauth-authorization-server").json()
    assert lues["issuer"] == EMETTEUR
    assert lues["code_challenge_methods_supported"] == ["S256"]
    assert lues["authorization_response_iss_parameter_supported"] is True
    cles = client.get("/oauth/jwks").json()["keys"]
    assert [c["crv"] for c in cles] == ["P-256"]
    assert all("d" not in c for c in cles)


def test_pages_run_no_script_and_are_framed_by_nobody(client):
    page = Connexion(client).page
    politique = page.headers["content-security-policy"]
    assert "default-src 'none'" in politique
    assert "frame-ancestors 'none'" in politique
    assert "script" not in politique
    assert page.headers["cache-control"] == "no-store"
    assert "httponly" in page.headers["set-cookie"].lower()


def test_signing_out_ends_what_the_sign_in_gave_at_once(client, bailleur):
    _, jetons, _ = bailleur
    assert client.post("/oauth/revoke", data={"token": jetons["refresh_token"], "client_id": "guichet-poste"}).status_code == 200
    assert moi(client, jetons["access_token"]).status_code == 401
    assert rafraichir(client, jetons["refresh_token"]).status_code == 400


def test_a_closed_account_is_out_at_once(client, base, bailleur):
    connexion, jetons, _secret = bailleur
    base.ecrire(lambda c: comptes.fermer(c, agent(base, BAILLEUR).id))
    assert moi(client, jetons["access_token"]).status_code == 401
    connexion = Connexion(client)
    assert connexion.mot_de_passe(BAILLEUR).status_code == 403


def test_two_replicas_verify_each_others_tokens_and_a_turned_key_signs(client, base, bailleur, tmp_path):
    _, jetons, _ = bailleur
    with TestClient(creer_application(base, tmp_path / "pieces", EMETTEUR)) as autre:
        assert moi(autre, jetons["access_token"]).status_code == 200
        Cles(base).tourner()
        with TestClient(creer_application(base, tmp_path / "pieces", EMETTEUR)) as neuve:
            tournes = rafraichir(neuve, jetons["refresh_token"]).json()
        assert moi(autre, tournes["access_token"]).status_code == 200
        assert moi(client, tournes["access_token"]).status_code == 200


# ---- what is refused at the door


@pytest.mark.parametrize(
    "retour",
    [
        "http://localhost:53117/retour", "http://[::1]:53117/retour", "http://127.0.0.1.evil.fr:53117/retour", "http://127.0.0.1/retour",
        "http://127.0.0.1:53117/ailleurs", "http://127.0.0.1:53117/retour/", "http://127.0.0.1:53117/retour?x=1",
        "https://127.0.0.1:53117/retour", "http://127.0.0.1:53117@evil.fr/retour", "http://127.0.0.1:99999/retour", "guichet:/retour", None,
    ],
)  # fmt: skip
def test_no_browser_is_sent_anywhere_but_to_the_loopback(client, retour):
    page = Connexion(client, redirect_uri=retour).page
    assert page.status_code == 400
    assert "location" not in page.headers


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge_method": "plain"}, {"code_challenge": None, "code_challenge_method": None}, {"code_challenge_method": None},
        {"code_challenge": "court"}, {"state": "trop court"}, {"state": None}, {"response_type": "token"},
    ],
    ids=repr,
)  # fmt: skip
def test_a_weak_request_is_sent_back_with_an_error_and_asks_nobody_anything(client, changes):
    page = Connexion(client, **changes).page
    assert "error" in rendu(page)
    assert rendu(page)["iss"] == EMETTEUR


def test_another_client_is_unknown(client):
    assert Connexion(client, client_id="autre").page.status_code == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": secrets.token_urlsafe(48)}, {"code_verifier": None}, {"redirect_uri": "http://127.0.0.1:53118/retour"},
        {"client_id": "autre"}, {"grant_type": "password"},
    ],
    ids=lambda c: next(iter(c)),
)  # fmt: skip
def test_a_code_in_other_hands_gives_nothing_and_is_used_up(client, base, changes):
    secret = ouvrir_compte(client, base, BAILLEUR)
    connexion = Connexion(client)
    connexion.mot_de_passe(BAILLEUR)
    code = rendu(connexion.code(secret))["code"]
    assert connexion.echanger(code, **changes).status_code in (400, 401)
    if {"code_verifier", "redirect_uri"} & set(changes):
        assert connexion.echanger(code).status_code == 400


def test_a_code_used_twice_ends_what_it_gave(client, bailleur):
    connexion, jetons, _ = bailleur
    assert connexion.echanger(connexion.rendu["code"]).json()["error"] == "invalid_grant"
    assert moi(client, jetons["access_token"]).status_code == 401
    assert rafraichir(client, jetons["refresh_token"]).status_code == 400


def test_a_refresh_token_used_twice_ends_its_whole_family(client, bailleur):
    _, jetons, _ = bailleur
    tournes = rafraichir(client, jetons["refresh_token"]).json()
    assert rafraichir(client, jetons["refresh_token"]).json()["error"] == "invalid_grant"
    assert rafraichir(client, tournes["refresh_token"]).status_code == 400
    assert moi(client, tournes["access_token"]).status_code == 401


def test_codes_refresh_tokens_and_families_have_their_time(client, base, bailleur):
    _, jetons, secret = bailleur
    passe = datetime.now(UTC) - timedelta(seconds=1)
    base.ecrire(lambda c: c.execute(update(rafraichissement).values(expire_le=passe)))
    assert rafraichir(client, jetons["refresh_token"]).status_code == 400
    base.ecrire(lambda c: c.execute(update(famille).values(expire_le=passe)))
    assert moi(client, jetons["access_token"]).status_code == 401
    connexion = Connexion(client)
    connexion.mot_de_passe(BAILLEUR)
    code = rendu(connexion.code(secret, 30))["code"]
    base.ecrire(lambda c: c.execute(update(familles.code_acces).values(expire_le=passe)))
    assert connexion.echanger(code).status_code == 400


def test_what_is_over_is_purged(base, client, bailleur, tmp_path):
    from guichet.central import entretien
    from guichet.central.fichiers import Fichiers
    from guichet.central.identity.tables import demande

    Connexion(client)
    base.ecrire(lambda c: [c.execute(update(t).values(expire_le=datetime.now(UTC) - timedelta(seconds=1))) for t in (demande, famille)])
    entretien.passer(base, Fichiers(tmp_path))
    with base.lecture() as connexion:
        for table in (demande, famille, familles.code_acces, rafraichissement):
            assert connexion.execute(select(table)).all() == []


# ---- the centre's own accounts


@pytest.mark.exigence("BAI-05")
def test_a_password_too_easy_or_two_that_differ_open_nothing(client, base):
    lien = base.ecrire(lambda c: comptes.inviter(c, agent(base, BAILLEUR)))
    with base.lecture() as connexion:
        secret = connexion.scalar(select(compte.c.totp).where(compte.c.login == BAILLEUR))
    code = pyotp.TOTP(secret).now()

    def essayer(mot, encore, code=code):
        return client.post(f"/oauth/invitation/{lien}", data={"mot_de_passe": mot, "encore": encore, "code": code})

    assert "devine trop vite" in essayer("guichet2026", "guichet2026").text
    assert "pas les mêmes" in essayer(MOT_DE_PASSE, "autre").text
    assert "pas celui du moment" in essayer(MOT_DE_PASSE, MOT_DE_PASSE, "000000").text
    assert "ouvert" in essayer(MOT_DE_PASSE, MOT_DE_PASSE).text


def test_an_invitation_has_its_time(client, base):
    lien = base.ecrire(lambda c: comptes.inviter(c, agent(base, BAILLEUR)))
    base.ecrire(lambda c: c.execute(update(compte).values(invitation_expire_le=datetime.now(UTC))))
    assert client.get(f"/oauth/invitation/{lien}").status_code == 403


def test_failures_slow_the_next_tries_whoever_makes_them(client, base):
    secret = ouvrir_compte(client, base, BAILLEUR)
    connexion = Connexion(client)
    for _ in range(4):
        assert "inconnu" in connexion.mot_de_passe(BAILLEUR, "faux").text
    assert "Trop d" in connexion.mot_de_passe(BAILLEUR).text
    base.ecrire(lambda c: c.execute(update(compte).values(echec_le=datetime.now(UTC) - timedelta(seconds=3))))
    assert "Code du moment" in connexion.mot_de_passe(BAILLEUR).text
    base.ecrire(lambda c: c.execute(update(compte).values(echec_le=datetime.now(UTC) - timedelta(hours=1))))
    assert "code" in rendu(connexion.code(secret))
    with base.lecture() as ouverte:
        assert ouverte.scalar(select(compte.c.echecs)) == 0


def test_an_unknown_name_is_told_apart_by_nothing(client, base):
    ouvrir_compte(client, base, BAILLEUR)
    connus, inconnus = Connexion(client).mot_de_passe(BAILLEUR, "faux"), Connexion(client).mot_de_passe("personne", "faux")
    assert connus.text.replace(BAILLEUR, "x") == inconnus.text.replace("personne", "x")
    assert connus.status_code == inconnus.status_code


def test_a_code_of_the_moment_serves_once(client, base, bailleur):
    _, _, secret = bailleur
    connexion = Connexion(client)
    connexion.mot_de_passe(BAILLEUR)
    assert "déjà servi" in connexion.code(secret).text
    assert "code" in rendu(connexion.code(secret, 30))


def test_no_code_is_taken_before_the_password(client, base):
    secret = ouvrir_compte(client, base, BAILLEUR)
    assert Connexion(client).code(secret).status_code == 403


def test_another_browser_does_not_finish_a_sign_in(client, base):
    secret = ouvrir_compte(client, base, BAILLEUR)
    connexion = Connexion(client)
    connexion.mot_de_passe(BAILLEUR)
    client.cookies.clear()
    assert connexion.code(secret).status_code == 403


# ---- forged access tokens


def _forges(base, bon):
    """Yield the name of each forgery and the token: all but the last must be refused."""
    cles = Cles(base)
    cle, lu = cles.courante(), jwt.decode(bon, cles.toutes(), algorithms=["ES256"])
    entete, dit, maintenant = dict(lu.header), dict(lu.claims), int(time.time())

    def signer(cle_=cle, alg="ES256", typ="at+jwt", kid=cle.kid, plus=None, **claims):
        h = {"alg": alg, "typ": typ, "kid": kid} | (plus or {})
        return jwt.encode(
            {n: v for n, v in h.items() if v is not None},
            {n: v for n, v in (dit | claims).items() if v is not None},
            cle_,
            algorithms=[alg],
        )

    def b64(octets):
        return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()

    def a_la_main(entete_):
        signe = f"{b64(json.dumps(entete_).encode())}.{corps}"
        r, s = decode_dss_signature(cle.private_key.sign(signe.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{signe}.{b64(r.to_bytes(32) + s.to_bytes(32))}"

    corps = bon.split(".")[1]
    publique = cle.as_pem(private=False)
    yield "alg none", f"{b64(json.dumps(entete | {'alg': 'none'}).encode())}.{corps}."
    yield "HS256 with the public key", signer(OctKey.import_key(publique.replace(b"-", b"_")), "HS256")
    yield "another key under our name", signer(ECKey.generate_key("P-256"))
    yield "an RSA key under our name", signer(RSAKey.generate_key(2048), "RS256")
    yield "another curve", signer(ECKey.generate_key("P-384"), "ES384")
    yield "no key named", signer(kid=None)
    yield "an unknown key named", signer(kid="inconnue")
    yield (
        "the key carried along",
        signer(ECKey.generate_key("P-256"), kid="k", plus={"jwk": ECKey.generate_key("P-256").as_dict(private=False)}),
    )
    yield "an id token", signer(typ="JWT")
    yield "no type", signer(typ=None)
    yield "a critical header nobody knows", a_la_main(entete | {"crit": ["exact"], "exact": 1})
    yield "an unencoded payload", a_la_main(entete | {"crit": ["b64"], "b64": False})
    yield "expired", signer(exp=maintenant - 60)
    yield "no end", signer(exp=None)
    yield "from the future", signer(iat=maintenant + 600, nbf=maintenant + 600)
    yield "another issuer", signer(iss="https://ailleurs.example")
    yield "another audience", signer(aud="https://ailleurs.example")
    yield "another client", signer(client_id="autre")
    yield "no family", signer(sid=None)
    yield "an unknown family", signer(sid="00000000-0000-7000-8000-000000000000")
    yield "a family that is no text", signer(sid={"a": 1})
    yield "no subject", signer(sub=None)
    yield "changed after signing", f"{bon.split('.')[0]}.{b64(json.dumps(dit | {'sub': 'x'}).encode())}.{bon.split('.')[2]}"
    yield "signature of zeros", f"{bon.rsplit('.', 1)[0]}.{b64(bytes(64))}"
    yield "cut", bon[:-10]
    yield "200 kB", f"{bon}{'a' * 200_000}"
    yield "not a token", "a.b.c"
    yield "good, by the same hand", a_la_main(entete)
    yield "good", signer()


def test_forged_tokens_are_refused(client, base, bailleur):
    _, jetons, _ = bailleur
    essais = dict(_forges(base, jetons["access_token"]))
    assert len(essais) > 14
    reponses = {nom: moi(client, jeton).status_code for nom, jeton in essais.items()}
    assert reponses.pop("good") == reponses.pop("good, by the same hand") == 200
    # uvicorn itself refuses a header of 200 kB; the test client carries it all the way
    assert {nom: statut for nom, statut in reponses.items() if statut != 401} == {}


# ---- rights


def test_every_route_says_who_may_take_it(client):
    for route in client.app.routes:
        for gestionnaire in route.route_handlers:
            chemin = route.path
            if chemin.startswith("/v1") and "OPTIONS" not in gestionnaire.http_methods:
                assert gestionnaire.opt.get("public") or gestionnaire.opt.get("etendue"), chemin


def _role(base, login, role):
    id_ = agent(base, login).id
    base.ecrire(lambda c: c.execute(update(Habilitation.__table__).where(Habilitation.agent_id == id_).values(role=role)))


def test_an_admin_sees_no_people(client, base):
    from guichet.central.jetons import delivrer

    _role(base, CAF, "admin")
    jeton = base.ecrire(lambda c: delivrer(c, CAF)[0])
    entetes = {"Authorization": f"Bearer {jeton}"}
    with base.lecture() as connexion:
        portees = connexion.scalars(select(Habilitation.portee).where(Habilitation.agent_id == agent(base, CAF).id)).all()
    assert moi(client, jeton).status_code == 200
    for portee in portees:
        assert client.get("/v1/sync/pull", params={"portee": portee, "epoque": "x", "apres": 0}, headers=entetes).status_code == 403
    assert client.get("/v1/sync/events", headers=entetes).status_code == 403


# ---- the agents' provider

EUX = {"malika": {"sub": "sub-1", "siret": "26310012500016", "email": "Malika.Serrano@caf31.example", "given_name": "Malika"}}


@pytest.fixture
def courtier(base, tmp_path):
    """A centre whose agents come by a real provider, and the means to walk through both."""
    with fournisseur(EUX, f"{EMETTEUR}/oauth/retour-fournisseur") as adresse:
        reglages = Reglages("ProConnect", adresse, CLIENT, MFA, secret=SECRET)
        app = creer_application(base, tmp_path / "pieces", EMETTEUR, reglages)
        with TestClient(app, raise_server_exceptions=False) as client, httpx2.Client() as navigateur:
            client.follow_redirects = False
            malika = agent(base, CAF)
            base.ecrire(lambda c: identites.attendre(c, malika, adresse, EUX["malika"]["siret"], EUX["malika"]["email"]))
            yield Courtier(client, navigateur, adresse)


class Courtier:
    def __init__(self, client, navigateur, adresse):
        self.client, self.navigateur, self.adresse = client, navigateur, adresse

    def partir(self):
        self.connexion = Connexion(self.client)
        assert "S&#39;identifier avec ProConnect" in self.connexion.page.text or "S'identifier avec ProConnect" in self.connexion.page.text
        depart = self.client.post("/oauth/fournisseur")
        assert depart.status_code == 303, depart.text
        return depart.headers["location"]

    def s_identifier(self, adresse, acr="eidas1-mfa", login="malika"):
        """Walk through the provider's pages; return where it sends the browser."""
        lu = self.navigateur.get(adresse)
        for _ in range(8):
            if lu.is_redirect:
                suite = str(lu.headers["location"])
                if suite.startswith(f"{EMETTEUR}/oauth"):
                    return suite.removeprefix(EMETTEUR)
                lu = self.navigateur.get(httpx2.URL(self.adresse).join(suite))
            else:
                action = re.search(r'action="([^"]+)"', lu.text).group(1)
                lu = self.navigateur.post(self.adresse + action, data={"login": login, "acr": acr})
        raise AssertionError("the provider goes round in circles")

    def entrer(self, **saisie):
        return self.client.get(self.s_identifier(self.partir(), **saisie))


def test_an_agent_comes_in_by_the_provider(courtier, base):
    adresse = courtier.partir()
    demande = parse_qs(urlsplit(adresse).query)
    assert demande["code_challenge_method"] == ["S256"]
    assert len(demande["state"][0]) >= 32
    assert len(demande["nonce"][0]) >= 32
    code = rendu(courtier.client.get(courtier.s_identifier(adresse)))["code"]
    jetons = courtier.connexion.echanger(code).json()
    assert moi(courtier.client, jetons["access_token"]).json()["agent_id"] == agent(base, CAF).id


def test_private_key_jwt_works_too(base, tmp_path):
    cle = ECKey.generate_key("P-256", parameters={"use": "sig", "alg": "ES256"}, auto_kid=True)
    publique = cle.as_dict(private=False)
    with fournisseur(
        EUX, f"{EMETTEUR}/oauth/retour-fournisseur", token_endpoint_auth_method="private_key_jwt",
        token_endpoint_auth_signing_alg="ES256", jwks={"keys": [publique]},
    ) as adresse:  # fmt: skip
        reglages = Reglages("ProConnect", adresse, CLIENT, MFA, cle_privee=cle.as_pem(private=True).decode())
        with TestClient(creer_application(base, tmp_path / "pieces", EMETTEUR, reglages)) as client, httpx2.Client() as navigateur:
            client.follow_redirects = False
            base.ecrire(lambda c: identites.attendre(c, agent(base, CAF), adresse, EUX["malika"]["siret"], EUX["malika"]["email"]))
            assert "code" in rendu(Courtier(client, navigateur, adresse).entrer())


def test_without_a_second_factor_nobody_comes_in(courtier):
    """The provider asks again for the level that we require; a level it grants and we did not ask for is refused by us."""
    with pytest.raises(AssertionError, match="circles"):
        courtier.entrer(acr="eidas0")
    app = courtier.client.app
    app.state.identites.fournisseur.reglages.acr = ("eidas0",)
    adresse = courtier.s_identifier(courtier.partir(), acr="eidas0")
    app.state.identites.fournisseur.reglages.acr = MFA
    refus = courtier.client.get(adresse)
    assert refus.status_code == 403
    assert "double authentification" in refus.text


def test_somebody_the_centre_does_not_expect_stays_out(courtier, base):
    base.ecrire(lambda c: c.execute(update(identite).values(courriel="autre@caf31.example")))
    refus = courtier.entrer()
    assert refus.status_code == 403
    assert "pas encore ouvert" in refus.text


def test_a_new_subject_waits_for_a_persons_word(courtier, base):
    base.ecrire(lambda c: c.execute(update(identite).values(sub="sub-de-l-ancien-fournisseur")))
    assert "confirmer" in courtier.entrer().text
    assert "confirmer" in courtier.entrer().text
    base.ecrire(lambda c: identites.confirmer(c, agent(base, CAF).id))
    assert "code" in rendu(courtier.entrer())


@pytest.mark.parametrize("quoi", ["state", "iss", "code", "sans iss"])
def test_a_return_that_is_not_ours_is_refused(courtier, quoi):
    retour = courtier.s_identifier(courtier.partir())
    retour = re.sub(r"&iss=[^&]+", "", retour) if quoi == "sans iss" else re.sub(rf"([?&]{quoi}=)[^&]+", r"\1" + "x" * 40, retour)
    assert courtier.client.get(retour).status_code == 403


def test_a_return_serves_once(courtier):
    retour = courtier.s_identifier(courtier.partir())
    rendu(courtier.client.get(retour))
    assert courtier.client.get(retour).status_code == 403


def test_another_browser_does_not_bring_a_return(courtier):
    retour = courtier.s_identifier(courtier.partir())
    courtier.client.cookies.clear()
    assert courtier.client.get(retour).status_code == 403


@pytest.mark.parametrize("quoi", ["nonce", "verificateur"])
def test_a_token_for_another_departure_is_refused(courtier, base, quoi):
    from guichet.central.identity.tables import demande

    retour = courtier.s_identifier(courtier.partir())

    def changer(connexion):
        garde = connexion.scalar(select(demande.c.fournisseur))
        connexion.execute(update(demande).values(fournisseur=garde | {quoi: secrets.token_urlsafe(48)}))

    base.ecrire(changer)
    assert courtier.client.get(retour).status_code == 403


def test_a_provider_that_does_not_answer_is_said(base, tmp_path):
    reglages = Reglages("ProConnect", "http://127.0.0.1:9", CLIENT, MFA, secret=SECRET)
    with TestClient(creer_application(base, tmp_path / "pieces", EMETTEUR, reglages)) as client:
        Connexion(client)
        refus = client.post("/oauth/fournisseur")
    assert refus.status_code == 403
    assert "ne répond pas" in refus.text
