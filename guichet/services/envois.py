"""What was done here and what became of it: lines to mend, to withdraw, to hand to support; values that somebody else wrote."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection

from guichet.contract.sync import Mutation
from guichet.models.enums import Role
from guichet.services.session import Refus, Session, maintenant
from guichet.store import appareil, sortie
from guichet.store import avis as depot_avis
from guichet.store.avis import AvisRecu
from guichet.store.disque import ecrire_durablement
from guichet.store.sortie import A_REVOIR, Envoi, EtatEnvoi

CHAMPS = {
    "loyer_cents": "Loyer", "valeur": "Coordonnée", "code_postal": "Code postal", "commune": "Commune", "iban": "IBAN",
    "situation": "Situation familiale", "depuis": "Depuis le", "nom_naissance": "Nom de naissance", "nom_usage": "Nom d'usage",
    "prenoms": "Prénoms", "ne_le": "Date de naissance", "etat": "État",
}  # fmt: skip
"""The words for the fields that may differ."""
_A_CORRIGER = {"declaration": "loyer_cents", "contact": "valeur", "dossier": "iban", "identifiant": "valeur", "foyer": "situation"}
"""Which field of a refused act a person may type again."""


@dataclass(frozen=True)
class LigneEnvoi:
    """One act. `champ` may be typed again; `la_mienne` and `du_centre` are its two values in a conflict, the latter by `auteur` at `le`."""

    opid: str
    libelle: str
    etat: EtatEnvoi
    provisoire: bool
    detail: str
    saisi_le: datetime
    champ: str
    la_mienne: Any
    en_conflit: bool
    du_centre: Any
    auteur: str
    le: datetime | None
    a_contenu: bool

    @property
    def a_revoir(self) -> bool:
        """Whether a person has something to decide."""
        return self.etat in A_REVOIR


def lister(session: Session) -> list[LigneEnvoi]:
    """Return the acts, those to look at first; the journal's own lines are not acts of a person."""
    with session.coffre.lecture() as connexion:
        return [_ligne(e) for e in sortie.lister(connexion) if not e.libelle.startswith("Journal")]


def avis(session: Session) -> list[AvisRecu]:
    """Return the words to this agent that he has not read."""
    agent = session.agent()
    with session.coffre.lecture() as connexion:
        return list(depot_avis.non_lus(connexion, agent.id, responsable=agent.role == Role.RESPONSABLE))


def marquer_lu(session: Session, recu: AvisRecu) -> None:
    """Note that a word was read."""
    with session.coffre.ecriture() as connexion:
        lu = Mutation("set", "avis", recu.id, {"lu_le": maintenant().isoformat()}, {"lu_le": None})
        sortie.poster(connexion, recu.portee, "Avis lu", [lu])


def retirer(session: Session, opid: str) -> None:
    """Withdraw a refused act: what it had made here goes, the centre's own stays. Raises Refus when there is nothing to withdraw."""
    with session.coffre.ecriture() as connexion:
        sortie.regler(connexion, _a_revoir(connexion, opid), "Retiré par vous.")


def renvoyer(session: Session, opid: str, valeur: Any = None) -> None:  # noqa: ANN401 (the field's own kind)
    """Send a refused act again, with another value of its field if one is given; what the centre has is then what it is based on.

    Raises Refus when its content is no longer here.
    """
    with session.coffre.ecriture() as connexion:
        envoi = _a_revoir(connexion, opid)
        if not envoi.mutations:
            raise Refus("Le contenu de cet envoi n'est plus sur ce poste : il est gardé au centre, pour l'assistance.")
        champ = _A_CORRIGER.get(envoi.mutations[0].type, "")
        mutations = [_reprise(m, champ, valeur, envoi.reponse.get("serveur", {})) for m in envoi.mutations]
        sortie.regler(connexion, envoi, "Renvoyé.")
        sortie.poster(connexion, envoi.portee, envoi.libelle, mutations, sortie.parent(connexion, opid))


def transmettre(session: Session, opid: str, chemin: Path) -> None:
    """Write an act in a file that the centre alone can open, to be handed to support. Raises Refus, or OSError."""
    with session.coffre.lecture() as connexion:
        envoi, boite = _a_revoir(connexion, opid), appareil.boite(connexion)
    if boite is None:
        raise Refus("Ce poste n'a jamais rencontré le centre : il ne peut pas encore chiffrer pour lui.")
    contenu = {
        "opid": envoi.opid, "portee": envoi.portee, "libelle": envoi.libelle, "etat": envoi.etat, "code": envoi.code, "detail": envoi.detail,
        "saisi_le": envoi.saisi_le, "mutations": envoi.mutations, "reponse": envoi.reponse,
    }  # fmt: skip
    ecrire_durablement(chemin, boite.encrypt(msgspec.json.encode(contenu)))


def _reprise(mutation: Mutation, champ: str, valeur: Any, serveur: dict[str, Any]) -> Mutation:  # noqa: ANN401
    nouveau = dict(mutation.set)
    if valeur is not None and champ in nouveau:
        nouveau[champ] = valeur
    base = {nom: serveur.get(nom, mutation.was.get(nom)) for nom in nouveau} if mutation.k == "set" else {}
    return Mutation(mutation.k, mutation.type, mutation.id, nouveau, base)


def _a_revoir(connexion: Connection, opid: str) -> Envoi:
    envoi = sortie.lire(connexion, opid)
    if envoi is None or envoi.etat not in A_REVOIR:
        raise Refus("Cet envoi n'est plus à revoir.")
    return envoi


def _ligne(e: Envoi) -> LigneEnvoi:
    mutation = e.mutations[0] if e.mutations else None
    champ = _A_CORRIGER.get(mutation.type, "") if mutation else ""
    champ = champ if mutation and champ in mutation.set else ""
    serveur = e.reponse.get("serveur", {})
    vu = e.reponse.get("champ") or champ
    return LigneEnvoi(
        opid=e.opid, libelle=e.libelle, etat=e.etat, provisoire=e.provisoire, detail=e.detail, saisi_le=e.saisi_le, champ=vu,
        la_mienne=mutation.set.get(vu) if mutation else None, en_conflit=e.etat is EtatEnvoi.REFUSE and bool(e.reponse.get("champ")),
        du_centre=serveur.get(vu), auteur=e.reponse.get("auteur", ""),
        le=datetime.fromisoformat(e.reponse["le"]) if e.reponse.get("le") else None, a_contenu=mutation is not None,
    )  # fmt: skip
