"""The visitor's telephone: a code to aim at, and what comes by it."""

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QPixmap
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QMessageBox, QVBoxLayout, QWidget

from guichet.presenters.telephone import TelephonePresenter
from guichet.views.formats import FUSEAU, heure
from guichet.views.widgets.base import annoncer, bouton, defilant, dimensionner, etiquette, rangee, remplir, teinter

_CODE_PX = 260


class TelephoneDialog(QDialog):
    """Shows a code that serves once; photos go to the tray while it is open."""

    def __init__(self, presenter: TelephonePresenter, parent: QWidget) -> None:
        super().__init__(parent)
        self.presenter = presenter
        self.setWindowTitle(self.tr("Recevoir des photos d'un téléphone"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.code = QLabel()
        self.code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.code.setMinimumHeight(_CODE_PX)
        self.adresse = QLineEdit()
        self.adresse.setReadOnly(True)
        self.adresse.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.adresse.hide()
        self.adresse.setAccessibleName(self.tr("Adresse à ouvrir sur le téléphone"))
        self.message = etiquette(self.tr("Demande d'un code au centre…"))
        self.local = etiquette(
            self.tr("Le centre de cette démonstration ne répond que sur cet ordinateur : un téléphone ne peut pas l'atteindre."),
            ton="warning",
        )
        self.local.hide()
        self.nouveau = bouton(self.tr("Nouveau code"), presenter.ouvrir)
        self.nouveau.setEnabled(False)
        contenu = QWidget()
        colonne = QVBoxLayout(contenu)
        colonne.addWidget(
            etiquette(
                self.tr(
                    "Le visiteur vise ce code avec l'appareil photo de son téléphone, puis photographie ses papiers : "
                    "sans application, sans compte. Les photos arrivent dans le bac."
                )
            )
        )
        for partie in (self.code, self.adresse, self.local):
            colonne.addWidget(partie)
        colonne.addStretch(1)
        boite = QWidget()
        remplir(boite, defilant(contenu, self.tr("Code à viser")))
        dehors = QVBoxLayout(self)
        dehors.addWidget(boite, 1)
        dehors.addWidget(self.message)
        fermer = bouton(self.tr("Fermer"), self.reject, principal=True)
        fermer.setDefault(True)
        dehors.addLayout(rangee(None, self.nouveau, fermer))
        presenter.pret.connect(self._montrer)
        presenter.avance.connect(self._avancer)
        presenter.coupe.connect(lambda texte: self._dire(texte, "warning"))
        presenter.termine.connect(self._terminer)
        dimensionner(self, parent, 72, 33)
        presenter.ouvrir()

    def reject(self) -> None:
        """Close, once it is said that a photo on its way would be lost."""
        if self._peut_fermer():
            self.presenter.fermer()
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close as the button does."""
        if self._peut_fermer():
            self.presenter.fermer()
            super().closeEvent(event)
        else:
            event.ignore()

    def _peut_fermer(self) -> bool:
        if not self.presenter.en_cours:
            return True
        question = QMessageBox(
            QMessageBox.Icon.Question,
            self.windowTitle(),
            self.tr("Une photo est en train d'arriver. Fermer sans l'attendre ?"),
            parent=self,
        )
        oui = question.addButton(self.tr("Fermer sans l'attendre"), QMessageBox.ButtonRole.AcceptRole)
        question.setDefaultButton(question.addButton(self.tr("Attendre"), QMessageBox.ButtonRole.RejectRole))
        question.exec()
        return question.clickedButton() is oui

    def _montrer(self, adresse: str, png: bytes, jusqua: datetime, local: bool) -> None:
        image = QPixmap()
        image.loadFromData(png)
        self.code.setPixmap(image.scaled(_CODE_PX, _CODE_PX, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.FastTransformation))
        self.code.setAccessibleName(self.tr("Code QR de l'adresse écrite dessous"))
        self.adresse.setText(adresse)
        self.adresse.show()
        self.local.setVisible(local)
        self.nouveau.setEnabled(True)
        self._dire(self.tr("En attente du téléphone. Ce code sert une fois, jusqu'à {0}.").format(heure(jusqua, FUSEAU)), "")

    def _avancer(self, pris: bool, en_cours: int, recues: int) -> None:
        if recues or en_cours:
            texte = self.tr("{0} photo(s) dans le bac.").format(recues)
            if en_cours:
                texte += " " + self.tr("Une photo arrive…")
            self._dire(texte, "success")
        elif pris:
            self._dire(self.tr("Le téléphone est relié. Les photos arriveront ici."), "success")

    def _terminer(self, texte: str) -> None:
        self.code.clear()
        self.adresse.clear()
        self.adresse.hide()
        self.nouveau.setEnabled(True)
        self._dire(texte, "warning")

    def _dire(self, texte: str, ton: str) -> None:
        if texte != self.message.text():
            teinter(self.message, ton)
            self.message.setText(texte)
            annoncer(self.message, texte)
