"""Drafts of démarches, and the person's own rows that a démarche replaces."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, delete, insert, select

from guichet.contract.vues import lisibles
from guichet.models import Contact, Creneau, Demarche, Document, Dossier, Identifiant, Organisme, Personne, RendezVous, Site, uuid7
from guichet.models.demarches import OUVERTE
from guichet.models.enums import EtatRendezVous
from guichet.rules.identifiants import est_portable
from guichet.rules.visiteurs import Vue
from guichet.store.tables import brouillon

_b = brouillon.c
_LIGNES = ("fixe", "portable")
_RENDEZ_VOUS = {EtatRendezVous.CONFIRME: "confirmé", EtatRendezVous.DEMANDE: "demandé, pas encore confirmé"}


@dataclass(frozen=True)
class Brouillon:
    """What was typed in a form, as it was typed, and when."""

    saisies: Mapping[str, str]
    le: datetime


@dataclass(frozen=True)
class SansReponse:
    """A request whose answer is long overdue, and whose it is."""

    portee: str
    dossier_id: str
    nom: str
    numero: str
    libelle: str
    deposee_le: date


def lire(connexion: Connection, dossier_id: str, formulaire: str) -> Brouillon | None:
    """Return the draft of a form for a dossier, or None."""
    ligne = connexion.execute(select(_b.saisies, _b.le).where(_b.dossier_id == dossier_id, _b.formulaire == formulaire)).first()
    return Brouillon(ligne.saisies, ligne.le) if ligne is not None else None


def commences(connexion: Connection, dossier_id: str) -> dict[str, datetime]:
    """Return the forms that were begun for a dossier, and when they were last typed in."""
    return dict(connexion.execute(select(_b.formulaire, _b.le).where(_b.dossier_id == dossier_id)).all())


def organisme(connexion: Connection, portee: str, dossier_id: str, sinon: str) -> tuple[str | None, str]:
    """Return what kind of body a dossier is of, and its department, or those of the body `sinon` where there is no dossier; None when unknown here."""
    du_dossier = select(Dossier.organisme_id).where(Dossier.scope_id == portee, Dossier.id == dossier_id).scalar_subquery()
    requete = select(Organisme.type, Organisme.departement).where(Organisme.id == (du_dossier if dossier_id else sinon)).limit(1)
    lu = connexion.execute(requete).first()
    return (lu.type, lu.departement) if lu is not None else (None, "")


def garder(connexion: Connection, dossier_id: str, formulaire: str, saisies: Mapping[str, str], le: datetime) -> None:
    """Keep a draft in the place of the last one; an empty one is none."""
    oublier(connexion, dossier_id, formulaire)
    if any(saisies.values()):
        connexion.execute(insert(brouillon).values(dossier_id=dossier_id, formulaire=formulaire, saisies=dict(saisies), le=le))


def oublier(connexion: Connection, dossier_id: str, formulaire: str) -> None:
    """Forget a draft."""
    connexion.execute(delete(brouillon).where(_b.dossier_id == dossier_id, _b.formulaire == formulaire))


def contact(connexion: Connection, portee: str, type_: str, vue: Vue) -> Mapping[str, str | None] | None:
    """Return the visitor's own contact of a kind, with its id, or None."""
    requete = lisibles("contact", vue).where(Contact.scope_id == portee, Contact.personne_id == vue.personne_id, Contact.type == type_)
    ligne = connexion.execute(requete.limit(1)).mappings().first()
    return dict(ligne) if ligne is not None else None


def champ_connu(connexion: Connection, portee: str, chemin: str, vue: Vue) -> str:
    """Return what is known of the visitor himself by a form's path (formulaires.yaml), as it is typed, or nothing."""
    entite, genre, *colonne = chemin.split(".")
    if entite == "contact":
        valeur = (contact(connexion, portee, genre, vue) or {}).get("valeur" if colonne[0] in _LIGNES else colonne[0]) or ""
        return valeur if colonne[0] not in _LIGNES or est_portable(valeur) == (colonne[0] == "portable") else ""
    if entite == "personne":
        requete, colonne = lisibles("personne", vue).where(Personne.scope_id == portee, Personne.id == vue.personne_id), [genre]
    else:
        requete, colonne = lisibles("identifiant", vue).where(
            Identifiant.scope_id == portee, Identifiant.personne_id == vue.personne_id, Identifiant.type == genre
        ), ["valeur"]  # fmt: skip
    ligne = connexion.execute(requete.limit(1)).mappings().first()
    lu = ligne[colonne[0]] if ligne is not None else None
    return f"{lu:%d/%m/%Y}" if isinstance(lu, date) else str(lu or "")


