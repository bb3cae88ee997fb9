"""Filling in a démarche for the person at the counter: what is typed is kept, checked, and leaves as a fact."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import Connection

from guichet.contract.sync import Mutation
from guichet.models import uuid7
from guichet.models.enums import EtatDemarche
from guichet.rules.formulaires import Formulaire, formulaires, lisible, proposables, verifier
from guichet.services import journal, visites
from guichet.services.session import Refus, Session, maintenant
from guichet.services.visites import VisiteOuverte
from guichet.store import demarches as depot
from guichet.store import sortie
from guichet.store.demarches import Brouillon


@dataclass(frozen=True)
class Proposition:
    """A form that the visitor's quality allows; `commence_le`: when it was begun and left."""

    formulaire: Formulaire
    commence_le: datetime | None


def proposees(session: Session, visite: VisiteOuverte) -> tuple[Proposition, ...]:
    """Return the forms of the dossier's body that the person at the counter may fill in, those begun first."""
    permis, agent = visites.vue_de(visite).faire, session.agent()
    with session.coffre.lecture() as connexion:
        commences = depot.commences(connexion, _ou(visite))
        organisme, _ = depot.organisme(connexion, visite.portee, visite.dossier_id, agent.organisme_id)
    toutes = [
        Proposition(f, commences.get(f.code))
        for f in proposables(maintenant().date(), organisme)
        if f.acte in permis and f.sans_dossier == (not visite.dossier_id) and (agent.voit_nir or not f.reserve)
    ]
    return tuple(sorted(toutes, key=lambda p: p.commence_le is None))


def brouillon(session: Session, visite: VisiteOuverte, code: str) -> Brouillon | None:
    """Return what was typed in a form and not sent, or None."""
    with session.coffre.lecture() as connexion:
        return depot.lire(connexion, _ou(visite), code)


@dataclass(frozen=True)
class Connus:
    """What is known before anything is typed: `saisies` fill the form in, which the person may correct; `rappels`: what was said the last time."""

    saisies: Mapping[str, str]
    rappels: Mapping[str, str]


def connus(session: Session, visite: VisiteOuverte, code: str, aujourd_hui: date) -> Connus:
    """Return what is known of a form's answers: the person's own contacts (PREST-09), the next quarter, the last declaration (DEM-07).

    Amounts said the last time are shown and not filled in: they would be declared again by who does not look.
    """
    formulaire, vue = formulaires(aujourd_hui)[code], visites.vue_de(visite)
    trouves, rappels = dict[str, str](), dict[str, str]()
    with session.coffre.lecture() as connexion:
        avant = depot.derniere(connexion, visite.portee, visite.dossier_id, code, vue) if visite.dossier_id else None
        for champ in formulaire.champs:
            dit = avant[1].get(champ.code, "") if avant is not None else ""
            if champ.connu == "trimestre_suivant":
                trouves |= {champ.code: _trimestre_suivant(dit)} if dit else {}
            elif champ.connu:
                connu = depot.champ_connu(connexion, visite.portee, champ.connu, vue)
                trouves |= {champ.code: connu} if connu else {}
            elif avant is not None and dit and champ.type == "montant":
                rappels[champ.code] = f"Le {avant[0]:%d/%m/%Y} : {lisible(champ, dit)}"
    return Connus(trouves, rappels)


def _trimestre_suivant(mois: str) -> str:
    """Return the month, MM/AAAA, that comes three after another, AAAA-MM."""
    return f"{date.fromisoformat(f'{mois}-01') + relativedelta(months=3):%m/%Y}"


def garder(session: Session, visite: VisiteOuverte, code: str, saisies: Mapping[str, str]) -> None:
    """Keep what is being typed: a program that is killed finds it again."""
    with session.coffre.ecriture() as connexion:
        depot.garder(connexion, _ou(visite), code, saisies, maintenant())


def deposer(session: Session, visite: VisiteOuverte, code: str, saisies: Mapping[str, str], aujourd_hui: date) -> str:
    """Send a démarche, forget its draft, and return its id. Raises Refus, and nothing is sent then."""
    formulaire = formulaires(aujourd_hui).get(code)
    if formulaire is None or formulaire.document:
        raise Refus("Cette démarche n'existe plus, ou se fait avec son document dans l'onglet Documents. Choisissez-en une autre.")
    visites.exiger(visite, formulaire.acte)
    if visite.dossier_id and formulaire.sans_dossier:
        raise Refus("Ce formulaire est celui des personnes sans dossier : prenez celui des allocataires.")
    if not visite.dossier_id and not formulaire.sans_dossier:
        raise Refus("Cette personne n'a pas de dossier ici : orientez-la vers caf.fr pour créer son compte, ou prenez rendez-vous.")
    agent = session.agent()
    if formulaire.reserve and not agent.voit_nir:
        raise Refus(
            "Un compte bancaire ou un numéro de sécurité sociale ne peut pas être saisi à ce point d'accueil : orientez la personne vers sa caisse."
        )
    bons, fautes = verifier(formulaire.champs, saisies, aujourd_hui)
    if fautes:
        raise Refus("La démarche n'est pas complète : corrigez les lignes signalées.")
    id_, connus_ = uuid7(), connus(session, visite, code, aujourd_hui).saisies
    avant, _ = verifier(formulaire.champs, connus_, aujourd_hui)
    corriges = sorted(c for c, valeur in connus_.items() if bons.get(c) != avant.get(c, valeur))
    contenu = {
        "dossier_id": visite.dossier_id, "libelle": formulaire.libelle, "famille": formulaire.famille, "etat": EtatDemarche.TRANSMISE,
        "deposee_le": aujourd_hui.isoformat(), "contenu": {"formulaire": code, "champs": bons} | ({"preremplis": sorted(connus_), "corriges": corriges} if connus_ else {}),
    }  # fmt: skip
    with session.coffre.ecriture() as connexion:
        mutations = [Mutation("new", "demarche", id_, contenu), *_remplacements(connexion, visite, formulaire, bons)]
        sortie.poster(connexion, visite.portee, formulaire.libelle, mutations, visite.dossier_id or None)
        depot.oublier(connexion, _ou(visite), code)
        journal.noter(connexion, agent, "demarche", id_)
    return id_


def _ou(visite: VisiteOuverte) -> str:
    """Where a draft is kept: with the dossier or, for who has none, with his visit, since it is not the next one's."""
    return visite.dossier_id or visite.id


def _remplacements(connexion: Connection, visite: VisiteOuverte, formulaire: Formulaire, bons: Mapping[str, str]) -> list[Mutation]:
    """Return the edits of the person's own contacts that the answers make; a contact that is not known here is the body's to add."""
    par_contact: dict[str, dict[str, Any]] = {}
    for champ in formulaire.champs:
        if champ.ecrit and champ.code in bons:
            _, type_, colonne = champ.ecrit.split(".")
            par_contact.setdefault(type_, {})[colonne] = bons[champ.code]
    mutations = []
    for type_, neuves in par_contact.items():
        connu = depot.contact(connexion, visite.portee, type_, visites.vue_de(visite))
        changees = {c: v for c, v in neuves.items() if connu is not None and connu[c] != v}
        if connu is not None and changees:
            mutations.append(Mutation("set", "contact", str(connu["id"]), changees, {c: connu[c] for c in changees}))
    return mutations
