"""What a centre does by itself: snapshots, old tombstones, old verdicts, how long answers take. One replica at a time, the others find the work done."""

import threading
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from sqlalchemy import Connection, Table, delete, func, or_, select, update

from guichet.central import instantanes
from guichet.central.base import BaseCentre
from guichet.central.fichiers import Fichiers
from guichet.central.identity.tables import demande, famille
from guichet.central.journaux import JOURNAL
from guichet.central.services import conservation, journal, observes, telephone
from guichet.central.services.conservation import Constat
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


def passer(base: BaseCentre, fichiers: Fichiers) -> None:
    """Do what is due, if no replica did it in the last minute; what is due each day, at the first pass of the day."""
    tour = base.ecrire(_a_mon_tour)
    if not tour.pris:
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
        if tour.premier_du_jour:
            conserver(base, fichiers, portee, aujourd_hui)
        instantanes.entretenir(base, portee)
    if tour.premier_du_jour:
        observer_les_delais(base, portees, aujourd_hui)
    telephone.fermer_les_perimes(base, fichiers, maintenant)
    for table in (jeton, demande, famille):
        base.ecrire(partial(_purger_expires, table=table, avant=maintenant))


def observer_les_delais(base: BaseCentre, portees: Sequence[str], aujourd_hui: date) -> None:
    """Reckon how long answers took, scope after scope, and tell it in the reference scopes."""
    par_portee = []
    for portee in portees:
        with base.lecture(portee) as connexion:
            par_portee.append(observes.mesurer(connexion, portee, aujourd_hui))
    durees = observes.reunir(par_portee)
    for portee in (p for p in portees if p.startswith("ref:")):
        base.ecrire(partial(observes.publier, portee=portee, durees=durees, aujourd_hui=aujourd_hui), portee)


def conserver(base: BaseCentre, fichiers: Fichiers, portee: str, aujourd_hui: date, *, a_blanc: bool = False) -> list[Constat]:
    """Purge a scope of what is past its time, some at a time, files once their rows are gone. Looking is done beside who writes."""
    regle = en_vigueur(donnees("regles.yaml"), "conservation", aujourd_hui)
    with base.lecture(portee) as connexion:
        dus = conservation.purger(connexion, portee, regle, aujourd_hui, au_plus=None if a_blanc else 1, a_blanc=True)
    if a_blanc or not dus:
        return dus
    faits = list[Constat]()
    while constats := base.ecrire(
        partial(conservation.purger, portee=portee, regle=regle, aujourd_hui=aujourd_hui, au_plus=conservation.AU_PLUS), portee
    ):
        for constat in constats:
            for sha256 in constat.contenus:
                fichiers.effacer(portee, sha256)
        faits += constats
    return faits


def _purger_expires(connexion: Connection, table: Table, avant: datetime) -> None:
    """Remove what no longer lets anybody in; the codes and refresh tokens of a family go with it."""
    connexion.execute(delete(table).where(table.c.expire_le < avant))


def _purger_verdicts(connexion: Connection, portee: str, avant: datetime) -> None:
    connexion.execute(delete(applied).where(applied.c.scope_id == portee, applied.c.le < avant))


def lancer(base: BaseCentre, fichiers: Fichiers, fin: threading.Event) -> threading.Thread:
    """Start the caretaker of a replica; it ends with `fin`."""

    def boucle() -> None:
        while not fin.is_set():
            try:
                passer(base, fichiers)
            except Exception as erreur:  # noqa: BLE001 (the caretaker outlives a bad minute; the next pass does the work)
                JOURNAL.error("entretien", extra={"genre": type(erreur).__name__})
            fin.wait(_PERIODE.total_seconds())

    fil = threading.Thread(target=boucle, name="entretien", daemon=True)
    fil.start()
    return fil


class _Tour(NamedTuple):
    pris: bool
    premier_du_jour: bool


def _a_mon_tour(connexion: Connection) -> _Tour:
    """Take this minute's turn by compare-and-set."""
    maintenant = datetime.now(UTC)
    dernier = connexion.scalar(select(reglage.c.entretien_le))
    libre = or_(reglage.c.entretien_le.is_(None), reglage.c.entretien_le < maintenant - _PERIODE / 2)
    pris = connexion.execute(update(reglage).where(libre).values(entretien_le=maintenant)).rowcount > 0
    return _Tour(pris, pris and (dernier is None or dernier.date() < maintenant.date()))
