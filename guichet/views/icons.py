"""The only room where icons come from: Remix Icon's glyphs, shipped by qtawesome, in the colour of the text around them.

qtawesome itself is not imported: it would load twelve fonts for the sake of one (research/desktop.md §0.3).
"""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QIcon, QIconEngine, QImage, QPainter, QPalette, QPixmap

_CENTRE = 0x84
"""Qt.AlignmentFlag.AlignCenter, by its number: see guichet.views.widgets.base."""
_POLICE, _GLYPHES = "remixicon-2.5.0.ttf", "remixicon-charmap-2.5.0.json"


@cache
def _charger() -> tuple[str, dict[str, str]]:
    module = find_spec("qtawesome")
    if module is None or not module.submodule_search_locations:
        raise RuntimeError("qtawesome is not installed")
    dossier = Path(module.submodule_search_locations[0]) / "fonts"
    famille = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(dossier / _POLICE)))[0]
    return famille, json.loads((dossier / _GLYPHES).read_text("utf-8"))


class _Glyphe(QIconEngine):
    def __init__(self, nom: str, role: QPalette.ColorRole) -> None:
        super().__init__()
        self._nom, self._role = nom, role

    def clone(self) -> QIconEngine:
        return _Glyphe(self._nom, self._role)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:  # noqa: ARG002 (Qt's signature)
        famille, glyphes = _charger()
        groupe = QPalette.ColorGroup.Disabled if mode == QIcon.Mode.Disabled else QPalette.ColorGroup.Active
        police = QFont(famille)
        police.setPixelSize(round(rect.height() * 0.9))
        painter.save()
        painter.setFont(police)
        painter.setPen(QGuiApplication.palette().color(groupe, self._role))
        painter.drawText(rect, _CENTRE, chr(int(glyphes[self._nom], 16)))
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        if size.isEmpty():  # asked for by what has no room yet
            return QPixmap()
        image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        peintre = QPainter(image)
        self.paint(peintre, QRect(0, 0, size.width(), size.height()), mode, state)
        peintre.end()
        return QPixmap.fromImage(image)


def icone(nom: str, role: QPalette.ColorRole = QPalette.ColorRole.WindowText) -> QIcon:
    """Return a Remix Icon glyph by its name, painted in a colour of the palette."""
    return QIcon(_Glyphe(nom, role))
