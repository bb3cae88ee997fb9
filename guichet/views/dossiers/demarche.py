"""« Faire une démarche »: choose a form, fill it in, read it again, send it."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QListWidget, QListWidgetItem, QStackedWidget, QVBoxLayout, QWidget

from guichet.presenters.demarches import DemarchesPresenter
from guichet.rules.formulaires import Formulaire, verifier
from guichet.views.formats import date_courte
from guichet.views.widgets.base import bouton, defilant, dimensionner, etiquette, rangee
from guichet.views.widgets.saisie import Relecture, SaisieFormulaire

if TYPE_CHECKING:
    from guichet.presenters.poste import PostePresenter
    from guichet.services.demarches import Connus, Proposition
    from guichet.services.visites import VisiteOuverte
    from guichet.store.demarches import Brouillon


class DemarcheDialog(QDialog):
    """Three pages: the forms that the visitor's quality allows, the form, what will be sent. What is typed is kept as it is typed.

    `code`: the form to open at once, if the visitor may fill it in.
    """

    def __init__(self, poste: "PostePresenter", visite: "VisiteOuverte", parent: QWidget, code: str = "") -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._presenter = DemarchesPresenter(poste, visite)
        self._voulu = code
        self._formulaire: Formulaire | None = None
        self._propositions: tuple[Proposition, ...] = ()
        self._rappels: Mapping[str, str] = {}
        self._saisie = SaisieFormulaire()
        self.saisies = self._saisie.saisies
        self.setWindowTitle(self.tr("Faire une démarche"))
        dimensionner(self, parent, 84, 34)
        self.message = etiquette("", ton="error")
        self.message.hide()
        self._pages = QStackedWidget()
        for page in (self._page_choix(), self._page_saisie(), self._page_relecture()):
            self._pages.addWidget(page)
        colonne = QVBoxLayout(self)
        colonne.addWidget(etiquette(" · n° ".join(filter(None, (visite.nom, visite.numero))), "discret"))
        colonne.addWidget(self.message)
        colonne.addWidget(self._pages, 1)
        self._presenter.proposees.connect(self._proposer)
        self._presenter.reprise.connect(self._reprendre)
        self._presenter.deposee.connect(self.accept)
        self._presenter.refuse.connect(self._refuser)
        self._presenter.proposer()

    def done(self, resultat: int) -> None:
        """Go, keeping what was typed."""
        self._presenter.finir()
        super().done(resultat)

    def _page_choix(self) -> QWidget:
        page = QWidget()
        colonne = QVBoxLayout(page)
        colonne.setContentsMargins(0, 0, 0, 0)
        self.rubrique = QComboBox()
        self.rubrique.setAccessibleName(self.tr("Rubrique"))
        self.rubrique.view().setAccessibleName(self.tr("Rubrique"))
        self.rubrique.currentIndexChanged.connect(self._filtrer)
        colonne.addWidget(self.rubrique)
        self.liste = QListWidget()
        self.liste.setAccessibleName(self.tr("Démarches permises"))
        self.liste.setSpacing(3)
        self.liste.itemActivated.connect(self._choisir)
        self.choisir = bouton(self.tr("&Remplir"), lambda: self._choisir(self.liste.currentItem()), principal=True)
        self.choisir.setEnabled(False)
        self.liste.currentItemChanged.connect(lambda element, _: self.choisir.setEnabled(element is not None))
        colonne.addWidget(self.liste, 1)
        colonne.addLayout(rangee(None, bouton(self.tr("&Fermer"), self.reject), self.choisir))
        return page

    def _page_saisie(self) -> QWidget:
        page = QWidget()
        colonne = QVBoxLayout(page)
        colonne.setContentsMargins(0, 0, 0, 0)
        self.reprise = etiquette("", "discret")
        self.falc = QCheckBox(self.tr("Facile à &lire et à comprendre"))
        self.falc.toggled.connect(self._reposer)
        for element in (self.falc, self.reprise):
            colonne.addWidget(element)
        self._saisie.change.connect(self._noter)
        self._saisie.validee.connect(self._verifier)
        colonne.addWidget(defilant(self._saisie, self.tr("Formulaire")), 1)
        self.vider = bouton(self.tr("&Tout effacer"), self._tout_effacer, lien=True)
        verifier_ = bouton(self.tr("&Vérifier"), self._verifier, principal=True)
        colonne.addLayout(rangee(self.vider, None, bouton(self.tr("&Autre démarche"), self._revenir), verifier_))
        return page

    def _page_relecture(self) -> QWidget:
        self._relecture = Relecture(self.tr("Relisez avec la personne, puis envoyez."), self.tr("&Envoyer"))
        self._relecture.corriger.connect(lambda: self._pages.setCurrentIndex(1))
        self._relecture.valider.connect(self._envoyer)
        self.envoyer = self._relecture.bouton
        return self._relecture

    def _proposer(self, propositions: "tuple[Proposition, ...]") -> None:
        self._propositions = propositions
        rubriques = [self.tr("Toutes les rubriques"), *dict.fromkeys(p.formulaire.rubrique for p in propositions)]
        if any(p.commence_le for p in propositions):
            rubriques.append(self.tr("Reprendre la demande en cours"))
        self.rubrique.blockSignals(True)
        self.rubrique.clear()
        self.rubrique.addItems(rubriques)
        self.rubrique.blockSignals(False)
        self._filtrer()
        if not propositions:
            self._refuser(self.tr("Aucun formulaire ici pour cet organisme ou en cette qualité : voyez « Démarches possibles »."))
        self.liste.setFocus()
        voulu, self._voulu = self._voulu, ""
        for n in range(self.liste.count() if voulu else 0):
            if self.liste.item(n).data(Qt.ItemDataRole.UserRole).code == voulu:
                self._choisir(self.liste.item(n))

    def _filtrer(self, _: int = 0) -> None:
        voulue, en_cours = self.rubrique.currentText(), self.tr("Reprendre la demande en cours")
        self.liste.clear()
        for p in self._propositions:
            if self.rubrique.currentIndex() > 0 and voulue != (
                p.formulaire.rubrique if voulue != en_cours or not p.commence_le else en_cours
            ):
                continue
            suite = self.tr("  ·  commencée le {0}, à reprendre").format(date_courte(p.commence_le.date())) if p.commence_le else ""
            element = QListWidgetItem(f"{p.formulaire.libelle}{suite}")
            element.setData(Qt.ItemDataRole.UserRole, p.formulaire)
            self.liste.addItem(element)
        self.liste.setCurrentRow(0)

    def _choisir(self, element: QListWidgetItem) -> None:
        formulaire: Formulaire = element.data(Qt.ItemDataRole.UserRole)
        self._formulaire = formulaire
        self.message.hide()
        self.falc.setVisible(formulaire.en_falc)
        self._poser(formulaire)
        self.reprise.hide()
        self._presenter.reprendre(formulaire.code)

    def _poser(self, formulaire: Formulaire) -> None:
        suite = ""
        if formulaire.pieces:
            from guichet.services.reperes import nom_piece

            pieces = ", ".join(nom_piece(p) for p in formulaire.pieces)
            suite = self.tr("À joindre ensuite, dans l'onglet Documents : {0}.").format(pieces)
        self._saisie.poser(formulaire.libelle, formulaire.champs, suite, falc=self.falc.isChecked() and formulaire.en_falc)

    def _reposer(self) -> None:
        """Ask the same in other words; what was typed stays."""
        if self._formulaire is not None:
            saisies = self._saisie.lues()
            self._poser(self._formulaire)
            self._saisie.ecrire(saisies)
            self._saisie.rappeler(self._rappels)

    def _reprendre(self, lu: "tuple[Brouillon | None, Connus]") -> None:
        brouillon, connus = lu
        self._rappels = connus.rappels
        self._saisie.rappeler(self._rappels)
        if brouillon is None:
            self._saisie.ecrire(connus.saisies)
            self.reprise.setText(self.tr("Ce qui est connu est déjà rempli : relisez-le avec la personne, corrigez si besoin."))
            self.reprise.setVisible(bool(connus.saisies))
        else:
            self._saisie.ecrire(brouillon.saisies)
            self.reprise.setText(self.tr("Reprise de ce qui avait été saisi le {0}.").format(date_courte(brouillon.le.date())))
            self.reprise.show()
        self._pages.setCurrentIndex(1)
        self._saisie.aller_au_premier()

    def _noter(self) -> None:
        if self._formulaire is not None:
            self._presenter.noter(self._formulaire.code, self._saisie.lues())

    def _tout_effacer(self) -> None:
        self._saisie.effacer()
        self.reprise.hide()

    def _revenir(self) -> None:
        self._presenter.proposer()
        self._pages.setCurrentIndex(0)

    def _verifier(self) -> None:
        """Say what is wrong beside each field, or show what will be sent."""
        if self._formulaire is None:
            return
        bons, fautes = verifier(self._formulaire.champs, self._saisie.lues(), date.today())
        self._saisie.montrer(fautes)
        if fautes:
            return
        self._relecture.montrer(self._formulaire.libelle, self._formulaire.champs, bons)
        self._pages.setCurrentIndex(2)
        self.envoyer.setFocus()

    def _envoyer(self) -> None:
        if self._formulaire is not None:
            self.envoyer.setEnabled(False)
            self._presenter.deposer(self._formulaire.code, self._saisie.lues())

    def _refuser(self, texte: str) -> None:
        self.message.setText(texte)
        self.message.show()
        self.envoyer.setEnabled(True)
