"""The workstation's commands."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import click

from guichet.services import diagnostic, ouvrir_session
from guichet.services.session import Session, conserver
from guichet.store import secours
from guichet.store.disque import ecrire_durablement
from guichet.store.erreurs import ErreurCoffre
from guichet.store.reparation import raconter, reparer
from guichet.sync.erreurs import Injoignable, ReponseRefusee


def sync(profil: str, url: str, jeton: str, *, en_json: bool) -> None:
    """Run one pass and print what was pulled, pushed, refused. Exit code 3 when the centre cannot be reached."""
    session = _ouvrir(profil, url, jeton)
    try:
        bilan = session.synchroniser()
        fichiers = session.envoyer_fichiers()
        if fichiers:
            session.synchroniser()
    except Injoignable as erreur:
        click.echo(str(erreur), err=True)
        raise SystemExit(3) from erreur
    except ReponseRefusee as erreur:
        raise click.ClickException(erreur.detail) from erreur
    finally:
        session.fermer()
    if en_json:
        click.echo(json.dumps(asdict(bilan) | {"fichiers": fichiers}))
    else:
        click.echo(f"Reçues : {bilan.recues} · envoyées : {bilan.envoyees} · refusées : {bilan.refusees} · fichiers : {fichiers}")


def etat(profil: str, *, en_json: bool) -> None:
    """Print where a profile stands."""
    session = _ouvrir(profil)
    try:
        lu = diagnostic.examiner(session)
    finally:
        session.fermer()
    if en_json:
        click.echo(json.dumps(lu.en_donnees(), ensure_ascii=False))
        return
    click.echo(f"Agent : {lu.agent or 'aucun'}")
    click.echo(f"En attente : {lu.en_attente} · refusés : {lu.refuses} · fichiers : {lu.fichiers_en_attente}")
    click.echo(f"Dernière synchronisation : {lu.synchronise_le.isoformat() if lu.synchronise_le else 'jamais'}")
    for portee in lu.portees:
        click.echo(f"{portee.portee} : {portee.lignes} lignes{', en relecture' if portee.en_relecture else ''}")


def demander_secours(profil: str, vers: str) -> None:
    """Write a request for support, which gives a vault back to its agent."""
    try:
        ecrire_durablement(Path(vers), secours.demander(Path(profil)))
    except ErreurCoffre as erreur:
        raise click.ClickException(str(erreur)) from erreur
    click.echo(f"Demande écrite : {vers}. Remettez-la à l'assistance ; gardez ce profil en place jusqu'à sa réponse.")


def reprendre_coffre(profil: str, reponse: str) -> None:
    """Open a vault again with support's answer, under the passphrase in GUICHET_PHRASE."""
    try:
        secours.reprendre(Path(profil), Path(reponse).read_bytes(), _phrase())
    except ErreurCoffre as erreur:
        raise click.ClickException(str(erreur)) from erreur
    click.echo("Le coffre s'ouvre avec la nouvelle phrase de passe.")


def reparer_coffre(profil: str) -> None:
    """Repair a damaged vault with the passphrase in GUICHET_PHRASE; say what is missing."""
    try:
        rapport = reparer(Path(profil), _phrase())
    except ErreurCoffre as erreur:
        raise click.ClickException(str(erreur)) from erreur
    click.echo(raconter(rapport))


def purger(profil: str, *, appliquer: bool) -> None:
    """Say what this vault has kept for its time, or let it go; the passes do it by themselves."""
    session = _ouvrir(profil)
    try:
        rapport = conserver(session, appliquer=appliquer)
    finally:
        session.fermer()
    click.echo(
        f"Journal : {rapport.lignes_de_journal} lignes · gestes sur ce qui n'est plus : {rapport.gestes} · brouillons : {rapport.brouillons} · copies : {len(rapport.copies)}"
    )
    click.echo("Effacé." if appliquer else "Rien n'a été modifié : ajoutez --appliquer.")


def _phrase() -> str:
    phrase = os.environ.get("GUICHET_PHRASE")
    if not phrase:
        raise click.UsageError("La phrase de passe du profil se donne dans la variable GUICHET_PHRASE.")
    return phrase


def _ouvrir(profil: str, url: str | None = None, jeton: str = "") -> Session:
    phrase = _phrase()
    try:
        if url is None:
            return ouvrir_session(Path(profil), phrase)
        from guichet.sync.client import ClientCentre

        client = ClientCentre(url, jeton)
        try:
            moi = client.moi()
        finally:
            client.fermer()
        return ouvrir_session(Path(profil), phrase, url, jeton, (moi.agent_id, moi.portee_agent))
    except ErreurCoffre as erreur:
        raise click.ClickException(str(erreur)) from erreur
    except Injoignable as erreur:
        click.echo(str(erreur), err=True)
        raise SystemExit(3) from erreur
