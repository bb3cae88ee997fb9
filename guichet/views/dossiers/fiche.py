"""A table of Repères beside the dossier: how to reach the Caf, what the person does by herself."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from guichet.views.widgets.base import bouton, dimensionner, etiquette, rangee
from guichet.views.widgets.envois import remplir_table, table_simple

if TYPE_CHECKING:
    from guichet.services.reperes import Rubrique


class FicheDialog(QDialog):
    """Read only; nothing of anybody in it."""

    def __init__(self, rubrique: "Rubrique", parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(rubrique.titre)
        dimensionner(self, parent, 120, 24)
        self.table = table_simple(rubrique.titre, list(rubrique.colonnes))
        remplir_table(self.table, rubrique.lignes)
        fermer = bouton(self.tr("&Fermer"), self.accept, principal=True)
        fermer.setDefault(True)
        colonne = QVBoxLayout(self)
        colonne.addWidget(etiquette(rubrique.intro, "discret"))
        colonne.addWidget(self.table, 1)
        colonne.addLayout(rangee(None, fermer))
