"""Booking an appointment: reason, free slots, booking, cancelling."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from guichet.contract.sync import Mutation
from guichet.models import uuid7
from guichet.models.enums import EtatRendezVous
from guichet.rules.visiteurs import Acte
from guichet.services import journal, visites
from guichet.services.session import Refus, Session, maintenant
from guichet.services.visites import VisiteOuverte
from guichet.store import creneaux as creneaux_tenus
from guichet.store import rendezvous as depot
from guichet.store import sortie
from guichet.store.rendezvous import CreneauLibre, MotifRdv, Pris


def motifs(session: Session) -> Sequence[MotifRdv]:
    """Return the reasons to come (RDV-05)."""
    with session.coffre.lecture() as connexion:
        return depot.motifs(connexion)


def organisme(session: Session) -> str:
    """Return whose appointments are taken here (RDV-13)."""
    with session.coffre.lecture() as connexion:
        return depot.organisme(connexion, session.agent().agenda)


def creneaux(session: Session, depuis: datetime) -> Sequence[CreneauLibre]:
    """Return the free slots known on this workstation."""
    with session.coffre.lecture() as connexion:
        return depot.libres(connexion, session.agent().agenda, depuis, session.coffre.appareil)


def reserver_creneau(session: Session, creneau: CreneauLibre, motif_code: str, visite: VisiteOuverte | None) -> str:
    """Take a slot and return the booking's id: confirmed at once on a slot that was handed over to this desk, else provisional.

    Raises Refus when it was just promised here, or when the visitor's quality does not let him book.
    """
    visites.exiger(visite, Acte.PRENDRE_RENDEZ_VOUS)
    agent, id_ = session.agent(), uuid7()
    with session.coffre.ecriture() as connexion:
        if depot.deja_pris(connexion, creneau.portee, creneau.id):
            raise Refus("Ce créneau vient d'être pris à ce poste. Choisissez-en un autre.")
        droit = creneaux_tenus.droit(connexion, creneau.portee, creneau.id, creneaux_tenus.horloge())
        contenu: dict[str, Any] = {
            "creneau_id": creneau.id, "motif_code": motif_code, "dossier_id": (visite.dossier_id or None) if visite else None,
            "visite_id": visite.id if visite else None, "saisi_le": maintenant().isoformat(),
            "etat": EtatRendezVous.DEMANDE if droit is None else EtatRendezVous.CONFIRME,
        }  # fmt: skip
        if droit is not None:
            contenu["own_no"] = droit
            creneaux_tenus.consommer(connexion, creneau.portee, creneau.id)
        sortie.poster(
            connexion, creneau.portee, f"Rendez-vous à {creneau.site_nom}", [Mutation("new", "rendez_vous", id_, contenu)],
            (visite.dossier_id or None) if visite else None,
        )  # fmt: skip
        journal.noter(connexion, agent, "rendez_vous", id_)
    return id_


def lire(session: Session, id_: str) -> Pris:
    """Return a booking and where it stands. Raises Refus when it is unknown."""
    with session.coffre.lecture() as connexion:
        pris = depot.lire(connexion, session.agent().agenda, id_)
    if pris is None:
        raise Refus("Ce rendez-vous n'est plus sur ce poste.")
    return pris


def du_dossier(session: Session, dossier_id: str) -> Sequence[Pris]:
    """Return the bookings of a dossier, to be cancelled for instance."""
    with session.coffre.lecture() as connexion:
        return depot.du_dossier(connexion, session.agent().agenda, dossier_id)


def annuler(session: Session, pris: Pris) -> None:
    """Ask the centre to free a slot. Raises Refus for a booking that is not confirmed yet."""
    if pris.etat is not EtatRendezVous.CONFIRME:
        raise Refus("Ce rendez-vous n'est pas encore confirmé : attendez la réponse du centre, puis annulez-le.")
    with session.coffre.ecriture() as connexion:
        changement = Mutation("set", "rendez_vous", pris.id, {"etat": EtatRendezVous.ANNULE}, {"etat": pris.etat})
        sortie.poster(connexion, pris.portee, "Annulation de rendez-vous", [changement])
        journal.noter(connexion, session.agent(), "annulation_rendez_vous", pris.id)
