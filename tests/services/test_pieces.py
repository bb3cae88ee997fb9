"""Papers asked for and papers given: both cases of DOC-01, and what was given seen again (DOC-04, DOC-05)."""

import pytest
from sqlalchemy import select

from guichet.models import Document, Piece
from guichet.models.enums import Qualite
from guichet.services import documents, visites
from guichet.services.session import Refus
from guichet.store import fichiers
from tests.menage import ADAM, LEYLA, PORTEE
from tests.outils import ICI
from tests.sync.outils import attendre_disponible, envoyer


@pytest.fixture
def pages(bac):
    return bac.importer(ICI / "donnees" / "photo.jpg")


def _restantes(session, visite):
    return [p.id for p in documents.a_transmettre(session, visite)]


@pytest.mark.exigence("DOC-01", "DOC-11")
def test_a_document_answers_what_was_asked_for_once(menage, visite, bac, pages):
    session, _ = menage
    ouverte = visite(LEYLA, Qualite.ALLOCATAIRE)
    (demandee,) = documents.a_transmettre(session, ouverte)
    spontane = envoyer(session, ouverte, bac, pages, "autre", "Un papier utile")
    assert _restantes(session, ouverte) == [demandee.id], "a spontaneous one answers nothing"
    donne = envoyer(session, ouverte, bac, pages, "autre", "Le papier demandé", demandee.id)
    assert _restantes(session, ouverte) == []
    session.synchroniser()
    session.envoyer_fichiers()
    attendre_disponible(session, ouverte, donne.id, spontane.id)
    assert session.etat().comptes.refuses == 0
    assert _restantes(session, ouverte) == []
    with session.coffre.lecture() as connexion:
        assert connexion.scalar(select(Piece.document_id).where(Piece.scope_id == PORTEE, Piece.id == demandee.id)) == donne.id


def test_who_may_not_see_the_papers_is_shown_none(menage, visite):
    session, _ = menage
    ouverte = visite(ADAM, Qualite.ENFANT)
    assert documents.a_transmettre(session, ouverte) == []


def test_what_was_given_is_seen_again_from_here_or_from_the_centre(menage, visite, bac, pages):
    session, _ = menage
    ouverte = visite(LEYLA, Qualite.ALLOCATAIRE)
    donne = envoyer(session, ouverte, bac, pages, "autre", "À revoir")
    assert len(documents.revoir(session, ouverte, donne.id)) == 1
    session.synchroniser()
    session.envoyer_fichiers()
    with session.coffre.ecriture() as connexion:
        sha256 = connexion.scalar(select(Document.sha256).where(Document.scope_id == PORTEE, Document.id == donne.id))
        connexion.execute(fichiers.fichier.delete().where(fichiers.fichier.c.sha256 == sha256))
    (page,) = documents.revoir(session, ouverte, donne.id)
    assert page.apercu[:3] == b"\xff\xd8\xff"
    visites.terminer(session, ouverte)
    autre = visites.ouvrir(session, PORTEE, ouverte.dossier_id, menage[1][ADAM], Qualite.ENFANT, "Carte", "")
    try:
        with pytest.raises(Refus, match="n'est plus dans ce dossier"):
            documents.revoir(session, autre, donne.id)
    finally:
        visites.terminer(session, autre)
