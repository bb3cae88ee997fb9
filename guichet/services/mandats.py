"""Mandates: given at the counter and printed at once, taken back whole or in part, looked over before they end."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from guichet.contract.sync import Mutation
from guichet.documents.papiers import composer
from guichet.models import uuid7
from guichet.models.enums import Qualite
from guichet.rules import mandats as regles
from guichet.rules.visiteurs import Acte, nom_acte
from guichet.services import dossiers, journal, visites
from guichet.services.carte import Carte
from guichet.services.papiers import Papier, entete
from guichet.services.session import Refus, Session, maintenant
from guichet.services.visites import VisiteOuverte
from guichet.store import mandats as depot
from guichet.store import sortie
from guichet.store.mandats import FinProche, MandatLu


@dataclass(frozen=True)
class MandatAffiche:
    """A mandate as it stands. `actif`: something of it holds today; `conforme`: what is kept is what was signed."""

    lu: MandatLu
    actif: bool
    conforme: bool


def du_dossier(session: Session, carte: Carte) -> tuple[MandatAffiche, ...]:
    """Return the mandates of a dossier, as who stands there may see them. Raises Refus when it is gone."""
    le = maintenant().date()
    with session.coffre.lecture() as connexion:
        vue = visites.vue(connexion, session.agent(), carte.portee, carte.dossier_id, le)
        lus = depot.du_dossier(connexion, carte.portee, carte.dossier_id, vue)
    return tuple(_afficher(m, le) for m in lus)


def _afficher(m: MandatLu, le: date) -> MandatAffiche:
    actif = m.debute_le <= le <= m.expire_le and any(a.revoquee_le is None for a in m.autorisations)
    signe = regles.empreinte(m.mandataire, m.personne_id, m.debute_le, m.expire_le, [a.acte for a in m.autorisations])
    return MandatAffiche(m, actif, signe == m.empreinte)


def accorder(session: Session, visite: VisiteOuverte, jours: int, actes: Collection[Acte]) -> Papier:
    """Write down a mandate that the person at the counter gives, and return the paper to sign. Raises Refus, and nothing is given then."""
    if visite.qualite not in (Qualite.ALLOCATAIRE, Qualite.CONJOINT_AUTORISE):
        raise Refus("Seule la personne qui gère le dossier donne un mandat, elle-même : ni un représentant, ni une personne sous tutelle.")
    le, agent = maintenant(), session.agent()
    choisis = [a for a in regles.permis(le.date()) if a in actes]
    if not choisis:
        raise Refus("Choisissez au moins un acte : un mandat nomme chaque démarche qu'il permet.")
    with session.coffre.lecture() as connexion:
        carte = dossiers.lire(connexion, agent, visite.portee, visite.dossier_id, le.date())
        donnees = entete(connexion, session, carte)
    personne = next(m for m in carte.membres if m.personne_id == visite.personne_id)
    try:
        regles.exiger_majeur(personne.ne_le, le.date())
        fin = regles.expiration(le.date(), jours)
    except regles.MandatRefuse as refus:
        raise Refus(str(refus)) from refus
    empreinte = regles.empreinte(agent.site_nom, visite.personne_id, le.date(), fin, choisis)
    pdf = composer("mandat", donnees | {
        "titulaire": personne.nom, "ne_le": personne.ne_le.isoformat(), "du": le.date().isoformat(), "au": fin.isoformat(),
        "actes": [nom_acte(a) for a in choisis], "agent": agent.nom, "preuve": visite.preuve, "empreinte": empreinte,
    })  # fmt: skip
    id_ = uuid7()
    mandat = {
        "dossier_id": visite.dossier_id, "personne_id": visite.personne_id, "agent_id": agent.id, "mandataire": agent.site_nom,
        "preuve": visite.preuve, "signe_le": le.isoformat(), "debute_le": le.date().isoformat(), "expire_le": fin.isoformat(),
        "empreinte": empreinte,
    }  # fmt: skip
    autorisations = [
        Mutation("new", "autorisation", uuid7(), {"dossier_id": visite.dossier_id, "mandat_id": id_, "acte": a}) for a in choisis
    ]
    with session.coffre.ecriture() as connexion:
        sortie.poster(connexion, visite.portee, "Mandat", [Mutation("new", "mandat", id_, mandat), *autorisations], visite.dossier_id)
        journal.noter(connexion, agent, "mandat", id_)
    return Papier(id_, f"mandat {le:%Y-%m-%d}.pdf", "", pdf)


def revoquer(session: Session, mandat: MandatLu, ids: Collection[str]) -> None:
    """Take acts back from a mandate, all of them or some; those taken back before stay as they are."""
    le = maintenant().isoformat()
    retraits = [
        Mutation("set", "autorisation", a.id, {"revoquee_le": le}, {"revoquee_le": None})
        for a in mandat.autorisations
        if a.id in ids and a.revoquee_le is None
    ]
    if not retraits:
        return
    with session.coffre.ecriture() as connexion:
        sortie.poster(connexion, mandat.portee, "Retrait de mandat", retraits, mandat.dossier_id)
        journal.noter(connexion, session.agent(), "retrait_mandat", mandat.id)


def joindre(connexion: Connection, portee: str, dossier_id: str, document_id: str) -> None:
    """Join a signed paper to the latest mandate of its dossier that has none, in the caller's transaction."""
    mandat = depot.non_signe(connexion, portee, dossier_id)
    if mandat is not None:
        changement = Mutation("set", "mandat", mandat, {"document_id": document_id}, {"document_id": None})
        sortie.poster(connexion, portee, "Mandat signé", [changement], dossier_id)


def bientot_finis(session: Session) -> list[FinProche]:
    """Return the mandates of the site that end within the days of the rule."""
    le = maintenant().date()
    with session.coffre.lecture() as connexion:
        return depot.bientot_finis(connexion, session.agent().travail, le, le + timedelta(days=regles.regle(le)["alerte_jours"]))
