"""What a centre does by itself: snapshots, old tombstones, old verdicts. One replica at a time, the others find the work done."""

import threading
from datetime import UTC, date, datetime, timedelta
from functools import partial

from dateutil.relativedelta import relativedelta
from sqlalchemy import Connection, Table, delete, func, or_, select, update

from guichet.central import instantanes
from guichet.central.base import BaseCentre
from guichet.central.identity.tables import demande, famille
from guichet.central.journaux import JOURNAL
from guichet.central.services import journal
from guichet.central.tables import applied, jeton, reglage, scope_head, sync_row
from guichet.ressources import donnees
from guichet.rules.regles import en_vigueur

_PERIODE = timedelta(minutes=1)


def purger_tombes(connexion: Connection, portee: str, avant: datetime) -> int:
    """Remove the deletions of a scope made before a moment and raise its floor, the head last; return how many went.

    A workstation whose cursor is below the floor reads the scope again (410).
    """
    vieilles = (sync_row.c.scope_id == portee) & sync_row.c.deleted & (sync_row.c.le < avant)
    plancher = connexion.scalar(select(func.max(sync_row.c.seq)).where(vieilles))
    if plancher is None:
        return 0
    parties = connexion.execute(delete(sync_row).where(vieilles, sync_row.c.seq <= plancher)).rowcount
    tete = (scope_head.c.scope_id == portee) & (scope_head.c.floor < plancher)
    connexion.execute(update(scope_head).where(tete).values(floor=plancher))
    return parties


def passer(base: BaseCentre) -> None:
    """Do what is due, if no replica did it in the last minute."""
    if not base.ecrire(_a_mon_tour):
        return
    regles, aujourd_hui, maintenant = donnees("regles.yaml"), date.today(), datetime.now(UTC)
    tombes = maintenant - timedelta(days=en_vigueur(regles, "purge_tombes", aujourd_hui)["jours"])
    verdicts = maintenant - timedelta(days=en_vigueur(regles, "garde_verdicts", aujourd_hui)["jours"])
    journaux = maintenant - relativedelta(months=en_vigueur(regles, "garde_journal", aujourd_hui)["mois"])
    with base.lecture() as connexion:
        portees = list(connexion.scalars(select(scope_head.c.scope_id).order_by(scope_head.c.scope_id)))
    for portee in portees:
        base.ecrire(partial(purger_tombes, portee=portee, avant=tombes), portee)
        base.ecrire(partial(_purger_verdicts, portee=portee, avant=verdicts), portee)
        base.ecrire(partial(journal.purger, portee=portee, avant=journaux), portee)
        instantanes.entretenir(base, portee)
    for table in (jeton, demande, famille):
        base.ecrire(partial(_purger_expires, table=table, avant=maintenant))


def _purger_expires(connexion: Connection, table: Table, avant: datetime) -> None:
    """Remove what no longer lets anybody in; the codes and refresh tokens of a family go with it."""
    connexion.execute(delete(table).where(table.c.expire_le < avant))


def _purger_verdicts(connexion: Connection, portee: str, avant: datetime) -> None:
    connexion.execute(delete(applied).where(applied.c.scope_id == portee, applied.c.le < avant))


def lancer(base: BaseCentre, fin: threading.Event) -> threading.Thread:
    """Start the caretaker of a replica; it ends with `fin`."""

    def boucle() -> None:
        while not fin.is_set():
            try:
                passer(base)
            except Exception as erreur:  # noqa: BLE001 (the caretaker outlives a bad minute; the next pass does the work)
                JOURNAL.error("entretien", extra={"genre": type(erreur).__name__})
            fin.wait(_PERIODE.total_seconds())

    fil = threading.Thread(target=boucle, name="entretien", daemon=True)
    fil.start()
    return fil


def _a_mon_tour(connexion: Connection) -> bool:
    """Take this minute's turn by compare-and-set."""
    maintenant = datetime.now(UTC)
    libre = or_(reglage.c.entretien_le.is_(None), reglage.c.entretien_le < maintenant - _PERIODE / 2)
    return connexion.execute(update(reglage).where(libre).values(entretien_le=maintenant)).rowcount > 0
