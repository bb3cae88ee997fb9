"""« Envois »: what was done on this workstation, where each act stands, and what a person may do about it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QFileDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from guichet.presenters.envois import EnvoisPresenter
from guichet.views.formats import date_courte, heure, jour_de, lire_montant, montant
from guichet.views.widgets.base import annoncer, bouton, cadre, dimensionner, etiquette, rangee, teinter

if TYPE_CHECKING:
    from datetime import datetime

    from guichet.services.envois import LigneEnvoi
    from guichet.store.avis import AvisRecu

ETATS = {
    "en_attente": "○ en attente", "envoi": "↑ envoi en cours", "transmis": "✓ transmis", "refuse": "▲ refusé",
    "quarantaine": "◆ en quarantaine", "regle": "– réglé", "provisoire": "◐ provisoire",
}  # fmt: skip
_MONTANTS = {"loyer_cents"}


class EnvoisDialog(QDialog):
    """A list of the latest acts, those to look at first, and what may be done about the one that is chosen."""

    def __init__(self, presenter: EnvoisPresenter, fuseau: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._presenter, self._fuseau = presenter, fuseau
        self._actes: list[LigneEnvoi] = []
        self._avis: list[AvisRecu] = []
        self._montres: list[LigneEnvoi | AvisRecu] = []
        self.setWindowTitle(self.tr("Envois et points à revoir"))
        dimensionner(self, parent, 120, 34)
        self.vide = etiquette(
            self.tr("Rien n'a encore été saisi sur ce poste. Ce que vous ferez apparaîtra ici, avec la réponse du centre."), "discret"
        )
        self.seulement = QCheckBox(self.tr("&Seulement ce qui est à revoir"))
        self.seulement.toggled.connect(self._montrer)
        self.table = table_simple(self.tr("Liste des envois"), [self.tr("Saisi le"), self.tr("Quoi"), self.tr("État"), self.tr("Réponse")])
        self.table.itemSelectionChanged.connect(self._choisir)
        self.dit = etiquette()
        envoyer = bouton(self.tr("En&voyer maintenant"), presenter.poste.synchroniser, glyphe="refresh-line")
        fermer = bouton(self.tr("&Fermer"), self.accept, principal=True)
        fermer.setDefault(True)
        colonne = QVBoxLayout(self)
        colonne.addWidget(self.vide)
        colonne.addWidget(self.seulement)
        colonne.addWidget(self.table, 1)
        colonne.addWidget(self._panneau())
        colonne.addWidget(self.dit)
        colonne.addLayout(rangee(envoyer, None, fermer))
        presenter.lus.connect(self._recevoir)
        presenter.refuse.connect(lambda texte: self._dire(texte, "error"))
        presenter.fait.connect(lambda texte: self._dire(texte, "success"))
        self.finished.connect(self.deleteLater)
        presenter.relire()

    def _panneau(self) -> QWidget:
        """What may be done about the chosen line."""
        self.panneau, colonne = cadre()
        self.sujet = etiquette("", "section")
        self.raison = etiquette()
        self.la_mienne, self.du_centre = etiquette(), etiquette()
        self.valeur = QLineEdit()
        self._nom_valeur = QLabel()
        self._nom_valeur.setBuddy(self.valeur)
        self.renvoyer = bouton(self.tr("&Renvoyer"), self._renvoyer)
        self.retirer = bouton(self.tr("Re&tirer"), self._retirer)
        self.assistance = bouton(self.tr("Remettre à l'&assistance…"), self._transmettre)
        self.vu = bouton(self.tr("J'ai &vu"), self._marquer_lu)
        colonne.addWidget(self.sujet)
        colonne.addWidget(self.raison)
        colonne.addLayout(rangee(self.la_mienne, self.du_centre, espace=24))
        colonne.addLayout(rangee(self._nom_valeur, self.valeur, None))
        colonne.addLayout(rangee(self.renvoyer, self.retirer, self.assistance, self.vu, None))
        self.panneau.hide()
        return self.panneau

    def _recevoir(self, actes: "list[LigneEnvoi]", avis: "list[AvisRecu]") -> None:
        self._actes, self._avis = actes, avis
        self._montrer()

    def _montrer(self, _: object = None) -> None:
        from guichet.services.envois import LigneEnvoi

        garde = self._choisi()
        actes = [a for a in self._actes if a.a_revoir or not self.seulement.isChecked()]
        self._montres = [*self._avis, *actes]
        self.vide.setVisible(not self._actes and not self._avis)
        self.table.setRowCount(len(self._montres))
        for rang, x in enumerate(self._montres):
            cellules = self._cellules_acte(x) if isinstance(x, LigneEnvoi) else self._cellules_avis(x)
            for colonne, texte in enumerate(cellules):
                self.table.setItem(rang, colonne, QTableWidgetItem(texte))
        rang = next((n for n, x in enumerate(self._montres) if garde is not None and _cle(x) == _cle(garde)), 0)
        if self._montres:
            self.table.selectRow(rang)
        self._choisir()

    def _cellules_acte(self, a: "LigneEnvoi") -> tuple[str, ...]:
        etat = ETATS["provisoire" if a.provisoire else a.etat]
        return self._moment(a.saisi_le), a.libelle, etat, a.detail

    def _cellules_avis(self, a: "AvisRecu") -> tuple[str, ...]:
        if a.champ == "bris_de_glace":
            return (
                self._moment(a.le),
                self.tr("Bris de glace"),
                self.tr("◆ par {0}").format(a.auteur),
                self.tr("Le motif est au journal du site."),
            )
        reponse = self.tr("« {0} » remplacé par « {1} »").format(a.avant, a.apres)
        return self._moment(a.le), _nom(a.champ), self.tr("◆ remplacé par {0}").format(a.auteur), reponse

    def _choisi(self) -> "LigneEnvoi | AvisRecu | None":
        rang = self.table.currentRow()
        return self._montres[rang] if 0 <= rang < len(self._montres) else None

    def _choisir(self) -> None:
        from guichet.services.envois import LigneEnvoi
        from guichet.store.avis import AvisRecu

        x = self._choisi()
        decidable = isinstance(x, AvisRecu) or (isinstance(x, LigneEnvoi) and x.a_revoir)
        self.panneau.setVisible(decidable)
        if isinstance(x, AvisRecu) and x.champ == "bris_de_glace":
            self.sujet.setText(self.tr("{0} a vu en clair les numéros d'un dossier").format(x.auteur))
            self.raison.setText(self.tr("Dossier {0}. Le motif est au journal du site : revoyez-le sous sept jours.").format(x.cible))
            self.la_mienne.clear()
            self.du_centre.clear()
        elif isinstance(x, AvisRecu):
            self.sujet.setText(self.tr("{0} : votre saisie a été remplacée").format(_nom(x.champ)))
            self.raison.setText(self.tr("Un collègue a écrit après vous, sans voir votre valeur. L'ancienne reste dans le journal."))
            self._comparer(x.champ, x.avant, x.apres, x.auteur, x.le)
        elif isinstance(x, LigneEnvoi) and decidable:
            self.sujet.setText(x.libelle)
            self.raison.setText(x.detail)
            self._comparer(x.champ, x.la_mienne, x.du_centre if x.en_conflit else None, x.auteur, x.le)
        corrigible = isinstance(x, LigneEnvoi) and x.a_contenu and bool(x.champ) and x.la_mienne is not None
        self.valeur.setVisible(corrigible)
        self._nom_valeur.setVisible(corrigible)
        if corrigible and isinstance(x, LigneEnvoi):
            self._nom_valeur.setText(self.tr("&Valeur à renvoyer :"))
            self.valeur.setText(_texte(x.champ, x.la_mienne))
            self.valeur.setAccessibleName(self.tr("Valeur à renvoyer"))
        acte = isinstance(x, LigneEnvoi)
        self.renvoyer.setVisible(acte and isinstance(x, LigneEnvoi) and x.a_contenu)
        self.assistance.setVisible(acte and isinstance(x, LigneEnvoi) and x.a_contenu)
        self.retirer.setVisible(acte)
        self.retirer.setText(self.tr("&Garder la valeur du centre") if isinstance(x, LigneEnvoi) and x.en_conflit else self.tr("Re&tirer"))
        self.vu.setVisible(isinstance(x, AvisRecu))

    def _comparer(self, champ: str, mienne: Any, centre: Any, auteur: str, le: "datetime | None") -> None:  # noqa: ANN401 (a field's value)
        self.la_mienne.setVisible(mienne is not None)
        self.du_centre.setVisible(centre is not None)
        self.la_mienne.setText(self.tr("Votre valeur : {0}").format(_texte(champ, mienne)))
        qui = " · ".join(filter(None, (auteur, self._moment(le) if le else "")))
        self.du_centre.setText(self.tr("Au centre : {0}").format(_texte(champ, centre)) + (f"\n{qui}" if qui else ""))

    def _renvoyer(self) -> None:
        x = self._choisi()
        if x is None or not hasattr(x, "opid"):
            return
        saisie: Any = self.valeur.text().strip() if self.valeur.isVisible() else None
        if saisie is not None and x.champ in _MONTANTS:
            saisie = lire_montant(saisie)
            if not saisie:
                self._dire(self.tr("Saisissez un montant, par exemple 612,40."), "error")
                self.valeur.setFocus()
                return
        self._presenter.renvoyer(x.opid, saisie or None)

    def _retirer(self) -> None:
        x = self._choisi()
        if x is not None and hasattr(x, "opid"):
            self._presenter.retirer(x.opid)

    def _transmettre(self) -> None:
        x = self._choisi()
        if x is None or not hasattr(x, "opid"):
            return
        propose = f"envoi-{x.opid[-8:]}.guichet"
        chemin, _ = QFileDialog.getSaveFileName(self, self.tr("Remettre à l'assistance"), propose, self.tr("Envoi chiffré (*.guichet)"))
        if chemin:
            self._presenter.transmettre(x.opid, Path(chemin))

    def _marquer_lu(self) -> None:
        from guichet.store.avis import AvisRecu

        x = self._choisi()
        if isinstance(x, AvisRecu):
            self._presenter.marquer_lu(x)

    def _dire(self, texte: str, ton: str) -> None:
        self.dit.setText(texte)
        teinter(self.dit, ton)
        if texte:
            annoncer(self.dit, texte)

    def _moment(self, le: "datetime") -> str:
        return f"{date_courte(jour_de(le, self._fuseau))} {heure(le, self._fuseau)}"


def table_simple(nom: str, titres: list[str]) -> QTableWidget:
    """Make a read-only list whose rows are chosen whole."""
    table = QTableWidget(0, len(titres))
    table.setAccessibleName(nom)
    table.setHorizontalHeaderLabels(titres)
    table.verticalHeader().hide()
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setAlternatingRowColors(True)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.horizontalHeader().setStretchLastSection(True)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    table.horizontalHeader().setHighlightSections(False)
    return table


def remplir_table(table: QTableWidget, lignes: Sequence[Sequence[str]]) -> None:
    """Write words in a list, each also as its tooltip: a column may be narrow."""
    table.setRowCount(len(lignes))
    for rang, textes in enumerate(lignes):
        for place, texte in enumerate(textes):
            case = QTableWidgetItem(texte)
            case.setToolTip(texte)
            table.setItem(rang, place, case)


def _cle(x: "LigneEnvoi | AvisRecu") -> str:
    return getattr(x, "opid", "") or getattr(x, "id", "")


def _nom(champ: str) -> str:
    from guichet.services.envois import CHAMPS

    return CHAMPS.get(champ, champ)


def _texte(champ: str, valeur: Any) -> str:  # noqa: ANN401 (a field's value)
    return montant(valeur) if champ in _MONTANTS and isinstance(valeur, int) else str(valeur if valeur is not None else "")
