"""The fields of a form, as data says them: each with its label, its help and what is wrong with it."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from guichet.rules.formulaires import Champ, lisible
from guichet.views.widgets.base import amener, annoncer, bouton, champ, defilant, etiquette, rangee, vider

_AIDES = {
    "date": "JJ/MM/AAAA", "date_passee": "JJ/MM/AAAA", "mois": "MM/AAAA", "annee": "AAAA", "montant": "en euros, 0 s'il n'y en a pas",
    "telephone": "06 39 98 12 34", "courriel": "nom@domaine.fr", "iban": "FR14 2004 1010 0505 0001 3M02 606",
    "nir": "13 caractères, ou 15 avec la clé",
}  # fmt: skip


class SaisieFormulaire(QWidget):
    """`change` comes at each stroke, `validee` when Enter is pressed in a field."""

    change = Signal()
    validee = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.saisies: dict[str, QLineEdit | QComboBox | QPlainTextEdit] = {}
        self._fautes: dict[str, QLabel] = {}
        self._rappels: dict[str, QLabel] = {}
        self._colonne = QVBoxLayout(self)

    def poser(self, titre: str, champs: Iterable[Champ], suite: str = "", *, falc: bool = False) -> None:
        """Lay a form in the place of the last; `suite`: what is to be known after it; `falc`: in words easy to read."""
        vider(self._colonne)
        self.saisies.clear()
        self._fautes.clear()
        self._rappels.clear()
        self._colonne.addWidget(etiquette(titre, "titre"))
        self._colonne.addWidget(etiquette(self.tr("Tous les champs sont obligatoires, sauf mention contraire."), "discret"))
        for c in champs:
            self._poser(c, (falc and c.falc) or c.libelle)
        if suite:
            self._colonne.addWidget(etiquette(suite, ton="info"))
        self._colonne.addStretch(1)

    def ecrire(self, valeurs: Mapping[str, str]) -> None:
        """Fill in those of these fields that the form has."""
        for code, valeur in valeurs.items():
            saisie = self.saisies.get(code)
            if isinstance(saisie, QComboBox):
                saisie.setCurrentText(valeur)
            elif isinstance(saisie, QPlainTextEdit):
                saisie.setPlainText(valeur)
            elif saisie is not None:
                saisie.setText(valeur)

    def effacer(self) -> None:
        """Empty every field."""
        self.ecrire(dict.fromkeys(self.saisies, ""))

    def lues(self) -> dict[str, str]:
        """Return what is typed, by field."""
        lire = {QComboBox: "currentText", QPlainTextEdit: "toPlainText", QLineEdit: "text"}
        return {code: getattr(saisie, lire[type(saisie)])() for code, saisie in self.saisies.items()}

    def aller_au_premier(self) -> None:
        """Put the cursor in the first field."""
        premier = next(iter(self.saisies.values()))
        QTimer.singleShot(0, premier, premier.setFocus)  # once it is shown, if it was only just laid

    def rappeler(self, rappels: Mapping[str, str]) -> None:
        """Say under each field what was said of it the last time."""
        for code, rappel in self._rappels.items():
            rappel.setText(rappels.get(code, ""))
            rappel.setVisible(code in rappels)

    def montrer(self, fautes: Mapping[str, str]) -> None:
        """Say what is wrong beside each field, and go to the first."""
        for code, faute in self._fautes.items():
            faute.setText(f"▲ {fautes[code]}" if code in fautes else "")
            faute.setVisible(code in fautes)
        premier = next((code for code in self.saisies if code in fautes), None)
        if premier is not None:
            saisie = self.saisies[premier]
            saisie.setFocus()
            annoncer(saisie, fautes[premier])
            QTimer.singleShot(0, saisie, lambda: amener(saisie, saisie.height() * 3))  # once what is wrong has taken its place

    def _poser(self, c: Champ, question: str) -> None:
        libelle = question if c.requis else self.tr("{0} (facultatif)").format(question)
        saisie: QLineEdit | QComboBox | QPlainTextEdit
        if c.choix:
            saisie = QComboBox()
            saisie.addItem("")
            saisie.addItems(list(c.choix))
            saisie.view().setAccessibleName(libelle)
            saisie.currentIndexChanged.connect(self.change)
        elif c.type == "long":
            saisie = QPlainTextEdit()
            saisie.setTabChangesFocus(True)
            saisie.textChanged.connect(self.change)
        else:
            saisie = QLineEdit()
            saisie.setPlaceholderText(_AIDES.get(c.type, ""))
            saisie.textChanged.connect(self.change)
            saisie.returnPressed.connect(self.validee)
        saisie.setAccessibleName(libelle)
        legende = etiquette(libelle)
        legende.setBuddy(saisie)
        rappel, faute = etiquette("", "discret"), etiquette("", ton="error")
        for element in (legende, rappel, saisie, faute):
            self._colonne.addWidget(element)
        for cachee in (rappel, faute):
            cachee.hide()
        self.saisies[c.code], self._rappels[c.code], self._fautes[c.code] = saisie, rappel, faute


class Relecture(QWidget):
    """What was typed, read again with the person before it leaves. `corriger` goes back to the form, `valider` lets it leave."""

    corriger = Signal()
    valider = Signal()

    def __init__(self, consigne: str, verbe: str) -> None:
        super().__init__()
        contenu = QWidget()
        self._lignes = QVBoxLayout(contenu)
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addWidget(etiquette(consigne, "section"))
        colonne.addWidget(defilant(contenu, self.tr("Récapitulatif")), 1)
        self.bouton = bouton(verbe, self.valider.emit, principal=True)
        colonne.addLayout(rangee(None, bouton(self.tr("&Corriger"), self.corriger.emit), self.bouton))

    def montrer(self, titre: str, champs: Iterable[Champ], bons: Mapping[str, str]) -> None:
        """Lay what will leave, field by field."""
        vider(self._lignes)
        self._lignes.addWidget(etiquette(titre, "titre"))
        for c in champs:
            if c.code in bons:
                self._lignes.addLayout(champ(c.libelle, lisible(c, bons[c.code])))
        self._lignes.addStretch(1)
