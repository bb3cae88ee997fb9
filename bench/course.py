"""A run of some benches: what each found, how loaded the machine was before and after it, and whether all is held."""

import os
import platform
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from bench.mesure import Mesure, OutilAbsent, lisible
from bench.registre import banc

_COLONNES = ("bench", "what", "against", "bound", "found", "", "load before, after", "of what")


@dataclass
class Joue:
    """A bench that was run. `charge`: processes that ran or waited, the minute before it and the minute before its end.

    `absent`: the tool for want of which it was not run; `erreur`: what it broke on.
    """

    nom: str
    charge: tuple[float, float]
    secondes: float
    mesures: list[Mesure]
    absent: str = ""
    erreur: str = ""


@dataclass
class Course:
    """A run: when, on what, and what was found."""

    court: bool
    date: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    processeurs: int = field(default_factory=lambda: os.cpu_count() or 1)
    python: str = field(default_factory=platform.python_version)
    bancs: list[Joue] = field(default_factory=list)

    @property
    def reussie(self) -> bool:
        """Whether no bench broke and, in a long run, each was run and each bound held."""
        if any(joue.erreur for joue in self.bancs):
            return False
        return self.court or not any(joue.absent or any(m.tenue is False for m in joue.mesures) for joue in self.bancs)

    def en_json(self) -> dict[str, Any]:
        """Return what is kept of a run."""
        rendu = asdict(self)
        for joue, lu in zip(self.bancs, rendu["bancs"], strict=True):
            for mesure, ligne in zip(joue.mesures, lu["mesures"], strict=True):
                ligne["tenue"] = mesure.tenue
        return rendu


def jouer(noms: Sequence[str], *, court: bool) -> Course:
    """Run these benches one after the other; one that breaks says so, and does not keep the others from being run."""
    course = Course(court)
    for nom in noms:
        print(f"{nom}…", file=sys.stderr, flush=True)
        avant, debut = _charge(), time.monotonic()
        joue = Joue(nom, (avant, avant), 0, [])
        try:
            joue.mesures = banc(nom).jouer(court=court)
        except OutilAbsent as absent:
            joue.absent = str(absent)
        except Exception as erreur:  # noqa: BLE001 (whatever a bench breaks on, the others are still to be run)
            traceback.print_exc()
            joue.erreur = f"{type(erreur).__name__}: {erreur}"
        joue.charge, joue.secondes = (avant, _charge()), round(time.monotonic() - debut, 1)
        course.bancs.append(joue)
    return course


def _charge() -> float:
    return round(os.getloadavg()[0], 2)


def tableau(course: Course) -> str:
    """Return one table of a run, a line a figure."""
    lignes = [_COLONNES]
    for joue in course.bancs:
        charge = "{:.2f} → {:.2f}".format(*joue.charge)
        lignes += [
            (f"{joue.nom}.{m.nom}", m.quoi, m.contre, lisible(m.borne, m.unite), *_verdict(m, course), charge, m.detail)
            for m in joue.mesures
        ]
        if joue.absent or joue.erreur:
            lignes.append((joue.nom, "", "", "", "", "not run" if joue.absent else "BROKEN", charge, joue.absent or joue.erreur))
    largeurs = [max(map(len, colonne)) for colonne in zip(*lignes, strict=True)]
    return "\n".join("  ".join(f"{x:{n}}" for x, n in zip(ligne, largeurs, strict=True)).rstrip() for ligne in lignes)


def _verdict(mesure: Mesure, course: Course) -> tuple[str, str]:
    if mesure.trouve is None:
        return "", "left out"
    mot = "not judged" if course.court else "held" if mesure.tenue else "MISSED"
    return lisible(mesure.trouve, mesure.unite), mot
