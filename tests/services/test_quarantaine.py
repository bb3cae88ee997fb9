"""A document that the centre put aside, seen from the desk: it opens no more, its paper is asked for again, somebody is told."""

from datetime import date

import pytest
from sqlalchemy import select

from guichet.central.analyse import noter
from guichet.central.base import BaseCentre
from guichet.models import Document
from guichet.models.enums import EtatDocument, Qualite
from guichet.services import a_faire, depots, documents, visites
from guichet.services.bac import Bac
from guichet.services.session import Refus, maintenant
from guichet.store.documents import PieceDemandee
from tests.menage import LEYLA, PORTEE, ecrire_menage
from tests.outils import ICI, centre_servi
from tests.sync.outils import CAF, attendre_disponible, envoyer, poste

PHOTO = ICI / "donnees" / "photo.jpg"


@pytest.fixture
def comptoir(monde, tmp_path):
    """Leyla at the counter, and the centre's own hand on its base."""
    with centre_servi(monde, tmp_path, ecrire_menage) as (centre, ids):
        session, base = poste(tmp_path / "poste", centre, CAF), BaseCentre(centre.base)
        session.synchroniser()
        bac = Bac(session)
        yield session, visites.ouvrir(session, PORTEE, ids["dossier"], ids[LEYLA], Qualite.ALLOCATAIRE, "Passeport, valide"), bac, base
        bac.fermer()
        session.fermer()
        base.fermer()


def test_what_is_put_aside_is_asked_for_again_and_told(comptoir):
    session, visite, bac, base = comptoir
    (demandee,) = documents.a_transmettre(session, visite)
    donne = envoyer(session, visite, bac, bac.importer(PHOTO), "bail", "Bail signé", demandee.id)
    session.synchroniser()
    session.envoyer_fichiers()
    attendre_disponible(session, visite, donne.id)
    assert documents.a_transmettre(session, visite) == []
    # The antivirus learnt something since.
    with base.ecriture(PORTEE) as connexion:
        sha256 = connexion.scalar(select(Document.sha256).where(Document.scope_id == PORTEE, Document.id == donne.id))
        noter(connexion, PORTEE, sha256, EtatDocument.QUARANTAINE)
    session.synchroniser()
    lus = documents.du_dossier(session, visite)
    assert next(d.etat for d in lus if d.id == donne.id) is EtatDocument.QUARANTAINE
    assert [p.id for p in documents.a_transmettre(session, visite)] == [demandee.id]
    with pytest.raises(Refus, match="en quarantaine : il ne s'ouvre plus"):
        documents.revoir(session, visite, donne.id)
    piece = PieceDemandee(demandee.id, "bail", demandee.demandee_le)
    assert depots.reutilisable(piece, lus, maintenant().date()) is None
    visites.terminer(session, visite)
    (attend,) = a_faire.lire(session, date.today()).quarantaine
    assert (attend.dossier_id, attend.document) == (visite.dossier_id, "Bail signé")
    reprise = visites.ouvrir(session, PORTEE, visite.dossier_id, visite.personne_id, Qualite.ALLOCATAIRE, "Passeport, valide")
    envoyer(session, reprise, bac, bac.importer(ICI / "donnees" / "trois.tif"), "bail", "Bail signé, à nouveau", demandee.id)
    visites.terminer(session, reprise)
    assert a_faire.lire(session, date.today()).quarantaine == (), "it was given again"
