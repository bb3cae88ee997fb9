"""The visitor's telephone at the centre: a link that serves one browser for minutes, photos that come by parts and go once the desk has them."""

import hashlib
import os
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from litestar.testing import TestClient
from sqlalchemy import func, select, update

from guichet.central import entretien
from guichet.central.fichiers import Fichiers
from guichet.central.services.telephone import PART_OCTETS
from guichet.central.tables import lien_telephone, photo_telephone
from tests.central.test_centre import BAILLEUR, CAF, Poste

PHOTO = os.urandom(2 * PART_OCTETS + 1000)
SHA = hashlib.sha256(PHOTO).hexdigest()


class Bureau:
    """A desk that opened a link."""

    def __init__(self, client, base, login=CAF, genre="site"):
        self.client, self.poste = client, Poste(client, base, login)
        self.portee = self.poste.portee(genre)
        self.lien = self._json("POST", "", json={"portee": self.portee})
        self.chemin = urlsplit(self.lien["adresse"]).path

    def _json(self, methode, suite, **reste):
        return self.demander(methode, suite, **reste).json()

    def demander(self, methode, suite="", **reste):
        params = {"portee": self.portee}
        return self.client.request(methode, f"/v1/telephone{suite}", params=params, headers=self.poste.entetes, **reste)

    def etat(self):
        return self._json("GET", f"/{self.lien['id']}")


@pytest.fixture
def bureau(client, base):
    return Bureau(client, base)


@pytest.fixture
def telephone(client, bureau):
    """The browser that took the link: its own cookies, apart from the desk's."""
    with TestClient(client.app, raise_server_exceptions=False) as navigateur:
        assert navigateur.post(f"{bureau.chemin}/prise").status_code == 204
        yield navigateur


def _part(navigateur, bureau, n, octets=PHOTO, sha=SHA, total=None):
    morceau = octets[n * PART_OCTETS : (n + 1) * PART_OCTETS]
    params = {"octets": total or len(octets)}
    return navigateur.put(f"{bureau.chemin}/photos/{sha}/parts/{n}", params=params, content=morceau)


def _vue(navigateur, bureau):
    return navigateur.get(f"{bureau.chemin}/etat").json()


def test_a_photo_comes_by_parts_and_goes_once_the_desk_has_it(bureau, telephone, tmp_path):
    assert bureau.etat() == {"pris": True, "en_cours": 0, "photos": []}
    assert [_part(telephone, bureau, n).json()["complet"] for n in (2, 0, 0)] == [False, False, False]
    assert bureau.etat()["en_cours"] == 1
    assert _vue(telephone, bureau)["photos"] == [{"sha256": SHA, "etat": "en_cours", "parts": [0, 2]}]
    assert _part(telephone, bureau, 1).json() == {"complet": True}
    assert bureau.etat()["photos"] == [{"sha256": SHA, "octets": len(PHOTO)}]
    assert bureau.demander("GET", f"/{bureau.lien['id']}/photos/{SHA}").content == PHOTO
    assert bureau.demander("DELETE", f"/{bureau.lien['id']}/photos/{SHA}").status_code == 204
    assert bureau.etat()["photos"] == []
    assert _vue(telephone, bureau)["photos"][0]["etat"] == "remise"
    assert bureau.demander("GET", f"/{bureau.lien['id']}/photos/{SHA}").status_code == 404
    assert [f for f in (tmp_path / "pieces").rglob("*") if f.is_file()] == []
    assert _part(telephone, bureau, 0).json() == {"complet": True}, "sent again, it is known to have arrived"


def test_looking_takes_nothing_and_the_first_browser_that_begins_has_the_link(client, bureau, telephone):
    assert telephone.get(bureau.chemin).status_code == 200, "it may load its page again"
    assert telephone.post(f"{bureau.chemin}/prise").status_code == 204
    with TestClient(client.app, raise_server_exceptions=False) as autre:
        for reponse in (autre.get(bureau.chemin), autre.post(f"{bureau.chemin}/prise")):
            assert reponse.status_code == 410
        assert autre.get(f"{bureau.chemin}/etat").status_code == 403
        assert _part(autre, bureau, 0).status_code == 403


