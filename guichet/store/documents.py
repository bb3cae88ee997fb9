"""Documents of a dossier."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import Connection, and_, exists, select
from sqlalchemy.orm import aliased

from guichet.contract.vues import lisibles
from guichet.models import Document, Dossier, Personne, Piece
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
class EnQuarantaine:
    """A document that the centre put aside, and whose it is."""

    portee: str
    dossier_id: str
    nom: str
    numero: str
    document: str
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


def fichier(connexion: Connection, portee: str, dossier_id: str, document_id: str, vue: Vue) -> tuple[str, EtatDocument] | None:
    """Return the name of a document's bytes and where it stands, if a view shows it."""
    requete = lisibles("document", vue).where(Document.scope_id == portee, Document.dossier_id == dossier_id, Document.id == document_id)
    x = connexion.execute(requete).first()
    return (x.sha256, EtatDocument(x.etat)) if x is not None else None


def en_quarantaine(connexion: Connection, portee: str, depuis: date, limite: int) -> list[EnQuarantaine]:
    """Return the documents given since a day and put aside, latest first, but those whose like was given again after."""
    autre = aliased(Document)
    refait = exists().where(
        autre.scope_id == portee, autre.dossier_id == Document.dossier_id, autre.type_piece == Document.type_piece,
        autre.saisi_le > Document.saisi_le, autre.etat != EtatDocument.QUARANTAINE,
    )  # fmt: skip
    requete = (
        select(Document.dossier_id, Personne.nom_naissance, Personne.prenoms, Dossier.numero, Document.nom, Document.saisi_le)
        .join(Dossier, and_(Dossier.scope_id == Document.scope_id, Dossier.id == Document.dossier_id))
        .join(Personne, and_(Personne.scope_id == Dossier.scope_id, Personne.id == Dossier.responsable_id))
        .where(Document.scope_id == portee, Document.etat == EtatDocument.QUARANTAINE, ~refait)
        .where(Document.saisi_le >= datetime.combine(depuis, time.min, UTC))
        .order_by(Document.saisi_le.desc())
        .limit(limite)
    )
    return [
        EnQuarantaine(portee, x.dossier_id, f"{x.nom_naissance.upper()} {x.prenoms}", x.numero, x.nom, x.saisi_le)
        for x in connexion.execute(requete)
    ]


def du_dossier(connexion: Connection, portee: str, dossier_id: str, vue: Vue) -> Sequence[DocumentEnvoye]:
    """Return the documents of a dossier that a view shows, latest first."""
    requete = lisibles("document", vue).where(Document.scope_id == portee, Document.dossier_id == dossier_id)
    return [
        DocumentEnvoye(x.id, x.nom, x.type_piece, x.pages, x.octets, EtatDocument(x.etat), x.saisi_le)
        for x in connexion.execute(requete.order_by(Document.saisi_le.desc()))
    ]
