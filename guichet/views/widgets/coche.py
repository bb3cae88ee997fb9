"""The tick of a table's first column, drawn in the skin's own colours: Fusion's is black on black in high contrast."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QItemDelegate, QStyleOptionViewItem

from guichet.views.theme import couleur


class CocheDelegate(QItemDelegate):
    """Draws a box and its tick; the rest is Qt's."""

    def drawCheck(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, state: Qt.CheckState) -> None:  # noqa: ARG002 (Qt's signature)
        """Draw the box, filled and ticked when chosen."""
        boite = rect.adjusted(1, 1, -1, -1)
        choisi = state == Qt.CheckState.Checked
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(couleur("accent" if choisi else "border"), 1.4))
        painter.setBrush(couleur("accent") if choisi else couleur("surface"))
        painter.drawRoundedRect(boite, 3, 3)
        if choisi:
            painter.setPen(QPen(QColor(couleur("on_accent")), 1.8))
            gauche, bas = boite.left(), boite.bottom()
            largeur, hauteur = boite.width(), boite.height()
            painter.drawLine(gauche + largeur // 4, bas - hauteur // 2, gauche + largeur * 9 // 20, bas - hauteur // 4)
            painter.drawLine(gauche + largeur * 9 // 20, bas - hauteur // 4, gauche + largeur * 4 // 5, bas - hauteur * 3 // 4)
        painter.restore()
