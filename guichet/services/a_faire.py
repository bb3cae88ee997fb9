"""What waits for an advisor of the site: documents put aside, answers long overdue, mandates about to end, people who may be one."""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from guichet.ressources import regle_du_jour
from guichet.services import doublons, journal, mandats, reperes
from guichet.services.session import Refus, Session
from guichet.store import demarches as depot
from guichet.store import documents, visites
from guichet.store import reperes as depot_reperes
from guichet.store.demarches import SansReponse
from guichet.store.documents import EnQuarantaine
from guichet.store.doublons import DoublonLu
from guichet.store.mandats import FinProche

LIMITE = 50


@dataclass(frozen=True)
class AFaire:
    """The first of each; `plus`: there are more late answers than shown; `doublons`: to look at, then joined lately."""

    retards: tuple[SansReponse, ...]
    plus: bool
    mandats: tuple[FinProche, ...]
    doublons: tuple[DoublonLu, ...]
    quarantaine: tuple[EnQuarantaine, ...]


def lire(session: Session, aujourd_hui: date) -> AFaire:
    """Return what waits on this workstation's site; it names people, so it is journaled. Raises Refus in front of a visitor."""
    agent = session.agent()
    depuis = aujourd_hui - relativedelta(months=regle_du_jour("historique_paiements")["mois"])
    retards = list[SansReponse]()
    with session.coffre.lecture() as connexion:
        if visites.en_cours(connexion):
            raise Refus("Cette liste nomme d'autres personnes : terminez d'abord la visite.")
        for organisme in depot_reperes.organismes_qui_publient(connexion):
            for famille, au in reperes.delais(connexion, organisme).retards(depuis, aujourd_hui).items():
                retards += depot.sans_reponse(connexion, agent.travail, famille, organisme, depuis, au, LIMITE + 1)
        quarantaine = documents.en_quarantaine(connexion, agent.travail, depuis, LIMITE)
    with session.coffre.ecriture() as connexion:
        journal.noter(connexion, agent, "a_faire", agent.travail)
    retards.sort(key=lambda r: r.deposee_le)
    return AFaire(
        tuple(retards[:LIMITE]),
        len(retards) > LIMITE,
        tuple(mandats.bientot_finis(session)),
        tuple(doublons.a_examiner(session)),
        tuple(quarantaine),
    )
