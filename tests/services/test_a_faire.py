"""What waits for an advisor: answers long overdue (SUI-03, two weeks late), mandates about to end."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from sqlalchemy import insert, select, update

from guichet.models import Delai, Demarche, Dossier
from guichet.models.enums import Qualite
from guichet.rules.delais import Publication, dernier_retard, en_retard
from guichet.services import a_faire, visites
from guichet.services.session import Refus
from tests.menage import LEYLA, PORTEE

JOUR = date.today()


@pytest.fixture
def demarche(menage):
    """Write open requests of the household straight into the vault, under a body that publishes its times."""
    session, ids = menage
    with session.coffre.ecriture() as connexion:
        organisme = connexion.scalar(select(Delai.organisme_id).limit(1))
        avant = connexion.scalar(select(Dossier.organisme_id).where(Dossier.id == ids["dossier"]))
        connexion.execute(update(Dossier).where(Dossier.id == ids["dossier"]).values(organisme_id=organisme))
    faites = []

    def ecrire(jours, etat="recue", famille="autres"):
        faites.append(f"essai-{len(faites)}")
        valeurs = {"scope_id": PORTEE, "id": faites[-1], "dossier_id": ids["dossier"], "libelle": f"à {jours} jours", "famille": famille}
        with session.coffre.ecriture() as connexion:
            connexion.execute(insert(Demarche).values(**valeurs, etat=etat, deposee_le=JOUR - timedelta(days=jours)))

    yield ecrire
    with session.coffre.ecriture() as connexion:
        connexion.execute(Demarche.__table__.delete().where(Demarche.id.in_(faites)))
        connexion.execute(update(Dossier).where(Dossier.id == ids["dossier"]).values(organisme_id=avant))


@pytest.mark.exigence("SUI-03")
def test_what_is_long_overdue_is_listed_the_oldest_first(menage, demarche):
    session, ids = menage
    for jours, etat in ((400, "recue"), (500, "en_cours"), (450, "traitee"), (460, "refusee"), (1, "recue"), (800, "recue")):
        demarche(jours, etat)
    vus = [r for r in a_faire.lire(session, JOUR).retards if r.dossier_id == ids["dossier"]]
    assert [r.libelle for r in vus] == ["à 500 jours", "à 400 jours"], "open, late, and of the last 24 months"
    assert (vus[0].nom, vus[0].numero) == ("DARTIGUELONGUE Leyla", "7654321")


def test_nobody_reads_it_over_the_desk(menage, demarche):
    session, ids = menage
    ouverte = visites.ouvrir(session, PORTEE, ids["dossier"], ids[LEYLA], Qualite.ALLOCATAIRE, "Passeport, valide")
    try:
        with pytest.raises(Refus, match="terminez d'abord la visite"):
            a_faire.lire(session, JOUR)
    finally:
        visites.terminer(session, ouverte)


@pytest.mark.parametrize("recul", [10, 45, 200, 700])
def test_the_limit_is_where_lateness_begins(recul):
    publication = Publication(JOUR - timedelta(days=recul), JOUR - timedelta(days=recul - 5), JOUR - timedelta(days=3))
    depuis = JOUR - relativedelta(months=24)
    limite = dernier_retard(depuis, publication, JOUR, 10, "31")
    tous = [depuis + timedelta(days=n) for n in range((JOUR - depuis).days + 1)]
    assert limite == max((j for j in tous if en_retard(j, publication, JOUR, 10, "31")), default=None)
