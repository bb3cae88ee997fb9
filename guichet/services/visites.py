"""Visits: a person in front of the agent, from identification to leaving."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from guichet.contract.sync import Mutation
from guichet.models import uuid7
from guichet.models.enums import Qualite, RoleMembre
from guichet.rules.recherche import comprendre
from guichet.rules.visiteurs import (
    REPRESENTANTS,
    Acte,
    Vue,
    est_ferme,
    nom_qualite,
    qualites_possibles,
    vue_agent,
    vue_ferme,
    vue_mandataire,
    vue_visiteur,
)  # fmt: skip
from guichet.services import journal
from guichet.services.session import Refus, Session, maintenant
from guichet.store import dossiers as depot_dossiers
from guichet.store import mandats, sortie
from guichet.store import visites as depot
from guichet.store.agents import AgentLocal


@dataclass(frozen=True)
class VisiteOuverte:
    """Who is at the counter (`nom`, which says for whom too), in which quality, for whom (`personne_id`) and for which dossier.

    `dossier_id`, `personne_id` and `numero` are empty for somebody without a dossier.
    """

    id: str
    portee: str
    dossier_id: str
    personne_id: str
    nom: str
    numero: str
    qualite: Qualite
    preuve: str
    ouverte_le: datetime
    mandat: frozenset[Acte] = frozenset()
    """What a mandate lets its bearer do, as it was when the visit was opened."""
    ferme_le: date | None = None


DOSSIER_PARTI = "Ce dossier n'est plus sur ce poste. Cherchez-le à nouveau."
CONNU = "Connu de l'agent"
PREUVES = ("Carte d'identité", "Passeport", "Titre de séjour", "Permis de conduire", CONNU)
"""What was shown; a copy is never kept (research/security.md §5)."""


def preuve_vue(nature: str, jusquau: str, aujourd_hui: date) -> str:
    """Return what was shown and until when it holds, in words. Raises Refus when that is no date."""
    if nature == CONNU:
        return nature
    if not jusquau.strip():
        return f"{nature}, valide"
    lue = comprendre(jusquau.strip(), aujourd_hui).naissance
    if lue is None:
        raise Refus("La date de validité s'écrit JJ/MM/AAAA, par exemple 09/03/2031. Laissez-la vide si la pièce n'en porte pas.")
    return f"{nature}, valable jusqu'au {lue[1]:%d/%m/%Y}" if lue[1] >= aujourd_hui else f"{nature}, périmée depuis le {lue[1]:%d/%m/%Y}"


def ouvrir(
    session: Session, portee: str, dossier_id: str, personne_id: str, qualite: Qualite, preuve: str, visiteur: str = ""
) -> VisiteOuverte:
    """Open a visit: a fact that syncs. `visiteur` names who stands there for that person.

    Raises Refus while another is open, or when the dossier does not give that quality.
    """
    agent, ouverte_le, id_ = session.agent(), maintenant(), uuid7()
    with session.coffre.ecriture() as connexion:
        if depot.ouverte(connexion, portee, agent.id) is not None:
            raise Refus("Une visite est déjà ouverte : terminez-la d'abord.")
        _verifier(connexion, portee, dossier_id, personne_id, qualite, visiteur)
        contenu = {
            "agent_id": agent.id, "dossier_id": dossier_id, "personne_id": personne_id, "qualite": qualite, "preuve": preuve,
            "ouverte_le": ouverte_le.isoformat(),
        } | ({"visiteur": visiteur.strip()} if qualite in REPRESENTANTS else {})  # fmt: skip
        sortie.poster(connexion, portee, "Ouverture de visite", [Mutation("new", "visite", id_, contenu)], dossier_id)
        journal.noter(connexion, agent, "visite", dossier_id)
        return _ouverte(connexion, portee, depot.ouverte(connexion, portee, agent.id))


def recevoir_sans_dossier(session: Session, nom: str, preuve: str) -> VisiteOuverte:
    """Open a visit for somebody who has no dossier here (PREST-13). Raises Refus while another is open, or without a name."""
    if not nom.strip():
        raise Refus("Donnez le nom de la personne présente.")
    agent, id_ = session.agent(), uuid7()
    contenu = {
        "agent_id": agent.id, "dossier_id": None, "personne_id": None, "qualite": Qualite.NON_ALLOCATAIRE, "preuve": preuve,
        "ouverte_le": maintenant().isoformat(), "visiteur": nom.strip(),
    }  # fmt: skip
    with session.coffre.ecriture() as connexion:
        if depot.ouverte(connexion, agent.travail, agent.id) is not None:
            raise Refus("Une visite est déjà ouverte : terminez-la d'abord.")
        sortie.poster(connexion, agent.travail, "Ouverture de visite", [Mutation("new", "visite", id_, contenu)])
        journal.noter(connexion, agent, "visite", id_)
        return _ouverte(connexion, agent.travail, depot.ouverte(connexion, agent.travail, agent.id))


def _verifier(connexion: Connection, portee: str, dossier_id: str, personne_id: str, qualite: Qualite, visiteur: str) -> None:
    membre = depot.membre(connexion, portee, dossier_id, personne_id)
    if membre is None:
        raise Refus("Cette personne n'est pas de ce dossier.")
    if qualite not in qualites_possibles(RoleMembre(membre.role), membre.ne_le, membre.autorise_le, maintenant().date()):
        raise Refus("Le dossier ne donne pas cette qualité à cette personne. Relisez qui elle est, ou demandez au responsable du dossier.")
    if qualite in REPRESENTANTS and not visiteur.strip():
        raise Refus("Donnez le nom de la personne qui se présente pour l'allocataire.")


def vue(connexion: Connection, agent: AgentLocal, portee: str, dossier_id: str, le: date) -> Vue:
    """Return what of a dossier may be read now: all when the agent is alone, what his quality allows while somebody stands there.

    Raises Refus when the dossier is not here, or is not the visitor's.
    """
    dossier = depot_dossiers.entete(connexion, portee, dossier_id)
    if dossier is None:
        raise Refus(DOSSIER_PARTI)
    v = depot.ouverte(connexion, agent.travail, agent.id)
    ouvert = vue_agent(dossier.responsable_id) if v is None else _vue_du_visiteur(connexion, portee, dossier_id, v, le)
    return vue_ferme(ouvert, dossier.ferme_le, le)


def _vue_du_visiteur(connexion: Connection, portee: str, dossier_id: str, v: Any, le: date) -> Vue:  # noqa: ANN401 (a row of store.visites.ouverte)
    if v.dossier_id == dossier_id:
        return vue_mandataire(vue_visiteur(Qualite(v.qualite), v.personne_id, le), _mandat(connexion, portee, v, le))
    membre = depot.membre(connexion, portee, dossier_id, v.personne_id) if v.qualite not in REPRESENTANTS else None
    qualites = qualites_possibles(RoleMembre(membre.role), membre.ne_le, membre.autorise_le, le) if membre is not None else ()
    if not qualites:
        raise Refus("Ce dossier n'est pas celui de la personne présente. Terminez la visite pour l'ouvrir.")
    return vue_visiteur(qualites[0], v.personne_id, le)


def vue_de(visite: VisiteOuverte) -> Vue:
    """Return what the visitor may be shown of his dossier, and may do."""
    le = maintenant().date()
    return vue_ferme(vue_mandataire(vue_visiteur(visite.qualite, visite.personne_id, le), visite.mandat), visite.ferme_le, le)


def exiger(visite: VisiteOuverte | None, acte: Acte) -> None:
    """Raise Refus when somebody stands there whose quality does not let him do that."""
    if visite is not None and acte not in (vue := vue_de(visite)).faire:
        ferme = est_ferme(visite.ferme_le, maintenant().date())
        raise Refus(vue.refus if ferme else f"{nom_qualite(visite.qualite)} : cet acte n'est pas permis en cette qualité. {vue.refus}")


def terminer(session: Session, visite: VisiteOuverte) -> None:
    """Close a visit."""
    with session.coffre.ecriture() as connexion:
        changement = Mutation("set", "visite", visite.id, {"fermee_le": maintenant().isoformat()}, {"fermee_le": None})
        sortie.poster(connexion, visite.portee, "Fin de visite", [changement], visite.dossier_id or None)


def reprendre(session: Session) -> VisiteOuverte | None:
    """Return the visit left open by a crash or a restart, so that it goes on."""
    agent = session.agent()
    with session.coffre.lecture() as connexion:
        v = depot.ouverte(connexion, agent.travail, agent.id)
        return _ouverte(connexion, agent.travail, v) if v is not None else None


def _ouverte(connexion: Connection, portee: str, v: Any) -> VisiteOuverte:  # noqa: ANN401 (a row of store.visites.ouverte)
    personne = f"{v.nom_naissance.upper()} {v.prenoms}" if v.nom_naissance is not None else ""
    nom = ", pour ".join(filter(None, (v.visiteur, personne)))
    return VisiteOuverte(
        v.id, portee, v.dossier_id or "", v.personne_id or "", nom, v.numero or "", Qualite(v.qualite), v.preuve, v.ouverte_le,
        _mandat(connexion, portee, v, maintenant().date()), v.ferme_le,
    )  # fmt: skip


def _mandat(connexion: Connection, portee: str, v: Any, le: date) -> frozenset[Acte]:  # noqa: ANN401 (a row of store.visites.ouverte)
    if v.qualite != Qualite.TIERS_MANDATE:
        return frozenset()
    return frozenset(Acte(a) for a in mandats.actes(connexion, portee, v.dossier_id, v.personne_id, le))
