"""One line of a bench."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mesure:
    """A value held to a bound; `detail` says what was compared, in the units of the run."""

    nom: str
    valeur: float
    borne: float
    unite: str
    detail: str

    @property
    def tenue(self) -> bool:
        """Whether the value is within its bound."""
        return self.valeur <= self.borne

    def __str__(self) -> str:
        mot = "tenu" if self.tenue else "MANQUÉ"
        return f"{mot:7} {self.nom} : {self.valeur:.2f}{self.unite} (au plus {self.borne:g}{self.unite}) — {self.detail}"
