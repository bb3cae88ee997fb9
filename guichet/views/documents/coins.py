"""The page as it came, with its four corners to be put right, by mouse or by keyboard."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from guichet.documents.page import Coins, PageTraitee

_COTE, _RAYON, _RETRAIT = 40, 9, 0.06
_LOUPE, _GROSSIT = 132, 3
_FLECHES = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class CoinsVue(QWidget):
    """Shows a page's original; `valides` gives the corners, in the original's own pixels."""

    valides = Signal(object)
    abandonnes = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(160, 160)
        self._image, self._points = QPixmap(), list[QPointF]()
        self._taille = (1, 1)
        noms = (self.tr("Coin en haut à gauche"), self.tr("Coin en haut à droite"), self.tr("Coin en bas à droite"),
                self.tr("Coin en bas à gauche"))  # fmt: skip
        self.poignees = [_Poignee(self, rang, nom) for rang, nom in enumerate(noms)]

    def montrer(self, original: "PageTraitee", coins: "Coins | None") -> None:
        """Show an original, its corners where they were said to be, or a little inside its edges."""
        self._image.loadFromData(original.apercu)
        self._taille = original.taille
        largeur, hauteur = original.taille
        g, h, d, b = largeur * _RETRAIT, hauteur * _RETRAIT, largeur * (1 - _RETRAIT), hauteur * (1 - _RETRAIT)
        self._points = [QPointF(x, y) for x, y in coins or ((g, h), (d, h), (d, b), (g, b))]
        self._placer()
        self.poignees[0].setFocus()

    def valider(self) -> None:
        """Give the corners."""
        self.valides.emit(tuple((p.x(), p.y()) for p in self._points))

    def bouger(self, rang: int, dx: float, dy: float) -> None:
        """Move a corner by so many pixels of the screen; it stays in the picture."""
        k, point = self._echelle(), self._points[rang]
        x, y = point.x() + dx / k, point.y() + dy / k
        self._points[rang] = QPointF(min(max(x, 0.0), self._taille[0]), min(max(y, 0.0), self._taille[1]))
        self._placer()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the corners where they are on the picture."""
        super().resizeEvent(event)
        self._placer()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter crops, Escape leaves the page as it was."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.valider()
        elif event.key() == Qt.Key.Key_Escape:
            self.abandonnes.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the picture, what will be left out darker, the outline, and a corner from near while it is moved."""
        if not self._points:
            return
        peintre = QPainter(self)
        peintre.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        cadre = self._cadre()
        peintre.drawPixmap(cadre, self._image, QRectF(self._image.rect()))
        contour = QPolygonF([self._a_l_ecran(p) for p in self._points])
        peintre.setPen(QPen(QColor("white"), 4))
        peintre.drawPolygon(contour)
        peintre.setPen(QPen(self.palette().link().color(), 2))
        peintre.drawPolygon(contour)
        tenue = next((p.rang for p in self.poignees if p.hasFocus()), None)
        if tenue is not None:
            self._dessiner_la_loupe(peintre, tenue)

    def _dessiner_la_loupe(self, peintre: QPainter, rang: int) -> None:
        """Draw the held corner from near, in the window's corner that is the furthest from it."""
        k = self._image.width() / self._taille[0]
        centre, cote = self._points[rang] * k, _LOUPE / _GROSSIT / self._echelle() * k
        place = QRectF(0 if rang in (1, 2) else self.width() - _LOUPE, self.height() - _LOUPE if rang in (0, 1) else 0, _LOUPE, _LOUPE)
        peintre.fillRect(place, self.palette().base())
        peintre.drawPixmap(place, self._image, QRectF(centre.x() - cote / 2, centre.y() - cote / 2, cote, cote))
        peintre.setPen(QPen(self.palette().link().color(), 2))
        peintre.drawRect(place)
        milieu = place.center()
        peintre.drawLine(milieu - QPointF(12, 0), milieu + QPointF(12, 0))
        peintre.drawLine(milieu - QPointF(0, 12), milieu + QPointF(0, 12))

    def _echelle(self) -> float:
        """How many pixels of the screen one of the original takes."""
        marge = _COTE
        return max(1e-6, min((self.width() - marge) / self._taille[0], (self.height() - marge) / self._taille[1]))

    def _cadre(self) -> QRectF:
        k = self._echelle()
        largeur, hauteur = self._taille[0] * k, self._taille[1] * k
        return QRectF((self.width() - largeur) / 2, (self.height() - hauteur) / 2, largeur, hauteur)

    def _a_l_ecran(self, point: QPointF) -> QPointF:
        return self._cadre().topLeft() + point * self._echelle()

    def _placer(self) -> None:
        for poignee, point in zip(self.poignees, self._points, strict=False):
            poignee.move((self._a_l_ecran(point) - QPointF(_COTE / 2, _COTE / 2)).toPoint())
        self.update()


class _Poignee(QWidget):
    """One corner: dragged, or moved by the arrows, ten times further with Shift."""

    def __init__(self, vue: CoinsVue, rang: int, nom: str) -> None:
        super().__init__(vue)
        self._vue, self.rang = vue, rang
        self._prise = QPoint()
        self.setAccessibleName(nom)
        self.setAccessibleDescription(self.tr("Les flèches le déplacent, plus vite avec Majuscule ; Entrée recadre, Échap abandonne."))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeAllCursor)
        self.setFixedSize(_COTE, _COTE)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Hold the corner."""
        self._prise = event.globalPosition().toPoint()
        self.setFocus()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move it with the pointer."""
        ici = event.globalPosition().toPoint()
        pas, self._prise = ici - self._prise, ici
        self._vue.bouger(self.rang, pas.x(), pas.y())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move it by the arrows; the rest is its page's."""
        fleche = _FLECHES.get(Qt.Key(event.key()))
        if fleche is None:
            event.ignore()
            return
        pas = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        self._vue.bouger(self.rang, fleche[0] * pas, fleche[1] * pas)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show it from near."""
        super().focusInEvent(event)
        self._vue.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw a dot, wider when it is held."""
        peintre = QPainter(self)
        peintre.setRenderHint(QPainter.RenderHint.Antialiasing)
        rayon = _RAYON + 4 * self.hasFocus()
        peintre.setPen(QPen(QColor("white"), 3))
        peintre.setBrush(self.palette().link())
        peintre.drawEllipse(self.rect().center(), rayon, rayon)
