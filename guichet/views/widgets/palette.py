"""What the search box proposes while one types: a list under it, reached by the arrow keys."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from guichet.presenters.recherche import RecherchePresenter
from guichet.views.formats import date_courte
from guichet.views.widgets.base import annoncer, etiquette

if TYPE_CHECKING:
    from guichet.presenters.recherche import Action
    from guichet.services.dossiers import Resultats

_VISIBLES = 8
POURQUOI = {
    "nom": "nom et prénom", "nir": "NIR", "numero": "n° allocataire", "provisoire": "identifiant provisoire",
    "telephone": "téléphone", "naissance": "date de naissance", "adresse": "adresse", "proche": "nom approchant",
}  # fmt: skip
_DONNEE = Qt.ItemDataRole.UserRole


class Palette(QFrame):
    """Opens under the search box; Escape closes it and keeps what was typed."""

    personne_choisie = Signal(object)
    action_choisie = Signal(object)

    def __init__(self, presenter: RecherchePresenter, champ: QLineEdit, fenetre: QWidget) -> None:
        super().__init__(fenetre)
        self.setObjectName("palette")
        self._champ, self._presenter = champ, presenter
        self.liste = QListWidget()
        self.liste.setFrameShape(QFrame.Shape.NoFrame)
        self.liste.setAccessibleName(self.tr("Propositions"))
        self.liste.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.liste.itemActivated.connect(self._choisir)
        self.liste.itemClicked.connect(self._choisir)
        self.note = etiquette("", "discret")
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(8, 8, 8, 8)
        colonne.addWidget(self.liste)
        colonne.addWidget(self.note)
        self.hide()
        champ.textEdited.connect(presenter.chercher)
        champ.textChanged.connect(self._sur_texte)
        champ.installEventFilter(self)
        presenter.propositions.connect(self._montrer)

    def fermer(self) -> None:
        """Forget the proposals."""
        self.hide()
        self.liste.clear()
        self._champ.removeEventFilter(self)
        self._champ.textEdited.disconnect(self._presenter.chercher)
        self._champ.textChanged.disconnect(self._sur_texte)
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Drive the list from the search box."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self.isVisible():
            pas = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if pas is not None:
                self.liste.setCurrentRow((self.liste.currentRow() + pas) % max(1, self.liste.count()))
                annoncer(self.liste, self.liste.currentItem().text() if self.liste.currentItem() else "")
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.liste.currentItem():
                self._choisir(self.liste.currentItem())
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.hide()
                return True
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        return super().eventFilter(watched, event)

    def _sur_texte(self, texte: str) -> None:
        if not texte.strip():
            self.hide()

    def _montrer(self, resultats: "Resultats | None", prestations: "list[str]", actions: "list[Action]") -> None:
        self.liste.clear()
        if resultats is not None:
            for t in resultats.trouves[:_VISIBLES]:
                texte = f"{t.nom.upper()} {t.prenoms}   {date_courte(t.ne_le)}   n° {t.numero}   ({POURQUOI[t.pourquoi]})"
                self._ajouter(texte, t)
        for libelle in prestations:
            self._ajouter(self.tr("Prestation : {0}").format(libelle), None)
        for action in actions:
            self._ajouter(action.libelle, action)
        note = resultats.conseil if resultats else ""
        if resultats and (resultats.plus or len(resultats.trouves) > _VISIBLES):
            note = self.tr("Il y a d'autres résultats : précisez, ou cherchez dans l'onglet Dossiers.")
        if not self.liste.count() and self._champ.text().strip():
            note = note or self.tr("Rien sur ce poste. Vérifiez l'orthographe, ou cherchez par NIR ou n° allocataire.")
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self._placer()

    def _ajouter(self, texte: str, donnee: object) -> None:
        element = QListWidgetItem(texte)
        element.setData(_DONNEE, donnee)
        self.liste.addItem(element)
        if self.liste.count() == 1:
            self.liste.setCurrentRow(0)

    def _placer(self) -> None:
        if not self._champ.text().strip() or not self._champ.hasFocus():
            self.hide()
            return
        largeur = max(self._champ.width(), self.fontMetrics().averageCharWidth() * 70)
        coin = self._champ.mapTo(self.window(), QPoint(self._champ.width() - largeur, self._champ.height() + 4))
        hauteur = self.liste.sizeHintForRow(0) * self.liste.count() + 4 if self.liste.count() else 0
        self.liste.setVisible(bool(hauteur))
        self.liste.setFixedHeight(max(hauteur, 1))
        self.setGeometry(max(8, coin.x()), coin.y(), largeur, 10)
        self.adjustSize()
        self.resize(largeur, self.sizeHint().height())
        self.show()
        self.raise_()

    def _choisir(self, element: QListWidgetItem) -> None:
        from guichet.presenters.recherche import Action

        donnee = element.data(_DONNEE)
        if donnee is None:
            return
        self.hide()
        self._champ.clear()
        (self.action_choisie if isinstance(donnee, Action) else self.personne_choisie).emit(donnee)
