"""Words to an agent: somebody replaced what he had written, or broke the glass of a dossier he answers for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from guichet.models import Avis
from guichet.models.activite import RESPONSABLES
from guichet.store.tables import curseur


@dataclass(frozen=True)
class AvisRecu:
    """A value of mine that somebody replaced, or a glass that somebody broke; `cible`: the row it is about."""

    id: str
    portee: str
    cible: str
    champ: str
    avant: str
    apres: str
    auteur: str
    le: datetime


def non_lus(connexion: Connection, agent_id: str, *, responsable: bool) -> Sequence[AvisRecu]:
    """Return the words to an agent that he has not read, latest first."""
    a_qui = [agent_id, RESPONSABLES] if responsable else [agent_id]
    suivies = select(curseur.c.scope_id)
    requete = select(Avis.__table__).where(Avis.scope_id.in_(suivies), Avis.agent_id.in_(a_qui), Avis.lu_le.is_(None))
    lus = connexion.execute(requete.order_by(Avis.le.desc()))
    return [AvisRecu(a.id, a.scope_id, a.cible_id, a.champ, a.avant or "", a.apres or "", a.auteur, a.le) for a in lus]
