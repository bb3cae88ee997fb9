"""« À faire » : answers long overdue and mandates about to end, each opening its dossier."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from guichet.views.formats import date_courte
from guichet.views.widgets.base import bouton, dimensionner, etiquette, rangee

if TYPE_CHECKING:
    from guichet.services.a_faire import AFaire


class AFaireDialog(QDialog):
    """`choisi` is emitted with the scope and id of the dossier to open."""

    choisi = Signal(str, str)

    def __init__(self, a_faire: "AFaire", parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)  # it names people
        self.setWindowTitle(self.tr("À faire"))
        dimensionner(self, parent, 84, 34)
        colonne = QVBoxLayout(self)
        self.liste = QListWidget()
        self.liste.setAccessibleName(self.windowTitle())
        self.liste.setWordWrap(True)
        self.liste.setSpacing(3)
        for r in a_faire.retards:
            texte = self.tr("▲ Sans réponse : {0}, arrivée le {1}").format(r.libelle, date_courte(r.deposee_le))
            self._ajouter(f"{texte}\n{r.nom} · n° {r.numero}", r.portee, r.dossier_id)
        for m in a_faire.mandats:
            texte = self.tr("○ Mandat qui finit le {0}").format(date_courte(m.expire_le))
            self._ajouter(f"{texte}\n{m.nom} · n° {m.numero}", m.portee, m.dossier_id)
        if not self.liste.count():
            resume = self.tr("Rien n'attend : aucune réponse en retard, aucun mandat qui finit dans les jours qui viennent.")
        elif a_faire.plus:
            resume = self.tr("Plus de {0} réponses en retard : voici les plus anciennes.").format(len(a_faire.retards))
        else:
            resume = self.tr("Réponses en retard : {0} · mandats qui finissent : {1}").format(len(a_faire.retards), len(a_faire.mandats))
        self.resume = etiquette(resume, "discret")
        colonne.addWidget(self.resume)
        colonne.addWidget(self.liste, 1)
        self.liste.itemActivated.connect(self._choisir)
        self.ouvrir = bouton(self.tr("&Ouvrir le dossier"), lambda: self._choisir(self.liste.currentItem()), principal=True)
        self.ouvrir.setEnabled(self.liste.count() > 0)
        self.liste.setCurrentRow(0)
        colonne.addLayout(rangee(None, bouton(self.tr("&Fermer"), self.reject), self.ouvrir))

    def _ajouter(self, texte: str, portee: str, dossier_id: str) -> None:
        element = QListWidgetItem(texte)
        element.setData(Qt.ItemDataRole.UserRole, (portee, dossier_id))
        self.liste.addItem(element)

    def _choisir(self, element: QListWidgetItem | None) -> None:
        if element is not None:
            self.choisi.emit(*element.data(Qt.ItemDataRole.UserRole))
            self.accept()
