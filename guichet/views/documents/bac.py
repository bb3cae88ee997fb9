"""The strip of pages: thumbnails in order, moved by drag or keyboard, renamed in place."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap, QTransform
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListWidget, QListWidgetItem, QStyledItemDelegate, QStyleOptionViewItem

from guichet.views.documents.mots import alertes

if TYPE_CHECKING:
    from guichet.documents.page import Page

_VIGNETTE = 96
_ALERTES, _DOCUMENT = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class _Legende(QStyledItemDelegate):
    """Writes a page's defects under its name, and over it which document begins there; the name alone is edited."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Say all of it."""
        super().initStyleOption(option, index)
        if document := index.data(_DOCUMENT):
            option.text = f"{document}\u2028{option.text}"
        if vues := index.data(_ALERTES):
            option.text = f"{option.text}\u2028▲ {vues}"


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
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setItemDelegate(_Legende(self))
        self._vignettes: dict[str, QIcon] = {}
        self._attendue: QListWidgetItem | None = None
        self.model().rowsMoved.connect(self._sur_deplacement)
        self.itemChanged.connect(lambda e: self.renommee.emit(self.row(e), e.text()))

    def montrer(self, pages: "tuple[Page, ...]", choisie: int) -> None:
        """Show the pages and choose one, which nobody is told of; a picture that is known is not made again."""
        from guichet.documents.page import debuts

        places = debuts(pages)
        rangs = {pages[i].id: rang for rang, i in enumerate(places, start=1)} if len(places) > 1 else {}
        self._vignettes = {p.id: self._vignettes.get(p.id) or _vignette(p) for p in pages}
        self.blockSignals(True)
        attendue = self.takeItem(self.row(self._attendue)) if self._attendue is not None else None
        self.clear()
        for page in pages:
            element = QListWidgetItem(self._vignettes[page.id], page.nom)
            element.setFlags(element.flags() | Qt.ItemFlag.ItemIsEditable)
            vues = ", ".join(alertes(page))
            element.setData(_ALERTES, vues)
            document = self.tr("▸ Document {0}").format(rangs[page.id]) if page.id in rangs else ""
            element.setData(_DOCUMENT, document)
            element.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, (document, page.nom, vues))))
            self.addItem(element)
        if attendue is not None:
            self.addItem(attendue)
        self.setCurrentRow(min(choisie, len(pages) - 1))
        self.blockSignals(False)

    def attendre(self, vignette: bytes) -> None:
        """Show a glimpse of the page that is being done, after the others; it can be neither chosen nor moved."""
        self.blockSignals(True)
        self._laisser()
        lue, icone = apercu(vignette, _VIGNETTE), QIcon()
        icone.addPixmap(lue)
        icone.addPixmap(lue, QIcon.Mode.Disabled)
        self._attendue = QListWidgetItem(icone, self.tr("En cours…"))
        self._attendue.setFlags(Qt.ItemFlag.NoItemFlags)
        self.addItem(self._attendue)
        self.blockSignals(False)

    def finir_d_attendre(self) -> None:
        """Take the glimpse away: its page is there, or was refused."""
        self.blockSignals(True)
        self._laisser()
        self.blockSignals(False)

    def _laisser(self) -> None:
        if self._attendue is not None:
            self.takeItem(self.row(self._attendue))
            self._attendue = None

    def choisies(self) -> list[int]:
        """Return the places of the chosen pages."""
        return sorted(self.row(e) for e in self.selectedItems())

    def _sur_deplacement(self, _: QModelIndex, de: int, __: int, ___: QModelIndex, vers: int) -> None:
        derniere = self.count() - 1 - (self._attendue is not None)
        self.deplacee.emit(de, min(vers - 1 if vers > de else vers, derniere))


def _vignette(page: "Page") -> QIcon:
    vignette, icone = image(page, _VIGNETTE), QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
        icone.addPixmap(vignette, mode)  # a chosen page keeps its colours
    return icone


def image(page: "Page", cote: int) -> QPixmap:
    """Return a page's preview, turned as decided, within a square."""
    return apercu(page.faite.apercu, cote, page.retouches.rotation)


def apercu(jpeg: bytes, cote: int, rotation: int = 0) -> QPixmap:
    """Return a picture within a square, turned clockwise."""
    lue = QPixmap()
    lue.loadFromData(jpeg)
    if rotation:
        lue = lue.transformed(QTransform().rotate(rotation))
    return lue.scaled(cote, cote, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
