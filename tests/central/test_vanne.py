"""Heavy batches take turns; a person's ordinary act does not wait (the return of many workstations after an outage)."""

import threading
import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from litestar.testing import TestClient

from guichet.central.app import creer_application
from guichet.central.refus import RefusCentre
from guichet.central.vanne import LEGER
from guichet.models import uuid7
from tests.central.test_centre import CAF, Poste


@pytest.fixture
def app(base, tmp_path):
    return creer_application(base, tmp_path / "pieces")


@pytest.fixture
def client(app):
    with TestClient(app) as ouvert:
        yield ouvert


@pytest.fixture
def comble(app):
    """Fill the queue of heavy batches; they wait until the end of the test."""
    assez, vanne, fils = threading.Event(), app.state.centre.vanne, []

    def occuper():
        with suppress(RefusCentre), vanne.passer(LEGER + 1):
            assez.wait(30)

    while not fils or fils[-1].is_alive():
        avant = vanne.en_file
        fils.append(threading.Thread(target=occuper))
        fils[-1].start()
        while fils[-1].is_alive() and vanne.en_file == avant:
            time.sleep(0.01)
    assert vanne.en_file > 1
    yield
    assez.set()
    for fil in fils:
        fil.join()


def _lot(poste, nombre):
    portee, le = poste.portee("user"), datetime.now(UTC).isoformat()
    actes = ({"k": "new", "type": "journal", "id": uuid7(), "set": {"le": le, "action": "ouvrir", "objet": "x"}} for _ in range(nombre))
    return portee, [poste.operation(portee, acte) for acte in actes]


def test_a_heavy_batch_is_told_when_to_come_back_each_later_than_the_one_before(client, base, comble):
    poste = Poste(client, base, CAF)
    portee, lot = _lot(poste, LEGER + 1)
    reponses = [poste.pousser(portee, *lot) for _ in range(12)]
    assert {(r.status_code, r.json()["code"]) for r in reponses} == {(429, "occupe")}
    attentes = [int(r.headers["retry-after"]) for r in reponses]
    assert attentes == sorted(attentes)
    assert attentes[0] >= 1
    assert attentes[-1] > attentes[0]


def test_an_ordinary_act_passes_beside_a_full_queue(client, base, comble):
    poste = Poste(client, base, CAF)
    portee, lot = _lot(poste, LEGER)
    assert {v["st"] for v in poste.pousser(portee, *lot).json()} == {"applied"}


def test_once_its_turn_has_come_a_heavy_batch_is_executed(client, base):
    poste = Poste(client, base, CAF)
    portee, lot = _lot(poste, 5 * LEGER)
    assert [v["lseq"] for v in poste.pousser(portee, *lot).json()] == list(range(1, 5 * LEGER + 1))
