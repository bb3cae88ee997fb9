"""Where the document goes: the dossier of the visit, the kind of paper, its name; and what was already given."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QVBoxLayout, QWidget

from guichet.presenters.documents import DocumentsPresenter
from guichet.views.documents.lecture import LecturePanneau
from guichet.views.formats import taille
from guichet.views.widgets.base import bouton, cadre, etiquette, vider

if TYPE_CHECKING:
    from guichet.services.visites import VisiteOuverte
    from guichet.store.documents import DocumentEnvoye

_ETATS = {"a_envoyer": ("○ en attente d'envoi", "warning"), "recu": ("✓ reçu par le centre", "success")}


class EnvoiPanneau(QWidget):
    """Sending wants a visit; saving a PDF does not."""

    def __init__(self, presenter: DocumentsPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self._nombre = self._octets = 0
        self.dossier = etiquette("")
        self.type_piece = QComboBox()
        self.type_piece.setAccessibleName(self.tr("Type de pièce"))
        self.type_piece.view().setAccessibleName(self.tr("Types de pièce"))
        self.type_piece.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.type_piece.setMinimumContentsLength(16)
        self.nom = QLineEdit()
        self.nom.setAccessibleName(self.tr("Nom du document"))
        self.taille = etiquette("", "discret")
        self.apercu = bouton(self.tr("Aperçu du PDF"), presenter.apercu, glyphe="eye-line")
        self.enregistrer = bouton(self.tr("Enregistrer le PDF…"), self._enregistrer, glyphe="save-line")
        self.envoyer = bouton(self.tr("&Envoyer au dossier"), self._envoyer, principal=True)
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(12, 12, 12, 12)
        colonne.addWidget(etiquette(self.tr("Pour le dossier de"), "discret"))
        colonne.addWidget(self.dossier)
        for titre, champ in ((self.tr("&Type de pièce"), self.type_piece), (self.tr("&Nom du document"), self.nom)):
            legende = etiquette(titre)
            legende.setBuddy(champ)
            colonne.addWidget(legende)
            colonne.addWidget(champ)
        self.lecture = LecturePanneau(self._choisir)
        colonne.addWidget(self.lecture)
        for element in (self.taille, self.apercu, self.enregistrer, self.envoyer):
            colonne.addWidget(element)
        boite, self._envoyes = cadre()
        colonne.addWidget(boite)
        colonne.addStretch(1)
        self._remplir_types()
        self.type_piece.currentTextChanged.connect(self.nom.setText)
        presenter.poste.visite_changee.connect(self._montrer_visite)
        presenter.documents_lus.connect(self._montrer_envoyes)
        presenter.compris.connect(lambda compris: self.lecture.montrer(compris, self.type_piece.currentData()))
        self._montrer_visite(presenter.poste.visite)
        self._montrer_envoyes([])

    def compter(self, nombre: int, octets: int) -> None:
        """Say how many pages the tray holds, and about how many bytes their PDF will take."""
        self._nombre, self._octets = nombre, octets
        self.taille.setText(self.tr("{0} page(s), environ {1}").format(nombre, taille(octets)) if nombre else "")
        for element in (self.apercu, self.enregistrer):
            element.setEnabled(nombre > 0)
        self.envoyer.setEnabled(nombre > 0 and self._presenter.poste.visite is not None)

    def _remplir_types(self) -> None:
        from guichet.services.reperes import types_de_piece

        for code, libelle in types_de_piece():
            self.type_piece.addItem(libelle, code)
        self.nom.setText(self.type_piece.currentText())

    def _choisir(self, type_piece: str, nom: str) -> None:
        """Take what was suggested."""
        self.type_piece.setCurrentIndex(self.type_piece.findData(type_piece))
        self.nom.setText(nom)

    def _montrer_visite(self, visite: "VisiteOuverte | None") -> None:
        if visite is None:
            self.dossier.setText(
                self.tr(
                    "Aucune visite ouverte. Ouvrez-en une depuis un dossier pour envoyer ; vous pouvez déjà préparer et enregistrer le PDF."
                )
            )
        else:
            self.dossier.setText(f"{visite.nom}\nn° {visite.numero}" if visite.numero else visite.nom)
        self.compter(self._nombre, self._octets)

    def _montrer_envoyes(self, documents: "list[DocumentEnvoye]") -> None:
        vider(self._envoyes)
        self._envoyes.addWidget(etiquette(self.tr("Documents de ce dossier"), "section"))
        if not documents:
            self._envoyes.addWidget(etiquette(self.tr("Aucun document pour l'instant."), "discret"))
        for d in documents:
            mot, ton = _ETATS[d.etat]
            self._envoyes.addWidget(etiquette(self.tr("{0}, {1} page(s), {2}").format(d.nom, d.pages, taille(d.octets))))
            self._envoyes.addWidget(etiquette(mot, ton=ton))

    def _enregistrer(self) -> None:
        chemin, _ = QFileDialog.getSaveFileName(self, self.tr("Enregistrer le PDF"), f"{self.nom.text() or 'document'}.pdf", "PDF (*.pdf)")
        if chemin:
            self._presenter.enregistrer(Path(chemin))

    def _envoyer(self) -> None:
        self._presenter.envoyer(self.type_piece.currentData(), self.nom.text())
