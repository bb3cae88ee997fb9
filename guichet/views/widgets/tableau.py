"""A table as every tab shows it: rows chosen whole, left by Tab, no style sheet (research/desktop.md §0.5)."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

_LIGNES_VISIBLES = 6


def tableau(modele: QAbstractItemModel, nom: str, largeurs_em: Sequence[int], *, extensible: int | None = None) -> QTableView:
    """Make a table over a model. `largeurs_em`: first columns' widths in characters; `extensible`: the column that takes the rest, else the last."""
    table = QTableView()
    table.setModel(modele)
    table.setAccessibleName(nom)
    table.setAlternatingRowColors(True)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    lignes, entete = table.verticalHeader(), table.horizontalHeader()
    lignes.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    lignes.setDefaultSectionSize(round(table.fontMetrics().height() * 1.9))
    lignes.hide()
    table.setMinimumHeight(lignes.defaultSectionSize() * _LIGNES_VISIBLES)
    for rang, largeur in enumerate(largeurs_em):
        table.setColumnWidth(rang, table.fontMetrics().averageCharWidth() * largeur)
    entete.setHighlightSections(False)
    entete.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    if extensible is None:
        entete.setStretchLastSection(True)
    else:
        entete.setSectionResizeMode(extensible, QHeaderView.ResizeMode.Stretch)
    return table
