"""The proof that a document was given, on screen: to be printed or saved for the person."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from guichet.views.widgets.base import bouton, dimensionner, rangee
from guichet.views.widgets.papier import PapierWidget

if TYPE_CHECKING:
    from guichet.presenters.poste import PostePresenter
    from guichet.services.papiers import Papier


class RecuDialog(QDialog):
    """Shows one paper, which is kept nowhere."""

    def __init__(self, poste: "PostePresenter", papier: "Papier", parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Reçu de dépôt"))
        self.papier = PapierWidget(poste, "", self)
        colonne = QVBoxLayout(self)
        colonne.addWidget(self.papier, 1)
        colonne.addLayout(rangee(None, bouton(self.tr("&Fermer"), self.reject), self.papier.enregistrer, self.papier.imprimer))
        dimensionner(self, parent, 84, 34)
        self.papier.montrer(papier)
