"""Signing in: the demonstration people by one click, or this workstation's own profile by its passphrase."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from guichet.presenters.entree import EntreePresenter
from guichet.presenters.poste import PostePresenter
from guichet.views.widgets.base import bouton, cadre, defilant, etiquette, rangee, vider

if TYPE_CHECKING:
    from guichet.contract.sync import AgentDemonstration

_EN_AVANT = 4
_LARGEUR = 110
"""Letters that the column is wide, at most."""


class ConnexionPage(QWidget):
    """`entree` is emitted with the words to show while the profile opens."""

    entree = Signal(str)

    def __init__(self, poste: PostePresenter, *, demonstration: bool) -> None:
        super().__init__()
        self._poste, self._demonstration = poste, demonstration
        self._contenu = QWidget()
        self._colonne = QVBoxLayout(self._contenu)
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
            from guichet.views.connexion.coffre import CoffreWidget

            self._colonne.addWidget(self.message)
            self.coffre = CoffreWidget(EntreePresenter(poste))
            self.coffre.entree.connect(self._annoncer)
            self.coffre.refus.connect(self._refuser)
            self._colonne.addWidget(self.coffre)
        self._colonne.addStretch(1)
        exterieur = QVBoxLayout(self)
        exterieur.addWidget(defilant(_centre(self._contenu), self.tr("Connexion")))
        poste.refuse.connect(self._refuser)
        self._limiter()

    def changeEvent(self, event: QEvent) -> None:
        """Keep the column as wide in letters when their size changes."""
        if event.type() == QEvent.Type.FontChange:
            self._limiter()
        super().changeEvent(event)

    def _limiter(self) -> None:
        self._contenu.setMaximumWidth(self.fontMetrics().averageCharWidth() * _LARGEUR)

    def revenir(self) -> None:
        """Come back after leaving: nothing typed is left, the first choice has the focus."""
        self.message.hide()
        if not self._demonstration:
            self.coffre.revenir()
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
            colonne.addStretch(1)  # a card beside a longer one keeps its words together
            colonne.addLayout(rangee(None, entrer))
            self._grille.addWidget(boite, rang // 2, rang % 2)
            if rang == 0:
                entrer.setFocus()
        if agents[_EN_AVANT:]:
            self._autres.addWidget(etiquette(self.tr("Autres profils de la démonstration"), "section"))
        for agent in agents[_EN_AVANT:]:
            lien = bouton(f"{agent.fonction} · {agent.lieu}", partial(self._entrer, agent), lien=True)
            self._autres.addLayout(rangee(lien, None))

    def _annoncer(self, texte: str) -> None:
        self.message.hide()
        if texte:
            self.entree.emit(texte)

    def _entrer(self, agent: "AgentDemonstration") -> None:
        self.message.hide()
        self.entree.emit(self.tr("Ouverture du profil de {0}…").format(agent.fonction))
        self._poste.entrer_en_demonstration(agent.login)

    def _refuser(self, texte: str) -> None:
        self.message.setText(texte)
        self.message.show()
        self.reessayer.setVisible(self._demonstration and not self._grille.count())


def _centre(contenu: QWidget) -> QWidget:
    """Lay a column of limited width in the middle. In a row, its height is reckoned for the width that it gets; in a column, for the page's."""
    exterieur = QWidget()
    ligne = QHBoxLayout(exterieur)
    ligne.setContentsMargins(24, 24, 24, 24)
    ligne.addStretch(1)
    ligne.addWidget(contenu, 1000)
    ligne.addStretch(1)
    return exterieur
