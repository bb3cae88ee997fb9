"""The July rents: one line per tenant, last year's rent proposed, a recap before sending."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QMessageBox, QVBoxLayout, QWidget

from guichet.presenters.bailleur import BailleurPresenter
from guichet.views.formats import lire_montant, montant, nombre
from guichet.views.theme import couleur
from guichet.views.widgets.base import bouton, etiquette, rangee
from guichet.views.widgets.tableau import tableau

if TYPE_CHECKING:
    from guichet.services.locataires import Campagne
    from guichet.store.locataires import LigneLocataire

Index = QModelIndex | QPersistentModelIndex
_AFFICHE, _SAISIE = Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole
_NOM, _NUMERO, _CONNU, _DECLARE, _NOTE = range(5)
_DROITE = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class LoyersTableModel(QAbstractTableModel):
    """What is typed stays as it was typed until it is a good amount; `saisies`: tenant to text."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lignes: list[LigneLocataire] = []
        self.saisies: dict[str, str] = {}
        self._ecart_pct = 0
        self._titres = (
            self.tr("Nom"),
            self.tr("N° allocataire"),
            self.tr("Loyer connu"),
            self.tr("Loyer de juillet à déclarer"),
            self.tr("À vérifier"),
        )

    def remplir(self, lignes: "list[LigneLocataire]", ecart_pct: int) -> None:
        """Start from the known rents; what was typed for a tenant before is kept."""
        self.beginResetModel()
        self.lignes, self._ecart_pct = lignes, ecart_pct
        self.saisies = {x.id: self.saisies.get(x.id, montant(x.loyer_cents)) for x in lignes}
        self.endResetModel()

    def loyers(self) -> dict[str, int]:
        """Return the good amounts, in cents by tenant."""
        lus = {id_: lire_montant(texte) for id_, texte in self.saisies.items()}
        return {id_: cents for id_, cents in lus.items() if cents}

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self.lignes)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self._titres)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _AFFICHE) -> object:
        if role == _AFFICHE:
            return self._titres[section] if orientation == Qt.Orientation.Horizontal else section + 1
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        drapeaux = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return drapeaux | Qt.ItemFlag.ItemIsEditable if index.column() == _DECLARE else drapeaux

    def data(self, index: Index, role: int = _AFFICHE) -> object:
        ligne = self.lignes[index.row()]
        if role in (_AFFICHE, _SAISIE):
            return (
                f"{ligne.nom.upper()} {ligne.prenom}", ligne.numero_allocataire, montant(ligne.loyer_cents), self.saisies[ligne.id],
                self._note(ligne),
            )[index.column()]  # fmt: skip
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._titres[index.column()]} : {self.data(index, _AFFICHE)}"
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in (_CONNU, _DECLARE):
            return _DROITE
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == _NOTE:
            return couleur("warning")
        return None

    def setData(self, index: Index, value: object, role: int = _SAISIE) -> bool:
        if role != _SAISIE or index.column() != _DECLARE:
            return False
        self.saisies[self.lignes[index.row()].id] = str(value)
        self.dataChanged.emit(self.index(index.row(), _DECLARE), self.index(index.row(), _NOTE))
        return True

    def _note(self, ligne: "LigneLocataire") -> str:
        cents = lire_montant(self.saisies[ligne.id])
        if not cents:
            return self.tr("▲ montant à corriger, par exemple 612,40")
        ecart = abs(cents - ligne.loyer_cents) * 100
        return self.tr("▲ change de plus de {0} %").format(self._ecart_pct) if ecart > ligne.loyer_cents * self._ecart_pct else ""


class LoyersPanneau(QWidget):
    """Typing the rents, then sending them after a recap."""

    def __init__(self, presenter: BailleurPresenter, retour: Callable[[], None]) -> None:
        super().__init__()
        self._presenter = presenter
        self._campagne: Campagne | None = None
        self.titre = etiquette("", "section")
        self.modele = LoyersTableModel(self)
        self.table = tableau(self.modele, self.tr("Loyers à déclarer"), (34, 16, 16, 30))
        self.table.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.retour = bouton(self.tr("Précédent"), retour)
        self.declarer = bouton(self.tr("&Déclarer"), self._confirmer, principal=True)
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addWidget(self.titre)
        colonne.addWidget(
            etiquette(self.tr("Le loyer connu est proposé. Corrigez au clavier les loyers qui ont changé, hors charges."), "discret")
        )
        colonne.addWidget(self.table, 1)
        colonne.addLayout(rangee(None, self.retour, self.declarer))

    def montrer(self, campagne: "Campagne", lignes: "list[LigneLocataire]") -> None:
        """Start typing the rents of a July."""
        self._campagne = campagne
        self.titre.setText(self.tr("Loyers de juillet {0} : {1} locataire(s)").format(campagne.mois.year, nombre(len(lignes))))
        self.modele.remplir(lignes, campagne.ecart_signale_pct)
        self.table.setCurrentIndex(self.modele.index(0, _DECLARE))
        self.table.setFocus()

    def _confirmer(self) -> None:
        loyers = self.modele.loyers()
        if self._campagne is None:
            return
        mauvais = len(self.modele.lignes) - len(loyers)
        if mauvais:
            self.titre.setText(self.tr("{0} montant(s) à corriger avant de déclarer : voyez la dernière colonne.").format(mauvais))
            return
        texte = self.tr("Déclarer {0} loyer(s) pour juillet {1}, total {2} ?").format(
            nombre(len(loyers)), self._campagne.mois.year, montant(sum(loyers.values()))
        )
        boite = QMessageBox(QMessageBox.Icon.Question, self.tr("Déclarer les loyers"), texte, parent=self)
        oui = boite.addButton(self.tr("Déclarer"), QMessageBox.ButtonRole.AcceptRole)
        boite.addButton(self.tr("Revoir"), QMessageBox.ButtonRole.RejectRole)
        boite.setInformativeText(self.tr("Une déclaration envoyée ne se reprend pas d'ici : une correction passera par la Caf."))
        boite.exec()
        if boite.clickedButton() is oui:
            self._presenter.declarer(loyers, self._campagne.mois)
