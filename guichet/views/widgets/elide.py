"""A one-line label that gives up its end before it makes the window wider; the whole text stays in its tooltip and name."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel


class LabelElide(QLabel):
    """Draws as much as fits, then an ellipsis."""

    def minimumSizeHint(self) -> QSize:
        """Ask for a few characters only."""
        return QSize(self.fontMetrics().averageCharWidth() * 4, super().minimumSizeHint().height())

    def setText(self, texte: str) -> None:
        """Show a text; its tooltip holds it whole."""
        super().setText(texte)
        self.setToolTip(texte)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the text within the width."""
        if not self.text():
            return
        from PySide6.QtCore import Qt

        peintre = QPainter(self)
        peintre.setPen(self.palette().color(self.foregroundRole()))
        texte = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        peintre.drawText(self.rect(), int(self.alignment()), texte)
