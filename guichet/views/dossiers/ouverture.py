"""« Ouvrir un dossier »: fill in, look at who is known already and looks like the person, read again, open."""

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QListWidget, QListWidgetItem, QStackedWidget, QVBoxLayout, QWidget

from guichet.presenters.ouvertures import OuverturesPresenter
from guichet.rules.formulaires import ouverture
from guichet.views.formats import date_courte
from guichet.views.widgets.base import bouton, defilant, dimensionner, etiquette, rangee
from guichet.views.widgets.saisie import Relecture, SaisieFormulaire

if TYPE_CHECKING:
    from guichet.presenters.poste import PostePresenter
    from guichet.services.ouvertures import Ouverture, Ressemblant


class OuvertureDialog(QDialog):
    """Three pages. `ouvert` is emitted with the scope and id of the new dossier, or of the one that the person has already."""

    ouvert = Signal(str, str)

    def __init__(self, poste: "PostePresenter", recherche: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)  # it holds an identity
        self._presenter = OuverturesPresenter(poste)
        self._semblables: list[Ressemblant] = []
        self.setWindowTitle(self.tr("Ouvrir un dossier"))
        dimensionner(self, parent, 84, 36)
        self.message = etiquette("", ton="error")
        self.message.hide()
        self.formulaire = SaisieFormulaire()
        self.saisies = self.formulaire.saisies
        self.pages = QStackedWidget()
        for page in (self._page_saisie(), self._page_semblables(), self._page_relecture()):
            self.pages.addWidget(page)
        colonne = QVBoxLayout(self)
        colonne.addWidget(self.message)
        colonne.addWidget(self.pages, 1)
        self._presenter.commencee.connect(self._commencer)
        self._presenter.fautes.connect(self.formulaire.montrer)
        self._presenter.controlee.connect(self._controler)
        self._presenter.ouverte.connect(self._ouvrir)
        self._presenter.refuse.connect(self._refuser)
        self._presenter.commencer(recherche)

    def reject(self) -> None:
        """Give up: nothing of what was typed is kept."""
        self._presenter.abandonner()
        super().reject()

    def _page_saisie(self) -> QWidget:
        page = QWidget()
        colonne = QVBoxLayout(page)
        colonne.setContentsMargins(0, 0, 0, 0)
        self.reprise = etiquette("", "discret")
        self.organisme = QComboBox()
        self.organisme.setAccessibleName(self.tr("Organisme du dossier"))
        self.organisme.view().setAccessibleName(self.organisme.accessibleName())
        self.legende_organisme = etiquette(self.tr("&Organisme du dossier"))
        self.legende_organisme.setBuddy(self.organisme)
        self.formulaire.change.connect(lambda: self._presenter.noter(self.formulaire.lues()))
        self.formulaire.validee.connect(self._verifier)
        for element in (self.reprise, self.legende_organisme, self.organisme):
            colonne.addWidget(element)
        colonne.addWidget(defilant(self.formulaire, self.tr("Formulaire")), 1)
        effacer = bouton(self.tr("&Tout effacer"), self.formulaire.effacer, lien=True)
        suite = bouton(self.tr("&Vérifier"), self._verifier, principal=True)
        colonne.addLayout(rangee(effacer, None, bouton(self.tr("&Annuler"), self.reject), suite))
        return page

    def _page_semblables(self) -> QWidget:
        page = QWidget()
        colonne = QVBoxLayout(page)
        colonne.setContentsMargins(0, 0, 0, 0)
        self.avertissement = etiquette("", ton="warning")
        self.liste = QListWidget()
        self.liste.setAccessibleName(self.tr("Personnes qui ressemblent"))
        self.liste.setWordWrap(True)
        self.liste.setSpacing(3)
        self.liste.itemActivated.connect(self._prendre)
        self.autre_personne = QCheckBox(self.tr("J'ai vérifié avec la personne : ce &n'est aucune d'elles"))
        self.continuer = bouton(self.tr("&Continuer l'ouverture"), self._recapituler)
        self.autre_personne.toggled.connect(self.continuer.setEnabled)
        self.prendre = bouton(self.tr("Ouvrir ce &dossier"), lambda: self._prendre(self.liste.currentItem()), principal=True)
        colonne.addWidget(self.avertissement)
        colonne.addWidget(self.liste, 1)
        colonne.addWidget(self.autre_personne)
        colonne.addLayout(rangee(None, bouton(self.tr("&Retour"), self._revenir), self.continuer, self.prendre))
        return page

    def _page_relecture(self) -> QWidget:
        self._relecture = Relecture(self.tr("Relisez avec la personne, puis ouvrez son dossier."), self.tr("&Ouvrir le dossier"))
        self._relecture.corriger.connect(self._revenir)
        self._relecture.valider.connect(self._demander)
        self.ouvrir = self._relecture.bouton
        return self._relecture

    def _commencer(self, debut: "Ouverture") -> None:
        self.formulaire.poser(self.tr("Qui est la personne"), debut.champs)
        self.formulaire.ecrire(debut.saisies)
        self.reprise.setText(
            self.tr("Une ouverture avait été interrompue : voici ce qui était saisi. « Tout effacer » si c'est une autre personne.")
            if debut.repris
            else self.tr("Ce qui a été cherché est déjà rempli : relisez-le sur la pièce d'identité.")
        )
        self.reprise.setVisible(bool(debut.saisies))
        for id_, nom in debut.organismes:
            self.organisme.addItem(nom, id_)
        for element in (self.organisme, self.legende_organisme):
            element.setVisible(len(debut.organismes) > 1)
        self.formulaire.aller_au_premier()

    def _verifier(self) -> None:
        self.message.hide()
        self._presenter.controler(self.formulaire.lues())

    def _controler(self, bons: dict[str, str], semblables: "list[Ressemblant]") -> None:
        self._semblables = semblables
        self._relecture.montrer(self.organisme.currentText(), ouverture(date.today()), bons)
        if not semblables:
            self._recapituler()
            return
        self.liste.clear()
        for r in semblables:
            t = r.trouve
            texte = f"{t.nom.upper()} {t.prenoms}  {date_courte(t.ne_le)} · n° {t.numero}\n{r.ressemblance.score} % · {', '.join(r.ressemblance.raisons)}"
            element = QListWidgetItem(texte)
            element.setData(Qt.ItemDataRole.UserRole, (t.portee, t.dossier_id))
            self.liste.addItem(element)
        self.liste.setCurrentRow(0)
        certain = any(r.certain for r in semblables)
        self.avertissement.setText(
            self.tr("▲ Ce NIR est déjà celui d'une personne connue ici : c'est son dossier qu'il faut ouvrir.")
            if certain
            else self.tr(
                "▲ Déjà connue ici ? Une personne qui a deux dossiers perd des courriers et des droits : vérifiez avant d'en ouvrir un."
            )
        )
        self.autre_personne.setChecked(False)
        self.autre_personne.setVisible(not certain)
        self.continuer.setVisible(not certain)
        self.continuer.setEnabled(False)
        self.pages.setCurrentIndex(1)
        self.liste.setFocus()

    def _recapituler(self) -> None:
        self.pages.setCurrentIndex(2)
        self.ouvrir.setFocus()

    def _revenir(self) -> None:
        self.pages.setCurrentIndex(0)
        self.formulaire.aller_au_premier()

    def _demander(self) -> None:
        self.ouvrir.setEnabled(False)
        vus = [r.trouve.personne_id for r in self._semblables]
        self._presenter.ouvrir(self.formulaire.lues(), self.organisme.currentData(), vus)

    def _prendre(self, element: QListWidgetItem | None) -> None:
        """The person is known: her dossier it is, and what was typed goes."""
        if element is not None:
            self._presenter.abandonner()
            self._ouvrir(*element.data(Qt.ItemDataRole.UserRole))

    def _ouvrir(self, portee: str, dossier_id: str) -> None:
        self.ouvert.emit(portee, dossier_id)
        self.accept()

    def _refuser(self, texte: str) -> None:
        self.message.setText(texte)
        self.message.show()
        self.ouvrir.setEnabled(True)
