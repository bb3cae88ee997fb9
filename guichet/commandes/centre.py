"""The centre's commands."""

import gc
import json
import socket
import sqlite3
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec
from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from guichet.central.base import BaseCentre
from guichet.central.jetons import agent_nomme, agents, delivrer, passer_en_production
from guichet.central.refus import RefusCentre
from guichet.central.tables import scope_head
from guichet.migration import SchemaTropRecent, en_retard
from guichet.migration import migrer as migrer_base
from guichet.models import Agent
from guichet.store.disque import ecrire_durablement

if TYPE_CHECKING:
    from guichet.central.identity.fournisseur import Reglages

_FILS = 32
_TOUR_S = 0.0001
"""How long one request keeps the interpreter from the others: at Python's own 5 ms, each answer of the database waits that much."""


def migrer(url: str) -> None:
    """Create or update a centre's database."""
    base = _ouvrir(url)
    try:
        with base.ecriture() as connexion:
            migrer_base(connexion, "guichet.central")
    except SchemaTropRecent as erreur:
        raise click.ClickException("Cette base vient d'une version plus récente de Guichet : elle n'a pas été modifiée.") from erreur
    except SQLAlchemyError as erreur:
        raise click.ClickException(f"La base ne répond pas : {base.moteur.url.render_as_string()}") from erreur
    click.echo("La base du centre est à jour.")


def peupler(url: str, dossiers: int, graine: int, jour: object) -> None:
    """Fill a migrated, empty database."""
    from guichet.central.peuplement.monde import DejaPeuple
    from guichet.central.peuplement.monde import peupler as peupler_monde

    base = _ouvrir(url)
    le = jour.date() if isinstance(jour, datetime) else date.today()
    try:
        with base.chargement() as connexion:
            peupler_monde(connexion, dossiers, graine, le)
    except DejaPeuple as erreur:
        raise click.ClickException("Cette base contient déjà des données : elle n'a pas été modifiée.") from erreur
    except SQLAlchemyError as erreur:
        raise click.ClickException("La base n'est pas prête : lancez d'abord « guichet centre migrer ».") from erreur
    click.echo(f"{dossiers} dossiers de démonstration écrits.")


def _exiger_a_jour(base: BaseCentre) -> None:
    """Refuse to serve a database whose tables are of before; one that does not answer yet is waited for by the requests themselves."""
    with suppress(SQLAlchemyError), base.lecture() as connexion:
        if en_retard(connexion, "guichet.central"):
            raise click.ClickException("La base n'est pas à jour : lancez d'abord « guichet centre migrer ».")


def servir(
    url: str, adresse: str, fichiers: str | None, certificat: tuple[str, str] | None, metriques: str | None, publique: str | None,
    identite: str | None, *, production: bool,
) -> None:  # fmt: skip
    """Serve the API until interrupted; the address really bound is the first line printed."""
    import uvicorn
    from litestar.concurrency import set_asyncio_executor

    from guichet.central import entretien, mesures
    from guichet.central.analyse import Analyse
    from guichet.central.app import creer_application
    from guichet.central.fichiers import Fichiers
    from guichet.central.journaux import regler
    from guichet.commandes.analyse import etapes
    from guichet.documents.etabli import Etabli

    regler()
    sys.setswitchinterval(_TOUR_S)
    # asyncio's own executor has a handful of threads: requests that wait for the base or for their turn would hold up all the others.
    set_asyncio_executor(ThreadPoolExecutor(_FILS, "demande"))
    fournisseur = _fournisseur(identite)
    base = _ouvrir(url)
    _exiger_a_jour(base)
    if production:
        with base.ecriture() as connexion:
            passer_en_production(connexion)
    prise = _ecouter(adresse)
    hote, port = prise.getsockname()[:2]
    liee = f"{'https' if certificat else 'http'}://{hote}:{port}"
    click.echo(liee)
    dossier = Path(fichiers) if fichiers else _dossier_par_defaut(base)
    chiffrement = {"ssl_certfile": certificat[0], "ssl_keyfile": certificat[1]} if certificat else {}
    etabli = Etabli()
    analyse = Analyse(base, Fichiers(dossier), etapes(etabli))
    reglages = uvicorn.Config(
        creer_application(base, dossier, (publique or liee).rstrip("/"), fournisseur, analyse.signaler), log_config=None, access_log=False, timeout_graceful_shutdown=5,
        ssl_certfile=chiffrement.get("ssl_certfile"), ssl_keyfile=chiffrement.get("ssl_keyfile"),
    )  # fmt: skip
    if metriques:
        mesures.servir(base, *_adresse(metriques))
    fin = threading.Event()
    entretien.lancer(base.gardee(), Fichiers(dossier), fin)
    analyse.lancer()
    # What is loaded by now stays for good: no collection has to walk it again while requests wait.
    gc.freeze()
    try:
        uvicorn.Server(reglages).run([prise])
    finally:
        fin.set()
        analyse.arreter()
        etabli.fermer()


