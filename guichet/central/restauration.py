"""After a backup was put back: a new timeline, and a window during which workstations bring back what it forgot (design/sync.md §8)."""

from sqlalchemy import Connection, delete, select, update

from guichet.central.base import BaseCentre
from guichet.central.tables import instantane, instantane_part, reglage, scope_head
from guichet.models import uuid7


def retablir(base: BaseCentre) -> int:
    """Give every scope a new epoch and open the recovery window; return how many scopes there are.

    Run it on the restored database before any workstation reaches it: numbers of the lost timeline must not be taken for its own.
    """
    with base.lecture() as connexion:
        portees = list(connexion.scalars(select(scope_head.c.scope_id).order_by(scope_head.c.scope_id)))
    base.ecrire(lambda c: c.execute(update(reglage).values(restauration=uuid7(), retablissement=True)))
    for portee in portees:

        def renommer(connexion: Connection, portee: str = portee) -> None:
            for table in (instantane_part, instantane):
                connexion.execute(delete(table).where(table.c.scope_id == portee))
            connexion.execute(update(scope_head).where(scope_head.c.scope_id == portee).values(epoch=uuid7()))

        base.ecrire(renommer, portee)
    return len(portees)


def terminer(base: BaseCentre) -> None:
    """Close the recovery window: what workstations did not bring back is missing for good, and agendas book again."""
    base.ecrire(lambda c: c.execute(update(reglage).values(retablissement=False)))
