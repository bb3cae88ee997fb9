"""Three panes side by side; where the width or the size of the text forbids it, the sides stack beside the centre."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

_ETROIT_EM = 105


class Volets(QWidget):
    """`cotes_em`: the sides' width, in characters."""

    def __init__(self, gauche: QWidget, centre: QWidget, droite: QWidget, cotes_em: int) -> None:
        super().__init__()
        self._gauche, self._centre, self._droite, self._etroit = gauche, centre, droite, False
        largeur = self.fontMetrics().averageCharWidth() * cotes_em
        gauche.setFixedWidth(largeur)
        droite.setFixedWidth(largeur)
        self._grille = QGridLayout(self)
        self._grille.setContentsMargins(0, 0, 0, 0)
        self._grille.setSpacing(0)
        self._ranger(etroit=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out again when it becomes narrow or wide."""
        super().resizeEvent(event)
        etroit = event.size().width() < self.fontMetrics().averageCharWidth() * _ETROIT_EM
        if etroit != self._etroit:
            self._ranger(etroit=etroit)

    def minimumSizeHint(self):  # type: ignore[no-untyped-def]  # noqa: ANN201 (Qt's signature)
        """Ask for no more than the narrow layout needs."""
        taille = super().minimumSizeHint()
        taille.setWidth(min(taille.width(), self._gauche.width() + self._centre.minimumSizeHint().width()))
        return taille

    def _ranger(self, *, etroit: bool) -> None:
        self._etroit = etroit
        for volet in (self._gauche, self._centre, self._droite):
            self._grille.removeWidget(volet)
        self._grille.addWidget(self._gauche, 0, 0)
        if etroit:
            self._grille.addWidget(self._droite, 1, 0)
            self._grille.addWidget(self._centre, 0, 1, 2, 1)
        else:
            self._grille.addWidget(self._centre, 0, 1)
            self._grille.addWidget(self._droite, 0, 2)
        self._grille.setColumnStretch(1, 1)
        self._grille.setRowStretch(0, 1)
        self._grille.setRowStretch(1, 1 if etroit else 0)
