"""Bearer tokens of the demonstration and of scripts: opaque, hashed at rest, refused in production."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, or_, select, update

from guichet.central.refus import RefusCentre
from guichet.central.tables import jeton, reglage
from guichet.contract.codes import Code
from guichet.models import Agent, Habilitation
from guichet.models.enums import Role

DUREE = timedelta(hours=12)
_ENCADREMENT = (Role.RESPONSABLE, Role.ADMIN)


@dataclass(frozen=True)
class AgentConnecte:
    """Who is asking, and the scopes he may read and write today."""

    agent_id: str
    portee_agent: str
    nom: str
    portees: frozenset[str]
    encadrees: frozenset[str] = frozenset()
    """The scopes where he answers for the others (role `responsable` or `admin`)."""

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


def agents_de_demonstration(connexion: Connection) -> list[Agent]:
    """List the agents that a demonstration may sign in, in the order they were made."""
    table = Agent.__table__
    return [Agent(**dict(ligne)) for ligne in connexion.execute(select(table).order_by(table.c.id)).mappings()]


def delivrer(connexion: Connection, login: str, duree: timedelta = DUREE) -> tuple[str, Agent]:
    """Give a new token for an agent.

    Raises RefusCentre in production (403) or when nobody has that name (404).
    """
    if en_production(connexion):
        raise RefusCentre(403, Code.ECRITURE_INTERDITE, "Ce centre est en production : il ne délivre pas de jeton de démonstration.")
    ligne = connexion.execute(select(Agent.__table__).where(Agent.login == login)).mappings().first()
    if ligne is None:
        raise RefusCentre(404, Code.INTROUVABLE, "Aucun agent de démonstration ne porte ce nom.")
    agent = Agent(**dict(ligne))
    texte = secrets.token_urlsafe(32)
    connexion.execute(
        jeton.insert().values(
            empreinte=_empreinte(texte), agent_id=agent.id, agent_scope=agent.scope_id, expire_le=datetime.now(UTC) + duree
        )
    )
    return texte, agent


def authentifier(connexion: Connection, entete: str | None) -> AgentConnecte:
    """Return who an `Authorization` header stands for. Raises RefusCentre 401."""
    if not entete or not entete.startswith("Bearer "):
        raise RefusCentre(401, Code.NON_CONNECTE, "Connectez-vous pour continuer.")
    ligne = connexion.execute(select(jeton).where(jeton.c.empreinte == _empreinte(entete[7:]))).first()
    if ligne is None:
        raise RefusCentre(401, Code.NON_CONNECTE, "Ce jeton n'est pas connu du centre.")
    if ligne.expire_le <= datetime.now(UTC):
        raise RefusCentre(401, Code.JETON_EXPIRE, "La connexion a expiré : reconnectez-vous, rien n'est perdu.")
    aujourd_hui = date.today()
    h = Habilitation.__table__
    droits = connexion.execute(
        select(h.c.portee, h.c.role).where(
            h.c.scope_id == ligne.agent_scope,
            h.c.agent_id == ligne.agent_id,
            h.c.du <= aujourd_hui,
            or_(h.c.au.is_(None), h.c.au >= aujourd_hui),
        )
    ).all()
    a = Agent.__table__
    nom = connexion.execute(select(a.c.prenom, a.c.nom).where(a.c.scope_id == ligne.agent_scope, a.c.id == ligne.agent_id)).one()
    return AgentConnecte(
        ligne.agent_id, ligne.agent_scope, " ".join(nom), frozenset(d.portee for d in droits),
        frozenset(d.portee for d in droits if d.role in _ENCADREMENT),
    )  # fmt: skip


def a_eu_droit(connexion: Connection, agent: AgentConnecte, portee: str) -> bool:
    """Tell whether an agent was ever given a scope: what he wrote then is kept for support, though he may no longer write."""
    h = Habilitation.__table__
    requete = select(h.c.id).where(h.c.scope_id == agent.portee_agent, h.c.agent_id == agent.agent_id, h.c.portee == portee)
    return connexion.execute(requete.limit(1)).first() is not None


def _empreinte(texte: str) -> str:
    return hashlib.sha256(texte.encode()).hexdigest()
