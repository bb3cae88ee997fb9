"""The « Rendez-vous » tab: reason and filters, slots, recap and outcome."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QMessageBox,
    QTableView,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from guichet.presenters.rendezvous import RendezVousPresenter
from guichet.views.formats import date_longue, heure, jour_de
from guichet.views.rendezvous.resume import ResumePanneau
from guichet.views.rendezvous.table import MODES, CreneauTableModel
from guichet.views.widgets.base import annoncer, bouton, cadre, defilant, etiquette, rangee, remplir, vider
from guichet.views.widgets.onglet import PageOnglet
from guichet.views.widgets.tableau import tableau
from guichet.views.widgets.volets import Volets

if TYPE_CHECKING:
    from guichet.store.rendezvous import CreneauLibre, MotifRdv

_ORDRE_MODES = ("sur_site", "visio", "telephone")


class RendezVousPage(PageOnglet):
    """Enter on a slot asks to confirm it, naming the site (RDV-12)."""

    def __init__(self, presenter: RendezVousPresenter) -> None:
        super().__init__()
        self.presenter = presenter
        self._motifs: list[MotifRdv] = []
        self.motif = QComboBox()
        self.motif.setAccessibleName(self.tr("Motif du rendez-vous"))
        self.motif.view().setAccessibleName(self.tr("Motifs"))
        self.motif.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.motif.setMinimumContentsLength(20)
        self._modes, self._lieux = QVBoxLayout(), QVBoxLayout()
        self.resume = ResumePanneau(presenter)
        gauche, droite = defilant(self._filtres(), self.tr("Filtres")), defilant(self.resume, self.tr("Résumé"))
        remplir(self, Volets(gauche, defilant(self._centre(), self.tr("Horaires")), droite, 34))
        self.motif.currentIndexChanged.connect(lambda _: self._choisir_motif())
        presenter.motifs_lus.connect(self._montrer_motifs)
        presenter.organisme_lu.connect(self._nommer)
        presenter.lieux_changes.connect(self._montrer_filtres)
        presenter.creneaux_changes.connect(self._montrer_creneaux)
        presenter.refuse.connect(self._refuser)
        self.resume.autre_choisi.connect(self._confirmer)
        self.premier = self.table
        presenter.commencer()

    def _filtres(self) -> QWidget:
        boite = QFrame()
        boite.setObjectName("panneau")
        colonne = QVBoxLayout(boite)
        colonne.setContentsMargins(16, 12, 16, 12)
        legende = etiquette(self.tr("&Motif"))
        legende.setBuddy(self.motif)
        colonne.addWidget(legende)
        colonne.addWidget(self.motif)
        colonne.addWidget(etiquette(self.tr("Mode de contact"), "section"))
        colonne.addLayout(self._modes)
        colonne.addWidget(etiquette(self.tr("Lieux"), "section"))
        colonne.addLayout(self._lieux)
        colonne.addStretch(1)
        return boite

    def _centre(self) -> QWidget:
        boite = QWidget()
        colonne = QVBoxLayout(boite)
        colonne.setContentsMargins(16, 12, 16, 12)
        self.titre = etiquette(self.tr("Prendre un rendez-vous"), "titre")
        colonne.addWidget(self.titre)
        self.refus = etiquette("", ton="error")
        self.refus.hide()
        colonne.addWidget(self.refus)
        premier, contenu = cadre()
        self.premier_creneau = etiquette("")
        self.proposer = bouton(self.tr("Proposer"), lambda: self._confirmer(self.presenter.creneaux[0]))
        contenu.addLayout(rangee(self.premier_creneau, self.proposer))
        colonne.addWidget(premier)
        colonne.addWidget(self._table(), 1)
        self.fin = etiquette("", "discret")
        colonne.addWidget(self.fin)
        colonne.addLayout(rangee(None, self._choisir()))
        return boite

    def _choisir(self) -> QWidget:
        self.choisir = bouton(self.tr("&Choisir ce créneau"), self._choisir_courant, principal=True)
        return self.choisir

    def _table(self) -> QTableView:
        self.table = tableau(CreneauTableModel(self.presenter), self.tr("Créneaux libres"), (25, 20, 8, 15), extensible=1)
        self.table.activated.connect(self._sur_creneau)
        return self.table

    def _nommer(self, organisme: str) -> None:
        if organisme:
            self.titre.setText(self.tr("Prendre un rendez-vous : {0}").format(organisme))

    def _montrer_motifs(self, motifs: "list[MotifRdv]") -> None:
        self._motifs = motifs
        self.motif.clear()
        for motif in motifs:
            self.motif.addItem(f"{motif.code} {motif.libelle}", motif.code)
        self._choisir_motif()

    def _choisir_motif(self) -> None:
        rang = self.motif.currentIndex()
        if 0 <= rang < len(self._motifs):
            self.motif.setToolTip(self._motifs[rang].libelle)
            self.resume.montrer_motif(self._motifs[rang])

    def _montrer_filtres(self) -> None:
        vider(self._modes)
        vider(self._lieux)
        for mode in _ORDRE_MODES:
            if mode in self.presenter.modes:
                self._modes.addWidget(self._case(mode, MODES[mode], partial(self.presenter.montrer_mode, mode)))
        for lieu in self.presenter.lieux:
            self._lieux.addWidget(self._case(lieu, lieu, partial(self.presenter.montrer_lieu, lieu)))

    def _case(self, cle: str, texte: str, montrer: Callable[..., None]) -> QCheckBox:
        case = QCheckBox(texte)
        case.setChecked(self.presenter.montre(cle))
        case.toggled.connect(lambda coche: montrer(montre=coche))
        return case

    def _montrer_creneaux(self) -> None:
        creneaux = self.presenter.creneaux
        self.proposer.setEnabled(bool(creneaux))
        self.choisir.setEnabled(bool(creneaux))
        if creneaux:
            self.premier_creneau.setText(self.tr("Premier créneau possible : {0}").format(_dire(creneaux[0])))
            self.fin.setText(
                self.tr("Fin de chargement des horaires pour les critères de recherche désirés ({0} créneaux)").format(len(creneaux))
            )
            self.table.setCurrentIndex(self.table.model().index(0, 0))
        else:
            self.premier_creneau.setText(self.tr("Aucun créneau libre pour ces critères : cochez d'autres modes ou d'autres lieux."))
            self.fin.clear()

    def _choisir_courant(self) -> None:
        self._sur_creneau(self.table.currentIndex())

    def _sur_creneau(self, index: QModelIndex) -> None:
        if index.isValid() and index.row() < len(self.presenter.creneaux):
            self._confirmer(self.presenter.creneaux[index.row()])

    def _confirmer(self, creneau: "CreneauLibre") -> None:
        self.refus.hide()
        question = self.tr("Vous avez choisi un rendez-vous sur le site {0}. Confirmez-vous votre choix ?").format(creneau.site_nom)
        boite = QMessageBox(QMessageBox.Icon.Question, self.tr("Confirmer le rendez-vous"), question, parent=self)
        boite.setInformativeText(_dire(creneau))
        valider = boite.addButton(self.tr("Valider"), QMessageBox.ButtonRole.AcceptRole)
        boite.addButton(self.tr("Annuler"), QMessageBox.ButtonRole.RejectRole)
        boite.setDefaultButton(valider)
        boite.exec()
        if boite.clickedButton() is valider:
            self.presenter.reserver(creneau, self.motif.currentData())

    def _refuser(self, texte: str) -> None:
        self.refus.setText(texte)
        self.refus.show()
        annoncer(self.refus, texte)


def _dire(c: "CreneauLibre") -> str:
    return f"{date_longue(jour_de(c.debut, c.fuseau))} à {heure(c.debut, c.fuseau)}, {c.site_nom}, {MODES[c.mode].lower()}"
