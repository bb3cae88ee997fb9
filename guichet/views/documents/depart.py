"""Before a document leaves: what it lacks and why it leaves all the same, its weight, the form that its body asks for."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QVBoxLayout, QWidget

from guichet.rules.formulaires import verifier
from guichet.views.formats import taille
from guichet.views.widgets.base import bouton, cadre, defilant, dimensionner, etiquette, rangee
from guichet.views.widgets.saisie import SaisieFormulaire

if TYPE_CHECKING:
    from guichet.services.depots import Examen


class DepartDialog(QDialog):
    """Opened only when there is something to ask. `envoyer` gives the reason and the form's answers; `alleger` asks for lighter pages.

    `deja`: what was typed in the form before, when it was left; `laisse` gives it when it is left again.
    """

    envoyer = Signal(str, dict)
    alleger = Signal(int)
    laisse = Signal(dict)

    def __init__(self, examen: "Examen", deja: Mapping[str, str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._examen = examen
        self.setWindowTitle(self.tr("Avant d'envoyer"))
        contenu = QWidget()
        self._colonne = QVBoxLayout(contenu)
        self.motif = QComboBox()
        if examen.trop_lourd:
            self._dire_le_poids()
        if examen.constats:
            self._dire_les_constats()
        self.saisie = SaisieFormulaire()
        if examen.formulaire is not None:
            self._poser_le_formulaire({**examen.connus, **deja})
        self._colonne.addStretch(1)
        self.message = etiquette("", ton="error")
        self.message.hide()
        colonne = QVBoxLayout(self)
        colonne.addWidget(defilant(contenu, self.tr("Ce qui est à voir avant d'envoyer")), 1)
        colonne.addWidget(self.message)
        colonne.addLayout(rangee(None, bouton(self.tr("&Revenir aux pages"), self.reject), self._principal()))
        dimensionner(self, parent, 76, 34 if examen.formulaire is not None else 18)

    def reject(self) -> None:
        """Go back to the pages; what was typed is kept for the next try."""
        self.laisse.emit(self.saisie.lues())
        super().reject()

    def _principal(self) -> QWidget:
        if self._examen.trop_lourd:
            geste = bouton(self.tr("&Alléger les pages"), self._alleger, principal=True)
        else:
            geste = bouton(self.tr("&Envoyer"), self._envoyer, principal=True)
        geste.setDefault(True)
        return geste

    def _dire_le_poids(self) -> None:
        boite, colonne = cadre()
        colonne.addWidget(etiquette(self.tr("▲ Document trop lourd"), ton="warning"))
        colonne.addWidget(
            etiquette(
                self.tr(
                    "Il fait {0}, et cet organisme en prend {1} au plus. Ses pages peuvent être allégées, puis relues ; « Annuler » les remet. "
                    "Vous pouvez aussi l'envoyer en plusieurs documents, ou en noir et blanc."
                ).format(taille(len(self._examen.pdf)), taille(self._examen.au_plus))
            )
        )
        self._colonne.addWidget(boite)

    def _dire_les_constats(self) -> None:
        boite, colonne = cadre()
        colonne.addWidget(etiquette(self.tr("▲ À vérifier avec la personne"), ton="warning"))
        for constat in self._examen.constats:
            colonne.addWidget(etiquette(constat))
        legende = etiquette(self.tr("&Pourquoi l'envoyer ainsi"))
        legende.setBuddy(self.motif)
        self.motif.setEditable(True)
        self.motif.setAccessibleName(self.tr("Pourquoi l'envoyer ainsi"))
        self.motif.view().setAccessibleName(self.tr("Motifs"))
        for choix in ("", self.tr("Relu avec la personne : le papier convient"), self.tr("La personne n'a pas d'autre papier"),
                      self.tr("Le reste sera apporté plus tard")):  # fmt: skip
            self.motif.addItem(choix)
        colonne.addWidget(legende)
        colonne.addWidget(self.motif)
        self._colonne.addWidget(boite)

    def _poser_le_formulaire(self, connus: Mapping[str, str]) -> None:
        formulaire = self._examen.formulaire
        assert formulaire is not None
        self.saisie.poser(
            formulaire.libelle, formulaire.champs, self.tr("La réception se lit ensuite à « À consulter », où un reçu s'imprime.")
        )
        self.saisie.ecrire(connus)
        self.saisie.validee.connect(self._envoyer)
        self.saisie.aller_au_premier()
        self._colonne.addWidget(self.saisie)

    def _envoyer(self) -> None:
        """Say what is missing, or let it leave."""
        if self._examen.trop_lourd:
            return
        saisies = self.saisie.lues()
        if self._examen.formulaire is not None:
            _, fautes = verifier(self._examen.formulaire.champs, saisies, date.today())
            self.saisie.montrer(fautes)
            if fautes:
                return
        if self._examen.constats and not self.motif.currentText().strip():
            self.message.setText(self.tr("Dites en quelques mots pourquoi le document part tel quel."))
            self.message.show()
            self.motif.setFocus()
            return
        self.envoyer.emit(self.motif.currentText().strip(), saisies)
        self.accept()

    def _alleger(self) -> None:
        self.alleger.emit(self._examen.au_plus)
        self.accept()
