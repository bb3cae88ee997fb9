"""A workstation that only works: acts kept one after the other, each said on its output once it is kept.

Run by the bench in a process of its own, to be killed. `--tricher` says each act before it is kept: the bench must see the loss.
`--tenace` goes on after an act that the disk refused, as an agent does; such an act is not said to be kept.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from guichet.models import uuid7
from guichet.store import cles, fichiers, journal
from guichet.store.coffre import Coffre, ancrer, ouvrir
from guichet.store.erreurs import ErreurCoffre
from tests.derivation import alleger

PHRASE = "une phrase de passe d'essai"
PORTEE = "site:essai"


def travailler(dossier: Path, *, tricher: bool, tenace: bool) -> None:
    alleger()  # a thousand openings are not what is tried here
    coffre = ouvrir(dossier, PHRASE)
    print("pret", flush=True)
    while True:
        try:
            rang = _agir(coffre, tricher=tricher)
        except (ErreurCoffre, OSError, DBAPIError) as erreur:
            if not tenace:
                raise
            print(f"refus {type(erreur).__name__}", flush=True)
            continue
        if not tricher:
            print(rang, flush=True)


def _agir(coffre: Coffre, *, tricher: bool) -> int:
    with coffre.lecture() as connexion:
        rang = journal.tete(connexion)[0] + 1
    if tricher:
        print(rang, flush=True)
    with coffre.ecriture() as connexion:
        if rang % 5 == 0:
            fichiers.ranger(connexion, coffre.dossier, PORTEE, f"piece {rang}".encode() * 500)
        journal.inscrire(connexion, uuid7(), "agent", datetime.now(UTC), "essai", str(rang), "")
        ancrer(connexion)
    if rang % 20 == 0:
        cles.changer_phrase(coffre.dossier, coffre._cle, PHRASE)
    return rang


if __name__ == "__main__":
    travailler(Path(sys.argv[1]), tricher="--tricher" in sys.argv, tenace="--tenace" in sys.argv)
