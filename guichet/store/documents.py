"""Documents of a dossier."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from guichet.contract.vues import lisibles
from guichet.models import Document, Piece
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
    saisi_le: datetime


@dataclass(frozen=True)
class PieceDemandee:
    """A paper that the body asks for and nobody has given yet."""

    id: str
    type: str
    demandee_le: date


def demandees(connexion: Connection, portee: str, dossier_id: str, vue: Vue) -> Sequence[PieceDemandee]:
    """Return the papers asked for that a view shows, the oldest first."""
    requete = lisibles("piece", vue).where(Piece.scope_id == portee, Piece.dossier_id == dossier_id, Piece.document_id.is_(None))
    return [PieceDemandee(x.id, x.type, x.demandee_le) for x in connexion.execute(requete.order_by(Piece.demandee_le, Piece.id))]


def empreinte(connexion: Connection, portee: str, dossier_id: str, document_id: str, vue: Vue) -> str | None:
    """Return the name of a document's bytes, if a view shows it."""
    requete = lisibles("document", vue).where(Document.scope_id == portee, Document.dossier_id == dossier_id, Document.id == document_id)
    x = connexion.execute(requete).first()
    return x.sha256 if x is not None else None


def du_dossier(connexion: Connection, portee: str, dossier_id: str, vue: Vue) -> Sequence[DocumentEnvoye]:
    """Return the documents of a dossier that a view shows, latest first."""
    requete = lisibles("document", vue).where(Document.scope_id == portee, Document.dossier_id == dossier_id)
    return [
        DocumentEnvoye(x.id, x.nom, x.type_piece, x.pages, x.octets, EtatDocument(x.etat), x.saisi_le)
        for x in connexion.execute(requete.order_by(Document.saisi_le.desc()))
    ]
