"""A paper on screen, before it is given: read, printed, saved. It is kept nowhere."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from guichet.presenters.papiers import enregistrer, noter_impression
from guichet.views.widgets.base import annoncer, bouton, etiquette

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from guichet.presenters.poste import PostePresenter
    from guichet.services.papiers import Papier


class PapierWidget(QWidget):
    """Says what happens above, shows the paper below; its two buttons are laid by the dialog, with its own."""

    def __init__(self, poste: "PostePresenter", consigne: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._poste = poste
        self._papier: Papier | None = None
        self._octets, self._pdf = QBuffer(self), QPdfDocument(self)
        self.apercu = QPdfView(self)
        self.apercu.setDocument(self._pdf)
        self.apercu.setPageMode(QPdfView.PageMode.MultiPage)
        self.apercu.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.apercu.setAccessibleName(self.tr("Aperçu du document"))
        self.message = etiquette(consigne, "discret")
        self.imprimer = bouton(self.tr("&Imprimer…"), self._imprimer)
        self.enregistrer = bouton(self.tr("E&nregistrer en PDF…"), self._enregistrer)
        for action in (self.imprimer, self.enregistrer):
            action.setEnabled(False)
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addWidget(self.message)
        colonne.addWidget(self.apercu, 1)
        colonne.addStretch(0)
        self.apercu.hide()

    def montrer(self, papier: "Papier") -> None:
        """Show a paper in the place of the one before."""
        self._papier = papier
        self._pdf.close()
        self._octets.close()
        self._octets.setData(QByteArray(papier.pdf))
        self._octets.open(QIODevice.OpenModeFlag.ReadOnly)
        self._pdf.load(self._octets)
        # A picture of a page says nothing to a screen reader; its words do.
        self.apercu.setAccessibleDescription("\n".join(self._pdf.getAllText(page).text() for page in range(self._pdf.pageCount())))
        self.apercu.show()
        self.dire(self.tr("Document prêt. Il n'est pas gardé sur ce poste : imprimez-le ou enregistrez-le."))
        for action in (self.imprimer, self.enregistrer):
            action.setEnabled(True)
        self.imprimer.setFocus()

    def dire(self, texte: str) -> None:
        """Say what happened, on screen and aloud."""
        self.message.setText(texte)
        annoncer(self.message, texte)

    def _enregistrer(self) -> None:
        if self._papier is None:
            return
        chemin, _ = QFileDialog.getSaveFileName(self, self.tr("Enregistrer en PDF (non chiffré)"), self._papier.nom, "PDF (*.pdf)")
        if not chemin:
            return
        try:
            enregistrer(self._poste, self._papier, chemin)
        except OSError as erreur:
            self.dire(self.tr("Le document n'a pas pu être enregistré : {0}. Choisissez un autre endroit.").format(erreur.strerror))
            return
        self.dire(self.tr("Document enregistré. Remettez-le à la personne, puis effacez-le de ce poste."))

    def _imprimer(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        imprimante = QPrinter(QPrinter.PrinterMode.HighResolution)
        if QPrintDialog(imprimante, self).exec():
            self.sortir_sur(imprimante)

    def sortir_sur(self, imprimante: "QPrinter") -> None:
        """Print the paper that is shown, each page as large as the sheet."""
        peintre = QPainter()
        if not peintre.begin(imprimante):
            self.dire(self.tr("L'imprimante ne répond pas : vérifiez-la, ou enregistrez le document en PDF."))
            return
        for page in range(self._pdf.pageCount()):
            if page:
                imprimante.newPage()
            feuille = imprimante.paperRect(imprimante.Unit.DevicePixel)
            marge = imprimante.pageRect(imprimante.Unit.DevicePixel).topLeft()
            peintre.drawImage(QRectF(-marge, feuille.size()), self._pdf.render(page, feuille.size().toSize()))
        peintre.end()
        if self._papier is not None:
            noter_impression(self._poste, self._papier)
        self.dire(self.tr("Document envoyé à l'imprimante."))
