"""« Suivre les démarches »: those of 24 months, the letters received and sent, the papers asked for (SUI-01)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QTabWidget, QVBoxLayout, QWidget

from guichet.rules.visiteurs import Information
from guichet.views.formats import date_courte
from guichet.views.widgets.base import bouton, cadenas, dimensionner, etiquette, rangee
from guichet.views.widgets.envois import remplir_table, table_simple

if TYPE_CHECKING:
    from guichet.services.carte import Carte, DemarcheAffichee

ETATS = {
    "transmise": ("○ transmise", "info"), "recue": ("● reçue", "info"), "en_cours": ("◐ en cours", "info"),
    "pieces_demandees": ("▲ pièces demandées", "error"), "traitee": ("✓ traitée", "success"), "refusee": ("✕ refusée", "error"),
}  # fmt: skip


class SuiviDialog(QDialog):
    """Three tables, each whole: the card shows the first lines only."""

    def __init__(self, carte: "Carte", parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Suivre les démarches"))
        dimensionner(self, parent, 110, 34)
        self.onglets = QTabWidget()
        self.onglets.setAccessibleName(self.windowTitle())
        demarches = [(d.libelle, date_courte(d.deposee_le), ETATS[d.etat][0], _delai(d)) for d in carte.demarches]
        courriers = [(c.texte, date_courte(c.le), self.tr("● non lu") if c.nouveau else "") for c in carte.fil if c.genre == "courrier"]
        pieces = [(libelle, date_courte(demandee)) for libelle, demandee in carte.pieces]
        self._ajouter(carte, Information.DEMARCHES, self.tr("Démarches"), [
            self.tr("Démarche"), self.tr("Arrivée le"), self.tr("État"), self.tr("Délai"),
        ], demarches)  # fmt: skip
        self._ajouter(
            carte, Information.COURRIERS, self.tr("Courriers et courriels"), [self.tr("Objet"), self.tr("Le"), self.tr("Lu ?")], courriers
        )
        self._ajouter(carte, Information.PIECES, self.tr("Pièces demandées"), [self.tr("Pièce"), self.tr("Demandée le")], pieces)
        fermer = bouton(self.tr("&Fermer"), self.accept, principal=True)
        fermer.setDefault(True)
        colonne = QVBoxLayout(self)
        colonne.addWidget(self.onglets, 1)
        colonne.addLayout(rangee(None, fermer))

    def _ajouter(self, carte: "Carte", information: Information, titre: str, colonnes: list[str], lignes: Sequence[Sequence[str]]) -> None:
        page = QWidget()
        colonne = QVBoxLayout(page)
        if information not in carte.vue.voir:
            colonne.addLayout(cadenas(carte.vue.refus))
            colonne.addStretch(1)
        elif not lignes:
            colonne.addWidget(etiquette(self.tr("Rien sur 24 mois."), "discret"))
            colonne.addStretch(1)
        else:
            table = table_simple(titre, colonnes)
            remplir_table(table, lignes)
            colonne.addWidget(table)
        self.onglets.addTab(page, titre)


def _delai(d: "DemarcheAffichee") -> str:
    return f"▲ Sans réponse. {d.delai}" if d.retard else d.delai
