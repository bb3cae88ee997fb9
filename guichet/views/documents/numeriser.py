"""Scanning: which device, which sheets; pages are seen coming, a fault says what to do and how to go on."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from guichet.presenters.numerisation import ENCRES, SOURCES, NumerisationPresenter
from guichet.views.documents.profils import ProfilsChoix, Reglages
from guichet.views.widgets.base import annoncer, bouton, dimensionner, etiquette, rangee, teinter

if TYPE_CHECKING:
    from guichet.documents.sources.decouverte import Trouve

_CLE = "numeriseur"
_PPP = (300, 200)


class NumeriserDialog(QDialog):
    """Stays open after a scan: the next sheet goes after the last one."""

    def __init__(self, presenter: NumerisationPresenter, parent: QWidget) -> None:
        super().__init__(parent)
        self.presenter = presenter
        self.setWindowTitle(self.tr("Numériser"))
        self.adresse = QLineEdit(str(QSettings().value(_CLE, "")))
        self.adresse.setPlaceholderText(self.tr("192.168.1.20"))
        self.chercher = bouton(self.tr("Chercher les numériseurs"), self._chercher)
        self.trouves = QComboBox()
        self.trouves.setAccessibleName(self.tr("Numériseurs trouvés"))
        self.trouves.activated.connect(lambda rang: self.adresse.setText(self.trouves.itemData(rang)))
        self.source = self._choix((self.tr("Vitre"), self.tr("Chargeur"), self.tr("Chargeur, recto verso")), SOURCES)
        self.encre = self._choix((self.tr("Couleurs"), self.tr("Gris")), ENCRES)
        self.ppp = self._choix((self.tr("300 points par pouce"), self.tr("200 points par pouce")), _PPP)
        champs = QFormLayout()
        champs.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        champs.addRow("", self.trouves)
        champs.setRowVisible(self.trouves, False)
        self._champs = champs
        for titre, champ in (
            (self.tr("&Adresse du numériseur"), self.adresse), (self.tr("&Feuilles"), self.source),
            (self.tr("&Encre"), self.encre), (self.tr("&Finesse"), self.ppp),
        ):  # fmt: skip
            champs.addRow(titre, champ)
            champ.setAccessibleName(titre.replace("&", ""))
        self.message = etiquette(self.tr("Le numériseur est branché à ce poste, ou sur le réseau et parle eSCL (« AirPrint »)."), "discret")
        self.lancer = bouton(self.tr("Numériser"), self._lancer, principal=True)
        self.lancer.setDefault(True)
        champs.insertRow(0, "", self.chercher)
        self.profils = ProfilsChoix(lambda: Reglages(self.source.currentData(), self.ppp.currentData(), self.encre.currentData()))
        self.profils.choisi.connect(self._regler)
        champs.insertRow(3, self.tr("&Profil"), self.profils.liste)
        champs.insertRow(4, "", self.profils)
        self.versos = bouton(self.tr("Numériser les versos"), lambda: self._lancer(versos=True))
        self.versos.hide()
        self.arreter = bouton(self.tr("Arrêter"), presenter.annuler)
        self.arreter.setEnabled(False)
        colonne = QVBoxLayout(self)
        colonne.addLayout(champs)
        colonne.addWidget(self.message)
        colonne.addStretch(1)
        colonne.addLayout(rangee(None, self.versos))
        colonne.addLayout(rangee(None, bouton(self.tr("Fermer"), self.reject), self.arreter, self.lancer))
        presenter.trouves.connect(self._montrer)
        presenter.avance.connect(self._avancer)
        presenter.finie.connect(self._finir)
        presenter.arretee.connect(self._arreter)
        presenter.intercalees.connect(lambda n: self._dire(self.tr("{0} feuille(s) recto verso dans le bac.").format(n), "success"))
        dimensionner(self, parent, 58, 24)
        self.profils.reprendre()

    def reject(self) -> None:
        """Close; a scan under way is stopped first, its pages stay in the tray."""
        self.presenter.annuler()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop as the button does."""
        self.presenter.annuler()
        super().closeEvent(event)

    def _choix(self, libelles: tuple[str, ...], valeurs: tuple[object, ...]) -> QComboBox:
        choix = QComboBox()
        for libelle, valeur in zip(libelles, valeurs, strict=True):
            choix.addItem(libelle, valeur)
        return choix

    def _regler(self, reglages: Reglages) -> None:
        for choix, valeur in ((self.source, reglages.source), (self.ppp, reglages.ppp), (self.encre, reglages.encre)):
            choix.setCurrentIndex(max(0, choix.findData(valeur)))

    def _chercher(self) -> None:
        self.chercher.setEnabled(False)
        self._dire(self.tr("Recherche des numériseurs du réseau…"), "")
        self.presenter.chercher()

    def _montrer(self, trouves: "list[Trouve]") -> None:
        self.chercher.setEnabled(True)
        self.trouves.clear()
        for trouve in trouves:
            self.trouves.addItem(trouve.nom, trouve.adresse)
        self._champs.setRowVisible(self.trouves, len(trouves) > 1)
        if trouves:
            self.adresse.setText(trouves[0].adresse)
            self._dire(self.tr("{0} : prêt à numériser.").format(trouves[0].nom), "success")
        else:
            self._dire(
                self.tr(
                    "Aucun numériseur n'est branché ni ne répond sur ce réseau. Donnez son adresse : elle est sur son écran, à « Réseau »."
                ),
                "warning",
            )

    def _lancer(self, *, versos: bool = False) -> None:
        QSettings().setValue(_CLE, self.adresse.text().strip())
        self.presenter.numeriser(
            self.adresse.text(), self.source.currentData(), self.ppp.currentData(), self.encre.currentData(), versos=versos
        )

    def _avancer(self, recues: int) -> None:
        self.lancer.setEnabled(False)
        self.versos.hide()
        self.arreter.setEnabled(True)
        self._dire(self.tr("Numérisation en cours : {0} page(s) reçue(s).").format(recues), "")

    def _finir(self, recues: int) -> None:
        self._rendre_la_main(self.tr("Numériser la suite"))
        texte = self.tr("{0} page(s) ajoutée(s) au bac.").format(recues)
        if self.source.currentData() == "chargeur" and self.presenter.peut_retourner:
            texte += " " + self.tr("Si les feuilles ont un verso, retournez la pile d'un bloc, remettez-la, puis « Numériser les versos ».")
            self.versos.show()
        self._dire(texte, "success")

    def _arreter(self, texte: str) -> None:
        suite = self.tr("Reprendre à la page {0}").format(self.presenter.recues + 1) if self.presenter.recues else self.tr("Numériser")
        self._rendre_la_main(suite)
        self._dire(texte, "warning")

    def _rendre_la_main(self, suite: str) -> None:
        self.lancer.setText(suite)
        self.lancer.setEnabled(True)
        self.arreter.setEnabled(False)

    def _dire(self, texte: str, ton: str) -> None:
        teinter(self.message, ton)
        self.message.setText(texte)
        annoncer(self.message, texte)
