"""The tenants' table: only the windows on screen are in memory, read off the interface thread."""

from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from guichet.presenters.bailleur import BailleurPresenter
from guichet.views.formats import montant
from guichet.views.theme import couleur

if TYPE_CHECKING:
    from guichet.store.locataires import LigneLocataire

Index = QModelIndex | QPersistentModelIndex
PAGE, GARDEES = 128, 64
_AFFICHE, _ALIGNE, _LU, _COCHE = (
    Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.TextAlignmentRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.CheckStateRole,
)  # fmt: skip
_ENCRE = Qt.ItemDataRole.ForegroundRole
_DROITE = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LOYER, _AL, _ETAT = 5, 6, 7
ETATS = {
    "attendu": ("○ à saisir", "warning"), "a_revoir": ("▲ à revoir", "error"), "transmise": ("◐ saisi, en attente", "info"), "acceptee": ("✓ accepté", "success"),
    "declare": ("✓ déclaré", "success"), "refusee": ("✕ refusé", "error"),
}  # fmt: skip


class LocataireTableModel(QAbstractTableModel):
    """Columns of the list; the first carries the tick of the selection."""

    def __init__(self, presenter: BailleurPresenter) -> None:
        super().__init__(presenter)
        self._presenter = presenter
        self._total = 0
        self._pages: OrderedDict[int, list[LigneLocataire]] = OrderedDict()
        self._demandees: set[int] = set()
        self._colonnes: tuple[tuple[str, Callable[[LigneLocataire], str]], ...] = (
            (self.tr("Nom"), lambda x: f"{x.nom.upper()} {x.prenom}"),
            (self.tr("N° allocataire"), lambda x: x.numero_allocataire),
            (self.tr("Code postal"), lambda x: x.code_postal),
            (self.tr("Commune"), lambda x: x.commune),
            (self.tr("Résidence"), lambda x: x.residence or ""),
            (self.tr("Loyer hors charges"), lambda x: montant(x.loyer_cents)),
            (self.tr("Dernière AL versée"), lambda x: montant(x.derniere_al_cents)),
            (self.tr("Loyer de juillet"), lambda x: ETATS[x.etat_loyer][0]),
        )
        presenter.liste_changee.connect(self._recommencer)
        presenter.page_lue.connect(self._recevoir)
        presenter.selection_changee.connect(self._repeindre_coches)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else self._total

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self._colonnes)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _AFFICHE) -> object:
        if orientation == Qt.Orientation.Horizontal:
            if role == _AFFICHE:
                return self._colonnes[section][0]
            if role == _ALIGNE and section in (_LOYER, _AL):
                return _DROITE
        elif role == _AFFICHE:
            return section + 1
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        drapeaux = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return drapeaux | Qt.ItemFlag.ItemIsUserCheckable if index.column() == 0 else drapeaux

    def data(self, index: Index, role: int = _AFFICHE) -> object:
        if role == _ALIGNE:
            return _DROITE if index.column() in (_LOYER, _AL) else None
        if role not in (_AFFICHE, _LU, _COCHE, _ENCRE):
            return None
        ligne = self.ligne(index.row())
        if ligne is None:
            return "…" if role == _AFFICHE and index.column() == 0 else None
        if role == _COCHE:
            return self._coche(ligne) if index.column() == 0 else None
        if role == _ENCRE:
            return couleur(ETATS[ligne.etat_loyer][1]) if index.column() == _ETAT else None
        titre, lire = self._colonnes[index.column()]
        texte = lire(ligne)
        return texte if role == _AFFICHE else f"{titre} : {texte}"

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        ligne = self.ligne(index.row())
        if role != _COCHE or ligne is None:
            return False
        self._presenter.cocher(ligne.id, coche=_est_coche(value))
        return True

    def ligne(self, rang: int) -> "LigneLocataire | None":
        """Return a line, or None while its window is being read."""
        numero, ecart = divmod(rang, PAGE)
        page = self._pages.get(numero)
        if page is not None:
            return page[ecart] if ecart < len(page) else None
        if numero not in self._demandees:
            self._demandees.add(numero)
            self._presenter.demander(numero * PAGE, PAGE)
        return None

    def _coche(self, ligne: "LigneLocataire") -> Qt.CheckState:
        return Qt.CheckState.Checked if ligne.id in self._presenter.selection else Qt.CheckState.Unchecked

    def _recommencer(self) -> None:
        self.beginResetModel()
        self._pages.clear()
        self._demandees.clear()
        self._total = self._presenter.total
        self.endResetModel()

    def _recevoir(self, debut: int, lignes: "list[LigneLocataire]") -> None:
        self._pages[debut // PAGE] = lignes
        self._demandees.discard(debut // PAGE)
        while len(self._pages) > GARDEES:
            self._pages.popitem(last=False)
        fin = min(debut + len(lignes), self._total) - 1
        if fin >= debut:
            self.dataChanged.emit(self.index(debut, 0), self.index(fin, len(self._colonnes) - 1))

    def _repeindre_coches(self) -> None:
        if self._total:
            self.dataChanged.emit(self.index(0, 0), self.index(self._total - 1, 0), [_COCHE])


def _est_coche(value: object) -> bool:
    """Read a tick, that a view sends as the enumeration or as its plain number."""
    return getattr(value, "value", value) == Qt.CheckState.Checked.value
