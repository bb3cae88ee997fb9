"""Finding a dossier and reading its card."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from sqlalchemy import Connection

from guichet.contract.sync import BrisDeGlace, RechercheHorsPortee, ResultatsHorsPortee
from guichet.models.activite import BRIS_DE_GLACE
from guichet.models.enums import TypeIdentifiant
from guichet.ressources import regle_du_jour
from guichet.rules.identifiants import IdentifiantRefuse, cle_nir, nir_verifie, normaliser
from guichet.rules.masques import nir_lisible
from guichet.rules.recherche import Champ, comprendre
from guichet.rules.visiteurs import vue_agent
from guichet.services import journal, reperes, visites
from guichet.services.carte import Carte, composer, identifiant, titulaire
from guichet.services.session import Refus, Session, maintenant
from guichet.store import dossiers as depot
from guichet.store import journal as depot_journal
from guichet.store import sortie
from guichet.store import visites as depot_visites
from guichet.store.agents import AgentLocal
from guichet.store.dossiers import Trouve

LIMITE = 50
LETTRES_AILLEURS = 3
"""How many letters of a name the centre wants before it looks in other sites."""


@dataclass(frozen=True)
class Resultats:
    """What was found; `plus`: there are more than shown; `conseil`: what is wrong with a number, in words."""

    trouves: tuple[Trouve, ...] = ()
    plus: bool = False
    conseil: str = ""


def chercher(session: Session, saisie: str, aujourd_hui: date) -> Resultats:
    """Look for what was typed on this workstation; the search is journaled by its fingerprint, never its text."""
    requete = comprendre(saisie, aujourd_hui)
    if requete.vide or (requete.mots and not requete.precisee and sum(map(len, requete.mots)) < 2):
        return Resultats()
    conseil = _conseil(saisie) if any(c.champ is Champ.NIR and not c.prefixe for c in requete.criteres) else ""
    with session.coffre.lecture() as connexion:
        if requete.voie and depot_visites.en_cours(connexion):
            requete = replace(requete, voie="")  # places are not looked for, nor told, in front of a visitor
        trouves = depot.chercher(connexion, requete, LIMITE + 1)
    return Resultats(tuple(trouves[:LIMITE]), len(trouves) > LIMITE, conseil)


def _conseil(saisie: str) -> str:
    try:
        nir_verifie(saisie)
    except IdentifiantRefuse as refus:
        return str(refus)
    return ""


def noter_recherche(session: Session, saisie: str) -> None:
    """Journal a search whose answer was looked at, by the hash of what was typed."""
    with session.coffre.ecriture() as connexion:
        empreinte = hashlib.sha256(f"{session.coffre.vault_id}{normaliser(saisie)}".encode()).hexdigest()[:16]
        journal.noter(connexion, session.agent(), "recherche", empreinte)


def ouvrir(session: Session, portee: str, dossier_id: str, aujourd_hui: date) -> Carte:
    """Return a dossier's card and journal its reading. Raises Refus when it is not on this workstation, or not the visitor's."""
    agent = session.agent()
    with session.coffre.ecriture() as connexion:
        carte = lire(connexion, agent, portee, dossier_id, aujourd_hui)
        journal.noter(connexion, agent, "ouverture", carte.dossier_id)
    return carte


def relire(session: Session, carte: Carte, aujourd_hui: date) -> Carte:
    """Return a card that is already on screen, as it is now: its opening was journaled. Raises Refus when it is gone."""
    with session.coffre.lecture() as connexion:
        return lire(connexion, session.agent(), carte.portee, carte.dossier_id, aujourd_hui)


def lire(connexion: Connection, agent: AgentLocal, portee: str, dossier_id: str, aujourd_hui: date, recul: int = 0) -> Carte:
    """Return a card as who stands there may see it, and journal nothing. `recul`: of how many months, when more than usual. Raises Refus."""
    mois, dossier_id = max(recul, regle_du_jour("historique_paiements")["mois"]), depot.reste(connexion, portee, dossier_id)
    vue = visites.vue(connexion, agent, portee, dossier_id, aujourd_hui)
    fiche = depot.lire(connexion, portee, dossier_id, aujourd_hui - relativedelta(months=mois), vue)
    if fiche is None:
        raise Refus(visites.DOSSIER_PARTI)
    delais, pire = reperes.delais(connexion, fiche.dossier["organisme_id"]), sortie.pire_etat(connexion, dossier_id)
    carte = composer(vue, portee, fiche, delais, pire, aujourd_hui, voit_nir=agent.voit_nir)
    if carte.titulaire is None:
        return carte
    return replace(carte, autres=tuple(depot.autres(connexion, portee, carte.titulaire.personne_id, dossier_id)))


def briser_la_glace(session: Session, dossier_id: str, motif: str) -> datetime:
    """Say why a dossier's numbers must be seen in clear; return until when they may. Its responsables are told. Raises Refus."""
    agent, regle = session.agent(), regle_du_jour("bris_de_glace")
    if agent.bailleur or not agent.voit_nir:
        raise Refus("Votre habilitation ne permet pas d'afficher le NIR.")
    if len(motif.strip()) < regle["signes"]:
        raise Refus(f"Dites pourquoi, en {regle['signes']} caractères au moins : ce motif est gardé au journal.")
    with session.coffre.ecriture() as connexion:
        journal.noter(connexion, agent, BRIS_DE_GLACE, dossier_id, motif.strip())
    return maintenant() + timedelta(minutes=regle["minutes"])


