"""The removals: those listed in `donnees/*.yaml`, and each entry of the reference data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.morsures.references import coupes

RACINE = Path(__file__).parents[2]
ICI = Path(__file__).parent / "donnees"
REFERENCES = "resources/donnees"
COUTS = {
    "rules": 1,
    "contract": 1,
    "store": 3,
    "services": 6,
    "commandes": 6,
    "central": 6,
    "documents": 8,
    "sync": 8,
    "views": 20,
    "end_to_end": 40,
}
"""Seconds that a folder's tests take, roughly: the cheapest run first, and are drawn more often in a sample."""


class Perimee(LookupError):
    """A listed removal does not apply any more; the text says which, and why."""


@dataclass(frozen=True)
class Retrait:
    """One thing taken out: characters `debut` to `fin` of a file, for which `remplacement` is put; `essais`: what pytest is given, cheapest first."""

    nom: str
    fichier: str
    debut: int
    fin: int
    remplacement: str
    essais: tuple[str, ...]

    @property
    def cout(self) -> int:
        """Seconds that its cheapest test takes, roughly."""
        return cout(self.essais[0])


def cout(essai: str) -> int:
    """Return the seconds that a test's folder stands for."""
    return COUTS.get(essai.split("/")[1], 10)


def tous() -> list[Retrait]:
    """Return all the removals. Raises Perimee."""
    return [*listes(), *des_references()]


def listes() -> list[Retrait]:
    """Return the removals listed one by one. Raises Perimee."""
    return [
        _liste(groupe, x) for fichier in sorted(ICI.glob("retraits_*.yaml")) for groupe in yaml.safe_load(_lire(fichier)) for x in groupe["retraits"]
    ]  # fmt: skip


def des_references() -> list[Retrait]:
    """Return each entry of the reference data, before the tests that claim its file."""
    retraits = []
    for nom, essais in yaml.safe_load(_lire(ICI / "references.yaml")).items():
        chemin = f"{REFERENCES}/{nom}"
        texte = _lire(RACINE / chemin)
        for debut, fin in coupes(texte):
            retraits.append(Retrait(_nom(nom, texte, debut, texte[debut:fin]), chemin, debut, fin, "", _ranger(essais)))
    return retraits


def _liste(groupe: Mapping[str, Any], x: Any) -> Retrait:
    """Read one: a text to be taken out, or a pair, the text and what is put for it."""
    ote, mis = (x, "") if isinstance(x, str) else x
    fichier = groupe["fichier"]
    texte = _lire(RACINE / fichier)
    if texte.count(ote) != 1:
        raise Perimee(f"{fichier} : {ote!r} y est {texte.count(ote)} fois")
    debut = texte.index(ote)
    nom = _nom(fichier, texte, debut, ote) + (f" → {' '.join(mis.split())[:120]}" if mis else "")
    return Retrait(nom, fichier, debut, debut + len(ote), mis, _ranger(_essais(groupe)))


def _nom(fichier: str, texte: str, debut: int, ote: str) -> str:
    return f"{fichier}:{texte.count(chr(10), 0, debut) + 1}+{debut} {' '.join(ote.split())[:70]}"


def _essais(groupe: Mapping[str, Any]) -> Sequence[str]:
    """Return the tests named, and those that claim the requirements named."""
    from tests.exigences import essais_de

    demandes = groupe.get("exigences", ())
    return [*groupe.get("essais", ()), *(essais_de(demandes) if demandes else ())]


def _ranger(essais: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(dict.fromkeys(essais), key=cout))


@cache
def _lire(fichier: Path) -> str:
    return fichier.read_text(encoding="utf-8")
