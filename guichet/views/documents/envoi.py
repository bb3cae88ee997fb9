"""Where the document goes: the dossier of the visit, the kind of paper, its name; and what was already given."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QVBoxLayout, QWidget

from guichet.presenters.documents import DocumentsPresenter
from guichet.views.documents.lecture import LecturePanneau
from guichet.views.formats import date_courte, taille
from guichet.views.widgets.base import bouton, cadre, etiquette, rangee, vider

if TYPE_CHECKING:
    from guichet.services.visites import VisiteOuverte
    from guichet.store.documents import DocumentEnvoye, PieceDemandee

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
        self.repond_a = QComboBox()
        self.repond_a.setAccessibleName(self.tr("Répond à"))
        self.repond_a.view().setAccessibleName(self.tr("Pièces demandées"))
        self.repond_a.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.repond_a.setMinimumContentsLength(16)
        self.repond_a.activated.connect(lambda _: self._repondre())
        self.demande = etiquette("", "discret")
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
        for titre, champ in (
            (self.tr("&Répond à"), self.repond_a), (self.tr("&Type de pièce"), self.type_piece), (self.tr("&Nom du document"), self.nom),
        ):  # fmt: skip
            legende = etiquette(titre)
            legende.setBuddy(champ)
            colonne.addWidget(legende)
            colonne.addWidget(champ)
            if champ is self.repond_a:
                colonne.addWidget(self.demande)
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
        self._montrer_envoyes([], [])

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

    def _montrer_envoyes(self, demandees: "list[PieceDemandee]", documents: "list[DocumentEnvoye]") -> None:
        """Show what may be answered (« À transmettre »), and what was given (« À consulter »)."""
        from guichet.services.reperes import nom_piece

        choisie = self.repond_a.currentData()
        self.repond_a.clear()
        self.repond_a.addItem(self.tr("Rien : document spontané"), None)
        for p in demandees:
            self.repond_a.addItem(self.tr("{0}, demandé le {1}").format(nom_piece(p.type), date_courte(p.demandee_le)), p)
        self.repond_a.setCurrentIndex(max(0, self.repond_a.findData(choisie)))
        self.demande.setVisible(self._presenter.poste.visite is not None)
        if demandees:
            self.demande.setText(self.tr("À transmettre : {0} pièce(s) demandée(s).").format(len(demandees)))
        else:
            self.demande.setText(self.tr("Aucune pièce n'est demandée. Un document spontané doit être utile à l'étude du dossier."))
        vider(self._envoyes)
        self._envoyes.addWidget(etiquette(self.tr("À consulter"), "section"))
        if not documents:
            self._envoyes.addWidget(etiquette(self.tr("Aucun document donné pour ce dossier."), "discret"))
        for d in documents:
            mot, ton = _ETATS[d.etat]
            self._envoyes.addWidget(etiquette(self.tr("{0}, {1} page(s), {2}").format(d.nom, d.pages, taille(d.octets))))
            voir = bouton(self.tr("Voir"), partial(self._presenter.revoir, d), lien=True, aide=self.tr("Voir {0}").format(d.nom))
            self._envoyes.addLayout(rangee(etiquette(mot, ton=ton), voir))

    def _repondre(self) -> None:
        """Answer what was asked for with the kind of paper that was."""
        piece = self.repond_a.currentData()
        if piece is not None and self.type_piece.findData(piece.type) >= 0:
            self.type_piece.setCurrentIndex(self.type_piece.findData(piece.type))

    def _enregistrer(self) -> None:
        chemin, _ = QFileDialog.getSaveFileName(self, self.tr("Enregistrer le PDF"), f"{self.nom.text() or 'document'}.pdf", "PDF (*.pdf)")
        if chemin:
            self._presenter.enregistrer(Path(chemin))

    def _envoyer(self) -> None:
        piece = self.repond_a.currentData()
        self._presenter.envoyer(self.type_piece.currentData(), self.nom.text(), piece.id if piece is not None else "")
