"""The chain of the access journal: each line carries the hash of the one before it, so that none is changed, moved or taken out unseen."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

ORIGINE = ""
"""What the first line of a chain is linked to."""


class Maillon(NamedTuple):
    """A line as it was kept: its place, its content as text, the hash it bears."""

    rang: int
    contenu: Sequence[str]
    maillon: str


class Rupture(NamedTuple):
    """Where a chain does not hold, and why."""

    rang: int
    pourquoi: str


def chainer(precedent: str, rang: int, contenu: Sequence[str]) -> str:
    """Return the hash of a line: of the one before it, of its place and of its content."""
    ecrit = json.dumps([precedent, rang, *contenu], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(ecrit.encode()).hexdigest()


def verifier(lignes: Iterable[Maillon], depart: int = 0, precedent: str = ORIGINE) -> tuple[list[Rupture], int, str]:
    """Walk a chain from a sealed place on; return what does not hold, and its head (place and hash)."""
    ruptures, rang = list[Rupture](), depart
    for ligne in lignes:
        if ligne.rang != rang + 1:
            ruptures.append(
                Rupture(ligne.rang, f"{ligne.rang - rang - 1} ligne(s) manquent avant elle" if ligne.rang > rang else "ligne en double")
            )
        elif chainer(precedent, ligne.rang, ligne.contenu) != ligne.maillon:
            ruptures.append(Rupture(ligne.rang, "la ligne ou celle d'avant a été modifiée"))
        rang, precedent = ligne.rang, ligne.maillon
    return ruptures, rang, precedent
