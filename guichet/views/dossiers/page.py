"""The « Dossiers » tab: search on the left, the card on the right."""

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListWidget, QListWidgetItem, QSplitter, QVBoxLayout, QWidget

from guichet.contract.sync import TrouveHorsPortee
from guichet.presenters.dossiers import DossiersPresenter
from guichet.views.dossiers.carte import CarteDossier
from guichet.views.formats import date_courte
from guichet.views.widgets.base import annoncer, bouton, defilant, effacable, etiquette, rangee, remplir
from guichet.views.widgets.onglet import PageOnglet
from guichet.views.widgets.palette import POURQUOI

if TYPE_CHECKING:
    from collections.abc import Callable

    from guichet.contract.sync import ResultatsHorsPortee
    from guichet.services.a_faire import AFaire
    from guichet.services.carte import Carte
    from guichet.services.dossiers import Resultats
    from guichet.services.visites import VisiteOuverte
    from guichet.store.dossiers import Trouve
    from guichet.store.doublons import DoublonLu
    from guichet.views.dossiers.ouverture import OuvertureDialog
    from guichet.views.dossiers.visite import SansDossierDialog

_NUMERO = re.compile(r"[0-9]{7}")
_ROLES = {"responsable": "", "conjoint": "conjoint", "enfant": "enfant", "autre": "membre du foyer"}


