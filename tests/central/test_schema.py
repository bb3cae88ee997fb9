"""The API as its own document has it: requests that it allows, and others, by the thousand; no breakdown, no answer it does not tell of.

At each run a few of them; `make test-long` makes more than ten thousand.
"""

import hypothesis
import pytest
import schemathesis
from litestar.testing import TestClient
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from guichet.central.app import creer_application
from guichet.central.base import BaseCentre
from guichet.central.jetons import delivrer
from tests.ampleur import ampleur
from tests.central.test_centre import CAF

CAS = ampleur("requetes_par_route")
CONTROLES = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)


@pytest.fixture
def client(url_sqlite, tmp_path):
    base = BaseCentre(url_sqlite)
    with TestClient(creer_application(base, tmp_path / "pieces"), raise_server_exceptions=False) as ouvert:
        with base.ecriture() as connexion:
            ouvert.jeton = delivrer(connexion, CAF)[0]
        yield ouvert


@pytest.mark.ampleur
@pytest.mark.timeout(7200)
def test_no_request_breaks_the_centre_and_every_answer_is_documented(client):
    schema = schemathesis.openapi.from_asgi("/openapi.json", client.app)
    joues = 0
    for resultat in schema.get_all_operations():
        operation = resultat.ok()
        if operation.path == "/v1/sync/events":
            continue  # a stream that lasts ten minutes

        @hypothesis.given(case=operation.as_strategy() | operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE))
        @hypothesis.settings(
            max_examples=CAS, deadline=None, derandomize=True, suppress_health_check=list(hypothesis.HealthCheck), database=None
        )
        def jouer(case):
            nonlocal joues
            joues += 1
            entetes = {"Authorization": f"Bearer {client.jeton}"} if joues % 10 else {}
            reponse = case.call(headers=entetes)
            case.validate_response(reponse, checks=CONTROLES)

        jouer()
    assert joues >= CAS * 15
