"""« Journal des consultations »: who did what on this site, for its responsable."""

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QTableWidgetItem, QVBoxLayout, QWidget

from guichet.presenters.controle import ControlePresenter
from guichet.views.formats import date_courte, heure, jour_de
from guichet.views.widgets.base import annoncer, bouton, dimensionner, etiquette, rangee
from guichet.views.widgets.envois import table_simple

if TYPE_CHECKING:
    from guichet.contract.sync import LigneJournal


class JournalDialog(QDialog):
    """A page at a time; reading it is written in it."""

    def __init__(self, presenter: ControlePresenter, fuseau: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._presenter, self._fuseau = presenter, fuseau
        presenter.setParent(self)
        self.setWindowTitle(self.tr("Journal des consultations"))
        dimensionner(self, parent, 110, 30)
        self.aide = etiquette(
            self.tr("Ce que les agents de votre site ont cherché, ouvert, vu en clair ou envoyé. Votre lecture y est inscrite aussi."),
            "discret",
        )
        self.message = etiquette("", ton="warning")
        self.message.hide()
        titres = [self.tr("Quand"), self.tr("Qui"), self.tr("Quoi"), self.tr("Sur"), self.tr("Motif")]
        self.table = table_simple(self.tr("Journal des consultations"), titres)
        self.suite = bouton(self.tr("&Plus ancien"), presenter.lire_la_suite)
        fermer = bouton(self.tr("&Fermer"), self.accept, principal=True)
        fermer.setDefault(True)
        colonne = QVBoxLayout(self)
        for partie in (self.aide, self.message):
            colonne.addWidget(partie)
        colonne.addWidget(self.table, 1)
        colonne.addLayout(rangee(self.suite, None, fermer))
        presenter.page_lue.connect(self._ajouter)
        presenter.refuse.connect(self._refuser)
        self.finished.connect(self.deleteLater)
        self.suite.setEnabled(False)
        presenter.lire_la_suite()

    def _ajouter(self, lignes: "list[LigneJournal]", reste: bool) -> None:
        from guichet.services.controle import ACTIONS

        self.message.hide()
        debut = self.table.rowCount()
        self.table.setRowCount(debut + len(lignes))
        for rang, x in enumerate(lignes, start=debut):
            le = datetime.fromisoformat(x.le)
            quand = f"{date_courte(jour_de(le, self._fuseau))} {heure(le, self._fuseau)}"
            for colonne, texte in enumerate((quand, x.auteur or x.agent_id, ACTIONS.get(x.action, x.action), x.objet, x.motif)):
                self.table.setItem(rang, colonne, QTableWidgetItem(texte))
        self.suite.setEnabled(reste)
        if not self.table.rowCount():
            self.aide.setText(self.tr("Le journal de votre site est vide : rien n'y a encore été consulté."))
        annoncer(self.table, self.tr("{0} lignes").format(self.table.rowCount()))

    def _refuser(self, texte: str) -> None:
        self.message.setText(texte)
        self.message.show()
        self.suite.setEnabled(True)
