"""Processing times and the names of things."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import Connection

from guichet.ressources import donnees
from guichet.rules.delais import Avancement, avancement
from guichet.rules.recherche import plier
from guichet.services.session import Session
from guichet.store import reperes as depot


@dataclass(frozen=True)
class Fenetre:
    """The arrival dates being worked on, both included, and when this was published."""

    du: date
    au: date
    publie_le: date


def delais(connexion: Connection, organisme_id: str) -> Mapping[str, Fenetre]:
    """Return a body's windows by family of requests."""
    return {d.famille: Fenetre(d.arrivees_du, d.arrivees_au, d.publie_le) for d in depot.delais(connexion, organisme_id)}


def prestations(session: Session, saisie: str) -> Sequence[str]:
    """Return the benefits whose code or words begin with what is typed."""
    voulu = plier(saisie)
    if len(voulu) < 2:
        return []
    with session.coffre.lecture() as connexion:
        toutes = depot.prestations(connexion)
    return [f"{libelle} ({code})" for code, libelle in toutes if any(m.startswith(voulu) for m in plier(f"{code} {libelle}").split())]


def dire_delai(fenetres: Mapping[str, Fenetre], famille: str, arrivee: date) -> str:
    """Say in words where an arrival stands (SUI-03)."""
    fenetre = fenetres.get(famille)
    if fenetre is None:
        return ""
    traite = f"La caisse traite les demandes arrivées du {fenetre.du:%d/%m/%Y} au {fenetre.au:%d/%m/%Y}. "
    suites = {
        Avancement.EN_ATTENTE: "En attente, inutile de relancer.",
        Avancement.EN_COURS: "En cours de traitement.",
        Avancement.DEVRAIT_ETRE_TRAITEE: "Devrait être traitée : vous pouvez relancer.",
    }
    return traite + suites[avancement(arrivee, fenetre.du, fenetre.au)]


@cache
def types_de_piece() -> tuple[tuple[str, str], ...]:
    """Return the kinds of papers that may be sent: code and words."""
    return tuple((p["code"], p["libelle"]) for p in donnees("pieces.yaml")["pieces"])


def nom_piece(code: str) -> str:
    """Return the words for a kind of paper."""
    return dict(types_de_piece()).get(code, code)
