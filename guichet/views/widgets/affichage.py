"""The « Affichage » menu: the skin at once, the size of the text at the next start; both are remembered on the workstation."""

from functools import partial

from PySide6.QtCore import QSettings
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from guichet.views.theme import THEMES, appliquer
from guichet.views.widgets.reglages import choisi

_NOMS = {"clair": "Clair", "sombre": "Sombre", "contraste": "Contrasté"}
_TAILLES = (100, 125, 150, 175, 200)


class MenuAffichage(QMenu):
    """Made when it is first opened."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        theme, echelle = choisi()
        self.setAccessibleName(self.tr("Affichage"))
        self._groupe(self.tr("Couleurs"), [(_NOMS[t], t == theme, partial(self._vetir, t)) for t in THEMES])
        tailles = [(f"{t} %", t == round(echelle * 100), partial(QSettings().setValue, "texte", str(t))) for t in _TAILLES]
        self._groupe(self.tr("Taille du texte, au prochain démarrage"), tailles)

    def _groupe(self, titre: str, choix: list[tuple[str, bool, partial[None]]]) -> None:
        self.addSection(titre)
        groupe = QActionGroup(self)
        for texte, coche, geste in choix:
            action = QAction(texte, self)
            action.setCheckable(True)
            action.setChecked(coche)
            action.triggered.connect(lambda _=False, geste=geste: geste())
            groupe.addAction(action)
            self.addAction(action)

    def _vetir(self, theme: str) -> None:
        QSettings().setValue("theme", theme)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            appliquer(app, theme, app.font().pointSizeF() / 10)
