"""« Paiements et droits »: one payment and one month of rights at a time, in four zones (PAI-07, PAI-11)."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from guichet.views.formats import date_longue, mois_long, montant
from guichet.views.widgets.base import annoncer, bouton, cadre, defilant, dimensionner, etiquette, rangee, trait, vider

if TYPE_CHECKING:
    from collections.abc import Callable

    from guichet.services.carte import Carte, DroitAffiche


class PaiementsDialog(QDialog):
    """Payments on top, rights below, each with its « Précédent » and « Suivant »; the latest first."""

    def __init__(self, carte: "Carte", parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)  # it shows amounts
        self._carte, self._paiement, self._mois = carte, 0, 0
        self.setWindowTitle(self.tr("Paiements et droits"))
        dimensionner(self, parent, 90, 34)
        contenu = QWidget()
        zones = QVBoxLayout(contenu)
        zones.setContentsMargins(0, 0, 0, 0)
        self.paiement_precedent, self.paiement_suivant, self._versement = self._zone(
            zones, self.tr("Paiements des 24 derniers mois"), self._changer_de_paiement
        )
        self.mois_precedent, self.mois_suivant, self._droits = self._zone(zones, self.tr("Droits du mois"), self._changer_de_mois)
        zones.addWidget(etiquette(self.tr(
            "Les droits sont calculés sur la situation connue : ce qui vient d'être transmis est à l'étude. "
            "La date de réception d'un paiement dépend de la banque."
        ), "discret"))  # fmt: skip
        zones.addStretch(1)
        colonne = QVBoxLayout(self)
        colonne.addWidget(defilant(contenu, self.windowTitle()), 1)
        fermer = bouton(self.tr("&Fermer"), self.accept, principal=True)
        fermer.setDefault(True)
        colonne.addLayout(rangee(None, fermer))
        self._changer_de_paiement(0)
        self._changer_de_mois(0)

    def _zone(self, zones: QVBoxLayout, titre: str, changer: "Callable[[int], None]") -> tuple[QWidget, QWidget, QVBoxLayout]:
        boite, colonne = cadre()
        precedent = bouton(self.tr("Précédent"), lambda: changer(1), glyphe="arrow-left-s-line")
        suivant = bouton(self.tr("Suivant"), lambda: changer(-1), glyphe="arrow-right-s-line")
        precedent.setAccessibleName(f"{titre} : {precedent.text()}")
        suivant.setAccessibleName(f"{titre} : {suivant.text()}")
        colonne.addLayout(rangee(etiquette(titre, "section"), precedent, suivant))
        corps = QVBoxLayout()
        corps.setSpacing(4)
        colonne.addLayout(corps)
        zones.addWidget(boite)
        return precedent, suivant, corps

    def _changer_de_paiement(self, pas: int) -> None:
        versements, corps = self._carte.versements, self._versement
        self._paiement += pas
        self._borner(self.paiement_precedent, self.paiement_suivant, self._paiement, len(versements))
        vider(corps)
        if not versements:
            corps.addWidget(etiquette(self.tr("Il n'y a pas de paiement effectué sur ce compte."), "discret"))
            return
        v = versements[self._paiement]
        corps.addWidget(etiquette(self.tr("Payé à compter du {0}").format(date_longue(v.le)), "discret"))
        corps.addWidget(etiquette(montant(v.montant_cents), "montant", retour=False))
        if v.objet or v.periode:
            periode = self.tr("période {0}").format(v.periode) if v.periode else ""
            corps.addWidget(etiquette(", ".join(filter(None, (v.objet, periode)))))
        corps.addWidget(etiquette(v.destinataire))
        for libelle, cents in v.retenues:
            corps.addWidget(etiquette(self.tr("Retenue : {0}, {1}").format(libelle, montant(cents)), ton="warning"))
        annoncer(self, f"{date_longue(v.le)}, {montant(v.montant_cents)}")

    def _changer_de_mois(self, pas: int) -> None:
        mois, corps = self._carte.mois, self._droits
        self._mois += pas
        self._borner(self.mois_precedent, self.mois_suivant, self._mois, len(mois))
        vider(corps)
        if not mois:
            corps.addWidget(etiquette(self.tr("Aucun droit connu."), "discret"))
            return
        choisi = mois[self._mois]
        corps.addWidget(etiquette(mois_long(choisi.mois), "section"))
        for droit in choisi.droits:
            corps.addLayout(_ligne(droit))
        if choisi.sans_droit:
            corps.addWidget(trait())
            corps.addWidget(etiquette(self.tr("Prestations sans droit"), "section"))
            for droit in choisi.sans_droit:
                corps.addLayout(_ligne(droit))
        annoncer(self, mois_long(choisi.mois))

    def _borner(self, precedent: QWidget, suivant: QWidget, rang: int, nombre: int) -> None:
        precedent.setEnabled(rang < nombre - 1)
        suivant.setEnabled(rang > 0)


def _ligne(droit: "DroitAffiche") -> QHBoxLayout:
    valeur = etiquette(droit.mention, "discret") if droit.mention else etiquette(montant(droit.montant_cents), "section", retour=False)
    return rangee(etiquette(droit.libelle), valeur)
