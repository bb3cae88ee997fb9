"""Accessibility from the first day: names and roles, keyboard, 200 % text, contrast measured from pixels."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QWidget,
)

from tests.views.outils import arbre, coupes, photographier, se_poser

ONGLETS = ("dossiers", "bailleur", "documents", "rendezvous", "reperes")
INTERACTIFS = {
    QAccessible.Role.Button, QAccessible.Role.CheckBox, QAccessible.Role.ComboBox, QAccessible.Role.EditableText, QAccessible.Role.Table,
    QAccessible.Role.List, QAccessible.Role.PageTab, QAccessible.Role.RadioButton, QAccessible.Role.SpinBox, QAccessible.Role.Link,
    QAccessible.Role.PageTabList,
}  # fmt: skip


def _remplir(qtbot, onglet, page):
    """Bring a tab to where most of its controls are."""
    if onglet == "dossiers":
        qtbot.keyClicks(page.recherche, "ma")
        qtbot.waitUntil(lambda: page.liste.count() > 0)
        page._ouvrir(page.liste.item(0))
        qtbot.waitUntil(lambda: page.presenter.carte is not None)
    elif onglet == "bailleur":
        qtbot.waitUntil(lambda: page.table.model().rowCount() == 406)
        qtbot.waitUntil(lambda: page.table.model().ligne(0) is not None)
    elif onglet == "documents":
        page.presenter.importer([Path(__file__).parents[1] / "donnees" / "page.png"])
        qtbot.waitUntil(lambda: len(page.presenter.pages) == 1)
    elif onglet == "reperes":
        qtbot.waitUntil(lambda: len(page.presenter.lignes) > 0)
    else:
        qtbot.waitUntil(lambda: len(page.presenter.creneaux) > 0)
    se_poser()


@pytest.mark.parametrize("onglet", ONGLETS)
def test_every_control_has_a_name_and_a_role(qtbot, fenetre_sur, onglet):
    fenetre, page = fenetre_sur(onglet)
    _remplir(qtbot, onglet, page)
    photographier(fenetre, f"{onglet}-clair-100")
    vus, muets = Counter(), []
    for noeud in arbre(fenetre):
        if noeud.role() in INTERACTIFS:
            vus[noeud.role()] += 1
            etiquetes = noeud.relations(QAccessible.RelationFlag.Label)
            if not (noeud.text(QAccessible.Text.Name) or etiquetes):
                muets.append((noeud.role(), noeud.object()))
    assert sum(vus.values()) > 10
    assert muets == []


@pytest.mark.exigence("PORT-18")
@pytest.mark.parametrize("onglet", ONGLETS)
def test_tab_reaches_every_control_and_leaves_every_table(qtbot, fenetre_sur, onglet):
    fenetre, page = fenetre_sur(onglet)
    _remplir(qtbot, onglet, page)
    fenetre.activateWindow()
    fenetre.recherche.setFocus()
    atteints = []
    for _ in range(120):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        atteints.append(QApplication.focusWidget())
        if atteints[-1] is fenetre.recherche:
            break
    assert atteints[-1] is fenetre.recherche, "Tab never came round: something keeps it"
    assert not any(a is b for a, b in pairwise(atteints)), "a control kept the focus"
    genres = (QLineEdit, QAbstractButton, QComboBox, QAbstractItemView)
    voulus = [
        w for w in fenetre.findChildren(QWidget)
        if isinstance(w, genres) and w.isVisible() and w.isEnabled() and w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.window() is fenetre
    ]  # fmt: skip
    assert {w for w in voulus if w not in atteints} == set()


@pytest.mark.exigence("PORT-21")
@pytest.mark.parametrize("onglet", ONGLETS)
def test_at_200_percent_in_1280_by_720_no_text_is_clipped(qtbot, fenetre_sur, onglet):
    fenetre, page = fenetre_sur(onglet, pour_cent=200, taille=(1280, 720))
    _remplir(qtbot, onglet, page)
    photographier(fenetre, f"{onglet}-clair-200")
    assert (fenetre.width(), fenetre.height()) == (1280, 720), "the window outgrew the screen"
    assert coupes(fenetre) == []


@pytest.mark.exigence("PORT-18")
@pytest.mark.parametrize("theme", ["clair", "sombre", "contraste"])
@pytest.mark.parametrize("onglet", ONGLETS)
def test_contrast_measured_from_pixels(qtbot, fenetre_sur, onglet, theme):
    """Every visible text against its own background: 4.5 to 1, 7 to 1 in high contrast (WCAG 2.2, 1.4.3 and 1.4.6)."""
    fenetre, page = fenetre_sur(onglet, theme)
    _remplir(qtbot, onglet, page)
    if theme != "clair":
        photographier(fenetre, f"{onglet}-{theme}-100")
    image = fenetre.grab().toImage()
    voulu, faibles, mesures = (7.0 if theme == "contraste" else 4.5), [], 0
    for w in fenetre.findChildren(QWidget):
        if isinstance(w, QLabel | QAbstractButton) and w.isVisible() and w.isEnabled() and w.text() and not w.visibleRegion().isEmpty():
            rapport = _contraste(image, _a_l_ecran(fenetre, w))
            if rapport is not None:
                mesures += 1
                if rapport < voulu:
                    faibles.append((w.text()[:40], round(rapport, 2)))
    assert mesures > 10
    assert faibles == []


def _a_l_ecran(fenetre, w):
    visible = w.visibleRegion().boundingRect()
    return QRect(w.mapTo(fenetre, visible.topLeft()), visible.size()).intersected(fenetre.rect())


def _contraste(image, zone):
    """Contrast between the commonest colour of a zone and the one farthest from it; None where there is no ink."""
    couleurs = Counter(
        image.pixel(QPoint(x, y)) & 0xFFFFFF
        for x in range(zone.left() + 3, zone.right() - 2)
        for y in range(zone.top() + 3, zone.bottom() - 2)
    )
    if len(couleurs) < 4:
        return None
    fond = couleurs.most_common(1)[0][0]
    return max(_rapport(fond, encre) for encre in couleurs)


def _rapport(a, b):
    clair, sombre = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (clair + 0.05) / (sombre + 0.05)


def _luminance(rgb):
    canaux = [((rgb >> decalage) & 0xFF) / 255 for decalage in (16, 8, 0)]
    lineaires = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in canaux]
    return 0.2126 * lineaires[0] + 0.7152 * lineaires[1] + 0.0722 * lineaires[2]


def test_tables_announce_their_rows_and_columns(qtbot, fenetre_sur):
    _, page = fenetre_sur("bailleur")
    _remplir(qtbot, "bailleur", page)
    assert QAccessible.queryAccessibleInterface(page.table).role() == QAccessible.Role.Table
    modele = page.table.model()
    assert modele.headerData(0, Qt.Orientation.Horizontal) == "Nom"
    assert modele.headerData(4, Qt.Orientation.Vertical) == 5
    assert modele.data(modele.index(0, 1), Qt.ItemDataRole.AccessibleTextRole).startswith("N° allocataire : ")


def test_lists_are_lists(qtbot, fenetre_sur):
    _, page = fenetre_sur("dossiers")
    assert isinstance(page.liste, QListWidget)
    assert QAccessible.queryAccessibleInterface(page.liste).role() == QAccessible.Role.List
