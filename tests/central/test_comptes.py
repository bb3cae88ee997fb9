"""The admin of a site manages its accounts and sees nobody it receives; its responsable confirms a change of provider."""

import pytest
from sqlalchemy import delete, select, update

from guichet.central.identity import identites
from guichet.central.identity.tables import compte, identite
from guichet.central.jetons import agent_nomme
from guichet.models import Habilitation, Journal
from tests.central.test_centre import CAF, Poste

CPAM, RESPONSABLE = "conseillere.cpam31", "responsable.caf31"
PORTEE = "site:caf-31:toulouse-riquet"


@pytest.fixture
def admin(client, base):
    """The Cpam's advisor made admin of the Caf's site, with no other right on it, in a centre where nobody has an account yet."""
    base.ecrire(lambda connexion: connexion.execute(delete(compte)))
    poste = Poste(client, base, CPAM)
    with base.ecriture() as connexion:
        id_ = agent_nomme(connexion, CPAM).id
        connexion.execute(
            update(Habilitation)
            .where(Habilitation.agent_id == id_, Habilitation.portee.startswith("site:"))
            .values(portee=PORTEE, role="admin")
        )
    return poste


def _demander(client, poste, chemin, login=CAF, portee=PORTEE):
    return client.post(chemin, json={"portee": portee, "login": login}, headers=poste.entetes)


def test_an_admin_sees_accounts_and_no_people(client, admin):
    lues = client.get("/v1/comptes", params={"portee": PORTEE}, headers=admin.entetes)
    assert lues.status_code == 200, lues.text
    par_login = {c["login"]: c for c in lues.json()}
    assert {CAF, RESPONSABLE, CPAM} <= set(par_login)
    assert (par_login[CAF]["nom"], par_login[CAF]["etat"], par_login[RESPONSABLE]["role"]) == ("Malika Serrano", "aucun", "responsable")
    for chemin in ("/v1/sync/pull", "/v1/journal"):
        assert client.get(chemin, params={"portee": PORTEE, "epoque": "x", "apres": 0}, headers=admin.entetes).status_code == 403


def test_an_account_is_opened_and_closed(client, base, admin):
    lien = _demander(client, admin, "/v1/comptes/invitations").json()["chemin"]
    assert "Malika" in client.get(lien).text or client.get(lien).status_code == 200
    etats = {c["login"]: c["etat"] for c in client.get("/v1/comptes", params={"portee": PORTEE}, headers=admin.entetes).json()}
    assert etats[CAF] == "invite"
    assert _demander(client, admin, "/v1/comptes/fermetures").status_code == 204
    assert client.get(lien).status_code == 403
    with base.lecture(PORTEE) as connexion:
        assert connexion.scalar(select(compte.c.ferme)) is True
        faits = connexion.scalars(select(Journal.action).where(Journal.scope_id == PORTEE).order_by(Journal.le)).all()
    assert faits == ["invitation", "fermeture_compte"]


def test_nobody_else_manages_them(client, base, admin):
    caf = Poste(client, base, CAF)
    for poste in (caf, Poste(client, base, RESPONSABLE)):
        assert client.get("/v1/comptes", params={"portee": PORTEE}, headers=poste.entetes).status_code == 403
        for chemin in ("/v1/comptes/invitations", "/v1/comptes/fermetures"):
            assert _demander(client, poste, chemin).status_code == 403
    assert _demander(client, admin, "/v1/comptes/invitations", portee="site:cpam-31:x").status_code == 403
    assert _demander(client, admin, "/v1/comptes/invitations", login="bailleur.social").status_code == 404


def test_a_change_of_provider_waits_for_the_responsable(client, base, admin):
    qui = identites.Reconnu("https://p", "ancien", "73282932000074", "m.serrano@caf31.example", "eidas1")
    with base.ecriture() as connexion:
        identites.attendre(connexion, agent_nomme(connexion, CAF), qui.emetteur, qui.siret, qui.courriel)
        identites.reconnaitre(connexion, qui)
    responsable = Poste(client, base, RESPONSABLE)
    assert _demander(client, responsable, "/v1/rattachements").status_code == 409
    with base.ecriture() as connexion:
        rendu = identites.reconnaitre(connexion, identites.Reconnu(qui.emetteur, "nouveau", qui.siret, qui.courriel, "eidas1"))
    assert "doit confirmer" in rendu
    comptes = client.get("/v1/comptes", params={"portee": PORTEE}, headers=admin.entetes).json()
    assert [c["login"] for c in comptes if c["rattachement"]] == [CAF]
    assert _demander(client, admin, "/v1/rattachements").status_code == 403
    assert _demander(client, responsable, "/v1/rattachements").status_code == 204
    with base.lecture() as connexion:
        assert connexion.scalar(select(identite.c.sub)) == "nouveau"
