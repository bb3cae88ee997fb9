"""A workstation without a window, on a real centre."""

import time

from guichet.models.enums import EtatDocument
from guichet.services import depots, documents, ouvrir_session
from guichet.services.depots import Envoi
from guichet.sync.client import ClientCentre

CAF, BAILLEUR = "conseiller.caf31", "bailleur.social"


def poste(dossier, centre, login, url=None):
    """Open a profile signed in at a centre."""
    jeton = centre.jeton(login)
    client = ClientCentre(centre.url, jeton)
    moi = client.moi()
    client.fermer()
    return ouvrir_session(dossier, "une phrase de passe d'essai", url or centre.url, jeton, (moi.agent_id, moi.portee_agent))


def envoyer(session, visite, bac, pages, type_piece, nom, repond_a=""):
    """Send pages to the dossier of a visit, as the window does when there is nothing to ask."""
    examen = depots.examiner(session, visite, bac, pages, type_piece)
    return depots.envoyer(session, visite, examen, Envoi(type_piece, nom, repond_a))


def attendre_disponible(session, visite, *ids):
    """Synchronise until the centre has analysed these documents and made them available."""
    fin = time.monotonic() + 60
    while True:
        session.synchroniser()
        etats = {d.id: d.etat for d in documents.du_dossier(session, visite)}
        if {etats.get(id_) for id_ in ids} == {EtatDocument.DISPONIBLE}:
            return
        assert time.monotonic() < fin, etats
        time.sleep(0.2)
