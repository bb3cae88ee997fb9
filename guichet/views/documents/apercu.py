"""The PDF as it will be sent, read back page by page."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from guichet.views.documents.bac import apercu
from guichet.views.formats import taille
from guichet.views.widgets.base import bouton, defilant, etiquette, rangee

if TYPE_CHECKING:
    from guichet.documents.page import PageTraitee


class ApercuDialog(QDialog):
    """Shows every page and the size of the file."""

    def __init__(self, pages: "list[PageTraitee]", octets: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Aperçu du PDF"))
        self.resize(760, min(900, parent.height()))
        contenu = QWidget()
        feuilles = QVBoxLayout(contenu)
        for rang, page in enumerate(pages, start=1):
            feuille = QLabel()
            feuille.setPixmap(apercu(page.apercu, 680))
            feuille.setAlignment(Qt.AlignmentFlag.AlignCenter)
            feuille.setAccessibleName(self.tr("Page {0} sur {1}").format(rang, len(pages)))
            feuilles.addWidget(feuille)
        colonne = QVBoxLayout(self)
        self.resume = etiquette(self.tr("{0} page(s), {1}").format(len(pages), taille(octets)), "section")
        colonne.addWidget(self.resume)
        zone = defilant(contenu, self.tr("Pages du PDF"))
        zone.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        colonne.addWidget(zone, 1)
        fermer = bouton(self.tr("Fermer"), self.accept, principal=True)
        fermer.setDefault(True)
        colonne.addLayout(rangee(None, fermer))
