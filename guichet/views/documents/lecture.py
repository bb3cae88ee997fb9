"""What the pages say of themselves: a kind of paper, a seal, numbers. Suggestions, for who looks at the paper."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from guichet.views.formats import date_courte
from guichet.views.widgets.base import bouton, cadre, etiquette, vider

if TYPE_CHECKING:
    from guichet.documents.page import SceauLu
    from guichet.services.documents import Compris


class LecturePanneau(QWidget):
    """Hidden while nothing is suggested; `choisir` takes the kind and the name that are, `remplir` the code of a form."""

    def __init__(self, choisir: Callable[[str, str], None], remplir: Callable[[str], None]) -> None:
        super().__init__()
        self._choisir, self._remplir = choisir, remplir
        self._colonne = QVBoxLayout(self)
        self._colonne.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def montrer(self, compris: "Compris", type_choisi: str) -> None:
        """Show what was understood of the pages."""
        vider(self._colonne)
        if compris.formulaire:
            self._dire(self.tr("▲ Ce papier ressemble à un RIB"), self.tr(
                "Il ne s'envoie pas comme document : il se saisit par la démarche « Changement de compte bancaire »."
            ), "warning")  # fmt: skip
            self._colonne.addWidget(
                bouton(self.tr("Remplir le &changement de compte bancaire…"), lambda: self._remplir(compris.formulaire))
            )
        if compris.soins:
            self._dire(self.tr("▲ Ce papier ressemble à une feuille de soins"), self.tr(
                "La CPAM ne la prend que par la poste, à l'adresse de la caisse : rendez-la à la personne."
            ), "warning")  # fmt: skip
        if compris.type_piece and compris.type_piece != type_choisi:
            self._colonne.addWidget(etiquette(self.tr("Ces pages ressemblent à : {0}").format(compris.libelle)))
            self._colonne.addWidget(bouton(self.tr("Choisir « {0} »").format(compris.nom), lambda: self._prendre(compris)))
        for rang, sceau in compris.sceaux:
            self._montrer_sceau(rang, sceau)
        if compris.reperes:
            self._colonne.addWidget(etiquette(self.tr("Vu sur ces pages : {0}").format(", ".join(compris.reperes)), "discret"))
        self.setVisible(self._colonne.count() > 0)

    def _prendre(self, compris: "Compris") -> None:
        self._choisir(compris.type_piece, compris.nom)
        self.montrer(compris, compris.type_piece)

    def _montrer_sceau(self, rang: int, sceau: "SceauLu") -> None:
        champs = "\n".join(f"{nom} : {valeur}" for nom, valeur in sceau.champs)
        if sceau.verdict == "valide":
            signe = self.tr(", signé le {0}").format(date_courte(sceau.signe_le)) if sceau.signe_le is not None else ""
            corps = self.tr("{0}{1}. Comparez avec la page :").format(sceau.type_document, signe)
            self._dire(self.tr("✓ Page {0} : sceau 2D-Doc valide").format(rang), f"{corps}\n{champs}", "success")
        else:
            self._dire(self.tr("▲ Page {0} : sceau 2D-Doc non vérifiable").format(rang), sceau.motif, "warning")

    def _dire(self, titre: str, texte: str, ton: str) -> None:
        boite, colonne = cadre()
        colonne.addWidget(etiquette(titre, ton=ton))
        colonne.addWidget(etiquette(texte))
        self._colonne.addWidget(boite)
