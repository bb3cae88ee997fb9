"""Documents of a dossier."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from guichet.contract.vues import lisibles
from guichet.models import Document
from guichet.models.enums import EtatDocument
from guichet.rules.visiteurs import Vue


@dataclass(frozen=True)
class DocumentEnvoye:
    """A document given at a counter and where it stands. `octets`: its bytes' number."""

    id: str
    nom: str
    type_piece: str
    pages: int
    octets: int
    etat: EtatDocument


def du_dossier(connexion: Connection, portee: str, dossier_id: str, vue: Vue) -> Sequence[DocumentEnvoye]:
    """Return the documents of a dossier that a view shows, latest first."""
    requete = lisibles("document", vue).where(Document.scope_id == portee, Document.dossier_id == dossier_id)
    return [
        DocumentEnvoye(x.id, x.nom, x.type_piece, x.pages, x.octets, EtatDocument(x.etat))
        for x in connexion.execute(requete.order_by(Document.saisi_le.desc()))
    ]
