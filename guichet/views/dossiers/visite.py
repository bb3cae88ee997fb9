"""Opening a visit: who stands there, in which quality, what he showed."""

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QVBoxLayout, QWidget

from guichet.presenters.dossiers import DossiersPresenter
from guichet.rules.visiteurs import REPRESENTANTS, nom_qualite, qualites_possibles
from guichet.views.widgets.base import amener, annoncer, bouton, defilant, dimensionner, etiquette, rangee

if TYPE_CHECKING:
    from guichet.services.carte import Carte


class Preuve(QWidget):
    """What was shown, and until when it holds."""

    def __init__(self) -> None:
        from guichet.services.visites import PREUVES

        super().__init__()
        self.nature, self.jusquau = QComboBox(), QLineEdit()
        self.nature.addItems(list(PREUVES))
        self.nature.view().setAccessibleName(self.tr("Identité vue"))
        self.jusquau.setPlaceholderText("JJ/MM/AAAA")
        self.faute = etiquette("", ton="error")
        self.faute.hide()
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(0, 0, 0, 0)
        for titre, champ in (
            (self.tr("&Identité vue"), self.nature), (self.tr("&Valable jusqu'au (facultatif)"), self.jusquau),
        ):  # fmt: skip
            champ.setAccessibleName(titre.replace("&", ""))
            legende = etiquette(titre)
            legende.setBuddy(champ)
            colonne.addWidget(legende)
            colonne.addWidget(champ)
        colonne.addWidget(self.faute)
        colonne.addWidget(etiquette(self.tr("Aucune copie de la pièce n'est gardée."), "discret"))

    def lue(self) -> str | None:
        """Return it in words, or None once it was said what is wrong."""
        from guichet.services.session import Refus
        from guichet.services.visites import preuve_vue

        try:
            return preuve_vue(self.nature.currentText(), self.jusquau.text(), date.today())
        except Refus as refus:
            self.faute.setText(f"▲ {refus}")
            self.faute.show()
            self.jusquau.setFocus()
            annoncer(self.jusquau, str(refus))
            QTimer.singleShot(0, self.faute, lambda: amener(self.faute))  # once it has taken its place
            return None


class VisiteDialog(QDialog):
    """Three choices; Enter opens the visit. The dossier says which qualities somebody may have."""

    def __init__(self, carte: "Carte", presenter: DossiersPresenter, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)  # it names the household
        self._presenter = presenter
        possibles = [(m, qualites_possibles(m.role, m.ne_le, m.autorise_le, date.today())) for m in carte.membres]
        self._personnes = [(m, qualites) for m, qualites in possibles if qualites]
        self.setWindowTitle(self.tr("Ouvrir une visite"))
        dimensionner(self, parent, 64, 26)
        contenu = QWidget()
        colonne = QVBoxLayout(contenu)
        colonne.addWidget(etiquette(self.tr("Dossier n° {0}").format(carte.numero), "discret"))
        self.personne = self._liste(colonne, self.tr("Po&ur qui"), [m.nom for m, _ in self._personnes])
        self.qualite = self._liste(colonne, self.tr("&Qualité"), [])
        self.visiteur = QLineEdit()
        self.visiteur.setAccessibleName(self.tr("Nom de la personne qui se présente"))
        self.legende_visiteur = etiquette(self.tr("&Nom de la personne qui se présente"))
        self.legende_visiteur.setBuddy(self.visiteur)
        colonne.addWidget(self.legende_visiteur)
        colonne.addWidget(self.visiteur)
        self.preuve = Preuve()
        colonne.addWidget(self.preuve)
        colonne.addStretch(1)
        annuler = bouton(self.tr("Annuler"), self.reject)
        self.ouvrir = bouton(self.tr("Ouvrir la visite"), self._ouvrir, principal=True)
        self.ouvrir.setDefault(True)
        exterieur = QVBoxLayout(self)
        exterieur.addWidget(defilant(contenu, self.windowTitle()), 1)
        exterieur.addLayout(rangee(None, annuler, self.ouvrir))
        self.personne.currentIndexChanged.connect(self._proposer)
        self.qualite.currentIndexChanged.connect(self._demander_le_nom)
        self.visiteur.textChanged.connect(self._demander_le_nom)
        self._proposer()

    def _liste(self, colonne: QVBoxLayout, titre: str, valeurs: list[str]) -> QComboBox:
        liste = QComboBox()
        liste.addItems(valeurs)
        liste.setAccessibleName(titre.replace("&", ""))
        liste.view().setAccessibleName(titre.replace("&", ""))
        legende = etiquette(titre)
        legende.setBuddy(liste)
        colonne.addWidget(legende)
        colonne.addWidget(liste)
        return liste

    def _proposer(self, _: int = 0) -> None:
        self.qualite.clear()
        self.qualite.addItems([nom_qualite(q) for q in self._personnes[self.personne.currentIndex()][1]])

    def _demander_le_nom(self, _: object = None) -> None:
        rang = self.qualite.currentIndex()
        pour_autrui = rang >= 0 and self._personnes[self.personne.currentIndex()][1][rang] in REPRESENTANTS
        for element in (self.legende_visiteur, self.visiteur):
            element.setVisible(pour_autrui)
        self.ouvrir.setEnabled(not pour_autrui or bool(self.visiteur.text().strip()))

    def _ouvrir(self) -> None:
        preuve = self.preuve.lue()
        if preuve is None:
            return
        personne, qualites = self._personnes[self.personne.currentIndex()]
        qualite = qualites[self.qualite.currentIndex()]
        self._presenter.ouvrir_visite(personne.personne_id, qualite, preuve, self.visiteur.text())
        self.accept()


class SansDossierDialog(QDialog):
    """Somebody who has no dossier here: a name and what was shown."""

    def __init__(self, presenter: DossiersPresenter, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._presenter = presenter
        self.setWindowTitle(self.tr("Recevoir sans dossier"))
        self.nom, self.preuve = QLineEdit(), Preuve()
        self.nom.setAccessibleName(self.tr("Nom et prénom"))
        legende = etiquette(self.tr("&Nom et prénom"))
        legende.setBuddy(self.nom)
        dimensionner(self, parent, 64, 22)
        contenu = QWidget()
        colonne = QVBoxLayout(contenu)
        for element in (legende, self.nom, self.preuve):
            colonne.addWidget(element)
        colonne.addWidget(
            etiquette(
                self.tr("Sans dossier, la personne peut prendre rendez-vous, écrire à la caisse et se faire expliquer les démarches."),
                "discret",
            )
        )
        colonne.addStretch(1)
        self.ouvrir = bouton(self.tr("Ouvrir la visite"), self._ouvrir, principal=True)
        self.ouvrir.setDefault(True)
        self.ouvrir.setEnabled(False)
        self.nom.textChanged.connect(lambda texte: self.ouvrir.setEnabled(bool(texte.strip())))
        exterieur = QVBoxLayout(self)
        exterieur.addWidget(defilant(contenu, self.windowTitle()), 1)
        exterieur.addLayout(rangee(None, bouton(self.tr("Annuler"), self.reject), self.ouvrir))

    def _ouvrir(self) -> None:
        preuve = self.preuve.lue()
        if preuve is not None:
            self._presenter.recevoir_sans_dossier(self.nom.text(), preuve)
            self.accept()
