"""The window: title, search, visit banner, tabs, status bar. Painted before anything heavy is imported."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QFrame, QHBoxLayout, QLineEdit, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from guichet.features import ONGLETS, Onglet
from guichet.presenters.poste import EtatConnexion, PostePresenter
from guichet.views.connexion.page import ConnexionPage
from guichet.views.formats import FUSEAU, heure
from guichet.views.icons import icone
from guichet.views.widgets.barre_etat import BarreEtat
from guichet.views.widgets.base import bouton, effacable, etiquette, remplir
from guichet.views.widgets.elide import LabelElide

if TYPE_CHECKING:
    from guichet.presenters.recherche import Action
    from guichet.services.visites import VisiteOuverte
    from guichet.store.agents import AgentLocal
    from guichet.store.dossiers import Trouve
    from guichet.views.connexion.verrou import VerrouPage
    from guichet.views.widgets.onglet import PageOnglet
    from guichet.views.widgets.palette import Palette

_APRES_MS = 1500


class Fenetre(QWidget):
    """The main window. Tabs are made when an agent signs in, their pages when they are first shown."""

    def __init__(self, poste: PostePresenter, *, demonstration: bool) -> None:
        super().__init__()
        self.poste = poste
        self._pages: dict[str, PageOnglet] = {}
        self._places: dict[str, QWidget] = {}
        self._decide, self._demonstration = False, demonstration
        self._palette: Palette | None = None
        self.setWindowTitle("Guichet")
        self.connexion = ConnexionPage(poste, demonstration=demonstration)
        self.onglets = QTabWidget()
        self.onglets.setDocumentMode(True)
        cote = round(self.fontMetrics().height() * 1.1)
        self.onglets.setIconSize(QSize(cote, cote))
        self.onglets.tabBar().setDrawBase(False)
        self.onglets.tabBar().setAccessibleName(self.tr("Onglets"))
        self.onglets.currentChanged.connect(self._montrer_page)
        self._pile = QStackedWidget()
        self._pile.addWidget(self.connexion)
        self._pile.addWidget(self.onglets)
        self._verrou: VerrouPage | None = None
        self._discret = bouton(self.tr("Écran masqué : appuyez sur F9 pour y revenir"), self.basculer_discretion, lien=True)
        self._pile.addWidget(self._discret)
        self.barre = BarreEtat(poste, FUSEAU)
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.setSpacing(0)
        colonne.addWidget(self._entete())
        colonne.addWidget(self._banniere())
        colonne.addWidget(self._pile, 1)
        colonne.addWidget(self.barre)
        self._raccourcis()
        poste.ouvert.connect(self._ouvrir)
        poste.ferme.connect(self._fermer_session)
        poste.verrouille.connect(self._verrouiller)
        poste.deverrouille.connect(self._deverrouiller)
        poste.visite_changee.connect(self._montrer_visite)
        poste.demarche_voulue.connect(self._remplir)
        poste.connexion_changee.connect(self._sur_connexion)
        poste.refuse.connect(lambda _: self._attendre(""))
        self.connexion.entree.connect(self._attendre)

    def page(self, cle: str) -> "PageOnglet":
        """Return a tab's page, made if need be, and show it."""
        self.onglets.setCurrentWidget(self._places[cle])
        return self._pages[cle]

    def signaler_panne(self, genre: str) -> None:
        """Say that something broke, what was kept, and what to do."""
        texte = self.tr(
            "Une panne est survenue ({0}). Ce qui était saisi est gardé : vous pouvez continuer ; si cela se répète, appelez l'assistance."
        )
        self.barre.montrer_connexion(EtatConnexion(texte.format(genre)))

    def quitter(self) -> None:
        """Close, whatever has not been sent: it stays on the workstation."""
        self._decide = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask first when something has not left; then close the profile before the window goes."""
        if self.poste.non_partis and not self._decide:
            from guichet.views.widgets.fin_de_journee import FinDeJournee

            event.ignore()
            FinDeJournee(self.poste, self.quitter, self).open()
            return
        self.poste.fermer()
        super().closeEvent(event)

    def _entete(self) -> QFrame:
        boite = QFrame()
        boite.setObjectName("entete")
        self.lieu = LabelElide()
        self.lieu.setProperty("role", "discret")
        self.recherche = QLineEdit()
        self.recherche.setPlaceholderText(self.tr("Rechercher une personne, une prestation, une action (Ctrl+K)"))
        self.recherche.setAccessibleName(self.tr("Rechercher une personne, une prestation, une action"))
        effacable(self.recherche)
        self.recherche.setMinimumWidth(self.fontMetrics().averageCharWidth() * 24)
        self.recherche.setEnabled(False)
        self.verrouiller = bouton(self.tr("Verrouiller"), self.poste.verrouiller, glyphe="lock-line", aide=self.tr("Verrouiller (Ctrl+L)"))
        self.verrouiller.setEnabled(False)
        self.partir = bouton("", self.poste.sortir, glyphe="logout-box-r-line", aide=self.tr("Se déconnecter et fermer mon coffre"))
        self.partir.setEnabled(False)
        self.affichage = bouton(
            "", self._montrer_affichage, glyphe="contrast-2-line", aide=self.tr("Affichage : couleurs et taille du texte")
        )
        ligne = QHBoxLayout(boite)
        ligne.setContentsMargins(16, 6, 16, 6)
        ligne.setSpacing(12)
        ligne.addWidget(etiquette("Guichet", "marque", retour=False))
        ligne.addWidget(self.lieu, 1)
        ligne.addWidget(self.recherche, 1)
        ligne.addWidget(self.affichage)
        ligne.addWidget(self.verrouiller)
        ligne.addWidget(self.partir)
        return boite

    def _banniere(self) -> QFrame:
        self.banniere = QFrame()
        self.banniere.setObjectName("banniere")
        self.visiteur = etiquette()
        self.terminer = bouton(self.tr("Terminer la &visite"), self._terminer_visite)
        ligne = QHBoxLayout(self.banniere)
        ligne.setContentsMargins(16, 6, 16, 6)
        ligne.addWidget(self.visiteur, 1)
        ligne.addWidget(self.terminer)
        self.banniere.hide()
        return self.banniere

    def _montrer_affichage(self) -> None:
        from guichet.views.widgets.affichage import MenuAffichage

        menu = MenuAffichage(self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.affichage.mapToGlobal(self.affichage.rect().bottomLeft()))

    def _raccourcis(self) -> None:
        for rang in range(1, 10):
            QShortcut(QKeySequence(f"Ctrl+{rang}"), self, lambda r=rang - 1: self._choisir(r))
        QShortcut(QKeySequence("Ctrl+K"), self, self._chercher)
        QShortcut(QKeySequence("Ctrl+L"), self, self.poste.verrouiller)
        QShortcut(QKeySequence("F9"), self, self.basculer_discretion)

    def _choisir(self, rang: int) -> None:
        if self._pile.currentWidget() is self.onglets and rang < self.onglets.count():
            self.onglets.setCurrentIndex(rang)
            self._pages[list(self._places)[rang]].premier.setFocus()

    def _chercher(self) -> None:
        self.recherche.setFocus()
        self.recherche.selectAll()

    def _ouvrir(self, agent: "AgentLocal") -> None:
        self.lieu.setText(" · ".join(filter(None, (agent.fonction, agent.organisme_nom, agent.site_nom, agent.poste_libelle))))
        for onglet in ONGLETS:
            if onglet.cle in agent.onglets:
                place = QWidget()
                place.setObjectName(onglet.cle)
                self._places[onglet.cle] = place
                self.onglets.addTab(place, icone(onglet.glyphe), onglet.titre)
        self._brancher_recherche()
        self._permettre(session=True)
        self._pile.setCurrentWidget(self.onglets)
        self._montrer_page(self.onglets.currentIndex())
        self._choisir(self.onglets.currentIndex())
        self.barre.attendre("")
        QTimer.singleShot(_APRES_MS, self, self._page_de_verrou)  # made beforehand, the first lock is as quick as the next

    def _brancher_recherche(self) -> None:
        from guichet.presenters.recherche import RecherchePresenter
        from guichet.views.widgets.palette import Palette

        presenter = RecherchePresenter(self.poste)
        self._palette = Palette(presenter, self.recherche, self)
        presenter.setParent(self._palette)
        self._palette.personne_choisie.connect(self._ouvrir_personne)
        self._palette.action_choisie.connect(self._agir)
        self.recherche.setEnabled(True)

    def _verrouiller(self, agent: "AgentLocal") -> None:
        """Hide everything at once: pages, banner, search, open dialogs, the name in the title."""
        verrou = self._page_de_verrou()
        self._pile.setCurrentWidget(verrou)
        self._masquer()
        verrou.montrer(agent)
        self.setWindowTitle(self.tr("Poste verrouillé"))
        self.barre.montrer_verrou()
        self._fermer_dialogues()

    def _page_de_verrou(self) -> "VerrouPage":
        from guichet.views.connexion.verrou import VerrouPage

        if self._verrou is None:
            self._verrou = VerrouPage(self.poste, demonstration=self._demonstration)
            self._pile.addWidget(self._verrou)
        return self._verrou

    def _deverrouiller(self) -> None:
        self.setWindowTitle("Guichet")
        if self._palette is None:
            self._brancher_recherche()
        self._permettre(session=True)
        self._montrer_visite(self.poste.visite)
        self._pile.setCurrentWidget(self.onglets)
        self._choisir(self.onglets.currentIndex())

    def basculer_discretion(self) -> None:
        """Hide everything from whoever comes near, at once and without a code; the same key brings it back."""
        if self._pile.currentWidget() is self._discret:
            self._deverrouiller()
        elif self._pile.currentWidget() is self.onglets:
            self._pile.setCurrentWidget(self._discret)
            self.banniere.hide()
            self.recherche.clear()
            self._fermer_dialogues()
            self._discret.setFocus()

    def _fermer_dialogues(self) -> None:
        for fenetre in QApplication.topLevelWidgets():
            if isinstance(fenetre, QDialog) and fenetre.isVisible():
                fenetre.reject()

    def _masquer(self) -> None:
        self.recherche.clear()
        if self._palette is not None:
            self._palette.fermer()
            self._palette = None
        self.banniere.hide()
        self._permettre(session=False)

    def _permettre(self, *, session: bool) -> None:
        for partie in (self.recherche, self.verrouiller, self.partir, self.barre):
            partie.setEnabled(session)

    def _fermer_session(self) -> None:
        self.setWindowTitle("Guichet")
        self._masquer()
        self.barre.setEnabled(True)
        self.onglets.blockSignals(True)
        self.onglets.clear()
        self.onglets.blockSignals(False)
        for place in self._places.values():
            place.deleteLater()
        self._places.clear()
        self._pages.clear()
        self.lieu.clear()
        self._montrer_visite(None)
        self.connexion.setEnabled(True)
        self._pile.setCurrentWidget(self.connexion)
        self.connexion.revenir()

    def _montrer_page(self, rang: int) -> None:
        place = self.onglets.widget(rang)
        if place is None:
            return
        cle = place.objectName()
        if cle not in self._pages:
            page = _onglet(cle).fabriquer(self.poste)
            self._pages[cle] = page
            remplir(place, page)

    def _montrer_visite(self, visite: "VisiteOuverte | None") -> None:
        self.banniere.setVisible(visite is not None)
        if visite is not None:
            from guichet.rules.visiteurs import nom_qualite

            ouverte = heure(visite.ouverte_le, FUSEAU)
            qualite = nom_qualite(visite.qualite)
            self.visiteur.setText(
                f"{visite.nom}   ·   {qualite}   ·   {self.tr('Identité vue')} : {visite.preuve}   ·   {self.tr('Visite ouverte à')} {ouverte}"
            )

    def _terminer_visite(self) -> None:
        self.page("dossiers").presenter.terminer_visite()  # type: ignore[attr-defined]

    def _remplir(self, formulaire: str) -> None:
        self.page("dossiers").carte.faire_une_demarche(formulaire)  # type: ignore[attr-defined]

    def _ouvrir_personne(self, trouve: "Trouve") -> None:
        self.page("dossiers").presenter.ouvrir(trouve)  # type: ignore[attr-defined]

    def _agir(self, action: "Action") -> None:
        if action.cle == "verrouiller":
            self.poste.verrouiller()
        elif action.cle == "discretion":
            self.basculer_discretion()
        elif action.cle == "deconnecter":
            self.poste.sortir()
        elif action.cle == "code":
            from guichet.views.connexion.code import CodeDialog

            CodeDialog(self.poste, self).open()
        elif action.cle == "journal":
            from guichet.presenters.controle import ControlePresenter
            from guichet.views.widgets.journal import JournalDialog

            JournalDialog(ControlePresenter(self.poste), FUSEAU, self).open()
        elif action.cle == "synchroniser":
            self.poste.synchroniser()
        elif action.cle == "diagnostic":
            self.barre.montrer_diagnostic()
        elif action.cle == "envois":
            self.barre.montrer_envois()
        else:
            self.page(action.cle)

    def _sur_connexion(self, etat: EtatConnexion) -> None:
        self.barre.montrer_connexion(etat)

    def _attendre(self, texte: str) -> None:
        self.connexion.setEnabled(not texte)
        self.barre.attendre(texte)


def _onglet(cle: str) -> Onglet:
    return next(onglet for onglet in ONGLETS if onglet.cle == cle)
