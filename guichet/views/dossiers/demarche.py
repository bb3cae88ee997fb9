"""« Faire une démarche »: choose a form, fill it in, read it again, send it."""

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from guichet.presenters.demarches import DemarchesPresenter
from guichet.rules.formulaires import Champ, Formulaire, verifier
from guichet.views.formats import date_courte, montant
from guichet.views.widgets.base import annoncer, bouton, champ, defilant, dimensionner, etiquette, rangee, vider

if TYPE_CHECKING:
    from guichet.presenters.poste import PostePresenter
    from guichet.services.demarches import Proposition
    from guichet.services.visites import VisiteOuverte
    from guichet.store.demarches import Brouillon

_AIDES = {
    "date": "JJ/MM/AAAA", "date_passee": "JJ/MM/AAAA", "mois": "MM/AAAA", "annee": "AAAA", "montant": "en euros, 0 s'il n'y en a pas",
    "telephone": "06 39 98 12 34", "courriel": "nom@domaine.fr", "iban": "FR14 2004 1010 0505 0001 3M02 606",
}  # fmt: skip


class DemarcheDialog(QDialog):
    """Three pages: the forms that the visitor's quality allows, the form, what will be sent. What is typed is kept as it is typed."""

    def __init__(self, poste: "PostePresenter", visite: "VisiteOuverte", parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._presenter = DemarchesPresenter(poste, visite, self)
        self._formulaire: Formulaire | None = None
        self._propositions: tuple[Proposition, ...] = ()
        self.saisies: dict[str, QLineEdit | QComboBox | QPlainTextEdit] = {}
        self._fautes: dict[str, QWidget] = {}
        self.setWindowTitle(self.tr("Faire une démarche"))
        dimensionner(self, parent, 84, 34)
        self.message = etiquette("", ton="error")
        self.message.hide()
        self._pages = QStackedWidget()
        for page in (self._page_choix(), self._page_saisie(), self._page_recapitulatif()):
            self._pages.addWidget(page)
        colonne = QVBoxLayout(self)
        colonne.addWidget(etiquette(f"{visite.nom} · n° {visite.numero}", "discret"))
        colonne.addWidget(self.message)
        colonne.addWidget(self._pages, 1)
        self._presenter.proposees.connect(self._proposer)
        self._presenter.reprise.connect(self._reprendre)
        self._presenter.deposee.connect(self.accept)
        self._presenter.refuse.connect(self._refuser)
        self._presenter.proposer()

    def done(self, resultat: int) -> None:
        """Go, keeping what was typed."""
        self._presenter.finir()
        super().done(resultat)

    def _page_choix(self) -> QWidget:
        page = QWidget()
        colonne = QVBoxLayout(page)
        colonne.setContentsMargins(0, 0, 0, 0)
        self.rubrique = QComboBox()
        self.rubrique.setAccessibleName(self.tr("Rubrique"))
        self.rubrique.view().setAccessibleName(self.tr("Rubrique"))
        self.rubrique.currentIndexChanged.connect(self._filtrer)
        colonne.addWidget(self.rubrique)
        self.liste = QListWidget()
        self.liste.setAccessibleName(self.tr("Démarches permises"))
        self.liste.setSpacing(3)
        self.liste.itemActivated.connect(self._choisir)
        self.choisir = bouton(self.tr("&Remplir"), lambda: self._choisir(self.liste.currentItem()), principal=True)
        self.choisir.setEnabled(False)
        self.liste.currentItemChanged.connect(lambda element, _: self.choisir.setEnabled(element is not None))
        colonne.addWidget(self.liste, 1)
        colonne.addLayout(rangee(None, bouton(self.tr("&Fermer"), self.reject), self.choisir))
        return page

    def _page_saisie(self) -> QWidget:
        page, contenu = QWidget(), QWidget()
        self._champs = QVBoxLayout(contenu)
        colonne = QVBoxLayout(page)
        colonne.setContentsMargins(0, 0, 0, 0)
        self.reprise = etiquette("", "discret")
        colonne.addWidget(self.reprise)
        colonne.addWidget(defilant(contenu, self.tr("Formulaire")), 1)
        self.vider = bouton(self.tr("&Tout effacer"), self._tout_effacer, lien=True)
        verifier_ = bouton(self.tr("&Vérifier"), self._verifier, principal=True)
        colonne.addLayout(rangee(self.vider, None, bouton(self.tr("&Autre démarche"), self._revenir), verifier_))
        return page

    def _page_recapitulatif(self) -> QWidget:
        page, contenu = QWidget(), QWidget()
        self._recapitulatif = QVBoxLayout(contenu)
        colonne = QVBoxLayout(page)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addWidget(etiquette(self.tr("Relisez avec la personne, puis envoyez."), "section"))
        colonne.addWidget(defilant(contenu, self.tr("Récapitulatif")), 1)
        self.envoyer = bouton(self.tr("&Envoyer"), self._envoyer, principal=True)
        colonne.addLayout(rangee(None, bouton(self.tr("&Corriger"), lambda: self._pages.setCurrentIndex(1)), self.envoyer))
        return page

    def _proposer(self, propositions: "tuple[Proposition, ...]") -> None:
        self._propositions = propositions
        rubriques = [self.tr("Toutes les rubriques"), *dict.fromkeys(p.formulaire.rubrique for p in propositions)]
        if any(p.commence_le for p in propositions):
            rubriques.append(self.tr("Reprendre la demande en cours"))
        self.rubrique.blockSignals(True)
        self.rubrique.clear()
        self.rubrique.addItems(rubriques)
        self.rubrique.blockSignals(False)
        self._filtrer()
        if not propositions:
            self._refuser(self.tr("Aucun formulaire ici pour cet organisme ou en cette qualité : voyez « Démarches possibles »."))
        self.liste.setFocus()

    def _filtrer(self, _: int = 0) -> None:
        voulue, en_cours = self.rubrique.currentText(), self.tr("Reprendre la demande en cours")
        self.liste.clear()
        for p in self._propositions:
            if self.rubrique.currentIndex() > 0 and voulue != (
                p.formulaire.rubrique if voulue != en_cours or not p.commence_le else en_cours
            ):
                continue
            suite = self.tr("  ·  commencée le {0}, à reprendre").format(date_courte(p.commence_le.date())) if p.commence_le else ""
            element = QListWidgetItem(f"{p.formulaire.libelle}{suite}")
            element.setData(Qt.ItemDataRole.UserRole, p.formulaire)
            self.liste.addItem(element)
        self.liste.setCurrentRow(0)

    def _choisir(self, element: QListWidgetItem) -> None:
        formulaire: Formulaire = element.data(Qt.ItemDataRole.UserRole)
        self._formulaire = formulaire
        self.message.hide()
        vider(self._champs)
        self.saisies.clear()
        self._fautes.clear()
        self._champs.addWidget(etiquette(formulaire.libelle, "titre"))
        self._champs.addWidget(etiquette(self.tr("Tous les champs sont obligatoires, sauf mention contraire."), "discret"))
        for c in formulaire.champs:
            self._poser(c)
        if formulaire.pieces:
            from guichet.services.reperes import nom_piece

            pieces = ", ".join(nom_piece(p) for p in formulaire.pieces)
            self._champs.addWidget(etiquette(self.tr("À joindre ensuite, dans l'onglet Documents : {0}.").format(pieces), ton="info"))
        self._champs.addStretch(1)
        self.reprise.hide()
        self._presenter.reprendre(formulaire.code)

    def _poser(self, c: Champ) -> None:
        libelle = c.libelle if c.requis else self.tr("{0} (facultatif)").format(c.libelle)
        saisie: QLineEdit | QComboBox | QPlainTextEdit
        if c.choix:
            saisie = QComboBox()
            saisie.addItem("")
            saisie.addItems(list(c.choix))
            saisie.view().setAccessibleName(libelle)
            saisie.currentIndexChanged.connect(self._noter)
        elif c.type == "long":
            saisie = QPlainTextEdit()
            saisie.setTabChangesFocus(True)
            saisie.textChanged.connect(self._noter)
        else:
            saisie = QLineEdit()
            saisie.setPlaceholderText(_AIDES.get(c.type, ""))
            saisie.textChanged.connect(self._noter)
            saisie.returnPressed.connect(self._verifier)
        saisie.setAccessibleName(libelle)
        legende = etiquette(libelle)
        legende.setBuddy(saisie)
        faute = etiquette("", ton="error")
        faute.hide()
        for element in (legende, saisie, faute):
            self._champs.addWidget(element)
        self.saisies[c.code], self._fautes[c.code] = saisie, faute

    def _reprendre(self, lu: "tuple[Brouillon | None, dict[str, str]]") -> None:
        brouillon, connus = lu
        if brouillon is None:
            for code, valeur in connus.items():
                self._ecrire(code, valeur)
            self.reprise.setText(self.tr("Ce qui est connu est déjà rempli : relisez-le avec la personne, corrigez si besoin."))
            self.reprise.setVisible(bool(connus))
        else:
            for code, valeur in brouillon.saisies.items():
                if code in self.saisies:
                    self._ecrire(code, valeur)
            self.reprise.setText(self.tr("Reprise de ce qui avait été saisi le {0}.").format(date_courte(brouillon.le.date())))
            self.reprise.show()
        self._pages.setCurrentIndex(1)
        next(iter(self.saisies.values())).setFocus()

    def _ecrire(self, code: str, valeur: str) -> None:
        saisie = self.saisies[code]
        if isinstance(saisie, QComboBox):
            saisie.setCurrentText(valeur)
        elif isinstance(saisie, QPlainTextEdit):
            saisie.setPlainText(valeur)
        else:
            saisie.setText(valeur)

    def _lues(self) -> dict[str, str]:
        lire = {QComboBox: "currentText", QPlainTextEdit: "toPlainText", QLineEdit: "text"}
        return {code: getattr(saisie, lire[type(saisie)])() for code, saisie in self.saisies.items()}

    def _noter(self, _: object = None) -> None:
        if self._formulaire is not None:
            self._presenter.noter(self._formulaire.code, self._lues())

    def _tout_effacer(self) -> None:
        for code in self.saisies:
            self._ecrire(code, "")
        self.reprise.hide()

    def _revenir(self) -> None:
        self._presenter.proposer()
        self._pages.setCurrentIndex(0)

    def _verifier(self) -> None:
        """Say what is wrong beside each field, or show what will be sent."""
        if self._formulaire is None:
            return
        bons, fautes = verifier(self._formulaire, self._lues(), date.today())
        for code, faute in self._fautes.items():
            faute.setText(f"▲ {fautes[code]}" if code in fautes else "")  # type: ignore[attr-defined]
            faute.setVisible(code in fautes)
        if fautes:
            premier = next(code for code in self.saisies if code in fautes)
            self.saisies[premier].setFocus()
            annoncer(self.saisies[premier], fautes[premier])
            return
        vider(self._recapitulatif)
        self._recapitulatif.addWidget(etiquette(self._formulaire.libelle, "titre"))
        for c in self._formulaire.champs:
            if c.code in bons:
                self._recapitulatif.addLayout(champ(c.libelle, _lisible(c, bons[c.code])))
        self._recapitulatif.addStretch(1)
        self._pages.setCurrentIndex(2)
        self.envoyer.setFocus()

    def _envoyer(self) -> None:
        if self._formulaire is not None:
            self.envoyer.setEnabled(False)
            self._presenter.deposer(self._formulaire.code, self._lues())

    def _refuser(self, texte: str) -> None:
        self.message.setText(texte)
        self.message.show()
        self.envoyer.setEnabled(True)


def _lisible(c: Champ, valeur: str) -> str:
    if c.type == "montant":
        return montant(int(valeur))
    return date_courte(date.fromisoformat(valeur)) if c.type in ("date", "date_passee") else valeur
