"""Why the glass is broken: a reason chosen, and what it is about in the agent's own words."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QVBoxLayout, QWidget

from guichet.ressources import regle_du_jour
from guichet.views.widgets.base import bouton, dimensionner, etiquette, rangee

MOTIFS = (
    "Vérifier l'identité de la personne présente", "Recherche auprès d'un autre organisme", "Erreur signalée dans le dossier", "Autre raison",
)  # fmt: skip


class MotifDialog(QDialog):
    """`choisi` is given the reason; nothing is shown before it."""

    choisi = Signal(str)

    def __init__(self, titre: str, texte: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._signes = regle_du_jour("bris_de_glace")["signes"]
        self.setWindowTitle(titre)
        dimensionner(self, parent, 64, 14)
        colonne = QVBoxLayout(self)
        colonne.addWidget(etiquette(texte, "discret"))
        self.motif, self.texte = QComboBox(), QLineEdit()
        self.motif.addItems(list(MOTIFS))
        for champ, nom in (
            (self.motif, self.tr("&Motif")),
            (self.texte, self.tr("&Précision ({0} caractères au moins)").format(self._signes)),
        ):
            champ.setAccessibleName(nom.replace("&", ""))
            legende = etiquette(nom)
            legende.setBuddy(champ)
            colonne.addWidget(legende)
            colonne.addWidget(champ)
        self.motif.view().setAccessibleName(self.tr("Motif"))
        self.voir = bouton(titre, self._choisir, principal=True)
        self.voir.setDefault(True)
        self.voir.setEnabled(False)
        self.texte.textChanged.connect(lambda t: self.voir.setEnabled(len(t.strip()) >= self._signes))
        colonne.addStretch(1)
        colonne.addLayout(rangee(None, bouton(self.tr("Annuler"), self.reject), self.voir))
        self.finished.connect(self.deleteLater)
        self.texte.setFocus()

    def _choisir(self) -> None:
        self.choisi.emit(f"{self.motif.currentText()} : {self.texte.text().strip()}")
        self.accept()
