"""Labels, buttons and frames with their role, so that pages say what a thing is and the skin how it looks."""

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QLineEdit, QPushButton, QScrollArea, QToolButton, QVBoxLayout, QWidget

from guichet.views.icons import icone

_TEXTE_BRUT, _JAMAIS, _SANS_FOCUS = 0, 1, 0
"""Qt.TextFormat.PlainText, Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.FocusPolicy.NoFocus, by their numbers.

Naming `Qt` makes Python load its hundred enumerations, 14 ms on the way to the first window: what is needed there does without.
"""


def etiquette(texte: str = "", role: str = "", *, ton: str = "", retour: bool = True) -> QLabel:
    """Make a label of plain text. `role`: titre, section, discret, marque, montant; `ton`: info, success, warning, error."""
    label = QLabel(texte)
    label.setProperty("textFormat", _TEXTE_BRUT)
    label.setWordWrap(retour)
    if role:
        label.setProperty("role", role)
    if ton:
        label.setProperty("ton", ton)
    return label


def dimensionner(dialogue: QWidget, parent: QWidget, signes: int, lignes: int) -> None:
    """Give a dialogue room for so many characters and lines, within its parent's window: at 200 % they would not fit a small screen."""
    police = dialogue.fontMetrics()
    voulue = QSize(police.averageCharWidth() * signes, police.height() * lignes)
    dialogue.resize(voulue.boundedTo(parent.window().size()))


def effacable(champ: QLineEdit) -> QLineEdit:
    """Give a field its button to clear it, with a name for those who do not see it."""
    champ.setClearButtonEnabled(True)
    for effacer in champ.findChildren(QToolButton):
        effacer.setAccessibleName("Effacer la saisie")
    return champ


def teinter(label: QLabel, ton: str) -> None:
    """Change the tone of a label."""
    if label.property("ton") != ton:
        label.setProperty("ton", ton)
        label.style().polish(label)


def bouton(
    texte: str, action: Callable[[], object], *, principal: bool = False, lien: bool = False, glyphe: str = "", aide: str = ""
) -> QPushButton:
    """Make a button. One principal per page; `lien` looks like a link; `aide` is the tooltip."""
    b = QPushButton(texte)
    b.setProperty("principal", principal)
    b.setProperty("lien", lien)
    b.setAutoDefault(True)  # Enter presses the button that has the focus, in a page as in a dialog
    if glyphe:
        b.setIcon(icone(glyphe))
        cote = round(b.fontMetrics().height() * 1.05)
        b.setIconSize(QSize(cote, cote))
    if aide:
        b.setToolTip(aide)
        b.setAccessibleName(texte or aide)
    b.clicked.connect(lambda: action())
    return b


def cadre(nom: str = "carte") -> tuple[QFrame, QVBoxLayout]:
    """Make a framed box and its column."""
    boite = QFrame()
    boite.setObjectName(nom)
    colonne = QVBoxLayout(boite)
    colonne.setContentsMargins(16, 12, 16, 12)
    colonne.setSpacing(8)
    return boite, colonne


def rangee(*elements: QWidget | None, espace: int = 8) -> QHBoxLayout:
    """Lay widgets in a row; None is a stretch."""
    ligne = QHBoxLayout()
    ligne.setSpacing(espace)
    for element in elements:
        if element is None:
            ligne.addStretch(1)
        else:
            ligne.addWidget(element, 1 if isinstance(element, QLabel) and element.wordWrap() else 0)
    return ligne


def champ(titre: str, valeur: str) -> QVBoxLayout:
    """Lay a value under its name."""
    colonne = QVBoxLayout()
    colonne.setSpacing(0)
    colonne.addWidget(etiquette(titre, "discret"))
    colonne.addWidget(etiquette(valeur))
    return colonne


def trait() -> QFrame:
    """Draw a light line between two parts of a box."""
    ligne = QFrame()
    ligne.setFrameShape(QFrame.Shape.HLine)
    ligne.setFrameShadow(QFrame.Shadow.Plain)
    ligne.setForegroundRole(ligne.palette().ColorRole.Midlight)
    return ligne


def cadenas(raison: str) -> QHBoxLayout:
    """Lay a lock and why, in the place of what may not be shown."""
    signe = QToolButton()
    signe.setAutoRaise(True)
    signe.setProperty("focusPolicy", _SANS_FOCUS)
    signe.setIcon(icone("lock-line"))
    signe.setAccessibleName("Réservé")
    return rangee(signe, etiquette(raison, "discret"))


def remplir(page: QWidget, contenu: QWidget) -> None:
    """Let one widget fill a page, edge to edge."""
    colonne = QVBoxLayout(page)
    colonne.setContentsMargins(0, 0, 0, 0)
    colonne.addWidget(contenu)


def defilant(contenu: QWidget, nom: str) -> QScrollArea:
    """Put a column in a scroll area, so that nothing is cut at 200 % text."""
    zone = QScrollArea()
    zone.setWidgetResizable(True)
    zone.setProperty("horizontalScrollBarPolicy", _JAMAIS)
    zone.setWidget(contenu)
    zone.setAccessibleName(nom)
    zone.setProperty("focusPolicy", _SANS_FOCUS)
    return zone


def amener(partie: QWidget, marge: int = 50) -> None:
    """Scroll what holds a part until it is seen, `marge` pixels around it: a scroll area follows the tabulation key alone."""
    zone = partie.parentWidget()
    while zone is not None and not isinstance(zone, QScrollArea):
        zone = zone.parentWidget()
    if zone is not None:
        zone.ensureWidgetVisible(partie, 0, marge)


def vider(colonne: QLayout) -> None:
    """Remove everything of a layout."""
    while (element := colonne.takeAt(0)) is not None:
        if (w := element.widget()) is not None:
            w.hide()
            w.deleteLater()
        elif (sous := element.layout()) is not None:
            vider(sous)


def annoncer(source: QWidget, texte: str) -> None:
    """Say a change aloud to assistive technologies."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(source, texte))
