"""A damaged vault: put aside whole, made anew under the same key, filled with what can still be read of what was done here.

What comes from the centre is read again there; only what a person did, and the keys of files, exist nowhere else. A cut at any point is
picked up by the next repair: the name under which the old files are put aside is written before the first of them is moved.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, insert, literal_column, select
from sqlalchemy.exc import SQLAlchemyError

from guichet.migration import migrer
from guichet.models import uuid7
from guichet.store import ancre, cles
from guichet.store.coffre import BASE, EN_REPARATION, NEUVE, a_nous, moteur_de, rouvrir, transaction
from guichet.store.disque import ecrire_durablement
from guichet.store.erreurs import CoffreAbime
from guichet.store.sortie import A_ENVOYER
from guichet.store.tables import bac_contenu, bac_page, brouillon, coffre, fichier, journal_local, journal_scelle, scelle, sortie

_COPIE = "reparation"
_SUITES = ("", "-wal")
_MARGE_JOURNAL = 100
"""Places left free in the journal when its end is lost: lines that the centre may have, and this vault no longer, keep theirs."""


@dataclass(frozen=True)
class Reparation:
    """What a repair found. `manquants`: acts known to be lost; `complet`: nothing that was done here is missing.

    `jusque`: when the latest act that was found was done; `de_cote`: where the damaged vault is kept, or nothing if it was sound.
    """

    en_attente: int
    manquants: int
    complet: bool
    jusque: datetime | None
    de_cote: Path | None


def raconter(rapport: Reparation) -> str:
    """Say what a repair did, what is missing, and what to do."""
    if rapport.de_cote is None:
        return "Ce coffre s'ouvre : il n'y avait rien à réparer."
    phrases = [f"Le coffre est refait ; l'ancien est gardé sous {rapport.de_cote.name}. Vos données reviennent du centre."]
    if rapport.en_attente:
        phrases.append(f"Gestes qui n'étaient pas partis, retrouvés : {rapport.en_attente}. Ils partiront à la prochaine connexion.")
    if rapport.complet:
        phrases.append("Rien de ce que vous aviez enregistré ne manque.")
        return "\n".join(phrases)
    combien = f"au moins {rapport.manquants}" if rapport.manquants else "peut-être"
    phrases.append(f"Gestes enregistrés ici qui n'ont pas pu être relus : {combien}.")
    if rapport.jusque is not None:
        phrases.append(f"Le dernier qui a été retrouvé date du {rapport.jusque.astimezone():%d/%m/%Y à %H:%M}.")
    phrases.append(
        "Revoyez ce que vous avez fait depuis la dernière synchronisation ; l'assistance peut encore chercher dans l'ancien coffre."
    )
    return "\n".join(phrases)


@dataclass
class _Relu:
    """Rows of the old vault, by table; `entieres`: the tables read to their end."""

    lignes: dict[str, list[dict[str, Any]]]
    entieres: set[str]


def reparer(dossier: Path, phrase: str) -> Reparation:
    """Make a damaged vault work again. Raises what opening its key raises, CoffreTropRecent, ProfilOccupe, or OSError; nothing is lost then."""
    with a_nous(dossier) as verrou:
        vault_id, cle = cles.ouvrir(dossier, phrase)
        with suppress(CoffreAbime):
            rouvrir(dossier, verrou, vault_id, cle).fermer()
            return Reparation(0, 0, complet=True, jusque=None, de_cote=None)
        de_cote = _mettre_de_cote(dossier)
        relu = _relire(dossier, de_cote, cle)
        rapport = _refaire(dossier, vault_id, cle, relu, de_cote)
        (dossier / EN_REPARATION).unlink()
        verrou.release()
    return rapport


def _mettre_de_cote(dossier: Path) -> Path:
    """Rename the old files; a repair that was cut goes on under the name it had chosen."""
    marque = dossier / EN_REPARATION
    if not marque.exists():
        ecrire_durablement(marque, f"{BASE}.hs-{datetime.now(UTC):%Y%m%dT%H%M%S}".encode())
    de_cote = dossier / marque.read_text()
    for suite in _SUITES:
        ancien, nouveau = dossier / f"{BASE}{suite}", de_cote.with_name(de_cote.name + suite)
        if ancien.exists() and not nouveau.exists():
            ancien.rename(nouveau)
    (dossier / f"{BASE}-shm").unlink(missing_ok=True)
    return de_cote


def _relire(dossier: Path, de_cote: Path, cle: bytes) -> _Relu:
    """Read, on a copy, each table from both its ends: a damaged page in the middle hides no more than itself."""
    travail = dossier / _COPIE
    shutil.rmtree(travail, ignore_errors=True)
    travail.mkdir()
    copie = travail / BASE
    for suite in _SUITES:
        with suppress(FileNotFoundError):
            shutil.copyfile(de_cote.with_name(de_cote.name + suite), travail / f"{BASE}{suite}")
    relu = _Relu({}, set())
    if copie.exists() and copie.stat().st_size:
        with suppress(SQLAlchemyError), _ouverte(copie, cle) as moteur, transaction(moteur) as connexion:
            migrer(connexion, "guichet.store")
        for table in (coffre, sortie, scelle, fichier, brouillon, bac_contenu, bac_page, journal_local, journal_scelle):
            debut, entiere = _lire_jusqu_au_mal(copie, cle, table, "ASC")
            fin = [] if entiere else _lire_jusqu_au_mal(copie, cle, table, "DESC")[0]
            cles_vues = {_identite(table, x) for x in debut}
            relu.lignes[table.name] = debut + [x for x in reversed(fin) if _identite(table, x) not in cles_vues]
            if entiere:
                relu.entieres.add(table.name)
    shutil.rmtree(travail, ignore_errors=True)
    return relu


def _lire_jusqu_au_mal(copie: Path, cle: bytes, table: Table, sens: str) -> tuple[list[dict[str, Any]], bool]:
    """Read a table in the order it was written, or its reverse; return what came, and whether it came to its end."""
    lues: list[dict[str, Any]] = []
    with suppress(SQLAlchemyError), _ouverte(copie, cle) as moteur, moteur.connect() as connexion:
        for ligne in connexion.execute(select(table).order_by(literal_column(f"rowid {sens}")).execution_options(yield_per=1)):
            lues.append(dict(ligne._mapping))  # noqa: PERF401, SLF001 (what came before the fault is kept; SQLAlchemy's public name)
        return lues, True
    return lues, False


@contextmanager
def _ouverte(copie: Path, cle: bytes) -> Iterator[Engine]:
    """Open anew each time: after one damaged page, a connection reads nothing more."""
    moteur = moteur_de(copie, cle)
    try:
        yield moteur
    finally:
        moteur.dispose()


def _identite(table: Table, ligne: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(ligne[c.name] for c in table.primary_key)


def _refaire(dossier: Path, vault_id: str, cle: bytes, relu: _Relu, de_cote: Path) -> Reparation:
    """Write the new vault under another name, then put it in place."""
    ancree = ancre.lire(dossier)
    notre = next(iter(relu.lignes.get(coffre.name, [])), None)
    if notre is not None and notre["vault_id"] != vault_id:
        notre = None
    manquants = max(ancree - notre["version"], 0) if notre is not None else ancree
    # Without the device's own number and key, the centre could not tell what it has already done of these acts: they stay put aside.
    gestes = relu.lignes.get(sortie.name, []) if notre is not None else []
    neuve = dossier / NEUVE
    neuve.unlink(missing_ok=True)
    with _ouverte(neuve, cle) as moteur, transaction(moteur) as connexion:
        migrer(connexion, "guichet.store")
        vierge = {"vault_id": vault_id, "appareil": uuid7()}
        connexion.execute(insert(coffre).values((notre or vierge) | {"version": ancree + 1}))
        if notre is not None:
            _rendre(connexion, relu, gestes, manquants)
    neuve.replace(dossier / BASE)
    complet = manquants == 0 and {sortie.name, scelle.name, fichier.name} <= relu.entieres
    attente = sum(x["etat"] in A_ENVOYER for x in gestes)
    return Reparation(attente, manquants, complet, max((x["saisi_le"] for x in gestes), default=None), de_cote)


def _rendre(connexion: Connection, relu: _Relu, gestes: list[dict[str, Any]], manquants: int) -> None:
    """Put back what was done here, and go on with the journal's chain behind a seal: its lines are in the vault put aside, and up there."""
    for table, lignes in (
        (sortie, gestes),
        (scelle, relu.lignes[scelle.name]),
        (fichier, relu.lignes[fichier.name]),
        (brouillon, relu.lignes[brouillon.name]),
        (bac_contenu, relu.lignes[bac_contenu.name]),
        (bac_page, relu.lignes[bac_page.name]),
    ):
        if lignes:
            connexion.execute(insert(table), lignes)
    sceaux = [(x["jusque"], x["maillon"]) for x in relu.lignes[journal_scelle.name]]
    rang, maillon = max([(x["rang"], x["maillon"]) for x in relu.lignes[journal_local.name]] + sceaux, default=(0, ""))
    if manquants or journal_local.name not in relu.entieres:
        rang += manquants + _MARGE_JOURNAL
    if rang:
        connexion.execute(insert(journal_scelle).values(jusque=rang, maillon=maillon, lignes=0, le=datetime.now(UTC)))
