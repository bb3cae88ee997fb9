"""The « Documents » tab: the strip of pages, the page, where it goes."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSettings, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImageWriter, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from guichet.presenters.documents import DocumentsPresenter
from guichet.presenters.numerisation import NumerisationPresenter
from guichet.presenters.surveillance import SurveillancePresenter
from guichet.views.documents import mots
from guichet.views.documents.bac import BacListe, image
from guichet.views.documents.coins import CoinsVue
from guichet.views.documents.envoi import EnvoiPanneau
from guichet.views.widgets.base import annoncer, bouton, defilant, etiquette, rangee, remplir
from guichet.views.widgets.onglet import PageOnglet
from guichet.views.widgets.volets import Volets

if TYPE_CHECKING:
    from guichet.documents.page import Page, PageTraitee
    from guichet.views.documents.numeriser import NumeriserDialog
    from guichet.views.documents.telephone import TelephoneDialog

FILTRE = "Images et PDF (*.jpg *.jpeg *.png *.tif *.tiff *.heic *.webp *.bmp *.pdf);;Tous les fichiers (*)"
_SURVEILLE = "dossier_surveille"


class DocumentsPage(PageOnglet):
    """Files come by dialog, drag or paste; every edit can be undone."""

    def __init__(self, presenter: DocumentsPresenter) -> None:
        super().__init__()
        self.presenter = presenter
        self.surveillance = SurveillancePresenter(presenter)
        self.surveillance.change.connect(self._sur_surveillance)
        self.setAcceptDrops(True)
        self.bac = BacListe()
        self.apercu = QLabel()
        self.apercu.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.apercu.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.vide = etiquette(
            self.tr(
                "Déposez ici des photos, des images ou des PDF, collez une image, ajoutez des fichiers, numérisez, "
                "ou recevez les photos d'un téléphone. "
                "Ils deviendront un seul PDF."
            ),
            "discret",
        )
        self.vide.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.coins = CoinsVue()
        self.coins.valides.connect(lambda coins: self._finir_les_coins(lambda rang: self.presenter.recadrer(rang, coins)))
        self.coins.abandonnes.connect(self._finir_les_coins)
        self._recadree: Page | None = None
        self.conseil = etiquette("", ton="warning")
        self.fait = etiquette("", "discret")
        self.message = etiquette("", ton="warning")
        self.message.hide()
        self.arreter = bouton(self.tr("Arrêter l'ajout"), presenter.arreter_import, lien=True)
        self.arreter.hide()
        self.envoi = EnvoiPanneau(presenter)
        remplir(self, Volets(self._colonne_bac(), self._colonne_page(), defilant(self.envoi, self.tr("Destination")), 34))
        self._raccourcis()
        self.bac.deplacee.connect(presenter.deplacer)
        self.bac.renommee.connect(presenter.renommer)
        self.bac.currentRowChanged.connect(lambda _: self._montrer_page())
        presenter.bac_change.connect(self._montrer_bac)
        presenter.import_avance.connect(self._avancer)
        presenter.apercue.connect(self._apercevoir)
        presenter.refuse.connect(self._refuser)
        presenter.apercu_pret.connect(self._montrer_apercu)
        presenter.original_pret.connect(self._montrer_les_coins)
        presenter.occupe.connect(self._sur_retouche)
        presenter.mot_de_passe_demande.connect(self._demander_le_mot_de_passe)
        presenter.enregistre.connect(lambda chemin: self._dire(self.tr("PDF enregistré : {0}").format(chemin)))
        presenter.envoye.connect(
            lambda d: self._dire(self.tr("« {0} » est gardé et part au centre dès que le réseau répond.").format(d.nom))
        )
        self.premier = self.bac
        self._montrer_bac()
        presenter.reprendre()
        presenter.lire_envoyes()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add the files that were dropped."""
        self.presenter.importer([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

    def resizeEvent(self, event: object) -> None:
        """Fit the page again."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._montrer_page()

    def _colonne_bac(self) -> QFrame:
        boite = QFrame()
        boite.setObjectName("panneau")
        colonne = QVBoxLayout(boite)
        colonne.addWidget(
            bouton(
                self.tr("Ajouter des fichiers"), self._choisir_fichiers, glyphe="add-line", aide=self.tr("Ajouter des fichiers (Ctrl+O)")
            )
        )
        # Side by side, so that at twice the size of text the pages below keep some room.
        deux = QHBoxLayout()
        deux.addWidget(bouton(self.tr("Numériser"), self.numeriser, glyphe="scan-line", aide=self.tr("Numériser du papier (Ctrl+N)")), 1)
        deux.addWidget(
            bouton(
                self.tr("Téléphone"),
                self.recevoir_du_telephone,
                glyphe="smartphone-line",
                aide=self.tr("Recevoir des photos d'un téléphone (Ctrl+T)"),
            ),
            1,
        )
        colonne.addLayout(deux)
        self.surveiller = bouton(self.tr("Surveiller un dossier…"), self._surveiller, lien=True)
        colonne.addWidget(self.surveiller)
        self.blanches = bouton("", self.presenter.retirer_blanches, lien=True)
        self.blanches.hide()
        colonne.addWidget(self.bac, 1)
        colonne.addWidget(self.blanches)
        return boite

    def _surveiller(self) -> None:
        """Choose a folder to watch, or stop."""
        if self.surveillance.dossier is not None:
            self.surveillance.arreter()
            return
        dossier = QFileDialog.getExistingDirectory(self, self.tr("Dossier où arrivent les papiers"), str(QSettings().value(_SURVEILLE, "")))
        if dossier:
            QSettings().setValue(_SURVEILLE, dossier)
            self.surveillance.surveiller(Path(dossier))

    def _sur_surveillance(self, dossier: str) -> None:
        self.surveiller.setText(
            self.tr("Ne plus surveiller « {0} »").format(Path(dossier).name) if dossier else self.tr("Surveiller un dossier…")
        )

    def numeriser(self) -> "NumeriserDialog":
        """Open the scanning dialog; pages come to the tray as they are read."""
        from guichet.views.documents.numeriser import NumeriserDialog

        dialogue = NumeriserDialog(NumerisationPresenter(self.presenter), self.window())
        dialogue.open()
        return dialogue

    def recevoir_du_telephone(self) -> "TelephoneDialog":
        """Show a code to a visitor's telephone; photos come to the tray as they are sent."""
        from guichet.presenters.telephone import TelephonePresenter
        from guichet.views.documents.telephone import TelephoneDialog

        dialogue = TelephoneDialog(TelephonePresenter(self.presenter), self.window())
        dialogue.open()
        return dialogue

    def _colonne_page(self) -> QWidget:
        boite = QWidget()
        colonne = QVBoxLayout(boite)
        colonne.setContentsMargins(12, 8, 12, 8)
        self.barre = QWidget()
        rangees = QVBoxLayout(self.barre)
        rangees.setContentsMargins(0, 0, 0, 0)
        rangees.addLayout(self._rangee_image())
        rangees.addLayout(self._rangee_ordre())
        colonne.addWidget(self.barre)
        colonne.addWidget(self.message)
        colonne.addWidget(self.arreter, 0, Qt.AlignmentFlag.AlignLeft)
        colonne.addWidget(self.vide, 1)
        colonne.addWidget(self.apercu, 1)
        colonne.addWidget(self._panneau_coins(), 1)
        colonne.addWidget(self.conseil)
        colonne.addWidget(self.fait)
        return boite

    def _rangee_image(self) -> QHBoxLayout:
        """What changes how the page looks."""
        self.recadrer = bouton(self.tr("Recadrer"), self._demander_les_coins, glyphe="crop-line", aide=self.tr("Recadrer (Ctrl+R)"))
        self.mode = QComboBox()
        self.mode.setAccessibleName(self.tr("Couleurs de la page"))
        self.mode.view().setAccessibleName(self.tr("Couleurs"))
        for libelle, mode in ((self.tr("Couleur"), "couleur"), (self.tr("Gris"), "gris"), (self.tr("Noir et blanc"), "texte")):
            self.mode.addItem(libelle, mode)
        self.mode.activated.connect(lambda _: self._sur_page(self._teinter))
        tourner = (
            self._outil("anticlockwise-line", self.tr("Tourner à gauche (Ctrl+G)"), lambda: self._sur_page(self.presenter.tourner, -90)),
            self._outil("clockwise-line", self.tr("Tourner à droite (Ctrl+D)"), lambda: self._sur_page(self.presenter.tourner, 90)),
        )
        self.outils = [self.recadrer, *tourner, self.mode]
        return rangee(*self.outils, None)

    def _rangee_ordre(self) -> QHBoxLayout:
        """What changes the document."""
        ordre = [
            self._outil("arrow-up-line", self.tr("Monter la page (Ctrl+Haut)"), lambda: self._deplacer(-1)),
            self._outil("arrow-down-line", self.tr("Descendre la page (Ctrl+Bas)"), lambda: self._deplacer(1)),
            self._outil("delete-bin-line", self.tr("Retirer les pages choisies (Suppr)"), self._retirer),
        ]
        self.autres = bouton(self.tr("Autres"), lambda: None)
        self.autres.setMenu(self._menu_autres())
        ordre.append(self.autres)
        self.outils += ordre
        self.annuler = bouton(
            self.tr("Annuler"),
            self.presenter.annuler,
            glyphe="arrow-go-back-line",
            aide=self.tr("Annuler la dernière modification (Ctrl+Z)"),
        )
        return rangee(*ordre, None, self.annuler)

    def _menu_autres(self) -> QMenu:
        """What is done less often, with its key when it has one."""
        menu = QMenu(self.autres)
        for libelle, action in (
            (self.tr("Renommer la page\tF2"), lambda: self.bac.editItem(self.bac.currentItem())),
            (self.tr("Dupliquer la page\tCtrl+J"), lambda: self._sur_page(self.presenter.dupliquer)),
            (self.tr("Réunir les pages choisies sur une seule (recto et verso d'une carte)"), self._reunir),
            (self.tr("Séparer les papiers de cette image"), lambda: self._sur_page(self.presenter.separer)),
        ):
            menu.addAction(libelle).triggered.connect(lambda _=False, faire=action: faire())
        self._couper = menu.addAction("")
        self._couper.triggered.connect(lambda: self._sur_page(self.presenter.couper))
        return menu

    def _reunir(self) -> None:
        self.presenter.reunir(self.bac.choisies())

    def _panneau_coins(self) -> QWidget:
        """The original with its corners, in the place of the page while they are put right."""
        self.panneau_coins = QWidget()
        colonne = QVBoxLayout(self.panneau_coins)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addWidget(
            etiquette(self.tr("Amenez les quatre coins sur ceux du papier, à la souris ou avec Tab et les flèches."), "discret")
        )
        colonne.addWidget(self.coins, 1)
        gestes = QGridLayout()
        gestes.addWidget(bouton(self.tr("Recadrer ainsi"), self.coins.valider, principal=True), 0, 0)
        gestes.addWidget(bouton(self.tr("Laisser"), self._finir_les_coins), 0, 1)
        gestes.addWidget(bouton(self.tr("Recadrage automatique"), lambda: self._finir_les_coins(self.presenter.recadrer_seul)), 1, 0)
        gestes.addWidget(bouton(self.tr("Image entière"), lambda: self._finir_les_coins(self.presenter.rendre_entiere)), 1, 1)
        colonne.addLayout(gestes)
        self.panneau_coins.hide()
        return self.panneau_coins

    def _outil(self, glyphe: str, aide: str, action: Callable[[], object]) -> QWidget:
        outil = bouton("", action, glyphe=glyphe, aide=aide)
        outil.setMinimumSize(32, 32)
        return outil

    def _raccourcis(self) -> None:
        portee = Qt.ShortcutContext.WidgetWithChildrenShortcut
        for touches, action in (
            (QKeySequence("Ctrl+O"), self._choisir_fichiers),
            (QKeySequence("Ctrl+N"), self.numeriser),
            (QKeySequence("Ctrl+T"), self.recevoir_du_telephone),
            (QKeySequence("Ctrl+V"), self._coller),
            (QKeySequence("Ctrl+Z"), self.presenter.annuler),
            (QKeySequence("Ctrl+R"), self._demander_les_coins),
            (QKeySequence("Ctrl+J"), lambda: self._sur_page(self.presenter.dupliquer)),
            (QKeySequence("Ctrl+B"), lambda: self._sur_page(self.presenter.couper)),
            (QKeySequence("Ctrl+G"), lambda: self._sur_page(self.presenter.tourner, -90)),
            (QKeySequence("Ctrl+D"), lambda: self._sur_page(self.presenter.tourner, 90)),
            (QKeySequence("Ctrl+Up"), lambda: self._deplacer(-1)),
            (QKeySequence("Ctrl+Down"), lambda: self._deplacer(1)),
        ):
            QShortcut(touches, self, action, context=portee)
        QShortcut(QKeySequence("Delete"), self.bac, self._retirer, context=Qt.ShortcutContext.WidgetShortcut)

    def _choisir_fichiers(self) -> None:
        chemins, _ = QFileDialog.getOpenFileNames(self, self.tr("Ajouter des fichiers"), "", FILTRE)
        self.presenter.importer([Path(c) for c in chemins])

    def _coller(self) -> None:
        donnees = QGuiApplication.clipboard().mimeData()
        fichiers = [Path(url.toLocalFile()) for url in donnees.urls() if url.isLocalFile()]
        if fichiers:
            self.presenter.importer(fichiers)
        elif donnees.hasImage():
            tampon = QBuffer()
            tampon.open(QIODevice.OpenModeFlag.WriteOnly)
            QImageWriter(tampon, QByteArray(b"png")).write(QGuiApplication.clipboard().image())
            self.presenter.coller(bytes(tampon.data().data()))
        else:
            self._refuser(self.tr("Le presse-papiers ne contient ni image ni fichier."))

    def _sur_page(self, action: object, *reste: int) -> None:
        rang = self.bac.currentRow()
        if rang >= 0:
            action(rang, *reste)  # type: ignore[operator]

    def _deplacer(self, pas: int) -> None:
        rang = self.bac.currentRow()
        vers = rang + pas
        if rang >= 0 and 0 <= vers < len(self.presenter.pages):
            self.presenter.deplacer(rang, vers)
            self.bac.setCurrentRow(vers)

    def _retirer(self) -> None:
        if rangs := self.bac.choisies():
            self.presenter.retirer(rangs)

    def _teinter(self, rang: int) -> None:
        from guichet.documents.page import Mode

        self.presenter.teinter(rang, Mode(self.mode.currentData()))

    def _demander_les_coins(self) -> None:
        rang = self.bac.currentRow()
        if rang >= 0:
            self.recadrer.setEnabled(False)
            self.presenter.demander_l_original(rang)

    def _montrer_les_coins(self, page: "Page", original: "PageTraitee") -> None:
        self.recadrer.setEnabled(True)
        self._recadree = page
        for partie in (self.barre, self.apercu, self.conseil, self.fait):
            partie.hide()
        self.panneau_coins.show()
        trouves = tuple(page.faite.quad) if page.faite.quad is not None else None
        self.coins.montrer(original, page.retouches.coins or trouves)  # type: ignore[arg-type]

    def _finir_les_coins(self, faire: Callable[[int], None] | None = None) -> None:
        """Leave the corners; the page may have moved meanwhile, or gone."""
        page, self._recadree = self._recadree, None
        self.panneau_coins.hide()
        self.barre.show()
        self.apercu.setVisible(bool(self.presenter.pages))
        rangs = [i for i, p in enumerate(self.presenter.pages) if page is not None and p.id == page.id]
        if faire is not None and rangs:
            faire(rangs[0])
        self.bac.setFocus()
        self._montrer_page()

    def _sur_retouche(self, en_cours: bool) -> None:
        if en_cours:
            self.fait.setText(self.tr("Page en cours de traitement…"))
            self.fait.show()
        else:
            self._montrer_page()

    def _demander_le_mot_de_passe(self, chemin: Path, deja: bool) -> None:
        texte = self.tr("« {0} » est protégé. Demandez son mot de passe à la personne ; il ne sera pas gardé.").format(chemin.name)
        if deja:
            texte = self.tr("Ce n'est pas le mot de passe de « {0} ». Essayez encore.").format(chemin.name)
        mot, donne = QInputDialog.getText(self, self.tr("PDF protégé"), texte, QLineEdit.EchoMode.Password)
        if donne and mot:
            self.presenter.ouvrir_protege(chemin, mot)
        else:
            self._refuser(self.tr("{0} n'a pas été ajouté : il est protégé par un mot de passe.").format(chemin.name))

    def _montrer_bac(self) -> None:
        pages = self.presenter.pages
        self.bac.montrer(pages, max(0, self.bac.currentRow()))
        if self._recadree is not None and all(p.id != self._recadree.id for p in pages):
            self._finir_les_coins()
        self.vide.setVisible(not pages)
        self.apercu.setVisible(bool(pages) and self._recadree is None)
        for outil in self.outils:
            outil.setEnabled(bool(pages))
        self.annuler.setEnabled(self.presenter.peut_annuler)
        blanches = len(self.presenter.blanches)
        self.blanches.setText(self.tr("Retirer {0} page(s) blanche(s)").format(blanches))
        self.blanches.setVisible(blanches > 0)
        self._montrer_page()

    def _montrer_page(self) -> None:
        rang = self.bac.currentRow()
        self.presenter.viser(rang)
        self.envoi.compter(len(self.presenter.document), sum(p.octets for p in self.presenter.document))
        if not 0 <= rang < len(self.presenter.pages):
            self.apercu.clear()
            self.conseil.hide()
            self.fait.hide()
            return
        page = self.presenter.pages[rang]
        self._couper.setEnabled(rang > 0)
        self._couper.setText(
            self.tr("Réunir au document précédent\tCtrl+B") if page.debut else self.tr("Commencer un autre document à cette page\tCtrl+B")
        )
        self.apercu.setPixmap(image(page, min(self.apercu.width(), self.apercu.height()) - 16))
        self.apercu.setAccessibleName(self.tr("Aperçu de {0}").format(page.nom))
        self.mode.setCurrentIndex(self.mode.findData(page.retouches.mode))
        self.conseil.setText("\n".join(mots.conseils(page)))
        self.fait.setText(mots.faits(page))
        for ligne in (self.conseil, self.fait):
            ligne.setVisible(bool(ligne.text()) and self._recadree is None)

    def _avancer(self, faits: int, total: int, pages: int) -> None:
        self.arreter.setVisible(total > 0)
        if not pages:
            self.bac.finir_d_attendre()
            self.vide.setVisible(not self.presenter.pages)
        if total:
            texte = self.tr("Lecture du fichier {0} sur {1}. Arrêter l'ajout").format(faits + 1, total)
            if pages:
                texte = self.tr("Lecture du fichier {0} sur {1}, page {2}. Arrêter l'ajout").format(faits + 1, total, pages)
            self.arreter.setText(texte)

    def _apercevoir(self, vignette: bytes) -> None:
        self.bac.attendre(vignette)
        self.vide.hide()

    def _montrer_apercu(self, pages: "list[PageTraitee]", octets: int) -> None:
        from guichet.views.documents.apercu import ApercuDialog

        ApercuDialog(pages, octets, self.window()).exec()

    def _dire(self, texte: str) -> None:
        self._refuser(texte)

    def _refuser(self, texte: str) -> None:
        self.message.setText(texte)
        self.message.show()
        annoncer(self.message, texte)
