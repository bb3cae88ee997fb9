"""« Attestations et relevés »: choose the paper and its days, read it on screen, print it or save it."""

from datetime import date
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QComboBox, QDateEdit, QDialog, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from guichet.models.enums import TypePapier
from guichet.presenters.papiers import PapiersPresenter
from guichet.rules.papiers import Etendue
from guichet.views.formats import mois_long
from guichet.views.widgets.base import bouton, dimensionner, etiquette, rangee
from guichet.views.widgets.papier import PapierWidget

if TYPE_CHECKING:
    from guichet.presenters.poste import PostePresenter
    from guichet.services.carte import Carte
    from guichet.services.papiers import Papier


class PapiersDialog(QDialog):
    """One paper at a time. Nothing is kept on the workstation but the fact that it was made."""

    def __init__(self, poste: "PostePresenter", carte: "Carte", parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)  # it shows amounts
        self._presenter = PapiersPresenter(poste, carte)
        self.setWindowTitle(self.tr("Attestations et relevés"))
        dimensionner(self, parent, 84, 40)
        self.papier = PapierWidget(
            poste, self.tr("Choisissez un document, puis « Établir » : il s'affiche ici avant d'être imprimé."), self
        )
        colonne = QVBoxLayout(self)
        colonne.addLayout(self._choix())
        colonne.addWidget(self.papier, 1)
        fermer = bouton(self.tr("&Fermer"), self.reject)
        colonne.addLayout(rangee(None, fermer, self.papier.enregistrer, self.papier.imprimer))
        self._presenter.etabli.connect(self._montrer)
        self._presenter.refuse.connect(self._refuser)

    def _choix(self) -> QVBoxLayout:
        self.type = QComboBox()
        self.type.setAccessibleName(self.tr("Document"))
        noms = {
            TypePapier.ATTESTATION_PAIEMENT: self.tr("Attestation de paiement"),
            TypePapier.ATTESTATION_QUOTIENT: self.tr("Attestation de quotient familial"),
            TypePapier.ATTESTATION_PERIODE: self.tr("Attestation sur une période"),
            TypePapier.ATTESTATION_DROITS: self.tr("Attestation de droits"),
            TypePapier.ATTESTATION_IJ: self.tr("Attestation de paiement d'indemnités journalières"),
            TypePapier.RELEVE_FISCAL: self.tr("Relevé fiscal d'une année"),
            TypePapier.RELEVE: self.tr("Relevé de compte d'un mois"),
        }
        self._offres = {offre.type: offre for offre in self._presenter.offres}
        for type_, mots in (
            *((type_, noms[type_]) for type_ in self._offres),
            (TypePapier.LETTRE, self.tr("Lettre à la caisse")),
            *([(TypePapier.RECAPITULATIF, self.tr("Récapitulatif de la visite"))] if self._presenter.en_visite else []),
        ):
            self.type.addItem(mots, type_)
        self.mois = QComboBox()
        self.du, self.au = self._jour(self.tr("Du"), date.today() - relativedelta(years=1)), self._jour(self.tr("Au"), date.today())
        self.etablir = bouton(self.tr("É&tablir"), self._etablir, principal=True)
        self.etablir.setDefault(True)
        self._periode = QWidget()
        jours = QHBoxLayout(self._periode)
        jours.setContentsMargins(0, 0, 0, 0)
        for texte, champ in ((self.tr("du"), self.du), (self.tr("au"), self.au)):
            jours.addWidget(etiquette(texte, retour=False))
            jours.addWidget(champ)
        self.objet, self.texte = QLineEdit(), QPlainTextEdit()
        self.texte.setTabChangesFocus(True)
        ligne = self.fontMetrics().height()
        self.texte.setMinimumHeight(ligne * 3)  # at 200 % the paper itself needs what is left of a small screen
        self.texte.setMaximumHeight(ligne * 7)
        self._lettre = QWidget()
        lettre = QVBoxLayout(self._lettre)
        lettre.setContentsMargins(0, 0, 0, 0)
        for titre, saisie in ((self.tr("&Objet"), self.objet), (self.tr("&Message"), self.texte)):
            saisie.setAccessibleName(titre.replace("&", ""))
            legende = etiquette(titre)
            legende.setBuddy(saisie)
            lettre.addWidget(legende)
            lettre.addWidget(saisie)
        self.type.currentIndexChanged.connect(self._adapter)
        choix = QVBoxLayout()
        choix.addLayout(rangee(self.type, self.mois, None))
        choix.addWidget(self._lettre)
        choix.addLayout(rangee(self._periode, None, self.etablir))
        self._adapter()
        return choix

    def _jour(self, nom: str, jour: date) -> QDateEdit:
        champ = QDateEdit(QDate(jour.year, jour.month, jour.day))
        champ.setDisplayFormat("dd/MM/yyyy")
        champ.setCalendarPopup(True)
        champ.setAccessibleName(nom)
        return champ

    def _adapter(self) -> None:
        type_ = TypePapier(self.type.currentData())
        offre = self._offres.get(type_)
        annee = offre is not None and offre.couvre is Etendue.ANNEE
        jours, choisi = offre.choix(date.today()) if offre is not None else [], self.mois.currentData()
        self.mois.clear()
        self.mois.setAccessibleName(self.tr("Année") if annee else self.tr("Mois"))
        for jour in jours:
            self.mois.addItem(str(jour.year) if annee else mois_long(jour), jour)
        self.mois.setCurrentIndex(jours.index(choisi) if choisi in jours else 0)
        self.mois.setVisible(bool(jours))
        self._periode.setVisible(offre is not None and offre.couvre is Etendue.PERIODE)
        self._lettre.setVisible(type_ is TypePapier.LETTRE)

    def _etablir(self) -> None:
        type_ = TypePapier(self.type.currentData())
        offre = self._offres.get(type_)
        du: date = self.mois.currentData() or date.today()
        au = du
        if offre is not None and offre.couvre is Etendue.PERIODE:
            du, au = self.du.date().toPython(), self.au.date().toPython()  # type: ignore[assignment]
        self.etablir.setEnabled(False)
        if type_ is TypePapier.LETTRE:
            self._presenter.ecrire_lettre(self.objet.text(), self.texte.toPlainText())
        else:
            self._presenter.etablir(type_, du, au)

    def _montrer(self, papier: "Papier") -> None:
        self.etablir.setEnabled(True)
        self.papier.montrer(papier)

    def _refuser(self, texte: str) -> None:
        self.etablir.setEnabled(True)
        self.papier.dire(texte)
