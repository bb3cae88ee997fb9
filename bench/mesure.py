"""One figure of a bench, and a bench with its two sizes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


class OutilAbsent(Exception):
    """What a bench needs is not on this machine; says what, and how to get it."""


@dataclass(frozen=True)
class Mesure:
    """A figure held to a bound, at most, both in `unite`.

    `nom` is its name within its bench, and stays when `quoi` (what) and `contre` (against what, if anything) are worded anew.
    `trouve` is None where it was not looked for; `detail` says why then, else what was compared, in the sizes and units of the run.
    """

    nom: str
    quoi: str
    contre: str
    borne: float
    trouve: float | None
    unite: str
    detail: str

    @property
    def tenue(self) -> bool | None:
        """Whether the figure is within its bound; None where there is no figure."""
        return None if self.trouve is None else self.trouve <= self.borne


@dataclass(frozen=True)
class Banc(Generic[T]):
    """A bench: what measures, the sizes of a short run, whose figures say nothing, and those of a long one."""

    mesurer: Callable[[T], Iterator[Mesure]]
    court: T
    long: T

    def jouer(self, *, court: bool) -> list[Mesure]:
        """Run it. Raises OutilAbsent."""
        return list(self.mesurer(self.court if court else self.long))


def lisible(valeur: float, unite: str) -> str:
    """Return a value as a person reads it, with its unit: 0.39 ×, 45.4 ms, 175 MB."""
    chiffres = f"{valeur:.0f}" if valeur >= 100 else f"{valeur:.1f}" if valeur >= 10 else f"{valeur:.2f}"
    return f"{chiffres.rstrip('0').rstrip('.') if '.' in chiffres else chiffres} {unite}".rstrip()
