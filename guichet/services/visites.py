"""Visits: a person in front of the agent, from identification to leaving."""

from dataclasses import dataclass
from datetime import datetime

from guichet.contract.sync import Mutation
from guichet.models import uuid7
from guichet.models.enums import Qualite
from guichet.services import journal
from guichet.services.session import Refus, Session, maintenant
from guichet.store import sortie
from guichet.store import visites as depot


@dataclass(frozen=True)
class VisiteOuverte:
    """Who is at the counter, in which quality, for which dossier."""

    id: str
    portee: str
    dossier_id: str
    personne_id: str
    nom: str
    numero: str
    qualite: Qualite
    preuve: str
    ouverte_le: datetime


PREUVES = ("Carte d'identité, valide", "Passeport, valide", "Titre de séjour, valide", "Permis de conduire, valide", "Connu de l'agent")
"""What was shown; a copy is never kept (research/security.md §5)."""


def ouvrir(
    session: Session, portee: str, dossier_id: str, personne_id: str, nom: str, numero: str, qualite: Qualite, preuve: str
) -> VisiteOuverte:
    """Open a visit: a fact that syncs. Raises Refus while another is open."""
    agent, ouverte_le, id_ = session.agent(), maintenant(), uuid7()
    with session.coffre.ecriture() as connexion:
        if depot.ouverte(connexion, portee, agent.id) is not None:
            raise Refus("Une visite est déjà ouverte : terminez-la d'abord.")
        contenu = {
            "agent_id": agent.id, "dossier_id": dossier_id, "personne_id": personne_id, "qualite": qualite, "preuve": preuve,
            "ouverte_le": ouverte_le.isoformat(),
        }  # fmt: skip
        sortie.poster(connexion, portee, "Ouverture de visite", [Mutation("new", "visite", id_, contenu)], dossier_id)
        journal.noter(connexion, agent, "visite", dossier_id)
    return VisiteOuverte(id_, portee, dossier_id, personne_id, nom, numero, qualite, preuve, ouverte_le)


def terminer(session: Session, visite: VisiteOuverte) -> None:
    """Close a visit."""
    with session.coffre.ecriture() as connexion:
        changement = Mutation("set", "visite", visite.id, {"fermee_le": maintenant().isoformat()}, {"fermee_le": None})
        sortie.poster(connexion, visite.portee, "Fin de visite", [changement], visite.dossier_id)


def reprendre(session: Session) -> VisiteOuverte | None:
    """Return the visit left open by a crash or a restart, so that it goes on."""
    agent = session.agent()
    with session.coffre.lecture() as connexion:
        v = depot.ouverte(connexion, agent.travail, agent.id)
    if v is None:
        return None
    return VisiteOuverte(
        v.id, agent.travail, v.dossier_id, v.personne_id, f"{v.nom_naissance.upper()} {v.prenoms}", v.numero, Qualite(v.qualite), v.preuve,
        v.ouverte_le,
    )  # fmt: skip
