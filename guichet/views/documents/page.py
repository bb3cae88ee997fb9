"""The « Documents » tab: the strip of pages, the page, where it goes."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImageWriter, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from guichet.presenters.documents import DocumentsPresenter
from guichet.presenters.numerisation import NumerisationPresenter
from guichet.views.documents.bac import BacListe, image
from guichet.views.documents.envoi import EnvoiPanneau
from guichet.views.widgets.base import annoncer, bouton, defilant, etiquette, remplir
from guichet.views.widgets.onglet import PageOnglet
from guichet.views.widgets.volets import Volets

if TYPE_CHECKING:
    from guichet.documents.page import Page
    from guichet.views.documents.numeriser import NumeriserDialog

FILTRE = "Images et PDF (*.jpg *.jpeg *.png *.tif *.tiff *.heic *.webp *.bmp *.pdf);;Tous les fichiers (*)"


class DocumentsPage(PageOnglet):
    """Files come by dialog, drag or paste; every edit can be undone."""

    def __init__(self, presenter: DocumentsPresenter) -> None:
        super().__init__()
        self.presenter = presenter
        self.setAcceptDrops(True)
        self.bac = BacListe()
        self.apercu = QLabel()
        self.apercu.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.apercu.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.vide = etiquette(
            self.tr(
                "Déposez ici des photos, des images ou des PDF, collez une image, choisissez « Ajouter des fichiers » ou « Numériser ». "
                "Ils deviendront un seul PDF."
            ),
            "discret",
        )
        self.vide.setAlignment(Qt.AlignmentFlag.AlignCenter)
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
        presenter.refuse.connect(self._refuser)
        presenter.apercu_pret.connect(self._montrer_apercu)
        presenter.enregistre.connect(lambda chemin: self._dire(self.tr("PDF enregistré : {0}").format(chemin)))
        presenter.envoye.connect(
            lambda d: self._dire(self.tr("« {0} » est gardé et part au centre dès que le réseau répond.").format(d.nom))
        )
        self.premier = self.bac
        self._montrer_bac()
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
        colonne.addWidget(bouton(self.tr("Numériser"), self.numeriser, glyphe="scan-line", aide=self.tr("Numériser du papier (Ctrl+N)")))
        colonne.addWidget(self.bac, 1)
        return boite

    def numeriser(self) -> "NumeriserDialog":
        """Open the scanning dialog; pages come to the tray as they are read."""
        from guichet.views.documents.numeriser import NumeriserDialog

        dialogue = NumeriserDialog(NumerisationPresenter(self.presenter), self.window())
        dialogue.open()
        return dialogue

    def _colonne_page(self) -> QWidget:
        boite = QWidget()
        colonne = QVBoxLayout(boite)
        colonne.setContentsMargins(12, 8, 12, 8)
        outils = QHBoxLayout()
        self.outils = [
            self._outil("anticlockwise-line", self.tr("Tourner à gauche (Ctrl+G)"), lambda: self._sur_page(self.presenter.tourner, -90)),
            self._outil("clockwise-line", self.tr("Tourner à droite (Ctrl+D)"), lambda: self._sur_page(self.presenter.tourner, 90)),
            self._outil("arrow-up-line", self.tr("Monter la page (Ctrl+Haut)"), lambda: self._deplacer(-1)),
            self._outil("arrow-down-line", self.tr("Descendre la page (Ctrl+Bas)"), lambda: self._deplacer(1)),
            self._outil("edit-line", self.tr("Renommer la page (F2)"), lambda: self.bac.editItem(self.bac.currentItem())),
            self._outil("delete-bin-line", self.tr("Retirer la page (Suppr)"), lambda: self._sur_page(self.presenter.retirer)),
        ]
        for outil in self.outils:
            outils.addWidget(outil)
        outils.addStretch(1)
        self.annuler = bouton(
            self.tr("Annuler"),
            self.presenter.annuler,
            glyphe="arrow-go-back-line",
            aide=self.tr("Annuler la dernière modification (Ctrl+Z)"),
        )
        outils.addWidget(self.annuler)
        colonne.addLayout(outils)
        colonne.addWidget(self.message)
        colonne.addWidget(self.arreter, 0, Qt.AlignmentFlag.AlignLeft)
        colonne.addWidget(self.vide, 1)
        colonne.addWidget(self.apercu, 1)
        return boite

    def _outil(self, glyphe: str, aide: str, action: object) -> QWidget:
        outil = bouton("", action, glyphe=glyphe, aide=aide)  # type: ignore[arg-type]
        outil.setMinimumSize(32, 32)
        return outil

    def _raccourcis(self) -> None:
        portee = Qt.ShortcutContext.WidgetWithChildrenShortcut
        for touches, action in (
            (QKeySequence("Ctrl+O"), self._choisir_fichiers),
            (QKeySequence("Ctrl+N"), self.numeriser),
            (QKeySequence("Ctrl+V"), self._coller),
            (QKeySequence("Ctrl+Z"), self.presenter.annuler),
            (QKeySequence("Ctrl+G"), lambda: self._sur_page(self.presenter.tourner, -90)),
            (QKeySequence("Ctrl+D"), lambda: self._sur_page(self.presenter.tourner, 90)),
            (QKeySequence("Ctrl+Up"), lambda: self._deplacer(-1)),
            (QKeySequence("Ctrl+Down"), lambda: self._deplacer(1)),
        ):
            QShortcut(touches, self, action, context=portee)
        QShortcut(
            QKeySequence("Delete"), self.bac, lambda: self._sur_page(self.presenter.retirer), context=Qt.ShortcutContext.WidgetShortcut
        )

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

    def _montrer_bac(self) -> None:
        pages = self.presenter.pages
        self.bac.montrer(pages, max(0, self.bac.currentRow()))
        self.vide.setVisible(not pages)
        self.apercu.setVisible(bool(pages))
        for outil in self.outils:
            outil.setEnabled(bool(pages))
        self.annuler.setEnabled(self.presenter.peut_annuler)
        self.envoi.compter(len(pages))
        self._montrer_page()

    def _montrer_page(self) -> None:
        rang = self.bac.currentRow()
        if 0 <= rang < len(self.presenter.pages):
            page = self.presenter.pages[rang]
            self.apercu.setPixmap(image(page, min(self.apercu.width(), self.apercu.height()) - 16))
            self.apercu.setAccessibleName(self.tr("Aperçu de {0}").format(page.nom))
        else:
            self.apercu.clear()

    def _avancer(self, faits: int, total: int) -> None:
        self.arreter.setVisible(total > 0)
        if total:
            self.arreter.setText(self.tr("Lecture du fichier {0} sur {1}. Arrêter l'ajout").format(faits + 1, total))

    def _montrer_apercu(self, pages: "list[Page]", octets: int) -> None:
        from guichet.views.documents.apercu import ApercuDialog

        ApercuDialog(pages, octets, self.window()).exec()

    def _dire(self, texte: str) -> None:
        self._refuser(texte)

    def _refuser(self, texte: str) -> None:
        self.message.setText(texte)
        self.message.show()
        annoncer(self.message, texte)
