"""Choosing the code that unlocks the screen."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from guichet.presenters.taches import en_mots
from guichet.views.widgets.base import bouton, etiquette, rangee

if TYPE_CHECKING:
    from guichet.presenters.poste import PostePresenter


class CodeDialog(QDialog):
    """Twice the same code; a refusal is said in place and nothing typed is lost."""

    def __init__(self, poste: "PostePresenter", parent: QWidget) -> None:
        super().__init__(parent)
        self._poste = poste
        self.setWindowTitle(self.tr("Code de l'écran"))
        colonne = QVBoxLayout(self)
        texte = self.tr("Au moins six chiffres, pour déverrouiller l'écran seulement : au démarrage, la phrase de passe reste demandée.")
        colonne.addWidget(etiquette(texte, "discret"))
        self.code, self.encore = QLineEdit(), QLineEdit()
        for champ, nom in ((self.code, self.tr("&Nouveau code")), (self.encore, self.tr("Le &même code"))):
            champ.setEchoMode(QLineEdit.EchoMode.Password)
            champ.setAccessibleName(nom.replace("&", ""))
            legende = etiquette(nom)
            legende.setBuddy(champ)
            colonne.addWidget(legende)
            colonne.addWidget(champ)
        self.message = etiquette("", ton="warning")
        self.message.hide()
        colonne.addWidget(self.message)
        self.garder = bouton(self.tr("Garder ce code"), self._garder, principal=True)
        self.garder.setDefault(True)
        self.retirer = bouton(self.tr("Retirer mon code"), lambda: self._choisir(None), lien=True)
        self.retirer.setVisible(poste.a_un_code)
        colonne.addLayout(rangee(self.retirer, None, bouton(self.tr("Annuler"), self.reject), self.garder))
        self.finished.connect(self.deleteLater)

    def _garder(self) -> None:
        if self.code.text() != self.encore.text():
            self._refuser(self.tr("Les deux saisies ne sont pas les mêmes."))
            return
        self._choisir(self.code.text())

    def _choisir(self, code: str | None) -> None:
        self.garder.setEnabled(False)
        self._poste.choisir_code_ecran(code, self.accept, lambda erreur: self._refuser(en_mots(erreur)))

    def _refuser(self, texte: str) -> None:
        self.garder.setEnabled(True)
        self.message.setText(texte)
        self.message.show()
