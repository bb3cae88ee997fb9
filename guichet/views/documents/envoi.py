"""Where the document goes: the dossier of the visit, the kind of paper, its name; and what was already given."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QVBoxLayout, QWidget

from guichet.presenters.depot import DepotPresenter
from guichet.presenters.documents import DocumentsPresenter
from guichet.views.documents.lecture import LecturePanneau
from guichet.views.formats import date_courte, taille
from guichet.views.widgets.base import bouton, cadre, etiquette, rangee, teinter, vider

if TYPE_CHECKING:
    from guichet.rules.depots import Canal
    from guichet.services.depots import Examen
    from guichet.services.papiers import Papier
    from guichet.services.visites import VisiteOuverte
    from guichet.store.documents import DocumentEnvoye, PieceDemandee

_ETATS = {
    "a_envoyer": ("○ en attente d'envoi", "warning"),
    "recu": ("✓ reçu par le centre", "success"),
    "analyse": ("✓ reçu et analysé par le centre", "success"),
    "disponible": ("✓ disponible au centre", "success"),
    "quarantaine": (
        "⚠ en quarantaine : le centre n'a pas pu s'assurer que ce fichier est sans danger. Numérisez le papier à nouveau.",
        "error",
    ),
}


class EnvoiPanneau(QWidget):
    """Sending wants a visit; saving a PDF does not."""

    def __init__(self, presenter: DocumentsPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self._depot = DepotPresenter(presenter, self)
        self._nombre = self._octets = self._au_plus = 0
        self._donnes: list[DocumentEnvoye] = []
        self._occupe, self._saisies = False, dict[str, str]()
        self._voulu = ("", "", "")
        self.dossier = etiquette("")
        self.type_piece = QComboBox()
        self.type_piece.setAccessibleName(self.tr("Type de pièce"))
        self.type_piece.view().setAccessibleName(self.tr("Types de pièce"))
        self.type_piece.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.type_piece.setMinimumContentsLength(16)
        self.type_piece.setPlaceholderText(self.tr("À choisir"))
        self.repond_a = QComboBox()
        self.repond_a.setAccessibleName(self.tr("Répond à"))
        self.repond_a.view().setAccessibleName(self.tr("Pièces demandées"))
        self.repond_a.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.repond_a.setMinimumContentsLength(16)
        self.repond_a.activated.connect(lambda _: self._repondre())
        self.demande = etiquette("", "discret")
        self.reutiliser = bouton("", self._reutiliser, lien=True)
        self.reutiliser.hide()
        self.nom = QLineEdit()
        self.nom.setAccessibleName(self.tr("Nom du document"))
        self.taille = etiquette("", "discret")
        self.apercu = bouton(self.tr("Aperçu du PDF"), presenter.apercu, glyphe="eye-line")
        self.enregistrer = bouton(self.tr("Enregistrer le PDF…"), self._enregistrer, glyphe="save-line")
        self.envoyer = bouton(self.tr("&Envoyer au dossier"), self._envoyer, principal=True)
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(12, 12, 12, 12)
        colonne.addWidget(etiquette(self.tr("Pour le dossier de"), "discret"))
        colonne.addWidget(self.dossier)
        for titre, champ in (
            (self.tr("&Répond à"), self.repond_a), (self.tr("&Type de pièce"), self.type_piece), (self.tr("&Nom du document"), self.nom),
        ):  # fmt: skip
            legende = etiquette(titre)
            legende.setBuddy(champ)
            colonne.addWidget(legende)
            colonne.addWidget(champ)
            if champ is self.repond_a:
                colonne.addWidget(self.demande)
                colonne.addWidget(self.reutiliser)
        self.lecture = LecturePanneau(self._choisir, self._remplir)
        colonne.addWidget(self.lecture)
        # What everybody came for first: on a small screen, the rest is below.
        for element in (self.taille, self.envoyer):
            colonne.addWidget(element)
        self.manque = etiquette(self.tr("▲ Choisissez le type de pièce, puis envoyez."), ton="warning")
        self.attente = etiquette("", "discret")
        self._sans_attendre = bouton(self.tr("Envoyer sans attendre"), self._depot.sans_attendre, lien=True)
        self._renoncer = bouton(self.tr("Ne pas envoyer"), self._depot.renoncer, lien=True)
        for element in (self.manque, self.attente, self._sans_attendre, self._renoncer):
            element.hide()
            colonne.addWidget(element)
        for element in (self.apercu, self.enregistrer):
            colonne.addWidget(element)
        boite, self._envoyes = cadre()
        colonne.addWidget(boite)
        colonne.addStretch(1)
        self._remplir_types()
        self.type_piece.currentTextChanged.connect(self._nommer)
        presenter.poste.visite_changee.connect(self._montrer_visite)
        presenter.documents_lus.connect(self._montrer_envoyes)
        presenter.compris.connect(lambda compris: self.lecture.montrer(compris, self.type_piece.currentData()))
        self._depot.examine.connect(self._sur_examen)
        self._depot.parti.connect(self._sur_depart)
        self._depot.recu.connect(self._montrer_recu)
        self._depot.canal.connect(self._sur_canal)
        self._depot.occupe.connect(self._sur_occupe)
        self._depot.attend.connect(self._sur_attente)
        self._montrer_visite(presenter.poste.visite)
        self._montrer_envoyes([], [])

    def compter(self, nombre: int, octets: int) -> None:
        """Say how many pages the tray holds, and about how many bytes their PDF will take."""
        self._nombre, self._octets = nombre, octets
        texte = self.tr("{0} page(s), environ {1}").format(nombre, taille(octets)) if nombre else ""
        rang, documents = self._presenter.place
        if documents > 1:
            texte = self.tr("Document {0} sur {1} : {2}").format(rang, documents, texte)
        if self._au_plus:
            texte = ", ".join(filter(None, (texte, self.tr("au plus {0} pour cet organisme").format(taille(self._au_plus)))))
        self.taille.setText(texte)
        teinter(self.taille, "warning" if self._au_plus and octets > self._au_plus else "")
        for element in (self.apercu, self.enregistrer):
            element.setEnabled(nombre > 0)
        self.envoyer.setEnabled(nombre > 0 and self._presenter.poste.visite is not None and not self._occupe)

    def _remplir_types(self) -> None:
        from guichet.services.reperes import types_de_piece

        for code, libelle in types_de_piece():
            self.type_piece.addItem(libelle, code)
        self.type_piece.setCurrentIndex(-1)

    def _nommer(self, libelle: str) -> None:
        self.nom.setText(libelle)
        self.manque.hide()

    def _choisir(self, type_piece: str, nom: str) -> None:
        """Take what was suggested."""
        self.type_piece.setCurrentIndex(self.type_piece.findData(type_piece))
        self.nom.setText(nom)

    def _remplir(self, formulaire: str) -> None:
        """Go to the form that a paper is for: it is of another tab, and of who stands there."""
        if self._presenter.poste.visite is None:
            self._presenter.refuse.emit(self.tr("Ouvrez d'abord une visite : la démarche se remplit avec la personne présente."))
        else:
            self._presenter.poste.demarche_voulue.emit(formulaire)

    def _montrer_visite(self, visite: "VisiteOuverte | None") -> None:
        if visite is None:
            self._vider_le_choix()  # it was the papers' of who left
            self.dossier.setText(
                self.tr(
                    "Aucune visite ouverte. Ouvrez-en une depuis un dossier pour envoyer ; vous pouvez déjà préparer et enregistrer le PDF."
                )
            )
        else:
            self.dossier.setText(f"{visite.nom}\nn° {visite.numero}" if visite.numero else visite.nom)
        self._saisies = {}  # of the one who was there before
        self._depot.lire_le_canal()
        self.compter(self._nombre, self._octets)

    def _montrer_envoyes(self, demandees: "list[PieceDemandee]", documents: "list[DocumentEnvoye]") -> None:
        """Show what may be answered (« À transmettre »), and what was given (« À consulter »)."""
        from guichet.services.reperes import nom_piece

        choisie, self._donnes = self.repond_a.currentData(), documents
        self.repond_a.clear()
        self.repond_a.addItem(self.tr("Rien : document spontané"), None)
        for p in demandees:
            self.repond_a.addItem(self.tr("{0}, demandé le {1}").format(nom_piece(p.type), date_courte(p.demandee_le)), p)
        self.repond_a.setCurrentIndex(max(0, self.repond_a.findData(choisie)))
        self.demande.setVisible(self._presenter.poste.visite is not None)
        if demandees:
            self.demande.setText(self.tr("À transmettre : {0} pièce(s) demandée(s).").format(len(demandees)))
        else:
            self.demande.setText(self.tr("Aucune pièce n'est demandée. Un document spontané doit être utile à l'étude du dossier."))
        self._proposer_de_reutiliser()
        vider(self._envoyes)
        self._envoyes.addWidget(etiquette(self.tr("À consulter"), "section"))
        if not documents:
            self._envoyes.addWidget(etiquette(self.tr("Aucun document donné pour ce dossier."), "discret"))
        for d in documents:
            mot, ton = _ETATS[d.etat]
            self._envoyes.addWidget(etiquette(self.tr("{0}, {1} page(s), {2}").format(d.nom, d.pages, taille(d.octets))))
            liens = [
                bouton(self.tr("Reçu"), partial(self._depot.accuser, d), lien=True, aide=self.tr("Reçu de dépôt de {0}").format(d.nom))
            ]
            if d.etat != "quarantaine":
                voir = bouton(self.tr("Voir"), partial(self._presenter.revoir, d), lien=True, aide=self.tr("Voir {0}").format(d.nom))
                liens.insert(0, voir)
            self._envoyes.addWidget(etiquette(mot, ton=ton))
            self._envoyes.addLayout(rangee(*liens, None))

    def _repondre(self) -> None:
        """Answer what was asked for with the kind of paper that was."""
        piece = self.repond_a.currentData()
        self._proposer_de_reutiliser()
        if piece is not None and self.type_piece.findData(piece.type) >= 0:
            self.type_piece.setCurrentIndex(self.type_piece.findData(piece.type))

    def _proposer_de_reutiliser(self) -> None:
        """What was given lately and is still good is not asked for twice."""
        document = self._reutilisable()
        self.reutiliser.setVisible(document is not None)
        if document is not None:
            self.reutiliser.setText(self.tr("Réutiliser « {0} », donné le {1}").format(document.nom, date_courte(document.saisi_le.date())))

    def _enregistrer(self) -> None:
        chemin, _ = QFileDialog.getSaveFileName(self, self.tr("Enregistrer le PDF"), f"{self.nom.text() or 'document'}.pdf", "PDF (*.pdf)")
        if chemin:
            self._presenter.enregistrer(Path(chemin))

    def _envoyer(self) -> None:
        """Have it examined as what it is said to be now: what is chosen meanwhile is for the next one."""
        if self.type_piece.currentIndex() < 0:
            self.manque.show()
            self.type_piece.setFocus()
            return
        piece = self.repond_a.currentData()
        self._voulu = self.type_piece.currentData(), self.nom.text(), piece.id if piece is not None else ""
        self._depot.examiner(self._voulu[0])

    def _sur_depart(self) -> None:
        """Let the next document be said to be what it is, unless that was done meanwhile: its kind is not the last one's."""
        if (self.type_piece.currentData(), self.nom.text()) == self._voulu[:2]:
            self._vider_le_choix()

    def _vider_le_choix(self) -> None:
        self.type_piece.setCurrentIndex(-1)
        self.nom.clear()

    def _sur_attente(self, restantes: int) -> None:
        """Say what is waited for, and let somebody in a hurry go on, or go back."""
        self.attente.setText(self.tr("Les mots de {0} page(s) se lisent encore : le document part ensuite.").format(restantes))
        for element in (self.attente, self._sans_attendre, self._renoncer):
            element.setVisible(restantes > 0)

    def _sur_examen(self, examen: "Examen") -> None:
        """Send at once what lacks nothing; ask about the rest."""
        if not (examen.constats or examen.trop_lourd or examen.formulaire):
            self._partir(examen, "", {})
            return
        from guichet.views.documents.depart import DepartDialog

        dialogue = DepartDialog(examen, self._saisies, self.window())
        dialogue.laisse.connect(self._garder)
        dialogue.envoyer.connect(lambda motif, saisies: self._partir(examen, motif, saisies))
        dialogue.alleger.connect(self._depot.alleger)
        dialogue.open()

    def _garder(self, saisies: dict[str, str]) -> None:
        self._saisies = saisies

    def _partir(self, examen: "Examen", motif: str, saisies: dict[str, str]) -> None:
        from guichet.services.depots import Envoi

        self._depot.envoyer(examen, Envoi(*self._voulu, motif, saisies))

    def _montrer_recu(self, papier: "Papier") -> None:
        from guichet.views.documents.recu import RecuDialog

        RecuDialog(self._presenter.poste, papier, self.window()).open()

    def _sur_occupe(self, occupe: bool) -> None:
        self._occupe = occupe
        self.envoyer.setText(self.tr("Préparation du PDF…") if occupe else self.tr("&Envoyer au dossier"))
        self.compter(self._nombre, self._octets)

    def _sur_canal(self, canal: "Canal | None") -> None:
        self._au_plus = canal.octets if canal is not None else 0
        self.compter(self._nombre, self._octets)

    def _reutiliser(self) -> None:
        piece, document = self.repond_a.currentData(), self._reutilisable()
        if piece is not None and document is not None:
            self._depot.reutiliser(piece, document)

    def _reutilisable(self) -> "DocumentEnvoye | None":
        from guichet.services.depots import reutilisable

        piece = self.repond_a.currentData()
        return reutilisable(piece, self._donnes, date.today()) if piece is not None else None
