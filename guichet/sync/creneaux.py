"""Keeping a small block of slots that this desk may promise while offline (design/sync.md §7)."""

from datetime import UTC, date, datetime, timedelta

from guichet.contract.codes import Code
from guichet.contract.sync import Possession, Restitution
from guichet.ressources import donnees
from guichet.rules.creneaux import fin_de_fenetre
from guichet.rules.regles import en_vigueur
from guichet.store import agents, creneaux, replique
from guichet.store.coffre import Coffre
from guichet.sync.client import ClientCentre
from guichet.sync.erreurs import ReponseRefusee


def tenir(coffre: Coffre, client: ClientCentre, appareil: str) -> list[str]:
    """Give back what is over, renew what has aged, ask for what is missing; return the agendas in which something moved.

    Nothing is asked when nothing is due.
    """
    touches = []
    with coffre.lecture() as connexion:
        agendas = [c.portee for c in replique.curseurs(connexion).values() if c.genre == "agenda" and not c.relecture]
    for portee in agendas:
        try:
            rendu, pris = _rendre(coffre, client, appareil, portee), _prendre(coffre, client, appareil, portee)
            if rendu or pris:
                touches.append(portee)
        except ReponseRefusee as refus:
            if refus.code not in (Code.PANNE, Code.PORTEE_INTERDITE):
                raise
    return touches


def _rendre(coffre: Coffre, client: ClientCentre, appareil: str, portee: str) -> bool:
    with coffre.ecriture() as connexion:
        creneaux.abandonner(connexion, portee, appareil, creneaux.horloge())
        paires, barriere = creneaux.a_rendre(connexion, portee)
    if not paires:
        return False
    rendus = client.rendre(Restitution(appareil, portee, paires, barriere))
    with coffre.ecriture() as connexion:
        creneaux.noter_rendus(connexion, portee, appareil, rendus)
    return bool(rendus)


def _prendre(coffre: Coffre, client: ClientCentre, appareil: str, portee: str) -> bool:
    regle = en_vigueur(donnees("regles.yaml"), "creneaux_confies", date.today())
    pris = creneaux.horloge()
    with coffre.lecture() as connexion:
        agent = agents.agent(connexion)
        if agent is None or agent.site_id is None:
            return False
        maintenant = datetime.now(UTC)
        libres = creneaux.candidats(
            connexion, portee, agent.site_id, maintenant + timedelta(hours=1), fin_de_fenetre(maintenant, regle["jours_ouvres"])
        )
        tenus = creneaux.tenus(connexion, portee)
        vieux = creneaux.a_renouveler(connexion, portee, pris)
        guichets = max(agents.guichets_du_site(connexion, agent.site_id), 1)
    part = min(-(-(len(libres) + len(tenus)) * regle["part_pct"] // 100 // guichets), regle["au_plus"])
    voulus = [*vieux, *_espaces(libres, max(part - len(tenus), 0))]
    if not voulus:
        return False
    accord = client.posseder(Possession(appareil, portee, voulus))
    with coffre.ecriture() as connexion:
        creneaux.accorder(connexion, portee, accord.accordes, pris, accord.duree_s)
    return bool(accord.accordes)


def _espaces(ids: list[str], nombre: int) -> list[str]:
    """Choose so many slots spread over the list, so that the block offers hours all day."""
    return [ids[rang * len(ids) // nombre] for rang in range(min(nombre, len(ids)))] if nombre else []
