"""Opening a visit: who stands there, in which quality, what he showed."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QDialog, QVBoxLayout, QWidget

from guichet.presenters.dossiers import DossiersPresenter
from guichet.views.widgets.base import bouton, etiquette, rangee

if TYPE_CHECKING:
    from guichet.services.dossiers import Carte


class VisiteDialog(QDialog):
    """Three choices; Enter opens the visit."""

    def __init__(self, carte: "Carte", presenter: DossiersPresenter, parent: QWidget) -> None:
        super().__init__(parent)
        from guichet.models.enums import Qualite
        from guichet.services.visites import PREUVES
        from guichet.views.shell import NOMS_QUALITE

        self._carte, self._presenter, self._qualites = carte, presenter, list(Qualite)
        self.setWindowTitle(self.tr("Ouvrir une visite"))
        colonne = QVBoxLayout(self)
        colonne.addWidget(etiquette(self.tr("Dossier n° {0}").format(carte.numero), "discret"))
        adultes = [m for m in carte.membres if m.role != "enfant"]
        self._personnes = adultes
        self.personne = self._liste(colonne, self.tr("&Personne présente"), [m.nom for m in adultes])
        self.qualite = self._liste(colonne, self.tr("&Qualité"), [NOMS_QUALITE[q] for q in self._qualites])
        self.preuve = self._liste(colonne, self.tr("&Identité vue"), list(PREUVES))
        colonne.addWidget(etiquette(self.tr("Aucune copie de la pièce n'est gardée."), "discret"))
        annuler = bouton(self.tr("Annuler"), self.reject)
        ouvrir = bouton(self.tr("Ouvrir la visite"), self._ouvrir, principal=True)
        ouvrir.setDefault(True)
        colonne.addLayout(rangee(None, annuler, ouvrir))

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

    def _ouvrir(self) -> None:
        personne = self._personnes[self.personne.currentIndex()]
        qualite = self._qualites[self.qualite.currentIndex()]
        self._presenter.ouvrir_visite(personne.personne_id, personne.nom, qualite, self.preuve.currentText())
        self.accept()
