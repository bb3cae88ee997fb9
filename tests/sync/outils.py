"""A workstation without a window, on a real centre."""

from guichet.services import ouvrir_session
from guichet.sync.client import ClientCentre

CAF, BAILLEUR = "conseiller.caf31", "bailleur.social"


def poste(dossier, centre, login, url=None):
    """Open a profile signed in at a centre."""
    jeton = centre.jeton(login)
    client = ClientCentre(centre.url, jeton)
    moi = client.moi()
    client.fermer()
    return ouvrir_session(dossier, "une phrase de passe d'essai", url or centre.url, jeton, (moi.agent_id, moi.portee_agent))
