"""The « Repères » tab: the tables on the left, one of them on the right, with its source."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QFrame, QHeaderView, QLineEdit, QListWidget, QSplitter, QVBoxLayout, QWidget

from guichet.presenters.reperes import ReperesPresenter
from guichet.views.widgets.base import annoncer, defilant, effacable, etiquette, remplir
from guichet.views.widgets.onglet import PageOnglet
from guichet.views.widgets.tableau import tableau

Index = QModelIndex | QPersistentModelIndex
_AFFICHE, _LU, _AIDE = Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole
_LARGEUR_MAX = 46


class RubriqueTableModel(QAbstractTableModel):
    """The lines of the table that is shown."""

    def __init__(self, presenter: ReperesPresenter) -> None:
        super().__init__(presenter)
        self._presenter = presenter

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self._presenter.lignes)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        rubrique = self._presenter.rubrique
        return 0 if parent.isValid() or rubrique is None else len(rubrique.colonnes)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _AFFICHE) -> object:
        rubrique = self._presenter.rubrique
        if role in (_AFFICHE, _AIDE) and rubrique is not None:
            return rubrique.colonnes[section] if orientation == Qt.Orientation.Horizontal else section + 1
        return None

    def data(self, index: Index, role: int = _AFFICHE) -> object:
        if role not in (_AFFICHE, _LU, _AIDE):
            return None
        texte = self._presenter.lignes[index.row()][index.column()]
        return f"{self.headerData(index.column(), Qt.Orientation.Horizontal)} : {texte}" if role == _LU else texte

    def recommencer(self) -> None:
        """Show other lines."""
        self.beginResetModel()
        self.endResetModel()


class ReperesPage(PageOnglet):
    """Typing filters the lines; the list of tables changes what is shown."""

    def __init__(self, presenter: ReperesPresenter) -> None:
        super().__init__()
        self.presenter = presenter
        self.liste = QListWidget()
        self.liste.setAccessibleName(self.tr("Rubriques"))
        self.liste.setFrameShape(QFrame.Shape.NoFrame)
        self.liste.setSpacing(4)
        self.liste.currentRowChanged.connect(self._choisir)
        partage = QSplitter(Qt.Orientation.Horizontal)
        partage.addWidget(self._panneau())
        partage.addWidget(defilant(self._contenu(), self.tr("Repères")))
        partage.setStretchFactor(1, 1)
        partage.setChildrenCollapsible(False)
        partage.handle(1).setFocusPolicy(Qt.FocusPolicy.NoFocus)
        remplir(self, partage)
        presenter.lues.connect(self._nommer)
        presenter.montree.connect(self._montrer)
        presenter.refuse.connect(self.message.setText)
        self.premier = self.recherche
        presenter.lire()

    def _panneau(self) -> QFrame:
        panneau = QFrame()
        panneau.setObjectName("panneau")
        colonne = QVBoxLayout(panneau)
        colonne.setContentsMargins(8, 12, 8, 12)
        colonne.addWidget(self.liste)
        panneau.setMinimumWidth(self.fontMetrics().averageCharWidth() * 26)
        return panneau

    def _contenu(self) -> QWidget:
        contenu = QWidget()
        colonne = QVBoxLayout(contenu)
        colonne.setContentsMargins(16, 12, 16, 12)
        self.titre, self.intro = etiquette(self.tr("Repères"), "titre"), etiquette("", "discret")
        self.source, self.message = etiquette("", "discret"), etiquette("", "discret")
        self.recherche = effacable(QLineEdit())
        self.recherche.setAccessibleName(self.tr("Filtrer les lignes"))
        self.recherche.setPlaceholderText(self.tr("Filtrer les lignes"))
        self.recherche.textChanged.connect(self.presenter.filtrer)
        self._modele = RubriqueTableModel(self.presenter)
        self.table = tableau(self._modele, self.tr("Repères"), ())
        self.table.horizontalHeader().setStretchLastSection(False)
        for partie in (self.titre, self.intro, self.recherche, self.message):
            colonne.addWidget(partie)
        colonne.addWidget(self.table, 1)
        colonne.addWidget(self.source)
        return contenu

    def _nommer(self) -> None:
        rang = max(self.liste.currentRow(), 0)
        self.liste.clear()
        self.liste.addItems([r.titre for r in self.presenter.rubriques])
        self.liste.setCurrentRow(rang)

    def _choisir(self, rang: int) -> None:
        self.recherche.clear()
        self.presenter.choisir(rang)

    def _montrer(self) -> None:
        rubrique = self.presenter.rubrique
        if rubrique is None:
            return
        self._modele.recommencer()
        self.titre.setText(rubrique.titre)
        self.intro.setText(rubrique.intro)
        self.source.setText(self.tr("Source : {0}").format(rubrique.source))
        nombre = len(self.presenter.lignes)
        self.message.setVisible(not nombre)
        if not nombre:
            self.message.setText(self.tr("Aucune ligne ne correspond. Effacez le filtre pour tout revoir."))
        self.table.setAccessibleName(rubrique.titre)
        self._elargir()
        annoncer(self.table, self.tr("{0}, {1} lignes").format(rubrique.titre, nombre))

    def _elargir(self) -> None:
        """Give each column the room of its words, within reason: the rest is in its tooltip."""
        entete, signe = self.table.horizontalHeader(), self.table.fontMetrics().averageCharWidth()
        entete.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.table.resizeColumnsToContents()
        for rang in range(self._modele.columnCount()):
            self.table.setColumnWidth(rang, min(self.table.columnWidth(rang) + signe * 2, signe * _LARGEUR_MAX))
