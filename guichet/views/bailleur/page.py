"""The « Bailleur » tab: the list with its filters, the card of a tenant, the July rents."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from guichet.presenters.bailleur import BailleurPresenter
from guichet.views.bailleur.fiche import FicheLocatairePanneau
from guichet.views.bailleur.loyers import LoyersPanneau
from guichet.views.bailleur.table import LocataireTableModel
from guichet.views.formats import nombre
from guichet.views.widgets.base import annoncer, bouton, cadre, defilant, effacable, etiquette, rangee
from guichet.views.widgets.coche import CocheDelegate
from guichet.views.widgets.colonnes import Colonnes
from guichet.views.widgets.onglet import PageOnglet
from guichet.views.widgets.tableau import tableau

if TYPE_CHECKING:
    from guichet.services.locataires import Campagne
    from guichet.store.locataires import FicheLocataire, LigneLocataire


class BailleurPage(PageOnglet):
    """List, card and rents are three sheets of one stack; the selection survives them all."""

    def __init__(self, presenter: BailleurPresenter) -> None:
        super().__init__()
        self.presenter = presenter
        self.titre = etiquette(self.tr("Mes locataires"), "titre")
        self.sous_titre = etiquette("", "discret")
        self.refus = etiquette("", ton="error")
        self.refus.hide()
        self.fiche = FicheLocatairePanneau(presenter, self._montrer_liste)
        self.loyers = LoyersPanneau(presenter, self._montrer_liste)
        self._pile = QStackedWidget()
        self._liste = self._faire_liste()
        for feuille in (self._liste, self.fiche, self.loyers):
            self._pile.addWidget(feuille)
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(16, 12, 16, 12)
        colonne.setSpacing(8)
        for element in (self.titre, self.sous_titre, self.refus):
            colonne.addWidget(element)
        colonne.addWidget(defilant(self._pile, self.tr("Locataires")), 1)
        presenter.bailleur_lu.connect(self._montrer_bailleur)
        presenter.liste_changee.connect(self._montrer_compte)
        presenter.selection_changee.connect(self._montrer_selection)
        presenter.fiche_lue.connect(self._montrer_fiche)
        presenter.a_declarer_lus.connect(self._montrer_loyers)
        presenter.declares.connect(self._declares)
        presenter.refuse.connect(self._refuser)
        self.premier = self.table
        presenter.commencer()

    def _faire_liste(self) -> QWidget:
        feuille = QWidget()
        colonne = QVBoxLayout(feuille)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.setSpacing(8)
        colonne.addWidget(self._filtres())
        self.compte = etiquette("", retour=False)
        self.tout = bouton("", self.presenter.tout_selectionner, lien=True)
        colonne.addLayout(rangee(self.compte, self.tout, None))
        self.vide = etiquette(
            self.tr("Aucun locataire ne répond à ces filtres. Élargissez la recherche ou choisissez « Réinitialiser »."), "discret"
        )
        self.vide.hide()
        colonne.addWidget(self.vide)
        colonne.addWidget(self._table(), 1)
        colonne.addWidget(self._pied())
        return feuille

    def _filtres(self) -> QFrame:
        boite, colonne = cadre()
        self.attendus = QCheckBox(self.tr("Afficher uniquement les locataires dont le loyer est attendu"))
        self.nom, self.numero, self.code_postal = QLineEdit(), QLineEdit(), QLineEdit()
        blocs: list[QWidget] = []
        for champ, titre in (
            (self.nom, self.tr("&Nom")),
            (self.numero, self.tr("N° &allocataire")),
            (self.code_postal, self.tr("&Code postal")),
        ):
            champ.setAccessibleName(titre.replace("&", ""))
            effacable(champ)
            champ.returnPressed.connect(self._appliquer)
            legende = etiquette(titre, retour=False)
            legende.setBuddy(champ)
            blocs.append(_bloc(rangee(legende, champ)))
        self.reinitialiser = bouton(self.tr("&Réinitialiser"), self._reinitialiser)
        self.appliquer = bouton(self.tr("A&ppliquer"), self._appliquer)
        blocs.append(_bloc(rangee(self.reinitialiser, self.appliquer, None)))
        colonne.addWidget(self.attendus, 0, Qt.AlignmentFlag.AlignLeft)
        colonne.addWidget(
            etiquette(self.tr("Rechercher un ou des locataires : affinez votre recherche par nom, n° allocataire, code postal"), "discret")
        )
        colonne.addWidget(Colonnes(blocs, 26, 4))
        return boite

    def _table(self) -> QTableView:
        self.table = tableau(LocataireTableModel(self.presenter), self.tr("Liste des locataires"), (30, 15, 12, 18, 18, 19, 19))
        self.table.setItemDelegateForColumn(0, CocheDelegate(self.table))
        self.table.activated.connect(self._ouvrir_fiche)
        return self.table

    def _pied(self) -> QFrame:
        boite, colonne = cadre()
        self.selection = QLabel()
        self.aide = etiquette(
            self.tr("Espace coche un locataire, Entrée ouvre sa fiche. La sélection reste quand le filtre change."), "discret"
        )
        self.quitter = bouton(self.tr("Quitter"), self.presenter.quitter, aide=self.tr("Abandonner la sélection"))
        self.continuer = bouton(self.tr("Con&tinuer"), self.presenter.continuer, principal=True)
        colonne.addLayout(rangee(self.selection, self.aide, self.quitter, self.continuer))
        self.selection.setWordWrap(True)
        self._montrer_selection()
        return boite

    def _appliquer(self) -> None:
        self.refus.hide()
        self.table.scrollToTop()
        self.presenter.appliquer(
            attendus=self.attendus.isChecked(), nom=self.nom.text(), numero=self.numero.text(), code_postal=self.code_postal.text()
        )

    def _reinitialiser(self) -> None:
        self.attendus.setChecked(False)
        for champ in (self.nom, self.numero, self.code_postal):
            champ.clear()
        self._appliquer()

    def _montrer_bailleur(self, nom: str, siret: str, departement: str) -> None:
        lisible = f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}"
        self.sous_titre.setText(f"{nom} · SIRET {lisible} · {departement}")

    def _montrer_compte(self) -> None:
        total = self.presenter.total
        self.compte.setText(self.tr("Vous recherchez : {0} locataires").format(nombre(total)))
        self.tout.setText(self.tr("Tout &sélectionner ({0})").format(nombre(total)))
        self.tout.setEnabled(total > 0)
        self.vide.setVisible(total == 0)
        annoncer(self.compte, self.compte.text())

    def _montrer_selection(self) -> None:
        combien = len(self.presenter.selection)
        self.selection.setText(self.tr("Vous avez sélectionné {0} locataire(s)").format(nombre(combien)))
        self.quitter.setEnabled(combien > 0)
        self.continuer.setEnabled(combien > 0)

    def _ouvrir_fiche(self, index: QModelIndex) -> None:
        modele = self.table.model()
        ligne = modele.ligne(index.row()) if index.isValid() and isinstance(modele, LocataireTableModel) else None
        if ligne is not None:
            self.presenter.ouvrir_fiche(ligne.id)

    def _montrer_fiche(self, fiche: "FicheLocataire") -> None:
        self.fiche.montrer(fiche)
        self._pile.setCurrentWidget(self.fiche)

    def _montrer_loyers(self, campagne: "Campagne", lignes: "list[LigneLocataire]") -> None:
        if not lignes:
            self._refuser(self.tr("Le loyer de juillet de ces locataires est déjà déclaré : il n'y a rien à saisir."))
            return
        self.refus.hide()
        self.loyers.montrer(campagne, lignes)
        self._pile.setCurrentWidget(self.loyers)

    def _declares(self, combien: int) -> None:
        texte = self.tr("{0} loyer(s) déclaré(s) : ils partent au centre dès que le réseau répond.").format(nombre(combien))
        self.sous_titre.setText(texte)
        annoncer(self.sous_titre, texte)
        self._montrer_liste()

    def _montrer_liste(self) -> None:
        self._pile.setCurrentWidget(self._liste)
        self.table.setFocus()

    def _refuser(self, texte: str) -> None:
        self.refus.setText(texte)
        self.refus.show()


def _bloc(ligne: QHBoxLayout) -> QWidget:
    bloc = QWidget()
    ligne.setContentsMargins(0, 0, 0, 0)
    bloc.setLayout(ligne)
    return bloc
