"""What the centre makes of each kind of fact: one judge per kind, deny by default."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, case, func, select, update

from guichet.central.fil import Ecrit, lire_entite
from guichet.central.jetons import AgentConnecte
from guichet.central.tables import blob
from guichet.contract import corps
from guichet.contract.codes import Code, Etat
from guichet.contract.sync import Mutation, Operation
from guichet.models import Creneau, Declaration, Document, Journal, RendezVous, Reservation, uuid7
from guichet.models.enums import EtatCreneau, EtatDeclaration, EtatDocument, EtatLoyer, EtatRendezVous

ALTERNATIVES = 3
_REFUSEE = {"etat": str(EtatDeclaration.REFUSEE)}


class RefusOperation(Exception):
    """A rule says no; `detail` is French and says what to do; `serveur` is the row as the centre has it."""

    def __init__(self, etat: Etat, code: Code, detail: str, serveur: dict[str, Any] | None = None) -> None:
        super().__init__(detail)
        self.etat, self.code, self.detail, self.serveur = etat, code, detail, serveur or {}


@dataclass
class Jugement:
    """What an accepted operation writes, and the word for it."""

    ecrits: list[Ecrit] = field(default_factory=list)
    etat: Etat = Etat.APPLIQUE
    detail: str = ""


@dataclass(frozen=True)
class Cas:
    """One mutation before its judge."""

    connexion: Connection
    agent: AgentConnecte
    portee: str
    mutation: Mutation

    @property
    def valeurs(self) -> dict[str, Any]:
        """The mutation's fields as columns."""
        return corps.lire(self.mutation.type, self.mutation.set)


Juge = Callable[[Cas, Jugement], None]


def juger(connexion: Connection, agent: AgentConnecte, portee: str, operation: Operation) -> Jugement:
    """Judge every mutation of one operation. Raises RefusOperation, and then nothing of it is written."""
    jugement = Jugement()
    for mutation in operation.muts:
        juge = _JUGES.get((mutation.k, mutation.type))
        if juge is None:
            raise RefusOperation(Etat.INTERDIT, Code.ECRITURE_INTERDITE, "Un poste ne peut pas écrire cette donnée.")
        juge(Cas(connexion, agent, portee, mutation), jugement)
    return jugement


def _visite_ouverte(cas: Cas, jugement: Jugement) -> None:
    jugement.ecrits.append(_nouveau(cas, cas.valeurs | {"agent_id": cas.agent.agent_id, "fermee_le": None}))


def _visite_fermee(cas: Cas, jugement: Jugement) -> None:
    avant = _existant(cas)
    if set(cas.mutation.set) != {"fermee_le"} or avant["agent_id"] != cas.agent.agent_id:
        raise RefusOperation(Etat.INTERDIT, Code.ECRITURE_INTERDITE, "Seul l'agent qui a ouvert une visite la termine.")
    fermee = datetime.fromisoformat(cas.mutation.set["fermee_le"])
    jugement.ecrits.append(Ecrit("visite", cas.mutation.id, avant | {"fermee_le": fermee}))


def _journal(cas: Cas, _: Jugement) -> None:
    valeurs = cas.valeurs | {"agent_id": cas.agent.agent_id, "scope_id": cas.portee, "id": cas.mutation.id}
    if lire_entite(cas.connexion, "journal", cas.portee, cas.mutation.id) is None:
        cas.connexion.execute(Journal.__table__.insert().values(**valeurs))  # type: ignore[attr-defined]


def _document(cas: Cas, jugement: Jugement) -> None:
    valeurs = cas.valeurs
    if lire_entite(cas.connexion, "dossier", cas.portee, valeurs["dossier_id"]) is None:
        raise RefusOperation(Etat.ABSENT, Code.INTROUVABLE, "Ce dossier n'est pas suivi par ce site : le document reste sur le poste.")
    complet = cas.connexion.scalar(
        select(func.count()).select_from(blob).where(blob.c.scope_id == cas.portee, blob.c.sha256 == valeurs["sha256"])
    )
    valeurs["etat"] = EtatDocument.RECU if complet else EtatDocument.A_ENVOYER
    jugement.ecrits.append(_nouveau(cas, valeurs))


def documents_recus(connexion: Connection, portee: str, sha256: str) -> list[Ecrit]:
    """Return the documents that were waiting for a file that is now whole."""
    d = Document.__table__
    attente = connexion.execute(
        select(d).where(d.c.scope_id == portee, d.c.sha256 == sha256, d.c.etat == EtatDocument.A_ENVOYER)
    ).mappings()
    return [Ecrit("document", ligne["id"], dict(ligne) | {"etat": EtatDocument.RECU}) for ligne in attente]


def _declaration(cas: Cas, jugement: Jugement) -> None:
    valeurs = cas.valeurs
    locataire = lire_entite(cas.connexion, "locataire", cas.portee, valeurs["locataire_id"], verrou=True)
    if locataire is None:
        raise RefusOperation(Etat.ABSENT, Code.LOCATAIRE_INCONNU, "Ce locataire n'est pas ou plus celui de ce bailleur.", _REFUSEE)
    if not isinstance(valeurs["loyer_cents"], int) or valeurs["loyer_cents"] <= 0:
        raise RefusOperation(Etat.REFUSE, Code.LOYER_INVALIDE, "Le loyer déclaré doit être supérieur à zéro.", _REFUSEE)
    d = Declaration.__table__
    deja = cas.connexion.scalar(
        select(func.count())
        .select_from(d)
        .where(
            d.c.scope_id == cas.portee, d.c.locataire_id == valeurs["locataire_id"],
            d.c.type == valeurs["type"], d.c.mois == valeurs["mois"],
        )
    )  # fmt: skip
    if deja:
        raise RefusOperation(Etat.CONFLIT, Code.LOYER_DEJA_DECLARE, "Le loyer de ce locataire a déjà été déclaré pour ce mois.", _REFUSEE)
    jugement.ecrits.append(_nouveau(cas, valeurs | {"etat": EtatDeclaration.ACCEPTEE}))
    jugement.ecrits.append(
        Ecrit("locataire", locataire["id"], locataire | {"loyer_etat": EtatLoyer.DECLARE, "loyer_cents": valeurs["loyer_cents"]})
    )


