"""Opening a dossier at the counter: never before a search, never beside one that is the person's already."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from guichet.contract.sync import Mutation
from guichet.models import uuid7
from guichet.models.enums import EtatDoublon, RoleMembre, TypeContact, TypeIdentifiant, TypeOrganisme
from guichet.rules.doublons import Identite, Ressemblance, a_signaler, comparer, identite
from guichet.rules.formulaires import Champ, ouverture, verifier
from guichet.rules.identifiants import contredit, numero_de_comptoir
from guichet.rules.recherche import Champ as ChampCherche
from guichet.rules.recherche import cle_de_tri, comprendre
from guichet.services import journal
from guichet.services.session import Refus, Session, maintenant
from guichet.store import demarches as brouillons
from guichet.store import doublons as depot
from guichet.store import sortie, visites
from guichet.store.agents import AgentLocal
from guichet.store.demarches import Brouillon
from guichet.store.dossiers import Trouve

_BROUILLON = "", "ouverture"
"""Where what is being typed is kept: no dossier has it yet, and there is one at a time."""
_VERSEURS = (TypeOrganisme.CAF, TypeOrganisme.CPAM, TypeOrganisme.MSA)
"""The bodies that a person has a dossier at; a France Services point opens it for one of them."""


@dataclass(frozen=True)
class Ouverture:
    """What the form begins with. `saisies`: typed before, or drawn from the search; `repris`: a program that died had kept them."""

    champs: tuple[Champ, ...]
    organismes: tuple[tuple[str, str], ...]
    saisies: Mapping[str, str]
    repris: bool


@dataclass(frozen=True)
class Ressemblant:
    """Somebody who may be the person already, and why. `certain`: the same NIR."""

    trouve: Trouve
    ressemblance: Ressemblance
    certain: bool


def commencer(session: Session, recherche: str, aujourd_hui: date) -> Ouverture:
    """Return the form of an opening, filled in with what was searched. Raises Refus for a landlord, or during a visit."""
    agent = session.agent()
    with session.coffre.lecture() as connexion:
        _exiger(connexion, agent)
        brouillon: Brouillon | None = brouillons.lire(connexion, *_BROUILLON)
        organismes = _organismes(connexion, agent)
    champs = tuple(c for c in ouverture(aujourd_hui) if agent.voit_nir or c.type != "nir")
    saisies = brouillon.saisies if brouillon is not None else _de_la_recherche(recherche, aujourd_hui, voit_nir=agent.voit_nir)
    return Ouverture(champs, organismes, saisies, repris=brouillon is not None)


def garder(session: Session, saisies: Mapping[str, str]) -> None:
    """Keep what is being typed: a program that is killed finds it again. Nothing to keep forgets it."""
    with session.coffre.ecriture() as connexion:
        brouillons.garder(connexion, *_BROUILLON, saisies, maintenant())


def controler(session: Session, saisies: Mapping[str, str], aujourd_hui: date) -> tuple[dict[str, str], dict[str, str]]:
    """Return what was typed as it is kept, by field, and what is wrong with it, in words, by field."""
    champs = tuple(c for c in ouverture(aujourd_hui) if session.agent().voit_nir or c.type != "nir")
    bons, fautes = verifier(champs, saisies, aujourd_hui)
    if "nir" in bons and not fautes and (faute := contredit(bons["nir"], bons["sexe"], date.fromisoformat(bons["ne_le"]))):
        fautes["nir"] = faute
    if any(c in bons for c in ("code_postal", "commune")) and "adresse" not in bons:
        fautes.setdefault("adresse", "À remplir, ou laissez aussi vides le code postal et la commune.")
    return bons, fautes


def ressemblants(session: Session, bons: Mapping[str, str], aujourd_hui: date) -> list[Ressemblant]:
    """Return who of this site's workstation may be the person already, the likeliest first."""
    neuve = _identite(bons)
    with session.coffre.lecture() as connexion:
        trouves = depot.candidats(connexion, (neuve.nom_naissance, neuve.nom_usage), neuve.prenoms, neuve.ne_le, neuve.nir)
        lus = [(t, depot.identite(connexion, t.portee, t.personne_id)) for t in trouves if t.portee == session.agent().travail]
    compares = [(t, identite(*lue)) for t, lue in lus if lue is not None]
    pairs = [Ressemblant(t, comparer(neuve, autre, aujourd_hui), bool(neuve.nir) and neuve.nir == autre.nir) for t, autre in compares]
    return sorted((r for r in pairs if a_signaler(r.ressemblance, aujourd_hui)), key=lambda r: -r.ressemblance.score)


