"""Ownership of slots: a device may confirm offline only what was handed over to it (design/sync.md §7, I12)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from guichet.central.fil import Ecrit, ecrire_entites, publier
from guichet.central.refus import RefusCentre
from guichet.central.services import journal
from guichet.central.tables import lane, reglage
from guichet.contract.codes import Code
from guichet.contract.sync import Accord, Possession, Restitution
from guichet.models import Creneau
from guichet.models.enums import EtatCreneau
from guichet.ressources import donnees
from guichet.rules.regles import en_vigueur

_C = Creneau.__table__


def posseder(connexion: Connection, demande: Possession) -> Accord:
    """Hand free slots over to a device; it keeps its number when it asks again. Raises RefusCentre 409 while the centre recovers."""
    if connexion.scalar(select(reglage.c.retablissement)):
        raise RefusCentre(409, Code.PANNE, "Le centre se rétablit : les créneaux ne sont pas confiés pour l'instant.")
    regle = en_vigueur(donnees("regles.yaml"), "creneaux_confies", date.today())
    duree = timedelta(hours=regle["duree_heures"])
    ecrits = []
    for c in _verrouiller(connexion, demande.portee, demande.creneaux[: regle["au_plus"]]):
        if c["etat"] != EtatCreneau.LIBRE or c["own_device"] not in (None, demande.appareil):
            continue
        numero = (c["own_no"] or 0) + (c["own_device"] is None)
        ecrits.append(
            Ecrit("creneau", c["id"], c | {"own_device": demande.appareil, "own_no": numero, "own_until": datetime.now(UTC) + duree})
        )
    _inscrire(connexion, demande.portee, ecrits)
    return Accord([(e.id, e.valeurs["own_no"]) for e in ecrits if e.valeurs], round(duree.total_seconds()))


def rendre(connexion: Connection, demande: Restitution) -> list[str]:
    """Take back what a device gives up, once everything it wrote before has been executed (the barrier); return the slots now free."""
    cle = (lane.c.scope_id == demande.portee) & (lane.c.device_id == demande.appareil)
    if (connexion.scalar(select(lane.c.last).where(cle).with_for_update()) or 0) < demande.barriere:
        return []
    numeros = dict(demande.paires)
    ecrits = [
        _libere(c)
        for c in _verrouiller(connexion, demande.portee, list(numeros))
        if c["own_device"] == demande.appareil and c["own_no"] == numeros[c["id"]]
    ]
    _inscrire(connexion, demande.portee, ecrits)
    return [e.id for e in ecrits]


def reprendre(connexion: Connection, portee: str, appareil: str, agent_id: str) -> list[str]:
    """Take back every slot of a device that does not come back: a person's decision, journaled.

    A booking that this device confirmed meanwhile is then refused with alternatives, never dropped.
    """
    ids = list(connexion.scalars(select(_C.c.id).where(_C.c.scope_id == portee, _C.c.own_device == appareil)))
    ecrits = [_libere(c) for c in _verrouiller(connexion, portee, ids)]
    _inscrire(connexion, portee, ecrits)
    journal.noter(connexion, portee, agent_id, "reprise_creneaux", appareil)
    return [e.id for e in ecrits]


def _libere(creneau: dict[str, Any]) -> Ecrit:
    """The number stays: the next owner takes the one above, and the former owner's is worth nothing (the fence)."""
    return Ecrit("creneau", creneau["id"], creneau | {"own_device": None, "own_until": None})


def _inscrire(connexion: Connection, portee: str, ecrits: Sequence[Ecrit]) -> None:
    ecrire_entites(connexion, portee, ecrits)
    publier(connexion, portee, ecrits)


def _verrouiller(connexion: Connection, portee: str, ids: Sequence[str]) -> list[dict[str, Any]]:
    requete = select(_C).where(_C.c.scope_id == portee, _C.c.id.in_(ids)).order_by(_C.c.id).with_for_update()
    return [dict(x) for x in connexion.execute(requete).mappings()]