def derniere(connexion: Connection, portee: str, dossier_id: str, formulaire: str, vue: Vue) -> tuple[date, Mapping[str, str]] | None:
    """Return when a form was last sent for a dossier and what it said, as far as a view shows it, or None."""
    requete = lisibles("demarche", vue).where(Demarche.scope_id == portee, Demarche.dossier_id == dossier_id)
    for x in connexion.execute(requete.order_by(Demarche.deposee_le.desc(), Demarche.id.desc())):
        if x.contenu is not None and x.contenu.get("formulaire") == formulaire:
            return x.deposee_le, x.contenu["champs"]
    return None


def sans_reponse(connexion: Connection, portee: str, famille: str, organisme_id: str, du: date, au: date, limite: int) -> list[SansReponse]:
    """Return the open requests of a body and family that arrived between two days, the oldest first."""
    requete = (
        select(Demarche.dossier_id, Personne.nom_naissance, Personne.prenoms, Dossier.numero, Demarche.libelle, Demarche.deposee_le)
        .join(Dossier, and_(Dossier.scope_id == Demarche.scope_id, Dossier.id == Demarche.dossier_id))
        .join(Personne, and_(Personne.scope_id == Dossier.scope_id, Personne.id == Dossier.responsable_id))
        .where(Demarche.scope_id == portee, OUVERTE, Demarche.famille == famille, Demarche.deposee_le >= du, Demarche.deposee_le <= au)
        .where(Dossier.organisme_id == organisme_id)
        .order_by(Demarche.deposee_le, Demarche.id)
        .limit(limite)
    )
    return [
        SansReponse(portee, x.dossier_id, f"{x.nom_naissance.upper()} {x.prenoms}", x.numero, x.libelle, x.deposee_le)
        for x in connexion.execute(requete)
    ]


def faits_de_la_visite(
    connexion: Connection, portee: str, agenda: str, dossier_id: str, visite_id: str, depuis: datetime, vue: Vue
) -> list[tuple[str, str]]:
    """Return what was done for a dossier during a visit, as far as a view shows it: words, and where each stands."""
    # A démarche carries no visit, but its identifier carries its moment (RFC 9562 §5.7).
    premier = uuid7(int(depuis.timestamp() * 1000), 0)
    demarches = lisibles("demarche", vue).where(Demarche.scope_id == portee, Demarche.dossier_id == dossier_id, Demarche.id >= premier)
    documents = lisibles("document", vue).where(
        Document.scope_id == portee, Document.dossier_id == dossier_id, Document.visite_id == visite_id
    )
    pris = (
        select(RendezVous.etat, Creneau.debut, Site.nom, Site.fuseau)
        .join(Creneau, and_(Creneau.scope_id == RendezVous.scope_id, Creneau.id == RendezVous.creneau_id))
        .join(Site, Site.id == Creneau.site_id)
        .where(RendezVous.scope_id == agenda, RendezVous.dossier_id == dossier_id, RendezVous.visite_id == visite_id)
    )
    faits = [(str(x.libelle), f"transmise le {x.deposee_le:%d/%m/%Y}") for x in connexion.execute(demarches.order_by(Demarche.id))]
    faits += [
        (f"Document remis, {x.nom}", f"{x.pages} page{'s' if x.pages > 1 else ''}")
        for x in connexion.execute(documents.order_by(Document.saisi_le))
    ]
    faits += [
        (f"Rendez-vous le {x.debut.astimezone(ZoneInfo(x.fuseau)):%d/%m/%Y à %H:%M}, {x.nom}", _RENDEZ_VOUS.get(x.etat, x.etat))
        for x in connexion.execute(pris.order_by(Creneau.debut))
    ]
    return faits
