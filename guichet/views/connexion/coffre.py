"""Coming in on one's own workstation: sign in by the browser, then give, or choose, the passphrase of one's vault."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit, QMessageBox, QVBoxLayout, QWidget

from guichet.views.widgets.base import bouton, cadre, etiquette, rangee

if TYPE_CHECKING:
    from pathlib import Path

    from guichet.presenters.entree import Connecte, EntreePresenter
    from guichet.store.profils import Profil


class CoffreWidget(QWidget):
    """`entree`: words to show while a vault opens, or nothing to clear the last refusal; `refus`: what is wrong, in words."""

    entree = Signal(str)
    refus = Signal(str)

    def __init__(self, presenter: "EntreePresenter") -> None:
        super().__init__()
        self._presenter = presenter
        self._dossiers: list[Path] = []
        self._connecte: Connecte | None = None
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.setSpacing(12)
        colonne.addWidget(self._carte_centre())
        colonne.addWidget(self._carte_coffre())
        presenter.profils_connus.connect(self._montrer_profils)
        presenter.a_ouvrir.connect(self._montrer_navigateur)
        presenter.connecte.connect(self._sur_connecte)
        presenter.refuse.connect(self._sur_refus)
        presenter.abime.connect(self._proposer_reparation)
        presenter.repare.connect(self._raconter)

    def revenir(self) -> None:
        """Show the vaults of this workstation, once the window is painted or after leaving: nothing of the last agent is left."""
        self._presenter.annuler()
        self._oublier_connecte()
        self._presenter.lister()

    def _carte_centre(self) -> QFrame:
        self._centre, colonne = cadre()
        colonne.addWidget(etiquette(self.tr("Se connecter au centre"), "section"))
        self.etat = etiquette(
            self.tr("Votre navigateur s'ouvre : vous vous y identifiez comme d'habitude, puis vous revenez ici."), "discret"
        )
        colonne.addWidget(self.etat)
        self.connecter = bouton(self.tr("Se &connecter"), self._se_connecter, principal=True)
        self.copier = bouton(self.tr("Copier l'adresse"), self._copier)
        self.annuler = bouton(self.tr("Annuler"), self._annuler)
        self.copier.hide()
        self.annuler.hide()
        colonne.addLayout(rangee(None, self.copier, self.annuler, self.connecter))
        self._centre.setVisible(self._presenter.centre_connu)
        return self._centre

    def _carte_coffre(self) -> QFrame:
        self._coffre, colonne = cadre()
        self.titre = etiquette("", "section")
        self.aide = etiquette("", "discret")
        self.profil = QComboBox()
        self.profil.setAccessibleName(self.tr("Agent"))
        self.profil.view().setAccessibleName(self.tr("Agent"))
        self._legende_profil = etiquette(self.tr("&Agent"))
        self._legende_profil.setBuddy(self.profil)
        self.phrase, self.encore = _secret(self.tr("Phrase de passe")), _secret(self.tr("La même phrase de passe"))
        legende, self._legende_encore = etiquette(self.tr("&Phrase de passe")), etiquette(self.tr("La &même phrase de passe"))
        legende.setBuddy(self.phrase)
        self._legende_encore.setBuddy(self.encore)
        self.ouvrir = bouton(self.tr("Ouvrir"), self._ouvrir)
        for champ in (self.titre, self.aide, self._legende_profil, self.profil, legende, self.phrase, self._legende_encore, self.encore):
            colonne.addWidget(champ)
        colonne.addLayout(rangee(None, self.ouvrir))
        for champ in (self.phrase, self.encore):
            champ.returnPressed.connect(self._ouvrir)
        self._coffre.hide()
        return self._coffre

    def _montrer_profils(self, profils: "list[Profil]") -> None:
        if self._connecte is not None:
            return
        self._dossiers = [p.dossier for p in profils]
        self.profil.clear()
        self.profil.addItems([" · ".join(filter(None, (p.nom, p.lieu))) or self.tr("Profil de ce poste") for p in profils])
        self.titre.setText(self.tr("Ouvrir mon coffre"))
        self.aide.setText(self.tr("Vos données sont ici, chiffrées : la phrase de passe suffit, même sans réseau."))
        self._coffre.setVisible(bool(profils))
        self._montrer_champs(choix=len(profils) > 1, neuf=False)
        (self.phrase if profils else self.connecter).setFocus()
        if not profils and not self._presenter.centre_connu:
            self.refus.emit(
                self.tr("Ce poste n'a pas encore de coffre, et aucun centre ne lui a été indiqué : appelez votre service informatique.")
            )

    def _se_connecter(self) -> None:
        self.entree.emit("")
        self.connecter.setEnabled(False)
        self.annuler.show()
        self.etat.setText(self.tr("Le centre est appelé…"))
        self._presenter.se_connecter()

    def _montrer_navigateur(self, adresse: str) -> None:
        from PySide6.QtCore import QUrl
        from PySide6.QtGui import QDesktopServices

        self._adresse = adresse
        self.copier.show()
        if QDesktopServices.openUrl(QUrl(adresse)):
            self.etat.setText(self.tr("Terminez dans votre navigateur : cette page attend votre retour."))
        else:
            self.etat.setText(self.tr("Le navigateur ne s'est pas ouvert : copiez l'adresse et ouvrez-la vous-même."))

    def _copier(self) -> None:
        from PySide6.QtGui import QGuiApplication

        QGuiApplication.clipboard().setText(self._adresse)

    def _annuler(self) -> None:
        self._presenter.annuler()
        self._oublier_connecte()
        self._presenter.lister()

    def _sur_connecte(self, connecte: "Connecte") -> None:
        self._connecte = connecte
        self._dossiers = [connecte.dossier]
        self.connecter.hide()
        self.copier.hide()
        self.etat.setText(self.tr("Vous êtes connecté : {0}.").format(connecte.nom))
        if connecte.nouveau:
            self.titre.setText(self.tr("Choisir la phrase de passe de mon coffre"))
            self.aide.setText(
                self.tr(
                    "Elle chiffre vos données sur ce poste, et ne quitte jamais ce poste. Quatre ou cinq mots sans lien entre eux : longue, facile à retenir."
                )
            )
        else:
            self.titre.setText(self.tr("Ouvrir mon coffre"))
            self.aide.setText(self.tr("Donnez la phrase de passe de votre coffre sur ce poste."))
        self._coffre.show()
        self._montrer_champs(choix=False, neuf=connecte.nouveau)
        self.phrase.setFocus()
        self.window().activateWindow()

    def _oublier_connecte(self) -> None:
        self._connecte = None
        self.connecter.show()
        self.connecter.setEnabled(True)
        self.annuler.hide()
        self.copier.hide()
        self.phrase.clear()
        self.encore.clear()
        self.etat.setText(self.tr("Votre navigateur s'ouvre : vous vous y identifiez comme d'habitude, puis vous revenez ici."))

    def _montrer_champs(self, *, choix: bool, neuf: bool) -> None:
        self._legende_profil.setVisible(choix)
        self.profil.setVisible(choix)
        self._legende_encore.setVisible(neuf)
        self.encore.setVisible(neuf)
        self.ouvrir.setText(self.tr("Créer mon coffre") if neuf else self.tr("Ouvrir"))

    def _ouvrir(self) -> None:
        neuf = self._connecte is not None and self._connecte.nouveau
        if not self.phrase.text():
            self.refus.emit(self.tr("Saisissez la phrase de passe de votre coffre."))
            self.phrase.setFocus()
        elif neuf and not self.encore.text():
            self.encore.setFocus()
        elif neuf and self.phrase.text() != self.encore.text():
            self.refus.emit(self.tr("Les deux saisies ne sont pas les mêmes."))
            self.encore.setFocus()
        else:
            dossier = self._dossiers[max(self.profil.currentIndex(), 0) if self._connecte is None else 0]
            self.entree.emit(self.tr("Ouverture de votre coffre…"))
            self._presenter.ouvrir(dossier, self.phrase.text())

    def _proposer_reparation(self, dossier: "Path", phrase: str) -> None:
        """Ask before a damaged vault is put aside: nothing is erased, but what follows takes its place."""
        boite = QMessageBox(
            QMessageBox.Icon.Warning,
            self.tr("Réparer le coffre"),
            self.tr("Ce coffre est abîmé."),
            parent=self.window(),
        )
        boite.setInformativeText(
            self.tr(
                "La réparation le met de côté, entier, et en refait un : ce que vous aviez enregistré ici est repris s'il peut être lu, "
                "le reste revient du centre. Ce qui manquera vous sera dit."
            )
        )
        oui = boite.addButton(self.tr("&Réparer"), QMessageBox.ButtonRole.AcceptRole)
        boite.setDefaultButton(oui)
        boite.addButton(self.tr("&Plus tard"), QMessageBox.ButtonRole.RejectRole)

        def repondre() -> None:
            if boite.clickedButton() is oui:
                self.entree.emit(self.tr("Réparation de votre coffre…"))
                self._presenter.reparer(dossier, phrase)

        boite.finished.connect(repondre)
        boite.open()

    def _raconter(self, recit: str) -> None:
        boite = QMessageBox(QMessageBox.Icon.Information, self.tr("Coffre réparé"), recit, parent=self.window())
        boite.addButton(self.tr("J'ai compris"), QMessageBox.ButtonRole.AcceptRole)
        boite.open()

    def _sur_refus(self, texte: str) -> None:
        if self._connecte is None:
            self.connecter.setEnabled(True)
            self.annuler.hide()
            self.copier.hide()
            self.etat.setText(self.tr("Votre navigateur s'ouvre : vous vous y identifiez comme d'habitude, puis vous revenez ici."))
        self.refus.emit(texte)


def _secret(nom: str) -> QLineEdit:
    champ = QLineEdit()
    champ.setEchoMode(QLineEdit.EchoMode.Password)
    champ.setAccessibleName(nom)
    return champ
