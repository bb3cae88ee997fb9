"""The end of the day: the window is being closed and something has not left."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from guichet.presenters.poste import EtatConnexion, PostePresenter
from guichet.views.widgets.base import bouton, etiquette, rangee, teinter

if TYPE_CHECKING:
    from guichet.services.session import EtatPoste


class FinDeJournee(QDialog):
    """Send and leave, leave, or stay. What does not leave tonight is kept and leaves at the next opening."""

    def __init__(self, poste: PostePresenter, quitter: Callable[[], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._poste, self._quitter, self._envoie = poste, quitter, False
        self.setWindowTitle(self.tr("Tout n'est pas parti"))
        self.texte = etiquette(self.tr("%n envoi(s) ne sont pas encore partis de ce poste.", "", poste.non_partis), "section")
        self.suite = etiquette(
            self.tr("Rien n'est perdu : ils sont gardés chiffrés ici et partiront à la prochaine ouverture. Le centre, lui, ne les a pas.")
        )
        self.envoyer = bouton(self.tr("&Envoyer puis quitter"), self._envoyer, principal=True)
        self.partir = bouton(self.tr("&Quitter sans envoyer"), self._partir)
        self.rester = bouton(self.tr("&Rester"), self.reject)
        self.envoyer.setDefault(True)
        colonne = QVBoxLayout(self)
        colonne.addWidget(self.texte)
        colonne.addWidget(self.suite)
        colonne.addLayout(rangee(self.envoyer, self.partir, None, self.rester))
        poste.etat_change.connect(self._sur_etat)
        poste.connexion_changee.connect(self._sur_connexion)
        self.finished.connect(self.deleteLater)

    def _envoyer(self) -> None:
        self._envoie = True
        self.envoyer.setEnabled(False)
        self.suite.setText(self.tr("Envoi en cours… la fenêtre se fermera ensuite."))
        self._poste.synchroniser()

    def _partir(self) -> None:
        self.accept()
        self._quitter()

    def _sur_etat(self, _: "EtatPoste") -> None:
        if not self._poste.non_partis:
            # He asked to leave, and nothing holds him any more.
            self.accept()
            self._quitter()

    def _sur_connexion(self, etat: EtatConnexion) -> None:
        if self._envoie and etat.message:
            self.suite.setText(etat.message)
            teinter(self.suite, "warning")
            self.envoyer.setEnabled(True)
