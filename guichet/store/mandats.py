"""Mandates of this workstation's dossiers."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, select

from guichet.contract.vues import lisibles
from guichet.models import Autorisation, Dossier, Mandat, Personne
from guichet.rules.visiteurs import Vue


@dataclass(frozen=True)
class AutorisationLue:
    """An act that was given; `revoquee_le` once it was taken back."""

    id: str
    acte: str
    revoquee_le: datetime | None


@dataclass(frozen=True)
class MandatLu:
    """A mandate and its acts."""

    id: str
    portee: str
    dossier_id: str
    personne_id: str
    mandataire: str
    debute_le: date
    expire_le: date
    empreinte: str
    document_id: str | None
    autorisations: tuple[AutorisationLue, ...]


@dataclass(frozen=True)
class FinProche:
    """A mandate that is about to end, and whose it is."""

    portee: str
    dossier_id: str
    nom: str
    numero: str
    expire_le: date


def du_dossier(connexion: Connection, portee: str, dossier_id: str, vue: Vue) -> list[MandatLu]:
    """Return the mandates of a dossier that a view shows, the one that ends last first."""
    par_mandat = defaultdict[str, list[AutorisationLue]](list)
    requete = lisibles("autorisation", vue).where(Autorisation.scope_id == portee, Autorisation.dossier_id == dossier_id)
    for x in connexion.execute(requete.order_by(Autorisation.acte)):
        par_mandat[x.mandat_id].append(AutorisationLue(x.id, x.acte, x.revoquee_le))
    mandats = lisibles("mandat", vue).where(Mandat.scope_id == portee, Mandat.dossier_id == dossier_id)
    return [
        MandatLu(
            x.id, portee, dossier_id, x.personne_id, x.mandataire, x.debute_le, x.expire_le, x.empreinte, x.document_id,
            tuple(par_mandat[x.id]),
        )
        for x in connexion.execute(mandats.order_by(Mandat.expire_le.desc(), Mandat.id))
    ]  # fmt: skip


def actes(connexion: Connection, portee: str, dossier_id: str, personne_id: str, le: date) -> frozenset[str]:
    """Return the acts that a person's mandates let be done for her dossier on a day, those that she signed under another entry included."""
    elle = (Personne.id == personne_id) | (Personne.fusionne_dans == personne_id)
    requete = (
        select(Autorisation.acte)
        .join(Mandat, and_(Mandat.scope_id == Autorisation.scope_id, Mandat.id == Autorisation.mandat_id))
        .where(Autorisation.scope_id == portee, Autorisation.dossier_id == dossier_id, Autorisation.revoquee_le.is_(None))
        .where(Mandat.personne_id.in_(select(Personne.id).where(Personne.scope_id == portee, elle)))
        .where(Mandat.debute_le <= le, Mandat.expire_le >= le)
    )
    return frozenset(connexion.scalars(requete))


def non_signe(connexion: Connection, portee: str, dossier_id: str) -> str | None:
    """Return the latest mandate of a dossier whose signed paper is not joined, or None."""
    requete = select(Mandat.id).where(Mandat.scope_id == portee, Mandat.dossier_id == dossier_id, Mandat.document_id.is_(None))
    return connexion.scalar(requete.order_by(Mandat.signe_le.desc()).limit(1))


def bientot_finis(connexion: Connection, portee: str, du: date, au: date) -> list[FinProche]:
    """Return the mandates of a scope that end between two days and still let something be done, the first to end first."""
    vivante = (
        select(Autorisation.id)
        .where(Autorisation.scope_id == Mandat.scope_id, Autorisation.mandat_id == Mandat.id, Autorisation.revoquee_le.is_(None))
        .exists()
    )
    requete = (
        select(Mandat.scope_id, Mandat.dossier_id, Personne.nom_naissance, Personne.prenoms, Dossier.numero, Mandat.expire_le)
        .join(Personne, and_(Personne.scope_id == Mandat.scope_id, Personne.id == Mandat.personne_id))
        .join(Dossier, and_(Dossier.scope_id == Mandat.scope_id, Dossier.id == Mandat.dossier_id))
        .where(Mandat.scope_id == portee, Mandat.expire_le >= du, Mandat.expire_le <= au, vivante)
        .order_by(Mandat.expire_le, Dossier.numero)
    )
    return [
        FinProche(x.scope_id, x.dossier_id, f"{x.nom_naissance.upper()} {x.prenoms}", x.numero, x.expire_le)
        for x in connexion.execute(requete)
    ]
