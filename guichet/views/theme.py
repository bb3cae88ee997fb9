"""The skins: one table of colours, one small sheet for controls; item views are left to the palette (research/desktop.md §0.5)."""

import json
from functools import cache

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from guichet.ressources import RACINE

THEMES = ("clair", "sombre", "contraste")
_R = QPalette.ColorRole
_ROLES = {
    _R.Window: "window", _R.Base: "surface", _R.AlternateBase: "alternate", _R.Button: "surface", _R.ToolTipBase: "surface",
    _R.WindowText: "text", _R.Text: "text", _R.ButtonText: "text", _R.ToolTipText: "text", _R.PlaceholderText: "placeholder",
    _R.Highlight: "selection", _R.HighlightedText: "on_selection", _R.Link: "accent", _R.Accent: "accent", _R.BrightText: "on_accent",
    _R.Mid: "border", _R.Dark: "border", _R.Light: "surface", _R.Midlight: "alternate", _R.Shadow: "border",
}  # fmt: skip
_FEUILLE = """
QLineEdit, QComboBox, QPlainTextEdit, QDateEdit {{ border: 1px solid {border}; border-radius: 6px; padding: 0.35em 0.6em; background: {surface}; color: {text}; }}
QLineEdit {{ placeholder-text-color: {placeholder}; }}
QComboBox::drop-down, QDateEdit::drop-down {{ border: 0; width: 1.6em; }}
QComboBox::down-arrow, QDateEdit::down-arrow {{ image: url("{fleche}"); width: 0.8em; height: 0.8em; }}
QPushButton {{ border: 1px solid {border}; border-radius: 6px; padding: 0.4em 0.9em; background: {surface}; color: {text}; }}
QPushButton:hover {{ background: {alternate}; border-color: {accent}; }}
QPushButton:disabled {{ color: {placeholder}; border-color: {trait}; }}
QPushButton[principal="true"] {{ background: {accent}; color: {on_accent}; border-color: {accent}; font-weight: 600; }}
QPushButton[principal="true"]:disabled {{ background: {window}; color: {placeholder}; border-color: {border}; }}
QPushButton[lien="true"] {{ border: 1px solid transparent; background: transparent; color: {accent}; text-decoration: underline; padding: 0.2em 0.3em; }}
QPushButton:focus, QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus, QDateEdit:focus {{ border: 2px solid {focus}; }}
QPushButton[lien="true"]:focus {{ border: 2px solid {focus}; border-radius: 4px; }}
QFrame#carte {{ background: {surface}; border: 1px solid {trait}; border-radius: 8px; }}
QFrame#alerte {{ background: {surface}; border: 1px solid {warning}; border-radius: 8px; }}
QFrame#entete, QFrame#etat, QFrame#panneau {{ background: {surface}; }}
QFrame#banniere {{ background: {accent}; }}
QFrame#banniere QLabel {{ color: {on_accent}; }}
QFrame#banniere QPushButton {{ background: {surface}; color: {accent}; border-color: {surface}; font-weight: 600; }}
QMenu {{ border: 1px solid {border}; }}
QFrame#palette {{ background: {surface}; border: 1px solid {border}; border-radius: 8px; }}
QLabel[role="titre"] {{ font-size: {titre}pt; font-weight: 600; }}
QLabel[role="section"] {{ font-weight: 600; }}
QLabel[role="discret"] {{ color: {text_secondary}; }}
QLabel[role="marque"] {{ color: {accent}; font-weight: 600; font-size: {marque}pt; }}
QLabel[role="montant"] {{ font-size: {montant}pt; font-weight: 600; }}
QLabel[ton="info"] {{ color: {info}; }}
QLabel[ton="success"] {{ color: {success}; }}
QLabel[ton="warning"] {{ color: {warning}; }}
QLabel[ton="error"] {{ color: {error}; }}
QTabWidget, QTabBar {{ background: {surface}; }}
QTabBar::tab {{ padding: 0.6em 1em; border: 0; border-bottom: 3px solid transparent; color: {text_secondary}; background: {surface}; }}
QTabBar::tab:selected {{ color: {accent}; border-bottom-color: {accent}; font-weight: 600; }}
QTabBar::tab:focus {{ border: 2px solid {focus}; }}
QTabWidget::pane {{ border: 0; border-top: 1px solid {trait}; }}
QTabWidget::tab-bar {{ left: 8px; }}
QHeaderView::section {{ background: {window}; color: {text_secondary}; border: 0; border-bottom: 1px solid {trait}; padding: 0.4em 0.5em; font-weight: 600; }}
QScrollArea {{ border: 0; background: transparent; }}
QCheckBox {{ spacing: 0.5em; padding: 2px 6px 2px 2px; }}
QCheckBox::indicator {{ width: 1.1em; height: 1.1em; border: 1px solid {border}; border-radius: 3px; background: {surface}; }}
QCheckBox::indicator:checked {{ border-color: {accent}; background: {accent}; image: url("{coche}"); }}
QCheckBox:focus {{ border: 2px solid {focus}; border-radius: 4px; padding: 0 4px 0 0; }}
QProgressBar {{ border: 0; border-radius: 3px; background: {trait}; max-height: 6px; }}
QProgressBar::chunk {{ background: {success}; border-radius: 3px; }}
"""
_TAILLES = {"titre": 1.5, "marque": 1.1, "montant": 1.8}
_TRAITS = {"clair": "#dde2e6", "sombre": "#333a40", "contraste": "#bbc5d1"}


@cache
def palettes() -> dict[str, dict[str, str]]:
    """Return the colours of every skin, by role."""
    lues: dict[str, dict[str, str]] = json.loads((RACINE / "palette" / "palette.json").read_text("utf-8"))
    return lues


@cache
def _famille() -> str:
    """Load Inter (OFL), for the same widths everywhere and figures that line up."""
    familles = [
        QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(RACINE / "fonts" / nom)))
        for nom in ("Inter-Regular.otf", "Inter-SemiBold.otf")
    ]
    return familles[0][0]


def appliquer(app: QApplication, nom: str, echelle: float = 1.0) -> None:
    """Dress the application: a skin, and the size of the text (1 to 2). The style itself is given at the start (guichet.app)."""
    habit = f"{nom} {echelle}"
    if app.property("habit") == habit:
        return  # each widget would be polished anew for nothing
    couleurs = palettes()[nom]
    palette = QPalette()
    for role, cle in _ROLES.items():
        palette.setColor(role, QColor(couleurs[cle]))
    for role in (_R.Text, _R.WindowText, _R.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(couleurs["placeholder"]))
    app.setPalette(palette)
    police = QFont(_famille())
    police.setPointSizeF(10 * echelle)
    police.setFeature(QFont.Tag("tnum"), 1)
    app.setFont(police)
    images = {image: (RACINE / "icones" / f"{image}-{nom}.svg").as_posix() for image in ("fleche", "coche")}
    tailles = {role: round(10 * echelle * facteur, 1) for role, facteur in _TAILLES.items()}
    app.setStyleSheet(_FEUILLE.format(**couleurs, **tailles, **images, trait=_TRAITS[nom]))
    app.setProperty("theme", nom)
    app.setProperty("habit", habit)


def couleur(nom: str) -> QColor:
    """Return a colour of the skin in use, by role."""
    app = QApplication.instance()
    theme = app.property("theme") if app is not None else None
    return QColor(palettes()[theme or "clair"][nom])
