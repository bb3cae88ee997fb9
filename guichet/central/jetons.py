"""What a bearer token stands for: an access token of a sign-in or, outside production only, an opaque one given to a script."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, or_, select, update

from guichet.central.fil import portees_du_genre
from guichet.central.garde import elargir
from guichet.central.identity import familles
from guichet.central.identity.acces import Acces
from guichet.central.identity.comptes import fermer_demonstration
from guichet.central.refus import RefusCentre
from guichet.central.tables import jeton, reglage
from guichet.contract.codes import Code
from guichet.models import Agent, Habilitation
from guichet.models.enums import Role
from guichet.ressources import donnees
from guichet.rules.regles import en_vigueur

DUREE = timedelta(hours=12)


@dataclass(frozen=True)
class AgentConnecte:
    """Who is asking, the scopes he may read and write today, and what his roles let him do (`etendues`, resources/donnees/acces.yaml)."""

    agent_id: str
    portee_agent: str
    nom: str
    portees: frozenset[str]
    encadrees: frozenset[str] = frozenset()
    """The scopes where he answers for the others."""
    administrees: frozenset[str] = frozenset()
    """The scopes whose accounts he manages, and whose people he does not see."""
    etendues: frozenset[str] = frozenset()

    def exiger(self, portee: str) -> None:
        """Raise RefusCentre 403 unless the agent has a right on the scope."""
        if portee not in self.portees:
            raise RefusCentre(403, Code.PORTEE_INTERDITE, "Vous n'avez pas accès à ces données.")


def en_production(connexion: Connection) -> bool:
    """Tell whether this centre serves real people: no demonstration then."""
    return bool(connexion.scalar(select(reglage.c.production)))


def passer_en_production(connexion: Connection) -> None:
    """Close the demonstration doors of this database for good, and revoke what they gave."""
    connexion.execute(update(reglage).values(production=True))
    connexion.execute(jeton.delete())
    fermer_demonstration(connexion)


def agents(connexion: Connection) -> list[Agent]:
    """List every agent, in the order they were made."""
    table = Agent.__table__
    portees = portees_du_genre(connexion, "user")
    elargir(connexion, portees)
    return [
        Agent(**dict(ligne))
        for ligne in connexion.execute(select(table).where(table.c.scope_id.in_(portees)).order_by(table.c.id)).mappings()
    ]


def agent_nomme(connexion: Connection, login: str) -> Agent | None:
    """Return the agent of a name, looked for in every agent's own scope."""
    portees = portees_du_genre(connexion, "user")
    elargir(connexion, portees)
    ligne = connexion.execute(select(Agent.__table__).where(Agent.scope_id.in_(portees), Agent.login == login)).mappings().first()
    return Agent(**dict(ligne)) if ligne is not None else None


def delivrer(connexion: Connection, login: str, duree: timedelta = DUREE) -> tuple[str, Agent]:
    """Give a new token for an agent.

    Raises RefusCentre in production (403) or when nobody has that name (404).
    """
    if en_production(connexion):
        raise RefusCentre(403, Code.ECRITURE_INTERDITE, "Ce centre est en production : il ne délivre pas de jeton de démonstration.")
    agent = agent_nomme(connexion, login)
    if agent is None:
        raise RefusCentre(404, Code.INTROUVABLE, "Aucun agent de démonstration ne porte ce nom.")
    texte = secrets.token_urlsafe(32)
    connexion.execute(
        jeton.insert().values(
            empreinte=_empreinte(texte), agent_id=agent.id, agent_scope=agent.scope_id, expire_le=datetime.now(UTC) + duree
        )
    )
    return texte, agent


def authentifier(connexion: Connection, acces: Acces, entete: str | None) -> AgentConnecte:
    """Return who an `Authorization` header stands for. Raises RefusCentre 401."""
    if not entete or not entete.startswith("Bearer "):
        raise RefusCentre(401, Code.NON_CONNECTE, "Connectez-vous pour continuer.")
    texte = entete[7:]
    agent_id, portee = _par_acces(connexion, acces, texte) if "." in texte else _par_empreinte(connexion, texte)
    return _habilite(connexion, agent_id, portee)


def _par_acces(connexion: Connection, acces: Acces, texte: str) -> tuple[str, str]:
    vivant = familles.vivante(connexion, acces.verifier(texte).famille)
    if vivant is None:
        raise RefusCentre(401, Code.JETON_EXPIRE, "Cette connexion est terminée : reconnectez-vous, rien n'est perdu.")
    return vivant.agent_id, vivant.portee


def _par_empreinte(connexion: Connection, texte: str) -> tuple[str, str]:
    ligne = connexion.execute(select(jeton).where(jeton.c.empreinte == _empreinte(texte))).first()
    if ligne is None:
        raise RefusCentre(401, Code.NON_CONNECTE, "Ce jeton n'est pas connu du centre.")
    if ligne.expire_le <= datetime.now(UTC):
        raise RefusCentre(401, Code.JETON_EXPIRE, "La connexion a expiré : reconnectez-vous, rien n'est perdu.")
    return ligne.agent_id, ligne.agent_scope


def _habilite(connexion: Connection, agent_id: str, portee: str) -> AgentConnecte:
    """Read an agent's rights of the day. An admin's scopes are not among those he reads."""
    aujourd_hui = date.today()
    elargir(connexion, [portee])
    h = Habilitation.__table__
    droits = connexion.execute(
        select(h.c.portee, h.c.role).where(
            h.c.scope_id == portee, h.c.agent_id == agent_id, h.c.du <= aujourd_hui, or_(h.c.au.is_(None), h.c.au >= aujourd_hui)
        )
    ).all()
    a = Agent.__table__
    nom = connexion.execute(select(a.c.prenom, a.c.nom).where(a.c.scope_id == portee, a.c.id == agent_id)).one()

    def ou(*roles: str) -> frozenset[str]:
        return frozenset(d.portee for d in droits if d.role in roles)

    return AgentConnecte(
        agent_id, portee, " ".join(nom), ou(Role.CONSEILLER, Role.RESPONSABLE, Role.BAILLEUR), ou(Role.RESPONSABLE), ou(Role.ADMIN),
        frozenset(e for role in {d.role for d in droits} for e in _etendues(aujourd_hui).get(role, ())),
    )  # fmt: skip


@lru_cache(2)
def _etendues(le: date) -> Mapping[str, Any]:
    """Return what each role may do on a day."""
    roles: Mapping[str, Any] = en_vigueur(donnees("acces.yaml"), "etendues", le)["roles"]
    return roles


def a_eu_droit(connexion: Connection, agent: AgentConnecte, portee: str) -> bool:
    """Tell whether an agent was ever given a scope: what he wrote then is kept for support, though he may no longer write."""
    h = Habilitation.__table__
    requete = select(h.c.id).where(h.c.scope_id == agent.portee_agent, h.c.agent_id == agent.agent_id, h.c.portee == portee)
    return connexion.execute(requete.limit(1)).first() is not None


def _empreinte(texte: str) -> str:
    return hashlib.sha256(texte.encode()).hexdigest()