def test_the_page_runs_our_program_and_nothing_else(bureau, client):
    for _ in range(2):
        page = client.get(bureau.chemin)
        assert page.status_code == 200
    assert "Toulouse" in page.text
    politique = page.headers["content-security-policy"]
    assert "default-src 'none'" in politique
    assert "script-src 'self';" in politique
    assert politique.count("img-src") == 1
    assert "script-src" not in client.get("/verifier").headers["content-security-policy"]
    assert client.get("/telephone.js").headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    ("n", "total", "statut"),
    [(0, 12_000_001, 413), (3, len(PHOTO), 413), (0, 0, 413), (-1, len(PHOTO), 413), (0, -5, 413)],
    ids=["too heavy", "past its end", "empty", "before its beginning", "less than nothing"],
)
def test_what_passes_the_limits_is_refused(bureau, telephone, n, total, statut):
    reponse = telephone.put(f"{bureau.chemin}/photos/{SHA}/parts/{n}", params={"octets": total}, content=b"x")
    assert reponse.status_code == statut
    assert bureau.etat() == {"pris": True, "en_cours": 0, "photos": []}


def test_a_part_too_long_a_name_that_is_none_and_too_many_photos(bureau, telephone):
    long = telephone.put(f"{bureau.chemin}/photos/{SHA}/parts/0", params={"octets": 10**6}, content=os.urandom(PART_OCTETS + 1))
    assert long.status_code == 413
    assert _part(telephone, bureau, 0, sha="x" * 64).status_code == 400
    for _ in range(40):
        octets = os.urandom(200)
        assert _part(telephone, bureau, 0, octets, hashlib.sha256(octets).hexdigest()).json() == {"complet": True}
    trop = _part(telephone, bureau, 0)
    assert (trop.status_code, len(bureau.etat()["photos"])) == (413, 40)
    assert "Demandez-en un autre" in trop.json()["detail"]


def test_a_photo_that_is_not_what_was_announced_begins_again(bureau, telephone):
    faux = hashlib.sha256(b"autre").hexdigest()
    for n in (0, 1):
        assert _part(telephone, bureau, n, sha=faux).json() == {"complet": False}
    assert _part(telephone, bureau, 2, sha=faux).status_code == 422
    assert _vue(telephone, bureau)["photos"] == [{"sha256": faux, "etat": "en_cours", "parts": []}]
    assert bureau.etat()["photos"] == []


def test_a_link_is_its_agent_s_alone(client, base, bureau, telephone):
    autre = Bureau(client, base, BAILLEUR, "bailleur")
    for n in range(3):
        _part(telephone, bureau, n)
    for suite in (f"/{bureau.lien['id']}", f"/{bureau.lien['id']}/photos/{SHA}"):
        assert autre.demander("GET", suite).status_code == 404
        assert autre.demander("DELETE", suite).status_code == 404
    autre.portee = bureau.portee
    assert autre.demander("GET", f"/{bureau.lien['id']}/photos/{SHA}").status_code == 403
    assert bureau.demander("GET", f"/{bureau.lien['id']}/photos/{SHA}").content == PHOTO


def _rien(base, dossier):
    with base.lecture() as connexion:
        lignes = [connexion.scalar(select(func.count()).select_from(t)) for t in (lien_telephone, photo_telephone)]
    return lignes == [0, 0] and [f for f in dossier.rglob("*") if f.is_file()] == []


def test_once_the_desk_closes_it_nothing_is_left(base, bureau, telephone, tmp_path):
    _part(telephone, bureau, 0)
    assert not _rien(base, tmp_path / "pieces")
    assert bureau.demander("DELETE", f"/{bureau.lien['id']}").status_code == 204
    assert _rien(base, tmp_path / "pieces")
    for reponse in (telephone.get(bureau.chemin), telephone.get(f"{bureau.chemin}/etat"), _part(telephone, bureau, 1)):
        assert reponse.status_code == 410
    assert bureau.demander("GET", f"/{bureau.lien['id']}").status_code == 404


def test_after_its_minutes_it_serves_no_more_and_the_caretaker_erases_it(base, bureau, telephone, tmp_path):
    assert 14 * 60 < _vue(telephone, bureau)["reste_s"] <= 15 * 60
    for n in range(3):
        _part(telephone, bureau, n)
    base.ecrire(lambda c: c.execute(update(lien_telephone).values(expire_le=datetime.now(UTC) - timedelta(seconds=1))))
    assert _part(telephone, bureau, 0).status_code == 410
    assert telephone.post(f"{bureau.chemin}/prise").status_code == 410
    assert bureau.demander("GET", f"/{bureau.lien['id']}/photos/{SHA}").status_code == 404
    assert not _rien(base, tmp_path / "pieces")
    entretien.passer(base, Fichiers(tmp_path / "pieces"))
    assert _rien(base, tmp_path / "pieces")


def test_a_link_that_never_was(client):
    assert client.get("/t/inconnu").status_code == 410
    assert "Demandez-en un autre" in client.get("/t/inconnu").text
    assert client.get("/t/inconnu/etat").status_code == 410
