"""The skin and the size of the text that this workstation uses."""

import os

from PySide6.QtCore import QSettings

from guichet.views.theme import THEMES


def choisi() -> tuple[str, float]:
    """Return the skin and the scale of the text: from the environment (GUICHET_THEME, GUICHET_TEXTE in percent), else as remembered."""
    reglages = QSettings()
    theme = os.environ.get("GUICHET_THEME") or str(reglages.value("theme", "clair"))
    pour_cent = os.environ.get("GUICHET_TEXTE") or str(reglages.value("texte", "100"))
    return theme if theme in THEMES else "clair", max(100, min(200, int(pour_cent) if pour_cent.isdecimal() else 100)) / 100
