"""A scanner's settings under a name: those shipped, and those that this workstation keeps."""

import json
from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QComboBox, QInputDialog, QVBoxLayout, QWidget

from guichet.views.widgets.base import bouton, rangee

_GARDES, _DERNIER = "numerisation/profils", "numerisation/profil"


class Reglages(NamedTuple):
    """Where sheets lie, dots an inch, what is kept of the ink."""

    source: str
    ppp: int
    encre: str


class ProfilsChoix(QWidget):
    """What goes under the list of names, which a form lays with its own fields.

    `choisi` gives the settings of a name; `lire` says what is set now, to be kept under another.
    """

    choisi = Signal(object)

    def __init__(self, lire: Callable[[], Reglages]) -> None:
        super().__init__()
        self._lire = lire
        self._livres, self._gardes = _livres(), _gardes()
        self.liste = QComboBox()
        self.liste.setAccessibleName(self.tr("Profil de numérisation"))
        self.liste.view().setAccessibleName(self.tr("Profils"))
        self.liste.activated.connect(lambda _: self._choisir())
        self.garder = bouton(self.tr("Garder ces réglages…"), self._garder, lien=True)
        self.oublier = bouton(self.tr("Oublier ce profil"), self._oublier, lien=True)
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addLayout(rangee(self.garder, self.oublier, None))
        self._remplir(str(QSettings().value(_DERNIER, "")))

    def reprendre(self) -> None:
        """Set what was chosen the last time."""
        if self.liste.currentIndex() > 0:
            self._choisir()

    def _remplir(self, choisi: str) -> None:
        self.liste.clear()
        self.liste.addItem(self.tr("Réglages libres"))
        self.liste.addItems([*self._livres, *self._gardes])
        self.liste.setCurrentIndex(max(0, self.liste.findText(choisi)))
        self.oublier.setVisible(self.liste.currentText() in self._gardes)

    def _choisir(self) -> None:
        nom = self.liste.currentText()
        self.oublier.setVisible(nom in self._gardes)
        QSettings().setValue(_DERNIER, nom)
        reglages = (self._livres | self._gardes).get(nom)
        if reglages is not None:
            self.choisi.emit(reglages)

    def _garder(self) -> None:
        nom, donne = QInputDialog.getText(self, self.tr("Garder ces réglages"), self.tr("Nom du profil"))
        if donne and nom.strip() and nom.strip() not in self._livres:
            self._gardes[nom.strip()] = self._lire()
            self._ecrire(nom.strip())

    def _oublier(self) -> None:
        self._gardes.pop(self.liste.currentText(), None)
        self._ecrire("")

    def _ecrire(self, choisi: str) -> None:
        QSettings().setValue(_GARDES, json.dumps(self._gardes))
        QSettings().setValue(_DERNIER, choisi)
        self._remplir(choisi)


def _livres() -> dict[str, Reglages]:
    from guichet.ressources import donnees

    return {p["libelle"]: Reglages(p["source"], p["ppp"], p["encre"]) for p in donnees("numerisation.yaml")["profils"]}


def _gardes() -> dict[str, Reglages]:
    """Return what this workstation keeps; what does not read is left."""
    try:
        lus = json.loads(str(QSettings().value(_GARDES, "{}")))
        return {str(nom): Reglages(str(s), int(p), str(e)) for nom, (s, p, e) in lus.items()}
    except (ValueError, TypeError, AttributeError):
        return {}
