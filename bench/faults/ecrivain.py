"""A workstation that only works: acts kept one after the other, each said on its output once it is kept.

Run by the bench in a process of its own, to be killed. `--tricher` says each act before it is kept: the bench must see the loss.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from guichet.models import uuid7
from guichet.store import cles, fichiers, journal
from guichet.store.coffre import ancrer, ouvrir

PHRASE = "une phrase de passe d'essai"
PORTEE = "site:essai"


def rapide() -> None:
    """Make opening cost nothing: a thousand openings are not what is tried here."""
    cles._TOURS, cles._MEMOIRE_KIO = 1, 64


def travailler(dossier: Path, *, tricher: bool) -> None:
    rapide()
    coffre = ouvrir(dossier, PHRASE)
    with coffre.lecture() as connexion:
        rang, _ = journal.tete(connexion)
    print("pret", flush=True)
    while True:
        rang += 1
        piece = f"piece {rang}".encode() * 500 if rang % 5 == 0 else b""
        if tricher:
            print(rang, flush=True)
        with coffre.ecriture() as connexion:
            if piece:
                fichiers.ranger(connexion, dossier, PORTEE, piece)
            journal.inscrire(connexion, uuid7(), "agent", datetime.now(UTC), "essai", str(rang), "")
            ancrer(connexion)
        if rang % 20 == 0:
            cles.changer_phrase(dossier, coffre._cle, PHRASE)
        if not tricher:
            print(rang, flush=True)


if __name__ == "__main__":
    travailler(Path(sys.argv[1]), tricher="--tricher" in sys.argv)
