"""Who stands at the counter, and what he may see and do there (AUT-01 to AUT-11; resources/donnees/visiteurs.yaml)."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from dateutil.relativedelta import relativedelta

from guichet.models.enums import Qualite, RoleMembre
from guichet.ressources import donnees
from guichet.rules.regles import en_vigueur


class Information(StrEnum):
    """What a dossier tells. « Foyer »: of the others; the rest of a person is of himself alone."""

    IDENTITE = "identite"
    FOYER = "foyer"
    COORDONNEES = "coordonnees"
    COORDONNEES_FOYER = "coordonnees_foyer"
    SITUATION = "situation"
    ACTIVITE = "activite"
    ACTIVITE_FOYER = "activite_foyer"
    GESTION = "gestion"
    RESSOURCES = "ressources"
    RESSOURCES_FOYER = "ressources_foyer"
    DROITS = "droits"
    PAIEMENTS = "paiements"
    QUOTIENT = "quotient"
    BANQUE = "banque"
    DETTES = "dettes"
    COURRIERS = "courriers"
    DEMARCHES = "demarches"
    PIECES = "pieces"
    DOCUMENTS = "documents"
    ALERTES = "alertes"
    AGENDA = "agenda"
    VISITES = "visites"


class Acte(StrEnum):
    """What may be done at a counter for somebody."""

    CONSULTER = "consulter"
    GERER_ACCES = "gerer_acces"
    SIMULER = "simuler"
    CREER_ESPACE = "creer_espace"
    DEMANDER = "demander"
    DEMANDER_AAH = "demander_aah"
    DEMANDER_AJPA = "demander_ajpa"
    DEMANDER_BAFA = "demander_bafa"
    DEMANDER_PALA = "demander_pala"
    DECLARER_SEPARATION = "declarer_separation"
    DECLARER_FAMILLE = "declarer_famille"
    DECLARER_ACTIVITE = "declarer_activite"
    DECLARER_RESSOURCES = "declarer_ressources"
    DECLARER_SCOLARITE = "declarer_scolarite"
    MODIFIER_COORDONNEES = "modifier_coordonnees"
    MODIFIER_BANQUE = "modifier_banque"
    TELECHARGER = "telecharger"
    AUTORISER = "autoriser"
    PRENDRE_RENDEZ_VOUS = "prendre_rendez_vous"
    TELEPHONER = "telephoner"
    ENVOYER_MAIL = "envoyer_mail"
    ENVOYER_COURRIER = "envoyer_courrier"
    ENVOYER_DOCUMENT = "envoyer_document"
    REMBOURSER = "rembourser"


@dataclass(frozen=True)
class Vue:
    """What may be shown of a dossier, and done. `personne_id`: whose own informations « own » are; `refus`: why the rest is not.

    `qualite` is None when nobody stands there: the agent reads the dossier by his own right.
    """

    qualite: Qualite | None
    personne_id: str
    voir: frozenset[Information]
    faire: frozenset[Acte]
    refus: str


def vue_agent(responsable_id: str) -> Vue:
    """Return what an agent reads alone: all, but the contact details of others than the responsable (SEC-03)."""
    return Vue(None, responsable_id, frozenset(Information) - {Information.COORDONNEES_FOYER}, frozenset(Acte), "")


def vue_visiteur(qualite: Qualite, personne_id: str, le: date) -> Vue:
    """Return what a visitor may be shown and may do."""
    table = _table("visiteurs", le)
    ligne = table["qualites"][qualite]
    faire = {Acte(a) for a in ligne["faire"]}
    if qualite is Qualite.ENFANT and table["enfant_modifie_ses_coordonnees"]:
        faire.add(Acte.MODIFIER_COORDONNEES)
    return Vue(qualite, personne_id, frozenset(Information(i) for i in ligne["voir"]), frozenset(faire), ligne["refus"])


def vue_mandataire(vue: Vue, actes: frozenset[Acte]) -> Vue:
    """Return what a mandate adds to what its bearer may do; he reads the dossier if the person lets him consult it."""
    voir = vue.voir | (_voir_tout() if Acte.CONSULTER in actes else frozenset())
    return replace(vue, voir=voir, faire=vue.faire | actes)


def vue_ferme(vue: Vue, ferme_le: date | None, le: date) -> Vue:
    """Return what is left of a view once the dossier is closed: it is read, and its body is written to (AUT-12)."""
    if not est_ferme(ferme_le, le):
        return vue
    return replace(vue, faire=vue.faire & actes_si_ferme(le), refus=refus_si_ferme(le))


def est_ferme(ferme_le: date | None, le: date) -> bool:
    """Tell whether a dossier is closed on a day."""
    return ferme_le is not None and ferme_le <= le


def actes_si_ferme(le: date) -> frozenset[Acte]:
    """Return what may still be done with a closed dossier."""
    return frozenset(Acte(a) for a in _table("dossier_ferme", le)["faire"])


def refus_si_ferme(le: date) -> str:
    """Return what is said in the place of the rest."""
    refus: str = _table("dossier_ferme", le)["refus"]
    return refus


def _voir_tout() -> frozenset[Information]:
    return vue_visiteur(Qualite.ALLOCATAIRE, "", date.today()).voir


def nom_acte(acte: Acte) -> str:
    """Return the words for an act."""
    nom: str = donnees("visiteurs.yaml")["actes"][acte]
    return nom


def nom_qualite(qualite: Qualite, *, court: bool = False) -> str:
    """Return the words for a quality, or a shorter form for the head of a column."""
    nom: str = _table("visiteurs", date.today())["qualites"][qualite]["court" if court else "libelle"]
    return nom


@lru_cache(4)
def _table(nom: str, le: date) -> Any:  # noqa: ANN401 (the shape is the rule's own)
    """Return a rule of a day; what was before the first one is not known, and a workstation's clock may say 1970."""
    fichier = donnees("visiteurs.yaml")
    return en_vigueur(fichier, nom, max(le, min(version["effet_le"] for version in fichier[nom])))


def qualites_possibles(role: RoleMembre, ne_le: date, autorise_le: date | None, le: date) -> tuple[Qualite, ...]:
    """Return the qualities in which somebody may stand for a member of a dossier, his own first: the dossier decides, not the agent."""
    soi: tuple[Qualite, ...]
    if role is RoleMembre.RESPONSABLE:
        soi = (Qualite.ALLOCATAIRE,)
    elif role is RoleMembre.CONJOINT:
        soi = (Qualite.CONJOINT_AUTORISE if autorise_le is not None and autorise_le <= le else Qualite.CONJOINT,)
    else:
        ans = _table("age_espace_personnel", le)["ans"]
        soi = (Qualite.ENFANT,) if ne_le + relativedelta(years=ans) <= le else ()
    return (*soi, *REPRESENTANTS) if role is RoleMembre.RESPONSABLE else soi


REPRESENTANTS = (Qualite.TUTEUR_PHYSIQUE, Qualite.TUTEUR_MORAL, Qualite.TIERS_MANDATE)
"""Those who stand there for somebody else, and whose name is asked."""
