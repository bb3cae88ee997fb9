"""« Bris de glace » outside of one's scope: a dossier of the same organisme, by its exact number or out of a search, with a reason; its responsables are told.

Nothing of it is written on the workstation, and neither the NIR nor the bank account travels.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, func, select

from guichet.central.base import BaseCentre
from guichet.central.fil import Ecrit, inscrire, portees_du_genre
from guichet.central.jetons import AgentConnecte
from guichet.central.refus import RefusCentre
from guichet.central.services import journal
from guichet.central.services.export import lignes_de
from guichet.contract.codes import Code
from guichet.contract.sync import BrisDeGlace, DossierHorsPortee
from guichet.models import Dossier, uuid7
from guichet.models.activite import BRIS_DE_GLACE, RESPONSABLES
from guichet.ressources import regle_du_jour
from guichet.rules.visiteurs import Information, vue_agent

_TUES = {Information.BANQUE, Information.VISITES, Information.DOCUMENTS}
"""What a dossier of another site does not tell, nor the NIR."""


def briser(base: BaseCentre, agent: AgentConnecte, demande: BrisDeGlace) -> DossierHorsPortee:
    """Return a dossier of another site of the agent's organisme. Raises RefusCentre 400 without a reason, 404 when there is none.

    What was looked for in vain is journaled too, in the agent's own scope.
    """
    regle, motif = regle_du_jour("bris_de_glace"), demande.motif
    cherche = Dossier.id == demande.dossier if demande.dossier else Dossier.numero == demande.numero
    if len(motif.strip()) < regle["signes"]:
        raise RefusCentre(400, Code.REQUETE_INVALIDE, f"Dites pourquoi, en {regle['signes']} caractères au moins.")
    with base.lecture() as connexion:
        autres = voisines(connexion, agent)
    for portee in autres:
        with base.lecture(portee) as connexion:
            reste = func.coalesce(Dossier.fusionne_dans, Dossier.id)
            dossier = connexion.scalar(select(reste).where(Dossier.scope_id == portee, cherche))
        if dossier is not None:
            lues = base.ecrire(partial(_montrer, agent=agent, portee=portee, dossier=dossier, motif=motif.strip()), portee)
            fin = datetime.now(UTC) + timedelta(minutes=regle["minutes"])
            return DossierHorsPortee(portee, fin.isoformat(), lues)
    base.ecrire(
        lambda c: journal.noter(c, agent.portee_agent, agent.agent_id, "recherche_hors_portee", "", motif.strip(), agent.nom),
        agent.portee_agent,
    )
    raise RefusCentre(404, Code.INTROUVABLE, "Aucun autre site de votre organisme n'a de dossier à ce numéro. La recherche est au journal.")


def _montrer(connexion: Connection, agent: AgentConnecte, portee: str, dossier: str, motif: str) -> dict[str, list[dict[str, Any]]]:
    """Read a dossier, and write in the same transaction who read it and why."""
    journal.noter(connexion, portee, agent.agent_id, BRIS_DE_GLACE, dossier, motif, agent.nom)
    inscrire(connexion, portee, [Ecrit("avis", uuid7(), {
        "agent_id": RESPONSABLES, "cible_type": "dossier", "cible_id": dossier, "champ": BRIS_DE_GLACE, "avant": None, "apres": None,
        "auteur": agent.nom, "le": datetime.now(UTC), "lu_le": None,
    })])  # fmt: skip
    responsable = connexion.scalars(select(Dossier.responsable_id).where(Dossier.scope_id == portee, Dossier.id == dossier)).one()
    vue = vue_agent(responsable)
    lignes = lignes_de(connexion, portee, dossier, replace(vue, voir=vue.voir - _TUES))
    lignes["identifiant"] = [x for x in lignes.get("identifiant", []) if x["type"] != "nir"]
    return lignes


def voisines(connexion: Connection, agent: AgentConnecte) -> Sequence[str]:
    """Return the sites of the agent's organisme that he does not work on (a site's scope is named after its organisme)."""
    organismes = {p.split(":")[1] for p in agent.portees if p.startswith("site:")}
    sites = portees_du_genre(connexion, "site")
    return [s for s in sites if s.split(":")[1] in organismes and s not in agent.portees]