class DossiersPage(PageOnglet):
    """Results come while typing, each with why it matched; Down goes to the list, Enter opens."""

    def __init__(self, presenter: DossiersPresenter) -> None:
        super().__init__()
        self.presenter = presenter
        self.recherche = QLineEdit()
        self.recherche.setAccessibleName(self.tr("Rechercher un dossier"))
        self.recherche.setPlaceholderText(self.tr("Nom, NIR, n° allocataire, téléphone, naissance, adresse"))
        effacable(self.recherche)
        self.recherche.textChanged.connect(self._chercher)
        self.recherche.installEventFilter(self)
        self.compte = etiquette("", "discret")
        self.conseil = etiquette("", ton="warning")
        self.conseil.hide()
        self.ailleurs = bouton(self.tr("Chercher dans un autre site…"), self._chercher_ailleurs, lien=True)
        self.ailleurs.hide()
        self.liste = QListWidget()
        self.liste.setAccessibleName(self.tr("Personnes trouvées"))
        self.liste.setFrameShape(QFrame.Shape.NoFrame)
        self.liste.setWordWrap(True)
        self.liste.setSpacing(2)
        self.liste.setUniformItemSizes(True)
        self.liste.itemActivated.connect(self._ouvrir)
        self.liste.itemClicked.connect(self._ouvrir)
        self.carte = CarteDossier(presenter)
        self.accueil = _accueil(self.tr(
            "Cherchez la personne présente : son nom dans n'importe quel ordre, son NIR avec ou sans clé, son n° allocataire, "
            "son identifiant provisoire, son téléphone, sa date de naissance ou son adresse."
        ))  # fmt: skip
        self.a_faire = bouton(self.tr("&À faire…"), presenter.demander_a_faire, glyphe="todo-line")
        self.nouveau = bouton(self.tr("Ouvrir un &nouveau dossier…"), self.ouvrir_un_dossier, lien=True)
        # Its room is kept: a list that grows and shrinks at each search lays its fifty lines out again.
        place = self.nouveau.sizePolicy()
        place.setRetainSizeWhenHidden(True)
        self.nouveau.setSizePolicy(place)
        self.nouveau.hide()
        self.sans_dossier = bouton(self.tr("Recevoir une personne &sans dossier…"), self.recevoir_sans_dossier)
        self.ecrire = bouton(self.tr("Faire une &démarche sans dossier…"), self.faire_une_demarche, principal=True)
        presenter.a_faire.connect(self._montrer_a_faire)
        partage = QSplitter(Qt.Orientation.Horizontal)
        partage.addWidget(self._panneau())
        partage.addWidget(self._contenu())
        partage.setStretchFactor(1, 1)
        partage.setSizes([300, 980])
        partage.setChildrenCollapsible(False)
        partage.handle(1).setFocusPolicy(Qt.FocusPolicy.NoFocus)
        remplir(self, partage)
        QShortcut(QKeySequence.StandardKey.Find, self, self._aller_a_la_recherche, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        presenter.resultats.connect(self._montrer)
        presenter.ailleurs.connect(self._ajouter_ailleurs)
        presenter.carte_lue.connect(self._montrer_carte)
        presenter.refuse.connect(self._refuser)
        presenter.poste.visite_changee.connect(self._sur_visite)
        self._montrer_carte(None)
        self._sur_visite(presenter.poste.visite)
        self._vider_resultats()
        if presenter.poste.visite is not None:
            presenter.montrer_visite(presenter.poste.visite)
        self.premier = self.recherche

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow go from the search to its results, and Enter open the first."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self.liste.count():
            if event.key() == Qt.Key.Key_Down:
                self.liste.setFocus()
                self.liste.setCurrentRow(0)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._ouvrir(self.liste.item(max(0, self.liste.currentRow())))
                return True
        return super().eventFilter(watched, event)

    def _panneau(self) -> QFrame:
        panneau = QFrame()
        panneau.setObjectName("panneau")
        colonne = QVBoxLayout(panneau)
        colonne.setContentsMargins(12, 12, 12, 12)
        legende = etiquette(self.tr("&Rechercher une personne"))
        legende.setBuddy(self.recherche)
        for element in (legende, self.recherche, self.conseil, self.compte):
            colonne.addWidget(element)
        colonne.addLayout(rangee(self.ailleurs, None))
        colonne.addWidget(self.liste, 1)
        colonne.addLayout(rangee(self.nouveau, None))
        panneau.setMinimumWidth(self.fontMetrics().averageCharWidth() * 34)
        return panneau

    def _contenu(self) -> QWidget:
        contenu = QWidget()
        colonne = QVBoxLayout(contenu)
        colonne.setContentsMargins(16, 12, 16, 16)
        self.refus = etiquette("", ton="error")
        self.refus.hide()
        self.fait = etiquette("", ton="success")
        self.fait.hide()
        colonne.addWidget(self.refus)
        colonne.addWidget(self.fait)
        colonne.addWidget(self.accueil)
        for action in (self.a_faire, self.sans_dossier, self.ecrire):  # one below the other: side by side they do not fit at 200 %
            colonne.addLayout(rangee(action, None))
        colonne.addWidget(self.carte)
        colonne.addStretch(1)
        return defilant(contenu, self.tr("Dossier"))

    def _aller_a_la_recherche(self) -> None:
        self.recherche.setFocus()
        self.recherche.selectAll()

    def _chercher(self, texte: str) -> None:
        self.fait.hide()
        if texte.strip():
            self.presenter.chercher(texte)
        else:
            self._vider_resultats()

    def _chercher_ailleurs(self) -> None:
        """A number that is not here may be another site's: that is asked with a reason, and told."""
        numero = self.recherche.text()
        self._demander_motif(lambda motif: self.presenter.ouvrir_hors_portee(numero, motif))

    def _demander_motif(self, puis: "Callable[[str], None]") -> None:
        from guichet.views.dossiers.motif import MotifDialog

        texte = self.tr(
            "Ce dossier n'est pas de votre site. Votre motif est gardé au journal, le responsable de l'autre site est prévenu, "
            "et le dossier ne reste affiché que quelques minutes."
        )
        dialogue = MotifDialog(self.tr("Chercher dans un autre site"), texte, self.window())
        dialogue.choisi.connect(puis)
        self.refus.hide()
        dialogue.open()

    def _vider_resultats(self) -> None:
        self.ailleurs.hide()
        self.nouveau.hide()
        self.liste.clear()
        self.compte.clear()
        self.conseil.hide()

    def _montrer(self, resultats: "Resultats") -> None:
        self.liste.clear()
        if not self.recherche.text().strip():
            return
        for trouve in resultats.trouves:
            element = QListWidgetItem(_ligne(trouve))
            element.setData(Qt.ItemDataRole.UserRole, trouve)
            self.liste.addItem(element)
        nombre = len(resultats.trouves)
        self.nouveau.setVisible(self.presenter.peut_briser and self.presenter.poste.visite is None)
        self.ailleurs.setVisible(not nombre and _est_un_numero(self.recherche.text()) and self.presenter.peut_briser)
        if resultats.plus:
            texte = self.tr("Plus de {0} résultats, précisez").format(nombre)
        elif nombre:
            texte = self.tr("{0} sur ce poste").format(nombre)
        else:
            texte = self.tr("Personne sur ce poste. Vérifiez l'orthographe, ou cherchez par NIR ou n° allocataire.")
        self.compte.setText(texte)
        annoncer(self.compte, texte)
        self.conseil.setText(resultats.conseil)
        self.conseil.setVisible(bool(resultats.conseil))

    def _ajouter_ailleurs(self, resultats: "ResultatsHorsPortee | None") -> None:
        """Lay the centre's answers below those of the workstation, masked."""
        if not self.recherche.text().strip():
            return
        if resultats is None:
            self.compte.setText(self.tr("{0} Le centre ne répond pas : les autres sites ne sont pas cherchés.").format(self.compte.text()))
            return
        for trouve in resultats.trouves:
            element = QListWidgetItem(_ligne_ailleurs(trouve))
            element.setData(Qt.ItemDataRole.UserRole, trouve)
            self.liste.addItem(element)
        nombre = len(resultats.trouves)
        if nombre:
            combien = self.tr("plus de {0}, précisez") if resultats.plus else self.tr("{0}")
            texte = self.tr("{0} · autres sites : {1}").format(self.compte.text(), combien.format(nombre))
            self.compte.setText(texte)
            annoncer(self.compte, texte)

    def _ouvrir(self, element: QListWidgetItem) -> None:
        self.refus.hide()
        trouve = element.data(Qt.ItemDataRole.UserRole)
        if isinstance(trouve, TrouveHorsPortee):
            self._demander_motif(lambda motif: self.presenter.ouvrir_hors_portee("", motif, trouve.dossier))
        else:
            self.presenter.ouvrir(trouve)

    def _montrer_carte(self, carte: "Carte | None") -> None:
        if carte is None:
            self.recherche.clear()
        self.accueil.setVisible(carte is None)
        for action in (self.a_faire, self.sans_dossier):
            action.setVisible(carte is None and self.presenter.poste.visite is None)
        self.carte.setVisible(carte is not None)
        if carte is not None:
            self.carte.montrer(carte)

    def recevoir_sans_dossier(self) -> "SansDossierDialog":
        """Ask for the name of somebody who has no dossier here."""
        from guichet.views.dossiers.visite import SansDossierDialog

        dialogue = SansDossierDialog(self.presenter, self.window())
        dialogue.open()
        return dialogue

    def faire_une_demarche(self) -> None:
        """Open the forms of the visitor who has no dossier."""
        from guichet.views.dossiers.demarche import DemarcheDialog

        if (visite := self.presenter.poste.visite) is not None:
            DemarcheDialog(self.presenter.poste, visite, self.window()).open()

    def _montrer_a_faire(self, a_faire: "AFaire") -> None:
        from guichet.views.dossiers.a_faire import AFaireDialog

        dialogue = AFaireDialog(a_faire, self.window())
        dialogue.choisi.connect(self.presenter.ouvrir_dossier)
        dialogue.doublon.connect(self._montrer_doublon)
        dialogue.open()

    def _montrer_doublon(self, doublon: "DoublonLu") -> None:
        from guichet.views.dossiers.doublon import DoublonDialog

        dialogue = DoublonDialog(self.presenter.poste, doublon, self.window())
        dialogue.fini.connect(lambda texte, dossier_id: self._dire(texte, doublon.portee, dossier_id))
        dialogue.open()

    def _dire(self, texte: str, portee: str, dossier_id: str) -> None:
        """Say what was done; the dossier that stays is opened, for it to be seen."""
        self.fait.setText(texte)
        self.fait.show()
        annoncer(self.fait, texte)
        if dossier_id:
            self.presenter.ouvrir_dossier(portee, dossier_id)

    def ouvrir_un_dossier(self) -> "OuvertureDialog":
        """Open a dossier for somebody who was searched and not found: what was typed is not typed again."""
        from guichet.views.dossiers.ouverture import OuvertureDialog

        dialogue = OuvertureDialog(self.presenter.poste, self.recherche.text(), self.window())
        dialogue.ouvert.connect(self.presenter.ouvrir_dossier)
        dialogue.open()
        return dialogue

    def _sur_visite(self, visite: "VisiteOuverte | None") -> None:
        """Somebody sits there now: other people's names are not left in front of him."""
        if visite is not None:
            self.recherche.clear()
        for action in (self.a_faire, self.sans_dossier):
            action.setVisible(visite is None and self.presenter.carte is None)
        self.ecrire.setVisible(visite is not None and not visite.dossier_id)

    def _refuser(self, texte: str) -> None:
        self.refus.setText(texte)
        self.refus.show()


def _est_un_numero(saisie: str) -> bool:
    from guichet.rules.identifiants import normaliser

    return bool(_NUMERO.fullmatch(normaliser(saisie)))


def _ligne(t: "Trouve") -> str:
    role = _ROLES.get(t.role, t.role)
    lieu = f"{t.code_postal} {t.commune}" if t.commune else ""
    ou, pourquoi = (" · ".join(filter(None, mots)) for mots in ((f"n° {t.numero}", lieu), (POURQUOI[t.pourquoi], role)))
    return f"{t.nom.upper()} {t.prenoms}  {date_courte(t.ne_le)}\n{ou}\n{pourquoi}"


def _ligne_ailleurs(t: TrouveHorsPortee) -> str:
    return f"▲ {t.nom.upper()} {t.initiale}.  né(e) en {t.annee}\n{t.organisme}, autre site\nmotif demandé"


def _accueil(texte: str) -> QLabel:
    label = etiquette(texte, "discret")
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    return label
