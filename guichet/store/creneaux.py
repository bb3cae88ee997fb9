"""Slots that this device owns: what it may confirm by itself, for how long, and what it gives back (design/sync.md §7)."""

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select

from guichet.contract import lots
from guichet.models import Creneau, RendezVous
from guichet.models.enums import EtatCreneau, EtatRendezVous
from guichet.store.replique import lire_curseur
from guichet.store.tables import creneau_a_rendre, creneau_tenu

_MARGE = 1.1
"""Both clocks may be slow by this much together before a right is believed too long."""


@dataclass(frozen=True)
class Horloge:
    """The two clocks at one instant, in seconds, and which start of the machine the second counts from."""

    mur_s: float
    demarrage_s: float
    demarrage_id: str


def horloge() -> Horloge:
    """Read both clocks. The one since boot goes on while the machine sleeps, which time.monotonic() does not on Linux."""
    return Horloge(time.time(), _depuis_demarrage(), _demarrage())


def _depuis_demarrage() -> float:
    if sys.platform == "win32":
        import ctypes

        compteur = ctypes.windll.kernel32.GetTickCount64
        compteur.restype = ctypes.c_ulonglong
        return float(compteur()) / 1000
    # On macOS, CLOCK_MONOTONIC counts sleep, as CLOCK_BOOTTIME does on Linux.
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def _demarrage() -> str:
    """Name this start of the machine where the system gives it a name; elsewhere a clock that went back tells it."""
    chemin = Path("/proc/sys/kernel/random/boot_id")
    return chemin.read_text().strip() if os.name == "posix" and chemin.exists() else ""


def valable(duree_s: float, pris: Horloge, ici: Horloge) -> bool:
    """Tell whether a right asked for at `pris` may still confirm at `ici`.

    A restart, or a clock that went back, ends it: nobody can say any more how long ago it was given.
    """
    mur, demarrage = ici.mur_s - pris.mur_s, ici.demarrage_s - pris.demarrage_s
    if ici.demarrage_id != pris.demarrage_id or mur < 0 or demarrage < 0:
        return False
    return max(mur, demarrage) * _MARGE < duree_s


def accorder(connexion: Connection, portee: str, accordes: Sequence[tuple[str, int]], pris: Horloge, duree_s: int) -> None:
    """Note the rights received; `pris` is the instant before they were asked for. Slots given back or promised are left out."""
    rendus = set(connexion.scalars(select(creneau_a_rendre.c.id).where(creneau_a_rendre.c.scope_id == portee)))
    lignes = [
        {
            "scope_id": portee, "id": id_, "own_no": no, "mur_s": pris.mur_s, "demarrage_s": pris.demarrage_s,
            "demarrage_id": pris.demarrage_id, "duree_s": duree_s,
        }
        for id_, no in accordes if id_ not in rendus and not _promis(connexion, portee, id_)
    ]  # fmt: skip
    lots.remplacer(connexion, creneau_tenu, lignes)


def droit(connexion: Connection, portee: str, creneau_id: str, ici: Horloge) -> int | None:
    """Return the number under which this device may confirm a slot now, or None."""
    x = connexion.execute(select(creneau_tenu).where(creneau_tenu.c.scope_id == portee, creneau_tenu.c.id == creneau_id)).first()
    if x is None or not valable(x.duree_s, Horloge(x.mur_s, x.demarrage_s, x.demarrage_id), ici):
        return None
    return int(x.own_no)


def consommer(connexion: Connection, portee: str, creneau_id: str) -> None:
    """Use a right up: the slot was promised to somebody."""
    connexion.execute(delete(creneau_tenu).where(creneau_tenu.c.scope_id == portee, creneau_tenu.c.id == creneau_id))


def abandonner(connexion: Connection, portee: str, appareil: str, ici: Horloge) -> None:
    """Give up what is worth nothing any more: rights that ended, and slots that a pulled row says are ours without a right here.

    The right goes and the promise to give it back is written in one transaction, so that nothing is confirmed in between.
    """
    tenus = {x.id: x for x in connexion.execute(select(creneau_tenu).where(creneau_tenu.c.scope_id == portee))}
    perdus = [(x.id, x.own_no) for x in tenus.values() if not valable(x.duree_s, Horloge(x.mur_s, x.demarrage_s, x.demarrage_id), ici)]
    a_nous = connexion.execute(
        select(Creneau.id, Creneau.own_no).where(
            Creneau.scope_id == portee, Creneau.etat == EtatCreneau.LIBRE, Creneau.own_device == appareil
        )
    )
    perdus += [(x.id, x.own_no) for x in a_nous if x.id not in tenus]
    for id_, no in perdus:
        consommer(connexion, portee, id_)
        connexion.execute(insert(creneau_a_rendre).prefix_with("OR REPLACE"), {"scope_id": portee, "id": id_, "own_no": no})


def a_rendre(connexion: Connection, portee: str) -> tuple[list[tuple[str, int]], int]:
    """Return what is to be given back, and the barrier: the last number of the lane."""
    paires = connexion.execute(select(creneau_a_rendre.c.id, creneau_a_rendre.c.own_no).where(creneau_a_rendre.c.scope_id == portee))
    ici = lire_curseur(connexion, portee)
    return [(x.id, x.own_no) for x in paires], ici.lseq if ici is not None else 0


def noter_rendus(connexion: Connection, portee: str, appareil: str, rendus: Sequence[str]) -> None:
    """Forget what was given back, or is no longer ours anyway."""
    for x in connexion.execute(select(creneau_a_rendre).where(creneau_a_rendre.c.scope_id == portee)).all():
        c = connexion.execute(select(Creneau.own_device, Creneau.own_no).where(Creneau.scope_id == portee, Creneau.id == x.id)).first()
        ailleurs = c is None or c.own_device != appareil or c.own_no != x.own_no
        if x.id in rendus or ailleurs:
            connexion.execute(delete(creneau_a_rendre).where(creneau_a_rendre.c.scope_id == portee, creneau_a_rendre.c.id == x.id))


def tenus(connexion: Connection, portee: str) -> set[str]:
    """Return the slots on which this device has a right, valid or not."""
    return set(connexion.scalars(select(creneau_tenu.c.id).where(creneau_tenu.c.scope_id == portee)))


def a_renouveler(connexion: Connection, portee: str, ici: Horloge) -> list[str]:
    """Return the rights that have lived half of their time."""
    lus = connexion.execute(select(creneau_tenu).where(creneau_tenu.c.scope_id == portee))
    return [x.id for x in lus if not valable(x.duree_s / 2, Horloge(x.mur_s, x.demarrage_s, x.demarrage_id), ici)]


def candidats(connexion: Connection, portee: str, site_id: str | None, depuis: datetime, jusqua: datetime) -> list[str]:
    """Return the free slots of a site between two instants that nobody owns, in order of time."""
    c = Creneau
    requete = select(c.id).where(
        c.scope_id == portee, c.etat == EtatCreneau.LIBRE, c.debut > depuis, c.debut < jusqua, c.own_device.is_(None)
    )
    if site_id is not None:
        requete = requete.where(c.site_id == site_id)
    return list(connexion.scalars(requete.order_by(c.debut, c.id)))


def _promis(connexion: Connection, portee: str, creneau_id: str) -> bool:
    """Tell whether a slot was confirmed here under its right."""
    requete = select(RendezVous.id).where(
        RendezVous.scope_id == portee, RendezVous.creneau_id == creneau_id, RendezVous.own_no.is_not(None),
        RendezVous.etat == EtatRendezVous.CONFIRME,
    )  # fmt: skip
    return connexion.execute(requete.limit(1)).first() is not None
