"""Metrics and hints of a served centre, and the sealed file of a workstation."""

import json
import socket
import subprocess
import sys
import threading

import httpx2
import pytest
from nacl.public import SealedBox

from guichet.central.base import BaseCentre
from guichet.central.fil import Ecrit, inscrire
from guichet.central.services.appareils import cle_scellement
from guichet.sync.client import ClientCentre
from tests.outils import CentreEnMarche, guichet
from tests.sync.outils import poste


@pytest.fixture
def mesure(url_sqlite, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as libre:
        port = libre.getsockname()[1]
    centre = CentreEnMarche(url_sqlite, tmp_path / "pieces", "--metriques", f"127.0.0.1:{port}")
    centre.demarrer()
    yield centre, f"http://127.0.0.1:{port}/metrics"
    centre.tuer()


def test_openmetrics_tell_lag_lanes_quarantine_and_feed_delay_and_name_nobody(mesure, tmp_path):
    centre, url = mesure
    session = poste(tmp_path / "poste", centre, "conseiller.caf31")
    session.synchroniser()
    session.synchroniser()
    session.fermer()
    reponse = httpx2.get(url, headers={"Accept": "application/openmetrics-text"})
    assert reponse.headers["content-type"].startswith("application/openmetrics-text")
    for nom in ("guichet_couloirs", 'guichet_quarantaine{etat="a_traiter"}', 'guichet_postes_silencieux{depuis="3600"}',
                "guichet_fil_retard_secondes_bucket", 'guichet_requete_secondes_count{route="/v1/sync/hello",statut="200"}'):  # fmt: skip
        assert nom in reponse.text
    assert "site:" not in reponse.text
    assert "conseiller" not in reponse.text
    assert httpx2.get(f"{centre.url}/metrics").status_code == 401


def test_a_hint_arrives_when_a_scope_of_the_agent_moves(mesure, tmp_path):
    centre, _ = mesure
    client = ClientCentre(centre.url, centre.jeton("conseiller.caf31"))
    recus, arret = [], threading.Event()

    def ecouter():
        for portee in client.evenements(arret):
            recus.append(portee)
            if portee:
                return

    fil = threading.Thread(target=ecouter, daemon=True)
    fil.start()
    while not recus:
        fil.join(0.1)
    base = BaseCentre(centre.base)
    with base.ecriture() as connexion:
        inscrire(connexion, "ref:national", [Ecrit("motif", "m", {"code": "99", "libelle": "x", "duree_min": 10, "a_apporter": ""})])
    base.fermer()
    fil.join(10)
    client.fermer()
    assert recus[-1] == "ref:national"


def test_support_opens_what_was_sealed_for_this_centre_and_nothing_else(url_sqlite, tmp_path):
    base = BaseCentre(url_sqlite)
    with base.lecture() as connexion:
        boite = SealedBox(cle_scellement(connexion).public_key)
    base.fermer()
    (tmp_path / "bon").write_bytes(boite.encrypt(b'{"libelle": "Loyer"}'))
    (tmp_path / "faux").write_bytes(b"x" * 100)
    rendu = guichet("centre", "assistance", "--base", url_sqlite, str(tmp_path / "bon"))
    assert json.loads(rendu.stdout) == {"libelle": "Loyer"}
    assert guichet("centre", "assistance", "--base", url_sqlite, str(tmp_path / "faux")).returncode == 1


def test_serving_without_metrics_opens_no_other_door(url_sqlite):
    aide = subprocess.run([sys.executable, "-m", "guichet", "centre", "servir", "--aide"], capture_output=True, text=True, check=True)
    assert "--metriques" in aide.stdout
