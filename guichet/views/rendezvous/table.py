"""The free slots as a table."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from guichet.presenters.rendezvous import RendezVousPresenter
from guichet.views.formats import date_longue, heure, jour_de

Index = QModelIndex | QPersistentModelIndex
_AFFICHE, _LU = Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole
MODES = {"sur_site": "Sur site", "visio": "En visio", "telephone": "Par téléphone"}


class CreneauTableModel(QAbstractTableModel):
    """Date, place, hour, mode (RDV-07)."""

    def __init__(self, presenter: RendezVousPresenter) -> None:
        super().__init__(presenter)
        self._presenter = presenter
        self._colonnes = (
            (self.tr("Date"), lambda c: date_longue(jour_de(c.debut, c.fuseau))),
            (self.tr("Lieu"), lambda c: c.site_nom),
            (self.tr("Heure"), lambda c: heure(c.debut, c.fuseau)),
            (self.tr("Mode"), lambda c: MODES[c.mode]),
        )
        presenter.creneaux_changes.connect(self._recommencer)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self._presenter.creneaux)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self._colonnes)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _AFFICHE) -> object:
        if role == _AFFICHE:
            return self._colonnes[section][0] if orientation == Qt.Orientation.Horizontal else section + 1
        return None

    def data(self, index: Index, role: int = _AFFICHE) -> object:
        if role in (_AFFICHE, _LU):
            titre, lire = self._colonnes[index.column()]
            texte = lire(self._presenter.creneaux[index.row()])
            return texte if role == _AFFICHE else f"{titre} : {texte}"
        return None

    def _recommencer(self) -> None:
        self.beginResetModel()
        self.endResetModel()
