"""Finding people of the organisme's other sites by their name: masked, since opening their dossier wants a reason (glace.py)."""

import hashlib
from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, FromClause, Select, and_, intersect, select

from guichet.central.base import BaseCentre
from guichet.central.jetons import AgentConnecte
from guichet.central.refus import RefusCentre
from guichet.central.services import journal
from guichet.central.services.glace import voisines
from guichet.central.tables import mot
from guichet.contract.codes import Code
from guichet.contract.sync import RechercheHorsPortee, ResultatsHorsPortee, TrouveHorsPortee
from guichet.models import Dossier, Membre, Personne
from guichet.rules.recherche import plier

LIMITE = 50
SIGNES = 3
"""How long the longest word must be: a letter is half the country."""
_MOTS_AU_PLUS = 8
_APRES = "\U0010ffff"


def chercher(base: BaseCentre, agent: AgentConnecte, demande: RechercheHorsPortee) -> ResultatsHorsPortee:
    """Return who begins like that in the other sites, in the order of their names; journaled by its hash. Raises RefusCentre 400."""
    cherches = sorted({m for saisi in demande.mots for m in plier(saisi).split()}, key=len, reverse=True)
    if not cherches or len(cherches[0]) < SIGNES or len(cherches) > _MOTS_AU_PLUS:
        raise RefusCentre(400, Code.REQUETE_INVALIDE, f"Donnez au moins {SIGNES} lettres du nom.")
    empreinte = hashlib.sha256(f"{agent.agent_id} {' '.join(cherches)}".encode()).hexdigest()[:16]
    base.ecrire(
        lambda c: journal.noter(c, agent.portee_agent, agent.agent_id, "recherche_hors_portee", empreinte, "", agent.nom),
        agent.portee_agent,
    )
    portees = voisines(base, agent)
    if not portees:
        return ResultatsHorsPortee([], plus=False)
    with base.lecture(*portees) as connexion:
        lus = connexion.execute(requete(portees, cherches, demande)).all()
    lus = sorted(lus, key=lambda x: plier(f"{x.nom_naissance} {x.prenoms}"))
    trouves = [TrouveHorsPortee(x.scope_id, x.id, x.nom_naissance, x.prenoms[:1], x.ne_le.year, x.organisme_nom) for x in lus]
    return ResultatsHorsPortee(trouves[:LIMITE], plus=len(trouves) > LIMITE)


def requete(portees: Sequence[str], cherches: Sequence[str], demande: RechercheHorsPortee) -> Select[str, str, str, str, str, date]:
    """Return the one statement of a search, the first found: no order, which would have everybody read before the first is shown."""
    qui = _qui(portees, cherches, demande).limit(LIMITE + 1).subquery()
    return (
        select(Dossier.scope_id, Dossier.id, Dossier.organisme_nom, Personne.nom_naissance, Personne.prenoms, Personne.ne_le)
        .select_from(qui)
        .join(Personne, and_(Personne.scope_id == qui.c.scope_id, Personne.id == qui.c.personne_id))
        .join(Membre, and_(Membre.scope_id == Personne.scope_id, Membre.personne_id == Personne.id))
        .join(Dossier, and_(Dossier.scope_id == Membre.scope_id, Dossier.id == Membre.dossier_id))
        .where(Personne.scope_id.in_(portees))
        .limit(LIMITE + 1)
    )


def _qui(portees: Sequence[str], cherches: Sequence[str], demande: RechercheHorsPortee) -> Select[str, str]:
    """Return who has all the words.

    Long words are few people's: their lists are intersected, from the index alone. A short one is common: it is looked up for each person
    found, and fifty are soon found.
    """
    longs = [m for m in cherches if len(m) >= SIGNES]
    listes = [select(mot.c.scope_id, mot.c.personne_id).where(mot.c.scope_id.in_(portees), _commence(mot, m)) for m in longs]
    ensemble = (listes[0] if len(listes) == 1 else intersect(*listes)).subquery()
    trouves = select(ensemble.c.scope_id, ensemble.c.personne_id)
    for court in cherches[len(longs) :]:
        autre = mot.alias()
        meme = and_(autre.c.scope_id == ensemble.c.scope_id, autre.c.personne_id == ensemble.c.personne_id, autre.c.scope_id.in_(portees))
        trouves = trouves.where(select(autre.c.mot).where(meme, _commence(autre, court)).exists())
    if demande.ne_du is not None and demande.ne_au is not None:
        nee = Personne.__table__.alias()
        trouves = trouves.join(nee, and_(nee.c.scope_id == ensemble.c.scope_id, nee.c.id == ensemble.c.personne_id)).where(
            nee.c.scope_id.in_(portees), nee.c.ne_le >= demande.ne_du, nee.c.ne_le <= demande.ne_au
        )
    return trouves


def _commence(table: FromClause, debut: str) -> ColumnElement[bool]:
    return and_(table.c.mot >= debut, table.c.mot < debut + _APRES)