def _fournisseur(identite: str | None) -> "Reglages | None":
    from guichet.central.identity.fournisseur import lire_reglages

    try:
        return lire_reglages(Path(identite)) if identite else None
    except (ValueError, OSError) as erreur:
        raise click.UsageError(f"Le fichier du fournisseur d'identité n'est pas compris : {erreur}") from erreur


def sauvegarder(url: str, vers: str) -> None:
    """Copy a SQLite centre as it is at one moment, while it serves."""
    base = _ouvrir(url)
    if not base.sqlite:
        raise click.UsageError("Avec PostgreSQL, sauvegardez par pg_dump : voir docs/exploitation.md.")
    with base.lecture() as connexion:
        source = connexion.connection.driver_connection
        assert source is not None
        with closing(sqlite3.connect(vers)) as but:
            source.backup(but)
    click.echo(f"Sauvegarde écrite : {vers}")


def retablir(url: str, *, terminer: bool) -> None:
    """Open a new timeline after a restore, or close its recovery window."""
    from guichet.central import restauration

    base = _ouvrir(url)
    try:
        if terminer:
            restauration.terminer(base)
            click.echo("Le rétablissement est terminé : les agendas sont rouverts.")
        else:
            nombre = restauration.retablir(base)
            click.echo(f"{nombre} portées ont une nouvelle époque. Les postes peuvent revenir ; terminez par « retablir --terminer ».")
    except SQLAlchemyError as erreur:
        raise click.ClickException("La base n'est pas prête : lancez d'abord « guichet centre migrer ».") from erreur


def purger(url: str, fichiers: str | None, *, appliquer: bool) -> None:
    """Say what is past its time, family by family, or let it go."""
    from guichet.central.entretien import conserver
    from guichet.central.fichiers import Fichiers

    base = _ouvrir(url)
    depot = Fichiers(Path(fichiers) if fichiers else _dossier_par_defaut(base))
    try:
        with base.lecture() as connexion:
            portees = list(connexion.scalars(select(scope_head.c.scope_id).order_by(scope_head.c.scope_id)))
        constats = [c for portee in portees for c in conserver(base, depot, portee, date.today(), a_blanc=not appliquer)]
    except SQLAlchemyError as erreur:
        raise click.ClickException("La base n'est pas prête : lancez d'abord « guichet centre migrer ».") from erreur
    for c in constats:
        click.echo(f"{c.portee} · {c.famille} : {c.a_purger} ({c.lignes} lignes{f', {len(c.contenus)} fichiers' if c.contenus else ''})")
    total = sum(c.lignes for c in constats)
    click.echo(
        f"{total} lignes effacées." if appliquer else f"{total} lignes seraient effacées. Rien n'a été modifié : ajoutez --appliquer."
    )


def exporter(url: str, portee: str, dossier: str, vers: str) -> None:
    """Write all that is held of a dossier's people."""
    from guichet.central.services import journal
    from guichet.central.services.export import exporter as rassembler

    base = _ouvrir(url)
    try:
        with base.ecriture(portee) as connexion:
            rendu = rassembler(connexion, portee, dossier)
            journal.noter(connexion, portee, "centre", "export", dossier, "droit d'accès")
    except LookupError as erreur:
        raise click.ClickException("Cette portée n'a pas ce dossier.") from erreur
    ecrire_durablement(Path(vers), msgspec.json.format(msgspec.json.encode(rendu), indent=2))
    click.echo(f"Données écrites : {vers} ({sum(map(len, rendu.donnees.values()))} lignes, {len(rendu.consultations)} consultations)")


def effacer(url: str, portee: str, dossier: str, motif: str, fichiers: str | None) -> None:
    """Erase one dossier, at its person's request; the reason stays in the journal."""
    from guichet.central.fichiers import Fichiers
    from guichet.central.services import conservation

    base = _ouvrir(url)
    depot = Fichiers(Path(fichiers) if fichiers else _dossier_par_defaut(base))
    try:
        constat = base.ecrire(lambda c: conservation.effacer(c, portee, dossier, "centre", motif), portee)
    except LookupError as erreur:
        raise click.ClickException("Cette portée n'a pas ce dossier.") from erreur
    for sha256 in constat.contenus:
        depot.effacer(portee, sha256)
    click.echo(
        f"Dossier effacé : {constat.lignes} lignes, {len(constat.contenus)} fichiers. Les postes suivront à leur prochaine synchronisation."
    )


def assistance(url: str, fichier: str) -> None:
    """Print what a workstation handed to support."""
    from nacl.exceptions import CryptoError
    from nacl.public import SealedBox

    from guichet.central.services.appareils import cle_scellement

    with _ouvrir(url).lecture() as connexion:
        boite = SealedBox(cle_scellement(connexion))
    try:
        contenu = boite.decrypt(Path(fichier).read_bytes())
    except CryptoError as erreur:
        raise click.ClickException("Ce fichier n'a pas été chiffré pour ce centre.") from erreur
    click.echo(json.dumps(json.loads(contenu), ensure_ascii=False, indent=2))


