"""Boxes side by side, as many as the width and the size of the text allow."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget


class Colonnes(QWidget):
    """Lays its boxes in one to `maximum` columns of at least `largeur_em` characters."""

    def __init__(self, boites: list[QWidget], largeur_em: int, maximum: int) -> None:
        super().__init__()
        self._boites, self._largeur_em, self._maximum, self._nombre = boites, largeur_em, maximum, 0
        self._grille = QGridLayout(self)
        self._grille.setContentsMargins(0, 0, 0, 0)
        self._grille.setSpacing(12)
        self._ranger(maximum)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out again when the number of columns changes."""
        super().resizeEvent(event)
        self._ranger(event.size().width() // (self.fontMetrics().averageCharWidth() * self._largeur_em))

    def _ranger(self, possible: int) -> None:
        nombre = max(1, min(self._maximum, possible))
        if nombre == self._nombre:
            return
        self._nombre = nombre
        for rang, boite in enumerate(self._boites):
            self._grille.addWidget(boite, rang // nombre, rang % nombre)
        for colonne in range(self._maximum):
            self._grille.setColumnStretch(colonne, 1 if colonne < nombre else 0)