def ouvrir(session: Session, saisies: Mapping[str, str], organisme_id: str, ecartes: Collection[str], aujourd_hui: date) -> tuple[str, str]:
    """Open a dossier and return its scope and id. `ecartes`: the people who were looked at and are somebody else.

    Raises Refus when a field is wrong, or somebody who looks like the person was not looked at: nothing is written then.
    """
    agent = session.agent()
    bons, fautes = controler(session, saisies, aujourd_hui)
    if fautes:
        raise Refus("L'ouverture n'est pas complète : corrigez les lignes signalées.")
    semblables = ressemblants(session, bons, aujourd_hui)
    if any(r.certain for r in semblables):
        raise Refus("Ce NIR est déjà celui d'une personne connue ici : ouvrez son dossier, il ne s'en ouvre pas un second.")
    if not {r.trouve.personne_id for r in semblables} <= set(ecartes):
        raise Refus("Une personne connue ici ressemble à celle-ci : regardez-la avant d'ouvrir un dossier.")
    with session.coffre.ecriture() as connexion:
        _exiger(connexion, agent)
        organismes = dict(_organismes(connexion, agent))
        if organisme_id not in organismes:
            raise Refus("Choisissez l'organisme du dossier.")
        dossier_id, mutations = _actes(bons, organisme_id, organismes[organisme_id], semblables, aujourd_hui)
        sortie.poster(connexion, agent.travail, "Ouverture de dossier", mutations, dossier_id)
        brouillons.oublier(connexion, *_BROUILLON)
        journal.noter(connexion, agent, "ouverture_dossier", dossier_id)
    return agent.travail, dossier_id


def _exiger(connexion: Connection, agent: AgentLocal) -> None:
    if agent.bailleur:
        raise Refus("Un bailleur n'ouvre pas de dossier.")
    if visites.en_cours(connexion):
        raise Refus("Terminez d'abord la visite : un dossier s'ouvre avant la sienne.")


def _organismes(connexion: Connection, agent: AgentLocal) -> tuple[tuple[str, str], ...]:
    """Return the bodies that a dossier may be opened at: one's own, or those of the département for a France Services point."""
    verseurs = depot.organismes(connexion, _VERSEURS)
    siens = tuple((id_, nom) for id_, nom, _ in verseurs if id_ == agent.organisme_id)
    if siens:
        return siens
    departement = next((d for id_, _, d in depot.organismes(connexion, tuple(TypeOrganisme)) if id_ == agent.organisme_id), "")
    return tuple((id_, nom) for id_, nom, d in verseurs if d == departement)


def _de_la_recherche(texte: str, aujourd_hui: date, *, voit_nir: bool) -> dict[str, str]:
    """Return what a search says of the person: names as they were typed, birth, telephone, NIR."""
    requete = comprendre(texte, aujourd_hui)
    nom, *prenoms = requete.tels_quels or ("",)
    saisies = {"nom_naissance": nom, "prenoms": " ".join(prenoms), "code_postal": requete.code_postal}
    if requete.naissance is not None and requete.naissance[0] == requete.naissance[1]:
        saisies["ne_le"] = f"{requete.naissance[0]:%d/%m/%Y}"
    for critere in requete.criteres:
        if critere.champ is ChampCherche.TELEPHONE:
            saisies["telephone"] = texte.strip()
        if critere.champ is ChampCherche.NIR and not critere.prefixe and voit_nir:
            saisies["nir"] = texte.strip()
    return {code: valeur for code, valeur in saisies.items() if valeur}


def _identite(bons: Mapping[str, str]) -> Identite:
    return Identite(
        bons["nom_naissance"], bons.get("nom_usage", ""), bons["prenoms"], bons["sexe"], date.fromisoformat(bons["ne_le"]),
        bons.get("commune_naissance", ""), bons.get("nir", ""),
    )  # fmt: skip


def _actes(
    bons: Mapping[str, str], organisme_id: str, organisme_nom: str, ecartes: Collection[Ressemblant], aujourd_hui: date
) -> tuple[str, list[Mutation]]:
    """Return the dossier's id and what writes it all: in the order in which the centre reads it."""
    personne, foyer, dossier = uuid7(), uuid7(), uuid7()
    noms = ("nom_naissance", "nom_usage", "prenoms", "sexe", "ne_le", "commune_naissance", "pays_naissance")
    qui: dict[str, Any] = {c: bons[c] for c in noms if c in bons}
    qui["cle"] = cle_de_tri(bons["nom_naissance"], bons["prenoms"])
    actes = [Mutation("new", "personne", personne, qui)]
    if "nir" in bons:
        actes.append(Mutation("new", "identifiant", uuid7(), {"personne_id": personne, "type": TypeIdentifiant.NIR, "valeur": bons["nir"]}))
    for type_ in TypeContact:
        if type_ in bons:
            lieu = {c: bons[c] for c in ("code_postal", "commune") if c in bons} if type_ is TypeContact.ADRESSE else {}
            actes.append(Mutation("new", "contact", uuid7(), {"personne_id": personne, "type": type_, "valeur": bons[type_]} | lieu))
    le = aujourd_hui.isoformat()
    actes.append(Mutation("new", "foyer", foyer, {"situation": bons["situation"], "depuis": le}))
    actes.append(Mutation("new", "dossier", dossier, {
        "organisme_id": organisme_id, "organisme_nom": organisme_nom, "numero": numero_de_comptoir(), "foyer_id": foyer,
        "responsable_id": personne, "ouvert_le": le,
    }))  # fmt: skip
    actes += [
        Mutation("new", "doublon", uuid7(), {
            "dossier_id": dossier, "personne_id": personne, "autre_dossier_id": r.trouve.dossier_id, "autre_id": r.trouve.personne_id,
            "score": r.ressemblance.score, "raisons": list(r.ressemblance.raisons), "etat": EtatDoublon.ECARTE,
        })
        for r in ecartes
    ]  # fmt: skip
    place = {"dossier_id": dossier, "personne_id": personne, "role": RoleMembre.RESPONSABLE}
    return dossier, [*actes, Mutation("new", "membre", uuid7(), place)]
