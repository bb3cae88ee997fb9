"""Documents of a dossier."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from guichet.models import Document
from guichet.models.enums import EtatDocument


@dataclass(frozen=True)
class DocumentEnvoye:
    """A document given at a counter and where it stands. `octets`: its bytes' number."""

    id: str
    nom: str
    type_piece: str
    pages: int
    octets: int
    etat: EtatDocument


def du_dossier(connexion: Connection, portee: str, dossier_id: str) -> Sequence[DocumentEnvoye]:
    """Return a dossier's documents, latest first."""
    requete = (
        select(Document.id, Document.nom, Document.type_piece, Document.pages, Document.octets, Document.etat)
        .where(Document.scope_id == portee, Document.dossier_id == dossier_id)
        .order_by(Document.saisi_le.desc())
    )
    return [DocumentEnvoye(*x[:5], EtatDocument(x[5])) for x in connexion.execute(requete)]
