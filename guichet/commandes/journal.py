"""Verifying the access journal, at the centre or on a workstation."""

import os
from pathlib import Path

import click
from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from guichet.central.base import BaseCentre
from guichet.central.services import journal as du_centre
from guichet.central.tables import journal_chaine, journal_tete, scope_head
from guichet.rules.journal import Rupture
from guichet.store import journal as du_poste
from guichet.store.coffre import ouvrir
from guichet.store.erreurs import ErreurCoffre

_ROMPUE = 4


def verifier(url: str | None, profil: str | None, tetes: str | None) -> None:
    """Walk the chains of a centre, or that of a profile, and say where one does not hold. Exit code 4 then."""
    if bool(url) == bool(profil) or (tetes and not url):
        raise click.UsageError("Donnez soit --base (et au besoin --tetes), soit --profil.")
    ruptures = _du_centre(str(url), _lire_tetes(tetes)) if url else _du_poste(str(profil))
    for ou, rupture in ruptures:
        click.echo(f"RUPTURE {ou}, ligne {rupture.rang} : {rupture.pourquoi}", err=True)
    if ruptures:
        raise SystemExit(_ROMPUE)


def tetes(url: str) -> None:
    """Print each scope's head: kept elsewhere, it shows that no end of a chain was cut."""
    base = BaseCentre(url)
    for portee in _portees(base):
        with base.lecture(portee) as connexion:
            tete = connexion.execute(select(journal_tete).where(journal_tete.c.scope_id == portee)).first()
        if tete is not None:
            click.echo(f"{portee} {tete.rang} {tete.maillon}")


def _du_centre(url: str, gardees: dict[str, tuple[int, str]]) -> list[tuple[str, Rupture]]:
    base, ruptures = BaseCentre(url), list[tuple[str, Rupture]]()
    for portee in _portees(base):
        with base.lecture(portee) as connexion:
            trouvees, rang, maillon = du_centre.controler(connexion, portee)
            trouvees += _ancre(connexion, portee, gardees.get(portee), rang)
        ruptures += [(portee, r) for r in trouvees]
        if rang:
            click.echo(f"{portee} : {rang} lignes, tête {maillon[:16]}")
    return ruptures


def _ancre(connexion: Connection, portee: str, gardee: tuple[int, str] | None, rang: int) -> list[Rupture]:
    """Look for a head that was kept elsewhere."""
    if gardee is None or gardee[0] <= du_centre.sceau(connexion, portee)[0]:
        return []
    c = journal_chaine.c
    la = connexion.scalar(select(c.maillon).where(c.scope_id == portee, c.rang == gardee[0]))
    return [] if la == gardee[1] else [Rupture(rang, f"la tête gardée hors de la base ({gardee[0]}) n'y est plus telle quelle")]


def _du_poste(profil: str) -> list[tuple[str, Rupture]]:
    phrase = os.environ.get("GUICHET_PHRASE")
    if not phrase:
        raise click.UsageError("La phrase de passe du profil se donne dans la variable GUICHET_PHRASE.")
    try:
        coffre = ouvrir(Path(profil), phrase)
    except ErreurCoffre as erreur:
        raise click.ClickException(str(erreur)) from erreur
    try:
        with coffre.lecture() as connexion:
            ruptures, rang, maillon = du_poste.controler(connexion)
    finally:
        coffre.fermer()
    click.echo(f"{rang} lignes, tête {maillon[:16]}")
    return [(profil, r) for r in ruptures]


def _portees(base: BaseCentre) -> list[str]:
    try:
        with base.lecture() as connexion:
            return list(connexion.scalars(select(scope_head.c.scope_id).order_by(scope_head.c.scope_id)))
    except SQLAlchemyError as erreur:
        raise click.ClickException("La base n'est pas prête : lancez d'abord « guichet centre migrer ».") from erreur


def _lire_tetes(fichier: str | None) -> dict[str, tuple[int, str]]:
    lues = {}
    for ligne in Path(fichier).read_text("utf-8").splitlines() if fichier else ():
        portee, rang, maillon = ligne.split()
        lues[portee] = int(rang), maillon
    return lues
