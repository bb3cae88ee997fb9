"""« Mon Compte »: the twelve entries that people know from caf.fr, in their order, each leading where it is here (MC-02)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtWidgets import QMenu, QPushButton

from guichet.rules.visiteurs import Acte, Information
from guichet.views.widgets.base import bouton

if TYPE_CHECKING:
    from guichet.services.carte import Carte


class Entree(NamedTuple):
    """One line. `permise`: whether the card and who stands there let it be chosen."""

    titre: str
    aller: Callable[[], object]
    permise: "Callable[[Carte], bool]"


def voit(information: Information) -> "Callable[[Carte], bool]":
    """Return what tells whether a card shows an information."""
    return lambda carte: information in carte.vue.voir


def fait(*actes: Acte) -> "Callable[[Carte], bool]":
    """Return what tells whether one of these acts may be done."""
    return lambda carte: bool(carte.vue.faire.intersection(actes))


class MenuCompte:
    """A button that opens the menu; lines that this visitor may not choose stay, greyed, so that nobody looks for them."""

    def __init__(self, titre: str, entrees: list[Entree]) -> None:
        self.bouton: QPushButton = bouton(titre, lambda: None, lien=True)
        self._menu = QMenu(self.bouton)
        self._entrees = [(e, self._menu.addAction(e.titre, e.aller)) for e in entrees]
        self.bouton.setMenu(self._menu)

    def adapter(self, carte: "Carte") -> None:
        """Grey what this card does not let be chosen; a dossier of another site is only read."""
        for entree, action in self._entrees:
            action.setEnabled(carte.jusqua is None and entree.permise(carte))
