"""« Envois »: what was done on this workstation and where each act stands."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractItemView, QDialog, QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from guichet.presenters.poste import PostePresenter
from guichet.views.formats import date_courte, heure, jour_de
from guichet.views.widgets.base import bouton, etiquette, rangee

if TYPE_CHECKING:
    from guichet.store.sortie import Envoi

_ETATS = {"en_attente": "○ en attente d'envoi", "transmis": "✓ transmis", "refuse": "▲ refusé"}


class EnvoisDialog(QDialog):
    """A list of at most the two hundred latest acts."""

    def __init__(self, poste: PostePresenter, fuseau: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._poste, self._fuseau = poste, fuseau
        self.setWindowTitle(self.tr("Envois"))
        self.resize(self.fontMetrics().averageCharWidth() * 110, self.fontMetrics().height() * 26)
        self.vide = etiquette(
            self.tr("Rien n'a encore été saisi sur ce poste. Ce que vous ferez apparaîtra ici, avec la réponse du centre."), "discret"
        )
        self.table = QTableWidget(0, 4)
        self.table.setAccessibleName(self.tr("Liste des envois"))
        self.table.setHorizontalHeaderLabels([self.tr("Saisi le"), self.tr("Quoi"), self.tr("État"), self.tr("Réponse du centre")])
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.verticalHeader().hide()
        entete = self.table.horizontalHeader()
        entete.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        entete.setStretchLastSection(True)
        colonne = QVBoxLayout(self)
        colonne.addWidget(self.vide)
        colonne.addWidget(self.table, 1)
        envoyer = bouton(self.tr("Envoyer maintenant"), poste.synchroniser, glyphe="refresh-line")
        fermer = bouton(self.tr("Fermer"), self.accept, principal=True)
        fermer.setDefault(True)
        colonne.addLayout(rangee(envoyer, None, fermer))
        poste.etat_change.connect(self._lire)
        self.finished.connect(self.deleteLater)
        self._lire()

    def _lire(self, _: object = None) -> None:
        session = self._poste.session
        self._poste.taches.base(session.envois, self._montrer)

    def _montrer(self, envois: "list[Envoi]") -> None:
        visibles = [e for e in envois if not e.libelle.startswith("Journal")]
        self.vide.setVisible(not visibles)
        self.table.setRowCount(len(visibles))
        for rang, e in enumerate(visibles):
            moment = f"{date_courte(jour_de(e.saisi_le, self._fuseau))} {heure(e.saisi_le, self._fuseau)}"
            for colonne, texte in enumerate((moment, e.libelle, _ETATS[e.etat], e.detail)):
                self.table.setItem(rang, colonne, QTableWidgetItem(texte))
