"""« Démarches possibles »: what the person at the counter may do, in his quality, and why not the rest."""

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from guichet.views.widgets.base import bouton, dimensionner, etiquette, rangee
from guichet.views.widgets.envois import remplir_table, table_simple

if TYPE_CHECKING:
    from guichet.rules.visiteurs import Vue


class PossiblesDialog(QDialog):
    """The forty-one lines of the Caf's table (B-10)."""

    def __init__(self, vue: "Vue", parent: QWidget) -> None:
        super().__init__(parent)
        from guichet.rules.visiteurs import nom_qualite
        from guichet.services.reperes import dire_possibles

        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Démarches possibles"))
        dimensionner(self, parent, 130, 34)
        colonne = QVBoxLayout(self)
        qui = nom_qualite(vue.qualite) if vue.qualite is not None else self.tr("Aucune visite ouverte : toutes les démarches")
        colonne.addWidget(etiquette(qui, "section"))
        if vue.refus:
            colonne.addWidget(etiquette(vue.refus, "discret"))
        self.table = table_simple(self.windowTitle(), [self.tr("Rubrique"), self.tr("Possible ?"), self.tr("Démarche")])
        remplir_table(self.table, dire_possibles(vue, date.today()))
        colonne.addWidget(self.table, 1)
        fermer = bouton(self.tr("&Fermer"), self.accept, principal=True)
        fermer.setDefault(True)
        colonne.addLayout(rangee(None, fermer))
