"""The access journal as this workstation keeps it: chained, append-only; what goes up is the same line."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from guichet.rules.journal import ORIGINE, Maillon, Rupture, chainer, verifier
from guichet.store.tables import coffre, journal_local, journal_scelle

_j = journal_local.c


def inscrire(connexion: Connection, id_: str, agent_id: str, le: datetime, action: str, objet: str, motif: str) -> dict[str, Any]:
    """Append a line; return it as it travels."""
    appareil = connexion.execute(select(coffre.c.appareil)).scalar_one()
    rang, precedent = tete(connexion)
    lien = chainer(precedent, rang + 1, (id_, agent_id, appareil, le.isoformat(), action, objet, motif))
    ligne = {
        "agent_id": agent_id,
        "appareil": appareil,
        "action": action,
        "objet": objet,
        "motif": motif,
        "rang": rang + 1,
        "maillon": lien,
    }
    connexion.execute(insert(journal_local).values(id=id_, le=le, **ligne))
    return ligne | {"le": le.isoformat(), "motif": motif or None}


def tete(connexion: Connection) -> tuple[int, str]:
    """Return the place and hash of the last line."""
    derniere = connexion.execute(select(_j.rang, _j.maillon).where(_j.rang == select(func.max(_j.rang)).scalar_subquery())).first()
    if derniere is not None:
        return derniere.rang, derniere.maillon
    return _sceau(connexion)


def dernier(connexion: Connection, action: str, objet: str) -> datetime | None:
    """Return when an action was last written about something."""
    moment: datetime | None = connexion.scalar(
        select(_j.le).where(_j.objet == objet, _j.action == action).order_by(_j.rang.desc()).limit(1)
    )
    return moment


def controler(connexion: Connection) -> tuple[list[Rupture], int, str]:
    """Walk the whole chain from the last seal on; return what does not hold, and its head."""

    def lignes() -> Iterator[Maillon]:
        for x in connexion.execute(select(journal_local).order_by(_j.rang)):
            yield Maillon(x.rang, (x.id, x.agent_id, x.appareil, x.le.isoformat(), x.action, x.objet, x.motif), x.maillon)

    return verifier(lignes(), *_sceau(connexion))


def purger(connexion: Connection, avant: datetime, maintenant: datetime) -> int:
    """Seal and take out the lines written before a moment; return how many."""
    dernier = connexion.execute(select(_j.rang, _j.maillon).where(_j.le < avant).order_by(_j.rang.desc()).limit(1)).first()
    if dernier is None:
        return 0
    lignes = int(dernier.rang) - _sceau(connexion)[0]
    connexion.execute(insert(journal_scelle).values(jusque=dernier.rang, maillon=dernier.maillon, lignes=lignes, le=maintenant))
    connexion.execute(delete(journal_local).where(_j.rang <= dernier.rang))
    return lignes


def _sceau(connexion: Connection) -> tuple[int, str]:
    s = journal_scelle.c
    dernier = connexion.execute(select(s.jusque, s.maillon).where(s.jusque == select(func.max(s.jusque)).scalar_subquery())).first()
    return (dernier.jusque, dernier.maillon) if dernier is not None else (0, ORIGINE)