def chercher_ailleurs(session: Session, saisie: str, aujourd_hui: date) -> ResultatsHorsPortee | None:
    """Ask the centre for people of the organisme's other sites, by their name; they come masked, and are kept nowhere.

    None when it is not asked: no centre, a landlord, a number, too few letters, or somebody in front of the agent. Raises what the client raises.
    """
    requete = comprendre(saisie, aujourd_hui)
    if (
        requete.voie
        or not session.en_ligne_possible
        or session.agent().bailleur
        or max(map(len, requete.mots), default=0) < LETTRES_AILLEURS
    ):
        return None
    with session.coffre.lecture() as connexion:
        if depot_visites.en_cours(connexion):
            return None
    du, au = requete.naissance or (None, None)
    return session.client().chercher_ailleurs(RechercheHorsPortee(list(requete.mots), du, au))


def ouvrir_hors_portee(session: Session, demande: BrisDeGlace, aujourd_hui: date) -> Carte:
    """Return the card of a dossier of another site, for a reason; nothing of it is written here. Raises Refus, or what the client raises."""
    recu = session.client().briser_la_glace(BrisDeGlace(normaliser(demande.numero), demande.motif.strip(), demande.dossier))
    mois = regle_du_jour("historique_paiements")["mois"]
    with session.coffre.lecture() as connexion:
        try:
            fiche = depot.recue(connexion, recu.donnees, aujourd_hui - relativedelta(months=mois))
            vue = vue_agent(fiche.dossier["responsable_id"])
            delais = reperes.delais(connexion, fiche.dossier["organisme_id"])
            carte = composer(vue, recu.portee, fiche, delais, None, aujourd_hui, voit_nir=False)
            return replace(carte, jusqua=datetime.fromisoformat(recu.jusqua))
        except (ValueError, LookupError, TypeError, StopIteration) as erreur:
            raise Refus("Le centre a rendu un dossier incomplet : il ne peut pas être montré.") from erreur


def glace_brisee(session: Session, dossier_id: str) -> datetime | None:
    """Return until when a dossier's numbers may be seen in clear, or None."""
    with session.coffre.lecture() as connexion:
        return _brisee(connexion, dossier_id)


def _brisee(connexion: Connection, dossier_id: str) -> datetime | None:
    le = depot_journal.dernier(connexion, BRIS_DE_GLACE, dossier_id)
    fin = le + timedelta(minutes=regle_du_jour("bris_de_glace")["minutes"]) if le is not None else None
    return fin if fin is not None and le is not None and le <= maintenant() < fin else None


def reveler_nir(session: Session, portee: str, dossier_id: str) -> str:
    """Return the NIR of the card's person in clear, with its key, and journal it. Raises Refus unless the glass was broken just before."""
    agent = session.agent()
    if not agent.voit_nir:
        raise Refus("Votre habilitation ne permet pas d'afficher le NIR.")
    with session.coffre.ecriture() as connexion:
        if _brisee(connexion, dossier_id) is None:
            raise Refus("Dites d'abord pourquoi le NIR doit être vu en clair.")
        vue = visites.vue(connexion, agent, portee, dossier_id, maintenant().date())
        fiche = depot.lire(connexion, portee, dossier_id, date.max, vue)
        nir = identifiant(fiche, titulaire(fiche, vue), TypeIdentifiant.NIR) if fiche else ""
        if not nir:
            raise Refus("Aucun NIR n'est connu pour cette personne.")
        journal.noter(connexion, agent, "devoilement_nir", dossier_id)
    return nir_lisible(nir + cle_nir(nir))