def secourir(url: str, fichier: str, vers: str) -> None:
    """Answer an agent who has lost his passphrase or his keyring: his vault's key, sealed for his workstation alone."""
    import msgspec
    from nacl.exceptions import CryptoError
    from nacl.public import PublicKey, SealedBox

    from guichet.central.services.appareils import cle_scellement
    from guichet.contract.sync import CleDeCoffre, DemandeDeSecours

    with _ouvrir(url).lecture() as connexion:
        boite = SealedBox(cle_scellement(connexion))
    try:
        demande = msgspec.json.decode(Path(fichier).read_bytes(), type=DemandeDeSecours)
        contenu = boite.decrypt(demande.secours)
        if msgspec.json.decode(contenu, type=CleDeCoffre).vault_id != demande.vault_id:
            raise ValueError(demande.vault_id)
        Path(vers).write_bytes(SealedBox(PublicKey(demande.reponse_pour)).encrypt(contenu))
    except (CryptoError, ValueError) as erreur:
        raise click.ClickException("Ce fichier n'est pas une demande de secours faite à ce centre.") from erreur
    click.echo(f"Réponse écrite : {vers}. Elle n'ouvre que le coffre {demande.vault_id}, sur son poste : remettez-la à l'agent lui-même.")


def jeton(url: str, agent: str | None, heures: float, *, liste: bool, en_json: bool) -> None:
    """Give a token, or name who may have one."""
    base = _ouvrir(url)
    if liste == bool(agent):
        raise click.UsageError("Donnez soit --agent NOM, soit --liste.")
    try:
        with base.ecriture() as connexion:
            if liste:
                noms = [{"login": a.login, "fonction": a.fonction} for a in agents(connexion)]
                click.echo(json.dumps(noms, ensure_ascii=False) if en_json else "\n".join(f"{n['login']}  {n['fonction']}" for n in noms))
                return
            texte, _ = delivrer(connexion, str(agent), timedelta(hours=heures))
    except RefusCentre as refus:
        raise click.ClickException(refus.detail) from refus
    except SQLAlchemyError as erreur:
        raise click.ClickException("La base n'est pas prête : lancez d'abord « guichet centre migrer ».") from erreur
    click.echo(json.dumps({"jeton": texte}) if en_json else texte)


def inviter(url: str, login: str, publique: str) -> None:
    """Print the link by which an agent opens his account of the centre's own."""
    from guichet.central.identity import comptes

    def travail(connexion: Connection) -> str:
        return comptes.inviter(connexion, _agent(connexion, login))

    click.echo(f"{publique.rstrip('/')}/oauth/invitation/{_ouvrir(url).ecrire(travail)}")


def attendre(url: str, login: str, emetteur: str, siret: str, courriel: str) -> None:
    """Say how the identity provider will name an agent."""
    from guichet.central.identity import identites

    def travail(connexion: Connection) -> None:
        identites.attendre(connexion, _agent(connexion, login), emetteur, siret, courriel)

    _ouvrir(url).ecrire(travail)
    click.echo(f"{login} est attendu du fournisseur d'identité.")


def fermer_compte(url: str, login: str) -> None:
    """Close an agent's account and end his sign-ins."""
    from guichet.central.identity import comptes

    _ouvrir(url).ecrire(lambda connexion: comptes.fermer(connexion, _agent(connexion, login).id))
    click.echo(f"Le compte de {login} est fermé, ses connexions sont terminées.")


def tourner_cle(url: str) -> None:
    """Have a new key sign access tokens; the earlier ones still verify."""
    from guichet.central.identity.cles import Cles

    Cles(_ouvrir(url)).tourner()
    click.echo("Une nouvelle clé signe les jetons ; les précédentes les vérifient encore.")


def _agent(connexion: Connection, login: str) -> Agent:
    agent = agent_nomme(connexion, login)
    if agent is None:
        raise click.ClickException("Aucun agent de ce centre ne porte ce nom.")
    return agent


def _ouvrir(url: str) -> BaseCentre:
    try:
        return BaseCentre(url)
    except (SQLAlchemyError, ModuleNotFoundError) as erreur:
        raise click.UsageError("Cette adresse de base n'est pas comprise : sqlite:///chemin ou postgresql://…") from erreur


def _adresse(adresse: str) -> tuple[str, int]:
    hote, _, port = adresse.rpartition(":")
    if not hote or not port.isdigit():
        raise click.UsageError("Adresse attendue : HOTE:PORT, par exemple 127.0.0.1:8470")
    return hote, int(port)


def _ecouter(adresse: str) -> socket.socket:
    try:
        prise = socket.create_server(_adresse(adresse))
    except OSError as erreur:
        raise click.ClickException(f"L'adresse {adresse} n'est pas libre.") from erreur
    # Accepted connections inherit it. asyncio sets it only on sockets made with IPPROTO_TCP; without it each answer waits 40 ms for an ACK.
    prise.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return prise


def _dossier_par_defaut(base: BaseCentre) -> Path:
    fichier = base.moteur.url.database if base.sqlite else None
    if not fichier:
        raise click.UsageError("Avec PostgreSQL, dites où ranger les pièces : --fichiers DOSSIER")
    return Path(fichier).with_suffix(".fichiers")
