"""What the centre takes for a paper that it vouches for, and what it refuses."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from guichet.models import Dossier
from guichet.rules.papiers import nouvelle_reference
from tests.central.test_centre import CAF, Poste

CONTENU = {"titulaire": "EXEMPLE Camille", "organisme": "Caf 31, Toulouse", "lignes": [["Aide au logement", 31200]], "demonstration": True}


@pytest.fixture
def attester(client, base):
    def envoyer(**autres):
        poste = Poste(client, base, CAF)
        portee = poste.portee("site")
        with base.lecture(portee) as connexion:
            dossier = connexion.scalar(select(Dossier.id).where(Dossier.scope_id == portee).limit(1))
        valeurs = {
            "dossier_id": dossier, "type": "releve", "reference": nouvelle_reference(), "du": date.today().isoformat(),
            "au": date.today().isoformat(), "emise_le": datetime.now(UTC).isoformat(), "contenu": CONTENU,
        } | autres  # fmt: skip
        return poste.faire(portee, "attestation", valeurs), valeurs["reference"]

    return envoyer


def test_it_is_found_by_its_reference_alone(client, attester):
    verdict, reference = attester()
    assert verdict["st"] == "applied"
    page = client.get(f"/verifier/{reference}")
    assert page.status_code == 200
    assert "EXEMPLE Camille" in page.text
    assert "312,00" in page.text
    assert client.get(f"/verifier/{nouvelle_reference()}").status_code == 404


@pytest.mark.parametrize(
    "faute",
    [
        {"type": "recapitulatif"}, {"type": "cheque"}, {"reference": "courte"}, {"contenu": {}}, {"contenu": CONTENU | {"lignes": [["x", "1 €"]]}},
        {"contenu": CONTENU | {"lignes": [["x"]]}}, {"contenu": CONTENU | {"titulaire": ""}}, {"contenu": CONTENU | {"lignes": [["x" * 201, 1]]}},
        {"contenu": CONTENU | {"lignes": [["x", 1]] * 501}}, {"emise_le": (datetime.now(UTC) + timedelta(days=9)).isoformat()},
    ],
    ids=["not verifiable", "no such kind", "no reference", "empty", "words for cents", "half a line", "nobody", "too long", "too many", "of the future"],
)  # fmt: skip
def test_what_is_not_whole_is_refused(client, attester, faute):
    verdict, reference = attester(**faute)
    assert verdict["st"] in ("refused", "rejected", "parked")
    assert client.get(f"/verifier/{reference}").status_code in (400, 404)


def test_a_paper_of_a_dossier_that_is_not_of_the_site_is_not_vouched_for(attester):
    assert attester(dossier_id="0" * 36)[0]["st"] == "missing"


def test_what_a_counter_wrote_is_shown_as_words(client, attester):
    _, reference = attester(contenu=CONTENU | {"titulaire": "<script>alert(1)</script>"})
    assert "<script>" not in client.get(f"/verifier/{reference}").text
