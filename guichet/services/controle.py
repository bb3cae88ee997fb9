"""What a responsable answers for: who consulted what on his site, and the copy of their data that people ask for."""

from guichet.contract.sync import ExportDossier, LigneJournal
from guichet.services.session import Refus, Session
from guichet.store import dossiers as depot

ACTIONS = {
    "recherche": "Recherche", "ouverture": "Dossier ouvert", "visite": "Visite", "document": "Document envoyé", "document_vu": "Document consulté", "document_reutilise": "Document réutilisé", "lien_telephone": "Lien montré à un téléphone", "demarche": "Démarche déposée", "rendez_vous": "Rendez-vous pris",
    "annulation_rendez_vous": "Rendez-vous annulé", "fiche_locataire": "Fiche de locataire ouverte", "declaration_loyers": "Loyers déclarés",
    "bris_de_glace": "Bris de glace", "devoilement_nir": "NIR vu en clair", "lecture_journal": "Journal consulté", "export": "Données exportées",
    "purge": "Purge", "effacement": "Effacement demandé", "refus": "Accès refusé", "reprise_creneaux": "Créneaux repris",
    "invitation": "Compte ouvert", "fermeture_compte": "Compte fermé", "rattachement": "Fournisseur d'identité confirmé",
    "recherche_hors_portee": "Recherche hors du site", "enregistrement_pdf": "PDF enregistré sur ce poste", "impression": "Document imprimé", "a_faire": "Liste de ce qui attend", "mandat": "Mandat donné", "retrait_mandat": "Mandat retiré", "attestation": "Attestation ou relevé établi", "recapitulatif": "Récapitulatif de visite établi", "recu_depot": "Reçu de dépôt établi",
}  # fmt: skip
"""The words of the journal's actions; one that this version does not know is shown as it is."""


def journal(session: Session, avant: int | None = None) -> list[LigneJournal]:
    """Return a page of the journal of one's site, latest first; itself journaled. Raises Refus, or what the client raises.

    A dossier of the site is named by its number; what was typed in a search is not kept, only its hash, which tells nobody anything.
    """
    portee = _portee(session)
    lignes = session.client().journal(portee, avant)
    with session.coffre.lecture() as connexion:
        numeros = depot.numeros(connexion, portee, [x.objet for x in lignes])
    for x in lignes:
        x.objet = "" if x.action == "recherche" else f"Dossier n° {numeros[x.objet]}" if x.objet in numeros else x.objet
    return lignes


def exporter(session: Session, portee: str, dossier_id: str) -> ExportDossier:
    """Return all that the centre holds of a dossier's people; journaled there. Raises Refus, or what the client raises."""
    return session.client().exporter(portee, dossier_id)


def _portee(session: Session) -> str:
    travail = session.agent().travail
    if travail is None:
        raise Refus("Ce profil n'a pas de site.")
    return travail