def _rendez_vous(cas: Cas, jugement: Jugement) -> None:
    valeurs = cas.valeurs
    c = Creneau.__table__
    pris = cas.connexion.execute(
        update(Creneau)
        .where(c.c.scope_id == cas.portee, c.c.id == valeurs["creneau_id"], c.c.etat == EtatCreneau.LIBRE)
        .values(etat=EtatCreneau.RESERVE)
    ).rowcount
    if pris:
        creneau = lire_entite(cas.connexion, "creneau", cas.portee, valeurs["creneau_id"])
        jugement.ecrits.append(Ecrit("creneau", valeurs["creneau_id"], creneau))
        cas.connexion.execute(
            Reservation.__table__.insert().values(  # type: ignore[attr-defined]
                scope_id=cas.portee, id=uuid7(), creneau_id=valeurs["creneau_id"], rendez_vous_id=cas.mutation.id, vivante=True
            )
        )
        valeurs |= {"etat": EtatRendezVous.CONFIRME, "alternatives": None}
    else:
        jugement.etat = Etat.CRENEAU_PRIS
        jugement.detail = "Ce créneau vient d'être pris. Proposez une des trois autres dates."
        valeurs |= {"etat": EtatRendezVous.REFUSE, "alternatives": _alternatives(cas, valeurs["creneau_id"])}
    jugement.ecrits.append(_nouveau(cas, valeurs))


def _alternatives(cas: Cas, creneau_id: str) -> list[str]:
    """Return the nearest free slots: same site and mode first, then the soonest anywhere."""
    c = Creneau.__table__
    voulu = lire_entite(cas.connexion, "creneau", cas.portee, creneau_id)
    libres = select(c.c.id).where(c.c.scope_id == cas.portee, c.c.etat == EtatCreneau.LIBRE, c.c.debut > datetime.now(UTC))
    if voulu is not None:
        ailleurs = case((c.c.site_id == voulu["site_id"], 0), else_=1)
        libres = libres.where(c.c.debut >= voulu["debut"]).order_by(ailleurs)
    return list(cas.connexion.scalars(libres.order_by(c.c.debut, c.c.id).limit(ALTERNATIVES)))


def _rendez_vous_annule(cas: Cas, jugement: Jugement) -> None:
    avant = _existant(cas)
    if cas.mutation.set != {"etat": EtatRendezVous.ANNULE}:
        raise RefusOperation(Etat.INTERDIT, Code.ECRITURE_INTERDITE, "Un rendez-vous ne peut qu'être annulé.")
    if avant["etat"] != EtatRendezVous.CONFIRME:
        raise RefusOperation(
            Etat.CONFLIT, Code.DEJA_ANNULE, "Ce rendez-vous n'est plus en cours : il n'y a rien à annuler.", {"etat": avant["etat"]}
        )
    r = Reservation.__table__
    cas.connexion.execute(
        update(Reservation).where(r.c.scope_id == cas.portee, r.c.rendez_vous_id == cas.mutation.id).values(vivante=False)
    )
    creneau = lire_entite(cas.connexion, "creneau", cas.portee, avant["creneau_id"], verrou=True)
    jugement.ecrits.append(Ecrit("creneau", avant["creneau_id"], (creneau or {}) | {"etat": EtatCreneau.LIBRE}))
    jugement.ecrits.append(Ecrit("rendez_vous", cas.mutation.id, avant | {"etat": EtatRendezVous.ANNULE}))


def _nouveau(cas: Cas, valeurs: dict[str, Any]) -> Ecrit:
    """Write a fact once: a second `new` of the same id, alive or buried, is refused (I7)."""
    if lire_entite(cas.connexion, cas.mutation.type, cas.portee, cas.mutation.id) is not None:
        raise RefusOperation(Etat.CONFLIT, Code.REQUETE_INVALIDE, "Cette saisie est déjà enregistrée au centre.")
    return Ecrit(cas.mutation.type, cas.mutation.id, valeurs)


def _existant(cas: Cas) -> dict[str, Any]:
    avant = lire_entite(cas.connexion, cas.mutation.type, cas.portee, cas.mutation.id, verrou=True)
    if avant is None:
        raise RefusOperation(Etat.ABSENT, Code.INTROUVABLE, "Le centre ne trouve pas ce que vous modifiez.")
    return avant


_JUGES: dict[tuple[str, str], Juge] = {
    ("new", "visite"): _visite_ouverte,
    ("set", "visite"): _visite_fermee,
    ("new", "journal"): _journal,
    ("new", "document"): _document,
    ("new", "declaration"): _declaration,
    ("new", RendezVous.__tablename__): _rendez_vous,
    ("set", RendezVous.__tablename__): _rendez_vous_annule,
}
