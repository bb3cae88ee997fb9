"""`guichet convertir`: files to one PDF, without a profile."""

import json
import os
import sys
from pathlib import Path

import click

from guichet.documents.page import Mode, Recadrer
from guichet.services import conversion
from guichet.services.session import Refus
from guichet.store.disque import ecrire_durablement

_REFUSES = 3


def convertir(
    entrees: tuple[str, ...], sortie: str, recadrer: str, mode: str, budget: int, rapport: str | None, *, texte: bool, pdfa: bool
) -> None:
    """Convert what can be, say what was refused, and exit with 3 when something was. Nothing is written when nothing was accepted."""
    souhait = conversion.Souhait(Recadrer(recadrer), Mode(mode), texte=texte, lire=rapport is not None, pdfa=pdfa, budget=budget)
    chemins = conversion.fichiers_de([Path(e) for e in entrees])
    if not chemins:
        raise click.ClickException("Ce dossier ne contient aucun fichier.")
    try:
        fait = conversion.convertir(chemins, souhait, _avancer, _mot_de_passe)
    except Refus as erreur:
        raise click.ClickException(str(erreur)) from erreur
    _ecrire(sortie, fait.pdf)
    if rapport is not None:
        _ecrire(rapport, json.dumps(conversion.rapport(fait), ensure_ascii=False, indent=1).encode())
    refuses = [f.refus for f in fait.fichiers if f.refus is not None]
    for refus in refuses:
        click.echo(f"Refusé : {refus}", err=True)
    if fait.pdf:
        click.echo(f"{sortie} : {sum(len(f.pages) for f in fait.fichiers)} page(s), {len(fait.pdf)} octets")
    else:
        click.echo("Aucun fichier n'a pu être converti : rien n'a été écrit.", err=True)
    if refuses:
        raise SystemExit(_REFUSES)


def _avancer(chemin: Path) -> None:
    if sys.stderr.isatty():
        click.echo(f"{chemin.name}…", err=True)


def _mot_de_passe(chemin: Path) -> str:
    """Return the password of a protected PDF: from GUICHET_MOT_DE_PASSE, which serves all of them, else asked of who is there."""
    if donne := os.environ.get("GUICHET_MOT_DE_PASSE"):
        return donne
    if not sys.stdin.isatty():
        return ""
    mot: str = click.prompt(
        f"{chemin.name} est protégé. Son mot de passe (Entrée pour le laisser)", default="", hide_input=True, show_default=False, err=True
    )
    return mot


def _ecrire(chemin: str, octets: bytes) -> None:
    if not octets:
        return
    try:
        ecrire_durablement(Path(chemin), octets)
    except OSError as erreur:
        raise click.ClickException(f"{chemin} ne peut pas être écrit : {erreur.strerror}.") from erreur
