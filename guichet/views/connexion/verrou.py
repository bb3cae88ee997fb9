"""The locked screen: whose it is, and the code or the passphrase that gives it back."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from guichet.contract.demonstration import PHRASE
from guichet.views.widgets.base import bouton, cadre, etiquette, rangee

if TYPE_CHECKING:
    from guichet.presenters.poste import PostePresenter
    from guichet.store.agents import AgentLocal


class VerrouPage(QWidget):
    """One field. Behind it the pages are as they were left, and the vault is shut."""

    def __init__(self, poste: "PostePresenter", *, demonstration: bool) -> None:
        super().__init__()
        self._poste, self._demonstration = poste, demonstration
        boite, colonne = cadre()
        boite.setFixedWidth(min(560, self.fontMetrics().averageCharWidth() * 64))
        self.qui, self.aide = etiquette("", "section"), etiquette("", "discret")
        self.message = etiquette("", ton="warning")
        self.message.hide()
        self.champ = QLineEdit()
        self.champ.setEchoMode(QLineEdit.EchoMode.Password)
        self.champ.returnPressed.connect(self._ouvrir)
        self.legende = etiquette("")
        self.legende.setBuddy(self.champ)
        self.ouvrir = bouton(self.tr("Déverrouiller"), self._ouvrir, principal=True)
        self.partir = bouton(self.tr("Se déconnecter"), poste.sortir, lien=True)
        for partie in (self.qui, self.aide, self.message, self.legende, self.champ):
            colonne.addWidget(partie)
        colonne.addLayout(rangee(self.partir, None, self.ouvrir))
        exterieur = QVBoxLayout(self)
        exterieur.addStretch(1)
        exterieur.addLayout(rangee(None, boite, None))
        exterieur.addStretch(2)
        poste.refuse.connect(self._refuser)

    def montrer(self, agent: "AgentLocal") -> None:
        """Say whose screen it is, with nothing of those he receives."""
        self.qui.setText(self.tr("Poste verrouillé · {0}").format(agent.nom))
        self.message.hide()
        self._preparer()

    def _preparer(self) -> None:
        code = self._poste.par_code
        self.legende.setText(self.tr("&Code de l'écran") if code else self.tr("&Phrase de passe du coffre"))
        self.champ.setAccessibleName(self.legende.text().replace("&", ""))
        aide = self.tr("Ce que vous aviez commencé est resté en place.")
        if self._demonstration and not code:
            aide = self.tr("Démonstration : la phrase de passe est «\u00a0{0}\u00a0».").format(PHRASE)
        elif not code:
            aide += " " + self.tr("Pour rentrer plus vite la prochaine fois, choisissez un code d'écran (Ctrl+K, «\u00a0code\u00a0»).")
        self.aide.setText(aide)
        self.champ.clear()
        self.setEnabled(True)
        self.champ.setFocus()

    def _ouvrir(self) -> None:
        if self.champ.text():
            self.setEnabled(False)
            self.message.hide()
            self._poste.deverrouiller(self.champ.text())

    def _refuser(self, texte: str) -> None:
        if self.isVisible():
            self._preparer()
            self.message.setText(texte)
            self.message.show()
