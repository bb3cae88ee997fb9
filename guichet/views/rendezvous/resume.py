"""The recap of a booking, its outcome, and the visitor's other bookings."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QMessageBox, QPushButton, QVBoxLayout

from guichet.presenters.rendezvous import RendezVousPresenter
from guichet.views.formats import date_longue, heure, jour_de
from guichet.views.rendezvous.table import MODES
from guichet.views.widgets.base import annoncer, bouton, etiquette, teinter, vider

if TYPE_CHECKING:
    from guichet.services.visites import VisiteOuverte
    from guichet.store.rendezvous import CreneauLibre, MotifRdv, Pris

_ISSUES = {
    "demande": ("○ Demandé : provisoire, à confirmer par le centre", "warning"),
    "confirme": ("✓ Confirmé", "success"),
    "refuse": ("▲ Ce créneau vient d'être pris. Proposez une de ces dates :", "error"),
    "annule": ("✕ Annulé", "info"),
}


class ResumePanneau(QFrame):
    """`autre_choisi` is emitted for a slot offered instead of a lost one."""

    autre_choisi = Signal(object)

    def __init__(self, presenter: RendezVousPresenter) -> None:
        super().__init__()
        self.setObjectName("panneau")
        self._presenter = presenter
        self.pour, self.motif, self.quand, self.apporter = (etiquette() for _ in range(4))
        self.issue = etiquette("", "section")
        self._suites, self._autres = QVBoxLayout(), QVBoxLayout()
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(16, 12, 16, 12)
        colonne.addWidget(etiquette(self.tr("Résumé"), "titre"))
        for titre, valeur in (
            (self.tr("Pour"), self.pour), (self.tr("Motif"), self.motif), (self.tr("Quand et où"), self.quand), (self.tr("À apporter"), self.apporter),
        ):  # fmt: skip
            colonne.addWidget(etiquette(titre, "discret"))
            colonne.addWidget(valeur)
        colonne.addWidget(self.issue)
        colonne.addLayout(self._suites)
        colonne.addWidget(etiquette(self.tr("Rendez-vous de ce dossier"), "section"))
        colonne.addLayout(self._autres)
        colonne.addStretch(1)
        presenter.issue.connect(self._montrer_issue)
        presenter.du_dossier_lus.connect(self._montrer_autres)
        presenter.poste.visite_changee.connect(self._montrer_visite)
        self._montrer_visite(presenter.poste.visite)
        self.quand.setText(self.tr("Choisissez un créneau"))

    def montrer_motif(self, motif: "MotifRdv") -> None:
        """Show the reason and what to bring."""
        self.motif.setText(motif.libelle)
        self.apporter.setText(motif.a_apporter)

    def _montrer_visite(self, visite: "VisiteOuverte | None") -> None:
        agent = self._presenter.poste.agent
        if visite is not None:
            self.pour.setText(f"{visite.nom}, n° {visite.numero}" if visite.numero else visite.nom)
        elif agent is not None and agent.bailleur:
            self.pour.setText(agent.organisme_nom)
        else:
            self.pour.setText(self.tr("Sans dossier : aucune visite n'est ouverte"))

    def _montrer_issue(self, pris: "Pris") -> None:
        mot, ton = _ISSUES[pris.etat]
        self.issue.setText(mot)
        teinter(self.issue, ton)
        if pris.creneau is not None:
            self.quand.setText(_dire(pris.creneau))
        vider(self._suites)
        for autre in pris.alternatives:
            self._suites.addWidget(bouton(_dire(autre), partial(self.autre_choisi.emit, autre)))
        if pris.etat == "confirme":
            self._suites.addWidget(self._bouton_annuler(pris))
        annoncer(self.issue, mot)

    def _montrer_autres(self, pris: "list[Pris]") -> None:
        vider(self._autres)
        if not pris:
            self._autres.addWidget(etiquette(self.tr("Aucun rendez-vous à venir."), "discret"))
        for p in pris:
            mot, ton = _ISSUES[p.etat]
            self._autres.addWidget(etiquette(_dire(p.creneau) if p.creneau else self.tr("Créneau passé")))
            self._autres.addWidget(etiquette(mot, ton=ton))
            if p.etat == "confirme":
                self._autres.addWidget(self._bouton_annuler(p))

    def _bouton_annuler(self, pris: "Pris") -> QPushButton:
        return bouton(self.tr("Annuler ce rendez-vous"), lambda: self._annuler(pris))

    def _annuler(self, pris: "Pris") -> None:
        quand = _dire(pris.creneau) if pris.creneau else ""
        boite = QMessageBox(QMessageBox.Icon.Question, self.tr("Annuler le rendez-vous"), self.tr("Annuler ce rendez-vous ?"), parent=self)
        boite.setInformativeText(quand)
        oui = boite.addButton(self.tr("Annuler le rendez-vous"), QMessageBox.ButtonRole.AcceptRole)
        boite.addButton(self.tr("Le garder"), QMessageBox.ButtonRole.RejectRole)
        boite.exec()
        if boite.clickedButton() is oui:
            self._presenter.annuler(pris)


def _dire(c: "CreneauLibre") -> str:
    return f"{date_longue(jour_de(c.debut, c.fuseau))} à {heure(c.debut, c.fuseau)}\n{c.site_nom}, {MODES[c.mode].lower()}"
