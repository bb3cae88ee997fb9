"""What exists: the tables shared by the workstation and the centre. No session, no I/O."""

from guichet.models.activite import Avis, Journal, Visite
from guichet.models.bailleurs import Bail, Bailleur, Declaration, Locataire, Logement
from guichet.models.base import Base, Portee, uuid7
from guichet.models.demarches import Attestation, Demarche, Document, Piece
from guichet.models.dossiers import Alerte, Courrier, Dette, Dossier, Droit, Echeance, Membre, Paiement, Ressource, Retenue
from guichet.models.doublons import Doublon
from guichet.models.mandats import Autorisation, Mandat
from guichet.models.organismes import Agent, Habilitation, Organisme, Poste, Site
from guichet.models.personnes import Contact, Foyer, Identifiant, Personne
from guichet.models.rendezvous import Absence, Creneau, Motif, Plage, RendezVous, Reservation
from guichet.models.reperes import Actualite, Delai, Prestation

ENTITES: dict[str, type[Portee]] = {
    classe.__tablename__: classe
    for classe in (
        Organisme, Site, Poste, Agent, Habilitation,
        Prestation, Delai, Actualite, Motif,
        Personne, Identifiant, Contact, Foyer, Dossier, Membre, Droit, Paiement, Retenue, Ressource, Dette, Courrier, Alerte, Echeance,
        Visite, Demarche, Document, Piece, Attestation, Mandat, Autorisation, Doublon, Journal, Avis,
        Bailleur, Logement, Bail, Locataire, Declaration,
        Plage, Absence, Creneau, RendezVous, Reservation,
    )
}  # fmt: skip
"""Every entity by the name it travels under, which is its table's."""

__all__ = [
    "ENTITES", "Absence", "Actualite", "Agent", "Alerte", "Attestation", "Autorisation", "Avis", "Bail", "Bailleur", "Base", "Contact", "Courrier", "Creneau",
    "Declaration", "Delai", "Demarche", "Dette", "Document", "Dossier", "Doublon", "Droit", "Echeance", "Foyer", "Habilitation",
    "Identifiant", "Journal", "Locataire", "Logement", "Mandat", "Membre", "Motif", "Organisme", "Paiement", "Personne", "Piece",
    "Plage", "Portee", "Poste", "Prestation", "RendezVous", "Reservation", "Ressource", "Retenue", "Site", "Visite", "uuid7",
]  # fmt: skip
