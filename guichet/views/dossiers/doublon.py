"""Two people who may be one, side by side: told apart, joined field by field, or separated again."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QDialog, QGridLayout, QMessageBox, QRadioButton, QVBoxLayout, QWidget

from guichet.models.enums import EtatDoublon
from guichet.presenters.doublons import DoublonsPresenter
from guichet.views.widgets.base import bouton, defilant, dimensionner, etiquette, rangee

if TYPE_CHECKING:
    from guichet.presenters.poste import PostePresenter
    from guichet.services.doublons import Champ, Comparaison
    from guichet.store.doublons import DoublonLu


class Choix(QWidget):
    """A radio button whose words go to the line at 200 %; a click on them chooses it too."""

    def __init__(self, texte: str, nom: str) -> None:
        super().__init__()
        self.bouton = QRadioButton()
        self.bouton.setAccessibleName(nom)
        self.mots = etiquette(texte)
        ligne = rangee(self.bouton, self.mots)
        ligne.setContentsMargins(0, 0, 0, 0)
        self.setLayout(ligne)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose it."""
        self.bouton.click()
        event.accept()


class DoublonDialog(QDialog):
    """`fini` is emitted with what was done, in words, and the dossier to open, if there is one."""

    fini = Signal(str, str)

    def __init__(self, poste: "PostePresenter", doublon: "DoublonLu", parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)  # it names people
        self._presenter = DoublonsPresenter(poste, doublon)
        self._comparaison: Comparaison | None = None
        self.garde = QButtonGroup(self)
        self.choix: dict[str, QButtonGroup] = {}
        self.setWindowTitle(self.tr("Doublon possible"))
        dimensionner(self, parent, 96, 36)
        self.message = etiquette("", ton="error")
        self.message.hide()
        colonne = QVBoxLayout(self)
        self.pourquoi = etiquette(", ".join(doublon.raisons), "discret")
        colonne.addWidget(etiquette(self.tr("{0} % de ressemblance").format(doublon.score), "section"))
        colonne.addWidget(self.pourquoi)
        colonne.addWidget(self.message)
        contenu = QWidget()
        self._grille = QGridLayout(contenu)
        colonne.addWidget(defilant(contenu, self.tr("Les deux fiches")), 1)
        self.ecarter = bouton(self.tr("Ce &n'est pas la même personne"), self._presenter.ecarter)
        self.fusionner = bouton(self.tr("&Réunir les deux fiches…"), self._fusionner, principal=True)
        self.separer = bouton(self.tr("Annuler la &fusion…"), self._separer, principal=True)
        jointes = doublon.etat is EtatDoublon.FUSIONNE
        self.separer.setVisible(jointes)
        for action in (self.ecarter, self.fusionner):
            action.setVisible(not jointes)
            action.setEnabled(False)
        colonne.addLayout(rangee(None, bouton(self.tr("F&ermer"), self.reject), self.ecarter, self.fusionner, self.separer))
        self._presenter.compares.connect(self._montrer)
        self._presenter.fini.connect(self._finir)
        self._presenter.refuse.connect(self._refuser)
        self._presenter.comparer()

    def _montrer(self, comparaison: "Comparaison") -> None:
        """Lay one line a field; those that differ let one choose."""
        self._comparaison = comparaison
        jointes = comparaison.doublon.etat is EtatDoublon.FUSIONNE
        g = self._grille
        for cote, nom in enumerate(comparaison.doublon.noms):
            if jointes:
                g.addWidget(etiquette(nom, "section"), 0, cote + 1)
            else:
                texte = self.tr("Garder la fiche de {0}").format(nom)
                qui = Choix(texte, texte)
                qui.bouton.setChecked(cote == 1)
                qui.bouton.setAccessibleDescription(comparaison.dossiers[cote])
                self.garde.addButton(qui.bouton, cote)
                g.addWidget(qui, 0, cote + 1)
            g.addWidget(etiquette(comparaison.dossiers[cote], "discret"), 1, cote + 1)
        self.garde.idClicked.connect(self._preferer)
        for rang, c in enumerate(comparaison.champs, start=2):
            g.addWidget(etiquette(c.libelle, "discret"), rang, 0)
            if jointes or not all(c.valeurs) or c.valeurs[0] == c.valeurs[1]:
                for cote, valeur in enumerate(c.valeurs):
                    g.addWidget(etiquette(valeur or "—"), rang, cote + 1)
            else:
                self._choisir(rang, c)
        if any(comparaison.nir):
            rang = g.rowCount()
            g.addWidget(etiquette(self.tr("NIR"), "discret"), rang, 0)
            for cote, nir in enumerate(comparaison.nir):
                g.addWidget(etiquette(nir or "—"), rang, cote + 1)
        g.setColumnStretch(1, 1)
        g.setColumnStretch(2, 1)
        g.setRowStretch(g.rowCount(), 1)
        self._preferer(self.garde.checkedId())
        for action in (self.ecarter, self.fusionner):
            action.setEnabled(True)
        self.fusionner.setFocus()

    def _choisir(self, rang: int, c: "Champ") -> None:
        groupe = QButtonGroup(self)
        for cote, valeur in enumerate(c.valeurs):
            choix = Choix(valeur, self.tr("{0} : {1}").format(c.libelle, valeur))
            groupe.addButton(choix.bouton, cote)
            self._grille.addWidget(choix, rang, cote + 1)
        self.choix[c.code] = groupe

    def _preferer(self, cote: int) -> None:
        """Who is kept keeps her own fields, until one is chosen otherwise."""
        for groupe in self.choix.values():
            if (b := groupe.button(cote)) is not None:
                b.setChecked(True)

    def _fusionner(self) -> None:
        comparaison = self._comparaison
        if comparaison is None:
            return
        cote = self.garde.checkedId()
        texte = self.tr(
            "Réunir ces deux fiches ?\n\nLes démarches, documents et courriers des deux seront dans un seul dossier. "
            "Tout le site le verra. La fusion peut être annulée depuis « À faire »."
        )
        if self._confirme(texte, self.tr("&Réunir")):
            repris = [code for code, groupe in self.choix.items() if groupe.checkedId() != cote]
            self._attendre(attend=True)
            self._presenter.fusionner(comparaison, comparaison.personnes[cote], repris)

    def _separer(self) -> None:
        texte = self.tr(
            "Annuler la fusion ?\n\nChaque fiche reprend ce qu'elle avait. "
            "Ce qui a été fait depuis reste dans le dossier qui avait été gardé."
        )
        if self._confirme(texte, self.tr("&Séparer")):
            self._attendre(attend=True)
            self._presenter.separer()

    def _confirme(self, texte: str, verbe: str) -> bool:
        question = QMessageBox(QMessageBox.Icon.Question, self.windowTitle(), texte, parent=self)
        oui = question.addButton(verbe, QMessageBox.ButtonRole.AcceptRole)
        question.setDefaultButton(question.addButton(self.tr("&Annuler"), QMessageBox.ButtonRole.RejectRole))
        question.exec()
        return question.clickedButton() is oui

    def _attendre(self, *, attend: bool) -> None:
        for action in (self.ecarter, self.fusionner, self.separer):
            action.setEnabled(not attend)

    def _finir(self, texte: str, dossier_id: str) -> None:
        self.fini.emit(texte, dossier_id)
        self.accept()

    def _refuser(self, texte: str) -> None:
        self._attendre(attend=False)
        self.message.setText(texte)
        self.message.show()
