"""A dossier of another site: by its exact number, with a reason, told to its responsables; another organisme's, never."""

import pytest
from sqlalchemy import select

from guichet.central.fil import portees_du_genre
from guichet.models import Avis, Contact, Dossier, Identifiant, Journal
from tests.ailleurs import AUTRE_SITE, ecrire_ailleurs
from tests.central.test_centre import BAILLEUR, CAF, Poste

MOTIF = "La personne vient de déménager"
FS = "hotesse.fs"


@pytest.fixture
def ailleurs(base):
    return ecrire_ailleurs(base, "org")


def _demander(client, base, login, numero, motif=MOTIF):
    poste = Poste(client, base, login)
    return poste, client.post("/v1/dossiers/glace", json={"numero": numero, "motif": motif}, headers=poste.entetes)


def test_it_is_shown_with_a_reason_and_its_responsables_are_told(client, base, ailleurs):
    numero, dossier = ailleurs
    poste, rendu = _demander(client, base, CAF, numero)
    assert rendu.status_code == 200, rendu.text
    lu = rendu.json()
    assert (lu["portee"], lu["donnees"]["dossier"][0]["numero"]) == (AUTRE_SITE, numero)
    with base.lecture(AUTRE_SITE) as connexion:
        ligne = connexion.execute(select(Journal.__table__).where(Journal.scope_id == AUTRE_SITE)).one()
        avis = connexion.execute(select(Avis.__table__).where(Avis.scope_id == AUTRE_SITE)).one()
        nirs = list(connexion.scalars(select(Identifiant.valeur).where(Identifiant.scope_id == AUTRE_SITE, Identifiant.type == "nir")))
        iban = connexion.scalar(select(Dossier.iban).where(Dossier.scope_id == AUTRE_SITE))
        responsable = connexion.scalar(select(Dossier.responsable_id).where(Dossier.scope_id == AUTRE_SITE))
        autres = connexion.scalars(select(Contact.id).where(Contact.scope_id == AUTRE_SITE, Contact.personne_id != responsable)).all()
    assert (ligne.action, ligne.objet, ligne.motif, ligne.agent_id) == ("bris_de_glace", dossier, MOTIF, poste.agent.id)
    assert (avis.agent_id, avis.cible_id) == ("responsables", dossier)
    assert nirs
    assert not [secret for secret in (*nirs, iban, *autres) if secret and secret in rendu.text]


@pytest.mark.parametrize("motif", ["", "trop peu", "          "])
def test_without_a_reason_nothing_is_shown(client, base, ailleurs, motif):
    _, rendu = _demander(client, base, CAF, ailleurs[0], motif)
    assert rendu.status_code == 400
    with base.lecture(AUTRE_SITE) as connexion:
        assert connexion.execute(select(Journal).where(Journal.scope_id == AUTRE_SITE)).all() == []


def test_another_organisme_s_is_never_shown_and_the_search_is_told(client, base, ailleurs):
    with base.lecture() as connexion:
        cpam = next(s for s in portees_du_genre(connexion, "site") if s.startswith("site:cpam"))
    with base.lecture(cpam) as connexion:
        numero = connexion.scalar(select(Dossier.numero).where(Dossier.scope_id == cpam).limit(1))
    poste, rendu = _demander(client, base, CAF, numero)
    assert rendu.status_code == 404
    _, rendu = _demander(client, base, FS, ailleurs[0])
    assert rendu.status_code == 404
    with base.lecture(f"user:{CAF}") as connexion:
        ligne = connexion.execute(
            select(Journal.action, Journal.motif).where(Journal.scope_id == f"user:{CAF}", Journal.agent_id == poste.agent.id)
        ).one()
    assert tuple(ligne) == ("recherche_hors_portee", MOTIF)


def test_a_landlord_may_not(client, base, ailleurs):
    _, rendu = _demander(client, base, BAILLEUR, ailleurs[0])
    assert rendu.status_code == 403
