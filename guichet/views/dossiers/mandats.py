"""« Mandats »: those of the dossier, act by act, each with what takes it back; a new one, printed at once."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QGridLayout, QMessageBox, QTabWidget, QVBoxLayout, QWidget

from guichet.presenters.mandats import MandatsPresenter
from guichet.rules import mandats as regles
from guichet.rules.visiteurs import Acte, nom_acte
from guichet.views.formats import date_courte
from guichet.views.widgets.base import bouton, cadre, defilant, dimensionner, etiquette, rangee, vider
from guichet.views.widgets.papier import PapierWidget

if TYPE_CHECKING:
    from guichet.presenters.poste import PostePresenter
    from guichet.services.carte import Carte
    from guichet.services.mandats import MandatAffiche
    from guichet.services.papiers import Papier


class MandatsDialog(QDialog):
    """Two pages: what was given, and giving; the second only in front of the person."""

    def __init__(self, poste: "PostePresenter", carte: "Carte", parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._presenter = MandatsPresenter(poste, carte)
        self.setWindowTitle(self.tr("Mandats"))
        dimensionner(self, parent, 84, 40)
        self.papier = PapierWidget(
            poste, self.tr("Cochez ce que la personne permet, puis « Établir » : le papier à signer s'affiche ici."), self
        )
        self.pages = QTabWidget()
        self.pages.setAccessibleName(self.windowTitle())
        contenu = QWidget()
        self._liste = QVBoxLayout(contenu)
        self.pages.addTab(defilant(contenu, self.tr("Mandats du dossier")), self.tr("Mandats du dossier"))
        if self._presenter.en_visite:
            self.pages.addTab(self._page_neuf(), self.tr("Nouveau mandat"))
        else:
            self.papier.hide()
        colonne = QVBoxLayout(self)
        self.message = etiquette("", ton="error")
        self.message.hide()
        colonne.addWidget(self.message)
        colonne.addWidget(self.pages, 1)
        colonne.addLayout(rangee(None, bouton(self.tr("&Fermer"), self.reject)))
        self._presenter.lus.connect(self._montrer)
        self._presenter.etabli.connect(self._offrir)
        self._presenter.refuse.connect(self._refuser)
        self._presenter.lire()

    def _page_neuf(self) -> QWidget:
        from datetime import date

        page = QWidget()
        colonne = QVBoxLayout(page)
        self.duree = QComboBox()
        self.duree.setAccessibleName(self.tr("Durée du mandat"))
        for jours in regles.regle(date.today())["durees_jours"]:
            self.duree.addItem(self.tr("1 jour") if jours == 1 else self.tr("{0} jours").format(jours), jours)
        self.actes: dict[Acte, QCheckBox] = {}
        grille = QGridLayout()
        for rang, acte in enumerate(regles.permis(date.today())):
            self.actes[acte] = QCheckBox(nom_acte(acte))
            grille.addWidget(self.actes[acte], rang // 2, rang % 2)
        contenu = QWidget()
        contenu.setLayout(grille)
        self.etablir = bouton(self.tr("É&tablir"), self._accorder, principal=True)
        legende = etiquette(self.tr("&Durée"), retour=False)
        legende.setBuddy(self.duree)
        colonne.addLayout(rangee(legende, self.duree, None, self.etablir))
        colonne.addWidget(defilant(contenu, self.tr("Actes permis")), 2)
        colonne.addWidget(self.papier)
        self._colonne = colonne
        colonne.addLayout(rangee(None, self.papier.enregistrer, self.papier.imprimer))
        return page

    def _montrer(self, mandats: "tuple[MandatAffiche, ...]") -> None:
        vider(self._liste)
        if not mandats:
            quoi = (
                self.tr("Aucun mandat pour ce dossier. La page « Nouveau mandat » en établit un, à signer tout de suite.")
                if self._presenter.en_visite
                else self.tr("Aucun mandat pour ce dossier. Ouvrez une visite pour en établir un avec la personne.")
            )
            self._liste.addWidget(etiquette(quoi, "discret"))
        for mandat in mandats:
            self._liste.addWidget(self._boite(mandat))
        self._liste.addStretch(1)

    def _boite(self, mandat: "MandatAffiche") -> QWidget:
        boite, colonne = cadre()
        lu = mandat.lu
        etat, ton = (self.tr("● en cours"), "success") if mandat.actif else (self.tr("○ terminé"), "info")
        titre = self.tr("Du {0} au {1}, à {2}").format(date_courte(lu.debute_le), date_courte(lu.expire_le), lu.mandataire)
        retirer = bouton(self.tr("Tout retirer"), partial(self._retirer, mandat, [a.id for a in lu.autorisations]))
        retirer.setAccessibleName(self.tr("Tout retirer du mandat du {0}").format(date_courte(lu.debute_le)))
        retirer.setVisible(mandat.actif)
        renouveler = bouton(self.tr("Renouveler…"), partial(self._renouveler, mandat))
        renouveler.setAccessibleName(self.tr("Renouveler le mandat du {0}").format(date_courte(lu.debute_le)))
        renouveler.setVisible(self._presenter.en_visite)
        colonne.addLayout(rangee(etiquette(titre, "section"), etiquette(etat, ton=ton, retour=False), renouveler, retirer))
        papier = (
            self.tr("Papier signé joint.") if lu.document_id else self.tr("Papier signé à joindre : onglet Documents, « Mandat signé ».")
        )
        colonne.addWidget(etiquette(papier, "discret"))
        if not mandat.conforme:
            colonne.addWidget(etiquette(self.tr("▲ Ce mandat n'est plus tel qu'il a été signé : ne vous en servez pas."), ton="error"))
        for autorisation in lu.autorisations:
            nom = nom_acte(Acte(autorisation.acte))
            if autorisation.revoquee_le is not None:
                colonne.addWidget(
                    etiquette(self.tr("✕ {0}, retiré le {1}").format(nom, date_courte(autorisation.revoquee_le.date())), "discret")
                )
                continue
            un = bouton(self.tr("Retirer"), partial(self._retirer, mandat, [autorisation.id]), lien=True)
            un.setAccessibleName(self.tr("Retirer : {0}").format(nom))
            un.setVisible(mandat.actif)
            colonne.addLayout(rangee(etiquette(f"✓ {nom}"), un))
        return boite

    def _renouveler(self, mandat: "MandatAffiche") -> None:
        """Prepare a new one like it, for the person whose identity the visit noted: she signs again, for what she wants today."""
        jours = (mandat.lu.expire_le - mandat.lu.debute_le).days + 1
        self.duree.setCurrentIndex(max(0, self.duree.findData(jours)))
        gardes = {a.acte for a in mandat.lu.autorisations if a.revoquee_le is None}
        for acte, case in self.actes.items():
            case.setChecked(acte in gardes)
        self.pages.setCurrentIndex(1)
        self.etablir.setFocus()

    def _retirer(self, mandat: "MandatAffiche", ids: list[str]) -> None:
        """Ask first: what is taken back is given again by a new paper only."""
        question = QMessageBox(
            QMessageBox.Icon.Question, self.tr("Retirer"), self.tr("Retirer ce que la personne avait permis ?"), parent=self
        )
        question.setInformativeText(self.tr("Cela ne se défait pas : il faudra un nouveau mandat signé."))
        oui = question.addButton(self.tr("Retirer"), QMessageBox.ButtonRole.AcceptRole)
        question.addButton(self.tr("Garder"), QMessageBox.ButtonRole.RejectRole)
        oui.clicked.connect(lambda: self._presenter.revoquer(mandat.lu, ids))
        question.open()

    def _accorder(self) -> None:
        self.message.hide()
        self.etablir.setEnabled(False)
        self._presenter.accorder(self.duree.currentData(), [a for a, case in self.actes.items() if case.isChecked()])

    def _offrir(self, papier: "Papier") -> None:
        self.etablir.setEnabled(True)
        self._colonne.setStretchFactor(self.papier, 3)  # the acts had all the room until there was something to read
        self.papier.montrer(papier)

    def _refuser(self, texte: str) -> None:
        if self._presenter.en_visite:
            self.etablir.setEnabled(True)
        self.message.setText(texte)
        self.message.show()
