"""The status bar: connected or not, last synchronisation, what waits, what was refused; a click shows the list."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout

from guichet.presenters.poste import EtatConnexion, PostePresenter
from guichet.views.formats import heure, nombre
from guichet.views.widgets.base import bouton, teinter
from guichet.views.widgets.elide import LabelElide

if TYPE_CHECKING:
    from guichet.services.session import EtatPoste

_MOTS, _MOTS_DE_PANNE = 12, 24
"""How many characters of where the line stands are always read, and of what is wrong with it."""


class BarreEtat(QFrame):
    """Always visible; words and colour together."""

    def __init__(self, poste: PostePresenter, fuseau: str) -> None:
        super().__init__()
        self.setObjectName("etat")
        self._poste, self._fuseau = poste, fuseau
        self.connexion = LabelElide(self.tr("Non connecté"))
        self.annuler = bouton(self.tr("Annuler l'ouverture"), poste.annuler_ouverture, lien=True)
        self.annuler.hide()
        self.reconnecter = bouton(self.tr("Se reconnecter"), poste.se_reconnecter, lien=True)
        self.reconnecter.hide()
        poste.a_ouvrir.connect(self._ouvrir_navigateur)
        self.synchro = _discret()
        self.envois = bouton("", self.montrer_envois, lien=True)
        self.envois.setToolTip(self.tr("Voir ce qui a été fait ici et où cela en est"))
        self.envois.hide()
        self.diagnostic = bouton(self.tr("Diagnostic"), self.montrer_diagnostic, lien=True)
        self.diagnostic.setToolTip(self.tr("Où en sont les données, l'horloge et la place de ce poste"))
        self.diagnostic.hide()
        self.delais = _discret()
        ligne = QHBoxLayout(self)
        ligne.setContentsMargins(16, 2, 16, 2)
        ligne.setSpacing(16)
        ligne.addWidget(self.connexion, 1)
        ligne.addWidget(self.annuler)
        ligne.addWidget(self.reconnecter)
        ligne.addWidget(self.synchro)
        ligne.addWidget(self.envois)
        ligne.addWidget(self.delais)
        ligne.addWidget(self.diagnostic)
        poste.etat_change.connect(self._montrer_etat)
        poste.ferme.connect(self._oublier)

    def attendre(self, texte: str) -> None:
        """Say what is under way before a session is open."""
        self.connexion.setText(texte or self.connexion.text())
        self.annuler.setVisible(bool(texte))

    def montrer_connexion(self, etat: EtatConnexion) -> None:
        """Say whether the centre answers."""
        self.reconnecter.setVisible(etat.a_reconnecter and self._poste.url is not None)
        # What is wrong is read before anything else gives way to it.
        self.connexion.setMinimumWidth(self.fontMetrics().averageCharWidth() * (_MOTS_DE_PANNE if etat.message else _MOTS))
        if etat.message:
            self.connexion.setText(f"▲ {etat.message}")
            teinter(self.connexion, "warning")
        elif etat.en_cours is not None:
            self.connexion.setText(self.tr("● Synchronisation : {0} lignes reçues").format(nombre(etat.en_cours)))
            teinter(self.connexion, "info")
        else:
            self.connexion.setText(self.tr("● Connecté"))
            teinter(self.connexion, "success")

    def montrer_verrou(self) -> None:
        """Say that nothing comes or goes while the vault is shut."""
        self.connexion.setText(self.tr("○ Verrouillé : les envois reprendront avec vous"))
        teinter(self.connexion, "")

    def _montrer_etat(self, etat: "EtatPoste") -> None:
        if etat.synchronise_le is not None:
            self.synchro.setText(self.tr("Synchronisé à {0}").format(heure(etat.synchronise_le, self._fuseau)))
        attente, refus = etat.comptes.en_attente + etat.fichiers_en_attente, etat.comptes.refuses
        textes = [self.tr("%n envoi(s) en attente", "", attente)] if attente else []
        if etat.a_confirmer:
            textes.append(self.tr("%n suppression(s) à confirmer", "", etat.a_confirmer))
        self.diagnostic.setText(self.tr("▲ Diagnostic") if etat.a_confirmer else self.tr("Diagnostic"))
        self.diagnostic.show()
        if etat.avis:
            textes.append(self.tr("%n avis à lire", "", etat.avis))
        if refus:
            textes.append(self.tr("%n à revoir", "", refus))
        self.envois.setText(" · ".join(textes) or self.tr("Tout est envoyé"))
        self.envois.show()
        if etat.delais_publies_le is not None:
            self.delais.setText(self.tr("Délais publiés le {0}").format(f"{etat.delais_publies_le:%d/%m/%Y}"))

    def montrer_envois(self) -> None:
        """Open the list of what was done here."""
        from guichet.presenters.envois import EnvoisPresenter
        from guichet.views.widgets.envois import EnvoisDialog

        presenter = EnvoisPresenter(self._poste)
        dialogue = EnvoisDialog(presenter, self._fuseau, self.window())
        presenter.setParent(dialogue)
        dialogue.exec()

    def montrer_diagnostic(self) -> None:
        """Open the page that support asks for."""
        from guichet.presenters.envois import EnvoisPresenter
        from guichet.views.widgets.diagnostic import DiagnosticDialog

        presenter = EnvoisPresenter(self._poste)
        dialogue = DiagnosticDialog(presenter, self._fuseau, self.window())
        presenter.setParent(dialogue)
        dialogue.exec()

    def _ouvrir_navigateur(self, adresse: str) -> None:
        from PySide6.QtCore import QUrl
        from PySide6.QtGui import QDesktopServices

        QDesktopServices.openUrl(QUrl(adresse))
        self.connexion.setText(self.tr("Terminez la connexion dans votre navigateur : {0}").format(adresse))

    def _oublier(self) -> None:
        self.reconnecter.hide()
        self.connexion.setText(self.tr("Non connecté"))
        teinter(self.connexion, "")
        self.synchro.clear()
        self.delais.clear()
        self.envois.hide()
        self.diagnostic.hide()


def _discret() -> LabelElide:
    label = LabelElide()
    label.setProperty("role", "discret")
    return label
