"""The strip of pages: thumbnails in order, moved by drag or keyboard, renamed in place."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap, QTransform
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListWidget, QListWidgetItem

if TYPE_CHECKING:
    from guichet.documents.page import Page

_VIGNETTE = 96


class BacListe(QListWidget):
    """Shows the tray; asks for moves and names by signals, and never changes it itself."""

    deplacee = Signal(int, int)
    renommee = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Pages du document"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setIconSize(QSize(_VIGNETTE, _VIGNETTE))
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked)
        self.setSpacing(4)
        self.setWordWrap(True)
        self.model().rowsMoved.connect(self._sur_deplacement)
        self.itemChanged.connect(lambda e: self.renommee.emit(self.row(e), e.text()))

    def montrer(self, pages: "tuple[Page, ...]", choisie: int) -> None:
        """Show the pages and choose one."""
        self.blockSignals(True)
        self.clear()
        for page in pages:
            element = QListWidgetItem(QIcon(image(page, _VIGNETTE)), page.nom)
            element.setFlags(element.flags() | Qt.ItemFlag.ItemIsEditable)
            self.addItem(element)
        self.blockSignals(False)
        self.setCurrentRow(min(choisie, len(pages) - 1))

    def _sur_deplacement(self, _: QModelIndex, de: int, __: int, ___: QModelIndex, vers: int) -> None:
        self.deplacee.emit(de, vers - 1 if vers > de else vers)


def image(page: "Page", cote: int) -> QPixmap:
    """Return a page's preview, turned as decided, within a square."""
    lue = QPixmap()
    lue.loadFromData(page.apercu)
    if page.rotation:
        lue = lue.transformed(QTransform().rotate(page.rotation))
    return lue.scaled(cote, cote, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
