"""Signing in: the demonstration people by one click, or this workstation's own profile by its passphrase."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from guichet.presenters.poste import PostePresenter
from guichet.views.widgets.base import bouton, cadre, defilant, etiquette, rangee, vider

if TYPE_CHECKING:
    from guichet.contract.sync import AgentDemonstration

_EN_AVANT = 4


class ConnexionPage(QWidget):
    """`entree` is emitted with the words to show while the profile opens."""

    entree = Signal(str)

    def __init__(self, poste: PostePresenter, *, demonstration: bool) -> None:
        super().__init__()
        self._poste = poste
        contenu = QWidget()
        contenu.setMaximumWidth(900)
        self._colonne = QVBoxLayout(contenu)
        self._colonne.setSpacing(12)
        self._colonne.addWidget(etiquette(self.tr("Bienvenue sur Guichet"), "titre"))
        self.message = etiquette("", ton="warning")
        self.message.hide()
        self.reessayer = bouton(self.tr("Réessayer"), self._reessayer, glyphe="refresh-line")
        self.reessayer.hide()
        self._grille = QGridLayout()
        self._grille.setSpacing(12)
        self._autres = QVBoxLayout()
        if demonstration:
            self._intro = etiquette(
                self.tr("Démonstration : toutes les personnes sont inventées. Choisissez qui vous êtes à l'accueil."), "discret"
            )
            self._colonne.addWidget(self._intro)
            self._colonne.addWidget(self.message)
            self._colonne.addLayout(rangee(self.reessayer, None))
            self._colonne.addLayout(self._grille)
            self._colonne.addLayout(self._autres)
            poste.agents_connus.connect(self._montrer_agents)
        else:
            self._colonne.addWidget(self.message)
            self._formulaire()
        self._colonne.addStretch(1)
        exterieur = QVBoxLayout(self)
        exterieur.addWidget(defilant(_centre(contenu), self.tr("Connexion")))
        poste.refuse.connect(self._refuser)

    def revenir(self) -> None:
        """Come back after locking: nothing typed is left, the first choice has the focus."""
        self.message.hide()
        for champ in self.findChildren(QLineEdit):
            champ.clear()
        self.focusNextChild()

    def _reessayer(self) -> None:
        self.message.hide()
        self.reessayer.hide()
        self._poste.demander_agents()

    def _montrer_agents(self, agents: "list[AgentDemonstration]") -> None:
        vider(self._grille)
        vider(self._autres)
        if not agents:
            self._refuser(self.tr("Ce centre n'est pas une démonstration : demandez l'adresse à votre service informatique."))
        for rang, agent in enumerate(agents[:_EN_AVANT]):
            boite, colonne = cadre()
            colonne.addWidget(etiquette(agent.fonction, "section"))
            colonne.addWidget(etiquette(f"{agent.nom}\n{agent.lieu}", "discret"))
            entrer = bouton(self.tr("Entrer"), partial(self._entrer, agent), principal=True)
            entrer.setAccessibleName(self.tr("Entrer comme {0}").format(agent.fonction))
            colonne.addLayout(rangee(None, entrer))
            self._grille.addWidget(boite, rang // 2, rang % 2)
            if rang == 0:
                entrer.setFocus()
        if agents[_EN_AVANT:]:
            self._autres.addWidget(etiquette(self.tr("Autres bailleurs de la démonstration"), "section"))
        for agent in agents[_EN_AVANT:]:
            lien = bouton(f"{agent.fonction} · {agent.lieu}", partial(self._entrer, agent), lien=True)
            self._autres.addLayout(rangee(lien, None))

    def _formulaire(self) -> None:
        boite, colonne = cadre()
        colonne.addWidget(etiquette(self.tr("Ouvrir mon profil"), "section"))
        aide = self.tr(
            "La phrase de passe ouvre le coffre de ce poste. Le jeton, donné par votre service informatique, relie le poste au centre ; sans lui, vous travaillez hors ligne."
        )
        colonne.addWidget(etiquette(aide, "discret"))
        self.phrase, self.jeton = QLineEdit(), QLineEdit()
        for champ, nom in ((self.phrase, self.tr("&Phrase de passe")), (self.jeton, self.tr("&Jeton du centre (facultatif)"))):
            legende = etiquette(nom)
            legende.setBuddy(champ)
            champ.setAccessibleName(nom.replace("&", ""))
            champ.setEchoMode(QLineEdit.EchoMode.Password)
            colonne.addWidget(legende)
            colonne.addWidget(champ)
        self.phrase.returnPressed.connect(self._ouvrir)
        self.jeton.returnPressed.connect(self._ouvrir)
        colonne.addLayout(rangee(None, bouton(self.tr("Ouvrir"), self._ouvrir, principal=True)))
        self._colonne.addWidget(boite)

    def _entrer(self, agent: "AgentDemonstration") -> None:
        self.message.hide()
        self.entree.emit(self.tr("Ouverture du profil de {0}…").format(agent.fonction))
        self._poste.entrer_en_demonstration(agent.login)

    def _ouvrir(self) -> None:
        if not self.phrase.text():
            self._refuser(self.tr("Saisissez la phrase de passe de votre profil."))
            return
        self.message.hide()
        self.entree.emit(self.tr("Ouverture de votre profil…"))
        self._poste.entrer(self.phrase.text(), self.jeton.text().strip())

    def _refuser(self, texte: str) -> None:
        self.message.setText(texte)
        self.message.show()
        self.reessayer.setVisible(not self._grille.count())


def _centre(contenu: QWidget) -> QWidget:
    exterieur = QWidget()
    ligne = QVBoxLayout(exterieur)
    ligne.setContentsMargins(24, 24, 24, 24)
    ligne.addWidget(contenu)
    ligne.addStretch(1)
    return exterieur
