"""How long a vault opens without the centre's word, and what signs in again (research/security.md §2.4)."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from guichet.ressources import regle_du_jour
from guichet.store.erreurs import FenetrePassee
from guichet.store.tables import coffre


def exiger_fenetre(connexion: Connection, maintenant: datetime) -> None:
    """Let a vault open offline for some hours after the centre last answered its agent; a clock set back does not make them longer.

    Raises FenetrePassee; the moment is noted in any case.
    """
    lu = connexion.execute(select(coffre.c.sync_le, coffre.c.horloge_vue)).one()
    vue = max(maintenant, lu.horloge_vue or maintenant)
    heures = regle_du_jour("fenetre_hors_ligne")["heures"]
    if lu.sync_le is not None and vue - lu.sync_le > timedelta(hours=heures):
        raise FenetrePassee(heures)
    connexion.execute(update(coffre).values(horloge_vue=vue))


def garder(connexion: Connection, rafraichissement: str) -> None:
    """Keep what signs in again; nothing forgets it."""
    connexion.execute(update(coffre).values(rafraichissement=rafraichissement))


def rafraichissement(connexion: Connection) -> str:
    """Return what signs in again, or nothing."""
    return str(connexion.execute(select(coffre.c.rafraichissement)).scalar_one())
