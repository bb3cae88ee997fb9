"""Finding a dossier and reading its card."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import Connection

from guichet.contract.sync import BrisDeGlace
from guichet.models.activite import BRIS_DE_GLACE
from guichet.models.enums import EtatDroit, RoleMembre, TypeContact, TypeIdentifiant
from guichet.ressources import donnees, regle_du_jour
from guichet.rules.identifiants import IdentifiantRefuse, cle_nir, nir_verifie, normaliser
from guichet.rules.masques import courriel_masque, nir_lisible, nir_masque, telephone_masque
from guichet.rules.recherche import Champ, comprendre
from guichet.rules.regles import en_vigueur
from guichet.rules.visiteurs import Vue, vue_agent
from guichet.services import journal, reperes, visites
from guichet.services.session import Refus, Session, maintenant
from guichet.store import dossiers as depot
from guichet.store import journal as depot_journal
from guichet.store import sortie
from guichet.store import visites as depot_visites
from guichet.store.agents import AgentLocal
from guichet.store.dossiers import FicheDossier, Trouve

LIMITE = 50


@dataclass(frozen=True)
class Resultats:
    """What was found; `plus`: there are more than shown; `conseil`: what is wrong with a number, in words."""

    trouves: tuple[Trouve, ...] = ()
    plus: bool = False
    conseil: str = ""


@dataclass(frozen=True)
class DroitAffiche:
    """A right of the month: its name, and an amount in cents or the words that replace it."""

    libelle: str
    montant_cents: int
    mention: str


@dataclass(frozen=True)
class DemarcheAffichee:
    """A request, where it stands, and what the processing times say of it."""

    libelle: str
    etat: str
    deposee_le: date
    delai: str


@dataclass(frozen=True)
class PersonneAffichee:
    """A member of the household; `numero` and contacts are masked."""

    personne_id: str
    nom: str
    role: RoleMembre
    ne_le: date
    autorise_le: date | None
    activite: str


@dataclass(frozen=True)
class Carte:
    """The card of a dossier, ready to be shown: amounts in cents, personal numbers masked.

    What `vue` does not let through is empty here. `titulaire`: whose card it is, the responsable's or the visitor's own.
    """

    vue: Vue
    portee: str
    dossier_id: str
    nom: str
    numero: str
    organisme: str
    titulaire: PersonneAffichee | None
    nir: str
    nir_revelable: bool
    alertes: tuple[tuple[str, date, date | None], ...]
    dernier_paiement: tuple[date, int, str] | None
    paiements: tuple[tuple[date, int], ...]
    droits: tuple[DroitAffiche, ...]
    quotient_familial: int | None
    dettes_cents: int
    demarches: tuple[DemarcheAffichee, ...]
    pieces: tuple[tuple[str, date], ...]
    situation: str
    membres: tuple[PersonneAffichee, ...]
    adresse: str
    contacts: str
    gestion: str
    courriers: tuple[tuple[date, str, bool], ...]
    envois: sortie.EtatEnvoi | None
    """The worst state among what was done here for this dossier; None when all of it was sent."""
    jusqua: datetime | None = None
    """Until when a dossier of another site may be shown; None for one of this site."""


def chercher(session: Session, saisie: str, aujourd_hui: date) -> Resultats:
    """Look for what was typed on this workstation; the search is journaled by its fingerprint, never its text."""
    requete = comprendre(saisie, aujourd_hui)
    if requete.vide or (requete.mots and requete.naissance is None and sum(map(len, requete.mots)) < 2):
        return Resultats()
    conseil = _conseil(saisie) if any(c.champ is Champ.NIR and not c.prefixe for c in requete.criteres) else ""
    with session.coffre.lecture() as connexion:
        devant_quelqu_un = depot_visites.en_cours(connexion)
        trouves = depot.chercher(connexion, requete, LIMITE + 1)
    if devant_quelqu_un:
        # Where people live is their contact details: not for a visitor who reads over the desk (AUT-06, SEC-03).
        trouves = [replace(t, code_postal=None, commune=None) for t in trouves]
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
        carte = _lire(connexion, agent, portee, dossier_id, aujourd_hui)
        journal.noter(connexion, agent, "ouverture", dossier_id)
    return carte


def relire(session: Session, carte: Carte, aujourd_hui: date) -> Carte:
    """Return a card that is already on screen, as it is now: its opening was journaled. Raises Refus when it is gone."""
    with session.coffre.lecture() as connexion:
        return _lire(connexion, session.agent(), carte.portee, carte.dossier_id, aujourd_hui)


def _lire(connexion: Connection, agent: AgentLocal, portee: str, dossier_id: str, aujourd_hui: date) -> Carte:
    mois = en_vigueur(donnees("regles.yaml"), "historique_paiements", aujourd_hui)["mois"]
    vue = visites.vue(connexion, agent, portee, dossier_id, aujourd_hui)
    fiche = depot.lire(connexion, portee, dossier_id, aujourd_hui - relativedelta(months=mois), vue)
    if fiche is None:
        raise Refus(visites.DOSSIER_PARTI)
    delais, pire = reperes.delais(connexion, fiche.dossier["organisme_id"]), sortie.pire_etat(connexion, dossier_id)
    return _carte(vue, portee, fiche, delais, pire, voit_nir=agent.voit_nir)


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


def ouvrir_hors_portee(session: Session, numero: str, motif: str, aujourd_hui: date) -> Carte:
    """Return the card of a dossier of another site, by its exact number and for a reason; nothing of it is written here.

    Raises Refus, or what the client raises.
    """
    recu = session.client().briser_la_glace(BrisDeGlace(normaliser(numero), motif.strip()))
    mois = en_vigueur(donnees("regles.yaml"), "historique_paiements", aujourd_hui)["mois"]
    with session.coffre.lecture() as connexion:
        try:
            fiche = depot.recue(connexion, recu.donnees, aujourd_hui - relativedelta(months=mois))
            vue = vue_agent(fiche.dossier["responsable_id"])
            carte = _carte(vue, recu.portee, fiche, reperes.delais(connexion, fiche.dossier["organisme_id"]), None, voit_nir=False)
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
        nir = _identifiant(fiche, _titulaire(fiche, vue), TypeIdentifiant.NIR) if fiche else ""
        if not nir:
            raise Refus("Aucun NIR n'est connu pour cette personne.")
        journal.noter(connexion, agent, "devoilement_nir", dossier_id)
    return nir_lisible(nir + cle_nir(nir))


def _carte(
    vue: Vue, portee: str, fiche: FicheDossier, delais: Mapping[str, reperes.Fenetre], pire: sortie.EtatEnvoi | None, *, voit_nir: bool
) -> Carte:
    membres = tuple(sorted((_membre(m) for m in fiche.membres), key=lambda m: (list(RoleMembre).index(m.role), m.ne_le)))
    qui = _titulaire(fiche, vue)
    titulaire = next((m for m in membres if m.personne_id == qui), None)
    nir = _identifiant(fiche, qui, TypeIdentifiant.NIR)
    dernier = fiche.paiements[0] if fiche.paiements else None
    return Carte(
        vue=vue,
        portee=portee,
        dossier_id=fiche.dossier["id"],
        nom=titulaire.nom if titulaire is not None else f"Dossier {fiche.dossier['numero']}",
        numero=fiche.dossier["numero"],
        organisme=fiche.dossier["organisme_nom"],
        titulaire=titulaire,
        nir=nir_masque(nir) if nir else _identifiant(fiche, qui, TypeIdentifiant.PROVISOIRE),
        nir_revelable=bool(nir) and voit_nir,
        alertes=tuple((a["libelle"], a["demandee_le"], a["avant_le"]) for a in fiche.alertes),
        dernier_paiement=(dernier["verse_le"], dernier["montant_cents"], _destinataire(fiche, dernier)) if dernier else None,
        paiements=tuple((p["verse_le"], p["montant_cents"]) for p in fiche.paiements),
        droits=_droits(fiche),
        quotient_familial=fiche.dossier["quotient_familial"],
        dettes_cents=sum(d["solde_cents"] for d in fiche.dettes),
        demarches=tuple(
            DemarcheAffichee(d["libelle"], d["etat"], d["deposee_le"], reperes.dire_delai(delais, d["famille"], d["deposee_le"]))
            for d in fiche.demarches
        ),
        pieces=tuple((reperes.nom_piece(p["type"]), p["demandee_le"]) for p in fiche.pieces),
        situation=f"{fiche.foyer['situation']} depuis le {fiche.foyer['depuis']:%d/%m/%Y}" if fiche.foyer else "",
        membres=membres,
        adresse=_adresse(fiche, vue),
        contacts=_contacts(fiche, vue),
        gestion=next((f"{m.nom}, autorisation du {m.autorise_le:%d/%m/%Y}" for m in membres if m.autorise_le), "Responsable seul"),
        courriers=tuple((c["le"], c["objet"], c["lu"]) for c in fiche.courriers),
        envois=pire,
    )


def _membre(m: Mapping[Any, Any]) -> PersonneAffichee:
    activite = f"{m['activite']} depuis le {m['activite_depuis']:%d/%m/%Y}" if m["activite"] else ""
    nom = f"{(m['nom_usage'] or m['nom_naissance']).upper()} {m['prenoms']}"
    return PersonneAffichee(m["personne_id"], nom, RoleMembre(m["role"]), m["ne_le"], m["autorise_le"], activite)


def _droits(fiche: FicheDossier) -> tuple[DroitAffiche, ...]:
    """Rights of the latest month; suspended ones give no reason, absent ones do (C09)."""
    dernier = fiche.droits[0]["mois"] if fiche.droits else None
    mentions = {EtatDroit.OUVERT: "", EtatDroit.SUSPENDU: "suspendu"}
    return tuple(
        DroitAffiche(
            fiche.prestations.get(d["prestation_code"], d["prestation_code"]), d["montant_cents"],
            mentions.get(d["etat"], f"sans droit : {d['motif']}"),
        )
        for d in fiche.droits if d["mois"] == dernier
    )  # fmt: skip


def _destinataire(fiche: FicheDossier, paiement: Mapping[Any, Any]) -> str:
    if paiement["tiers"]:
        return f"Versé à un tiers : {paiement['tiers']}"
    iban = fiche.dossier["iban"]
    return f"Versé à l'allocataire, {iban[:4]} •••• {iban[-4:]}" if iban else "Versé à l'allocataire"


def _titulaire(fiche: FicheDossier, vue: Vue) -> str:
    """Return whose card this is: the responsable's where he may be seen, else the visitor's own."""
    responsable: str = fiche.dossier["responsable_id"]
    return responsable if any(m["personne_id"] == responsable for m in fiche.membres) else vue.personne_id


def _identifiant(fiche: FicheDossier, personne_id: str, type_: TypeIdentifiant) -> str:
    return next((str(i["valeur"]) for i in fiche.identifiants if i["personne_id"] == personne_id and i["type"] == type_), "")


def _contact(fiche: FicheDossier, vue: Vue, type_: TypeContact) -> Mapping[Any, Any] | None:
    """The other members' contact details are never shown, to any role (SEC-03)."""
    return next((c for c in fiche.contacts if c["personne_id"] == vue.personne_id and c["type"] == type_), None)


def _adresse(fiche: FicheDossier, vue: Vue) -> str:
    contact = _contact(fiche, vue, TypeContact.ADRESSE)
    return f"{contact['valeur']}, {contact['code_postal']} {contact['commune']}" if contact else "Adresse inconnue"


def _contacts(fiche: FicheDossier, vue: Vue) -> str:
    telephone, courriel = _contact(fiche, vue, TypeContact.TELEPHONE), _contact(fiche, vue, TypeContact.COURRIEL)
    lignes = [telephone_masque(telephone["valeur"])] if telephone else []
    if courriel:
        lignes.append(courriel_masque(courriel["valeur"]))
    return " · ".join(lignes) or "Aucun contact connu"
