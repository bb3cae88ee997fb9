"""« Diagnostic »: what support asks first, and the one decision that a synchronisation may ask of a person."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QTableWidgetItem, QVBoxLayout, QWidget

from guichet.presenters.envois import EnvoisPresenter
from guichet.views.formats import date_courte, heure, jour_de, nombre, taille
from guichet.views.widgets.base import annoncer, bouton, cadre, dimensionner, etiquette, rangee
from guichet.views.widgets.envois import table_simple

if TYPE_CHECKING:
    from guichet.services.diagnostic import Diagnostic, PorteeSuivie

_GENRES = {
    "user": "Votre profil", "ref": "Repères nationaux", "agenda": "Agenda", "bailleur": "Bailleur et locataires", "site": "Dossiers du site",
}  # fmt: skip


class DiagnosticDialog(QDialog):
    """The report in words, the scopes in a table, and buttons to copy or save the whole for support."""

    def __init__(self, presenter: EnvoisPresenter, fuseau: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._presenter, self._fuseau = presenter, fuseau
        self._lu: Diagnostic | None = None
        self.setWindowTitle(self.tr("Diagnostic"))
        dimensionner(self, parent, 100, 30)
        self.alerte, self._alerte = cadre("alerte")
        self.texte_alerte = etiquette("", ton="error")
        self.effacer = bouton(self.tr("&Effacer ces lignes…"), self._confirmer)
        self._alerte.addWidget(self.texte_alerte)
        self._alerte.addLayout(rangee(self.effacer, None))
        self.alerte.hide()
        self.resume = etiquette()
        titres = [self.tr("Données"), self.tr("Lignes"), self.tr("Position"), self.tr("État")]
        self.table = table_simple(self.tr("Données suivies"), titres)
        copier = bouton(self.tr("&Copier"), self._copier)
        enregistrer = bouton(self.tr("E&nregistrer…"), self._enregistrer)
        fermer = bouton(self.tr("&Fermer"), self.accept, principal=True)
        fermer.setDefault(True)
        colonne = QVBoxLayout(self)
        colonne.addWidget(self.alerte)
        colonne.addWidget(self.resume)
        colonne.addWidget(self.table, 1)
        colonne.addLayout(rangee(copier, enregistrer, None, fermer))
        presenter.examine.connect(self._montrer)
        presenter.poste.etat_change.connect(self._relire)
        self.finished.connect(self.deleteLater)
        presenter.examiner()

    def _relire(self, _: object) -> None:
        self._presenter.examiner()

    def _montrer(self, lu: "Diagnostic") -> None:
        self._lu = lu
        quand = (
            f"{date_courte(jour_de(lu.synchronise_le, self._fuseau))} {heure(lu.synchronise_le, self._fuseau)}"
            if lu.synchronise_le
            else self.tr("jamais")
        )
        horloge = self.tr("inconnue") if lu.ecart_horloge_s is None else self.tr("{0} s d'écart").format(lu.ecart_horloge_s)
        if lu.horloge_fausse:
            horloge = self.tr("▲ {0} : mettez ce poste à l'heure (aucune donnée n'en dépend)").format(horloge)
        lignes = (
            self.tr("Guichet {0}, schéma {1}").format(lu.version, lu.schema),
            self.tr("Centre : {0}").format(lu.centre or self.tr("aucun (hors ligne)")),
            self.tr("Poste : {0}{1}").format(lu.appareil, "" if lu.enrole else self.tr(" (pas encore enrôlé)")),
            self.tr("Dernière synchronisation : {0}").format(quand),
            self.tr("Horloge du centre : {0}").format(horloge),
            self.tr("En attente : {0} · à revoir : {1} · fichiers : {2}").format(lu.en_attente, lu.refuses, lu.fichiers_en_attente),
            self.tr("Coffre : {0} · place libre : {1}").format(taille(lu.base_octets), taille(lu.disque_libre_octets)),
            self.tr("Fichiers reçus, ouverts dans : {0}").format(lu.fichiers_etrangers),
            self.tr("Antivirus : {0}").format(lu.antivirus),
            *lu.fichiers_refuses,
        )
        self.resume.setText("\n".join(lignes))
        self.table.setRowCount(len(lu.portees))
        for rang, p in enumerate(lu.portees):
            cellules = (_GENRES.get(p.genre, p.genre), nombre(p.lignes), nombre(p.position), self._etat(p))
            for colonne, texte in enumerate(cellules):
                self.table.setItem(rang, colonne, QTableWidgetItem(texte))
        self._montrer_alerte()

    def _etat(self, p: "PorteeSuivie") -> str:
        if p.a_effacer:
            return self.tr("▲ {0} lignes à confirmer").format(nombre(p.a_effacer))
        return self.tr("↻ relecture en cours") if p.en_relecture else self.tr("✓ en phase")

    def _en_cause(self) -> "PorteeSuivie | None":
        return next((p for p in self._lu.portees if p.a_effacer), None) if self._lu is not None else None

    def _montrer_alerte(self) -> None:
        p = self._en_cause()
        self.alerte.setVisible(p is not None)
        if p is not None:
            texte = self.tr(
                "Le centre n'annonce plus {0} des {1} lignes de « {2} ». Rien n'a été effacé : si ce n'est pas attendu, "
                "appelez l'assistance avant de confirmer."
            ).format(nombre(p.a_effacer), nombre(p.lignes), _GENRES.get(p.genre, p.genre))
            self.texte_alerte.setText(texte)
            annoncer(self.texte_alerte, texte)

    def _confirmer(self) -> None:
        p = self._en_cause()
        if p is None:
            return
        question = QMessageBox(self)
        question.setIcon(QMessageBox.Icon.Warning)
        question.setText(self.tr("Effacer {0} lignes de ce poste ?").format(nombre(p.a_effacer)))
        question.setInformativeText(self.tr("Elles disparaîtront d'ici à la prochaine synchronisation. Ce qui attend d'être envoyé reste."))
        oui = question.addButton(self.tr("&Effacer"), QMessageBox.ButtonRole.DestructiveRole)
        question.setDefaultButton(question.addButton(self.tr("&Garder"), QMessageBox.ButtonRole.RejectRole))
        question.exec()
        if question.clickedButton() is oui:
            self._presenter.permettre_effacement(p.portee)

    def _rapport(self) -> str:
        import json

        return json.dumps(self._lu.en_donnees() if self._lu is not None else {}, ensure_ascii=False, indent=2)

    def _copier(self) -> None:
        QGuiApplication.clipboard().setText(self._rapport())

    def _enregistrer(self) -> None:
        chemin, _ = QFileDialog.getSaveFileName(self, self.tr("Enregistrer le diagnostic"), "diagnostic-guichet.json", "JSON (*.json)")
        if not chemin:
            return
        try:
            Path(chemin).write_text(self._rapport(), encoding="utf-8")
        except OSError as erreur:
            QMessageBox.warning(self, self.windowTitle(), self.tr("Le fichier ne peut pas être écrit : {0}").format(erreur.strerror))
