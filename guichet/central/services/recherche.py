"""Finding people of the organisme's other sites by their name: masked, since opening their dossier wants a reason (glace.py)."""

import hashlib
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, FromClause, Integer, Row, Select, and_, bindparam, intersect, select

from guichet.central.base import BaseCentre
from guichet.central.garde import elargir
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
_Trouves = Select[str, str, str, str, str, date]
_Ligne = Row[str, str, str, str, str, date]
_APRES = "\U0010ffff"


def chercher(base: BaseCentre, agent: AgentConnecte, demande: RechercheHorsPortee) -> ResultatsHorsPortee:
    """Return who begins like that in the other sites, in the order of their names; journaled by its hash. Raises RefusCentre 400."""
    cherches = sorted({m for saisi in demande.mots for m in plier(saisi).split()}, key=len, reverse=True)
    if not cherches or len(cherches[0]) < SIGNES or len(cherches) > _MOTS_AU_PLUS:
        raise RefusCentre(400, Code.REQUETE_INVALIDE, f"Donnez au moins {SIGNES} lettres du nom.")
    empreinte = hashlib.sha256(f"{agent.agent_id} {' '.join(cherches)}".encode()).hexdigest()[:16]

    def travail(connexion: Connection) -> list[_Ligne]:
        """Look and journal it, in one transaction: a search that was answered is told."""
        journal.noter(connexion, agent.portee_agent, agent.agent_id, "recherche_hors_portee", empreinte, "", agent.nom)
        return _lire(connexion, voisines(connexion, agent), cherches, demande)

    lus = sorted(base.ecrire(travail, agent.portee_agent), key=lambda x: plier(f"{x.nom_naissance} {x.prenoms}"))
    trouves = [TrouveHorsPortee(x.scope_id, x.id, x.nom_naissance, x.prenoms[:1], x.ne_le.year, x.organisme_nom) for x in lus]
    return ResultatsHorsPortee(trouves[:LIMITE], plus=len(trouves) > LIMITE)


def _lire(connexion: Connection, portees: Sequence[str], cherches: Sequence[str], demande: RechercheHorsPortee) -> list[_Ligne]:
    """Return the first found, site after site."""
    elargir(connexion, portees)
    ordre, valeurs = requete(cherches, demande)
    lus = list[_Ligne]()
    for portee in portees:
        lus += connexion.execute(ordre, valeurs | {"portee": portee, "limite": LIMITE + 1 - len(lus)}).all()
        if len(lus) > LIMITE:
            break
    return lus


def requete(cherches: Sequence[str], demande: RechercheHorsPortee) -> tuple[_Trouves, dict[str, Any]]:
    """Return the statement of a search in one site (`portee`, `limite`), and its values.

    One site at a time: PostgreSQL guesses badly what a list of them and row-level security leave together.
    """
    longs = sum(len(m) >= SIGNES for m in cherches)
    nee = demande.ne_du is not None and demande.ne_au is not None
    valeurs: dict[str, Any] = {"ne_du": demande.ne_du, "ne_au": demande.ne_au} if nee else {}
    for rang, m in enumerate(cherches):
        valeurs |= {f"mot{rang}": m, f"apres{rang}": m + _APRES}
    return _requete(longs, len(cherches), nee=nee), valeurs


@cache
def _requete(longs: int, mots: int, *, nee: bool) -> _Trouves:
    """Make the statement for so many words, the long ones first; made once for each shape.

    No order, which would have everybody read before the first is shown.
    """
    portee: BindParameter[str] = bindparam("portee")
    limite = bindparam("limite", type_=Integer)
    qui = _qui(portee, longs, mots, nee=nee).limit(limite).subquery()
    return (
        select(Dossier.scope_id, Dossier.id, Dossier.organisme_nom, Personne.nom_naissance, Personne.prenoms, Personne.ne_le)
        .select_from(qui)
        .join(Personne, and_(Personne.scope_id == qui.c.scope_id, Personne.id == qui.c.personne_id))
        .join(Membre, and_(Membre.scope_id == Personne.scope_id, Membre.personne_id == Personne.id))
        .join(Dossier, and_(Dossier.scope_id == Membre.scope_id, Dossier.id == Membre.dossier_id))
        .where(Personne.scope_id == portee, Dossier.fusionne_dans.is_(None))
        .limit(limite)
    )


def _qui(portee: BindParameter[str], longs: int, mots: int, *, nee: bool) -> Select[str, str]:
    """Return who has all the words.

    Long words are few people's: their lists are intersected, from the index alone. A short one is common: it is looked up for each person
    found, and fifty are soon found.
    """
    listes = [select(mot.c.scope_id, mot.c.personne_id).where(mot.c.scope_id == portee, _commence(mot, rang)) for rang in range(longs)]
    ensemble = (listes[0] if longs == 1 else intersect(*listes)).subquery()
    trouves = select(ensemble.c.scope_id, ensemble.c.personne_id)
    for rang in range(longs, mots):
        autre = mot.alias()
        meme = and_(autre.c.scope_id == ensemble.c.scope_id, autre.c.personne_id == ensemble.c.personne_id, autre.c.scope_id == portee)
        trouves = trouves.where(select(autre.c.mot).where(meme, _commence(autre, rang)).exists())
    if nee:
        nes = Personne.__table__.alias()
        trouves = trouves.join(nes, and_(nes.c.scope_id == ensemble.c.scope_id, nes.c.id == ensemble.c.personne_id)).where(
            nes.c.scope_id == portee, nes.c.ne_le >= bindparam("ne_du"), nes.c.ne_le <= bindparam("ne_au")
        )
    return trouves


def _commence(table: FromClause, rang: int) -> ColumnElement[bool]:
    return and_(table.c.mot >= bindparam(f"mot{rang}"), table.c.mot < bindparam(f"apres{rang}"))
