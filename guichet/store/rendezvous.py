"""Appointments on this workstation: reasons, free slots, bookings of a visit or dossier."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, or_, select

from guichet.models import Creneau, Motif, Organisme, RendezVous, Site
from guichet.models.enums import EtatCreneau, EtatRendezVous

_VIVANTS = (EtatRendezVous.DEMANDE, EtatRendezVous.CONFIRME)


@dataclass(frozen=True)
class MotifRdv:
    """A reason to come."""

    code: str
    libelle: str
    a_apporter: str


@dataclass(frozen=True)
class CreneauLibre:
    """A slot, with the words for its place. `debut` is UTC; `fuseau` says how to write it."""

    portee: str
    id: str
    site_id: str
    site_nom: str
    mode: str
    debut: datetime
    fuseau: str


@dataclass(frozen=True)
class Pris:
    """A booking and where it stands. `alternatives`: free slots offered instead of a lost one."""

    portee: str
    id: str
    etat: EtatRendezVous
    motif_code: str
    creneau: CreneauLibre | None
    alternatives: tuple[CreneauLibre, ...]


def motifs(connexion: Connection) -> Sequence[MotifRdv]:
    """Return the reasons by code."""
    return [MotifRdv(m.code, m.libelle, m.a_apporter) for m in connexion.execute(select(Motif.__table__).order_by(Motif.code))]


def organisme(connexion: Connection, portee: str) -> str:
    """Return the name of the body whose agenda this is, or nothing while it has no slot here."""
    requete = (
        select(Organisme.nom)
        .join(Site, Site.organisme_id == Organisme.id)
        .where(Site.id == select(Creneau.site_id).where(Creneau.scope_id == portee).limit(1).scalar_subquery())
    )
    return connexion.scalar(requete) or ""


def libres(connexion: Connection, portee: str, depuis: datetime, appareil: str) -> Sequence[CreneauLibre]:
    """Return the free slots of an agenda that this device may take, by date: nobody else's, and not taken here a moment ago."""
    pris = select(RendezVous.creneau_id).where(RendezVous.scope_id == portee, RendezVous.etat.in_(_VIVANTS))
    requete = _creneaux(portee).where(
        Creneau.etat == EtatCreneau.LIBRE, Creneau.debut > depuis, or_(Creneau.own_device.is_(None), Creneau.own_device == appareil),
        Creneau.id.not_in(pris),
    )  # fmt: skip
    return [CreneauLibre(*x) for x in connexion.execute(requete.order_by(Creneau.debut, Site.nom, Creneau.id))]


def deja_pris(connexion: Connection, portee: str, creneau_id: str) -> bool:
    """Tell whether this workstation knows a live booking of a slot."""
    requete = select(RendezVous.id).where(RendezVous.scope_id == portee, RendezVous.creneau_id == creneau_id, RendezVous.etat.in_(_VIVANTS))
    return connexion.execute(requete.limit(1)).first() is not None


def creneau(connexion: Connection, portee: str, id_: str) -> CreneauLibre | None:
    """Return one slot, free or not."""
    ligne = connexion.execute(_creneaux(portee).where(Creneau.id == id_)).first()
    return CreneauLibre(*ligne) if ligne else None


def lire(connexion: Connection, portee: str, id_: str) -> Pris | None:
    """Return one booking."""
    ligne = connexion.execute(select(RendezVous.__table__).where(RendezVous.scope_id == portee, RendezVous.id == id_)).first()
    if ligne is None:
        return None
    offerts = (creneau(connexion, portee, c) for c in ligne.alternatives or ())
    return Pris(
        portee, ligne.id, EtatRendezVous(ligne.etat), ligne.motif_code, creneau(connexion, portee, ligne.creneau_id),
        tuple(c for c in offerts if c is not None),
    )  # fmt: skip


def du_dossier(connexion: Connection, portee: str, dossier_id: str) -> Sequence[Pris]:
    """Return the bookings of a dossier that are asked for or confirmed, the latest asked first."""
    ids = connexion.scalars(
        select(RendezVous.id)
        .where(RendezVous.scope_id == portee, RendezVous.dossier_id == dossier_id, RendezVous.etat.in_(_VIVANTS))
        .order_by(RendezVous.saisi_le.desc())
    ).all()
    return [pris for pris in (lire(connexion, portee, id_) for id_ in ids) if pris is not None]


def _creneaux(portee: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 (a Select whose columns are CreneauLibre's)
    return (
        select(Creneau.scope_id, Creneau.id, Creneau.site_id, Site.nom, Creneau.mode, Creneau.debut, Site.fuseau)
        .join(Site, and_(Site.id == Creneau.site_id))
        .where(Creneau.scope_id == portee)
    )
