"""The visitor's telephone, from the desk: a code is shown, photos come to the tray while the dialog is open."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from guichet.presenters.documents import DocumentsPresenter
from guichet.presenters.taches import en_mots

if TYPE_CHECKING:
    from guichet.contract.sync import EtatTelephone
    from guichet.documents.page import Page
    from guichet.services.telephone import CodeAffiche

_PERIODE_MS = 1000
"""How often the centre is asked: a photo is on the screen within two seconds of its last byte."""


class TelephonePresenter(QObject):
    """Opens a link, asks for what came by it, and ends it."""

    pret = Signal(str, bytes, datetime, bool)
    avance = Signal(bool, int, int)
    coupe = Signal(str)
    termine = Signal(str)

    def __init__(self, documents: DocumentsPresenter) -> None:
        super().__init__()
        self._documents, self._poste = documents, documents.poste
        self._lien, self._connues = "", frozenset[str]()
        self.recues = self.en_cours = 0
        self._minuterie = QTimer(self)
        self._minuterie.setInterval(_PERIODE_MS)
        self._minuterie.timeout.connect(self._relever)
        self._en_vol = False
        self._poste.verrouille.connect(lambda _: self._minuterie.stop())
        self._poste.deverrouille.connect(self._reprendre)
        for fin in (self._poste.ferme, self._poste.quitte):
            fin.connect(self._oublier)

    def ouvrir(self) -> None:
        """Show a new code; the one before ends."""
        self.fermer()
        self._documents.preparer()
        session = self._poste.session

        def travail() -> "CodeAffiche":
            from guichet.services import telephone

            return telephone.ouvrir(session)

        self._poste.taches.large(travail, self._montrer, lambda e: self.termine.emit(en_mots(e)))

    def fermer(self) -> None:
        """End the link; what was taken stays in the tray."""
        lien = self._lien
        self._oublier()
        if not lien or not self._poste.au_travail:
            return
        session = self._poste.session

        def travail() -> None:
            from guichet.services import telephone

            telephone.fermer(session, lien)

        self._poste.taches.large(travail, sinon=lambda _: None)  # it ends by itself after its minutes

    def _montrer(self, code: "CodeAffiche") -> None:
        self._lien, self._connues, self.recues, self.en_cours = code.lien.id, frozenset(), 0, 0
        self.pret.emit(code.lien.adresse, code.png, datetime.fromisoformat(code.lien.jusqua), code.local)
        self._minuterie.start()

    def _reprendre(self) -> None:
        if self._lien:
            self._en_vol = False
            self._minuterie.start()

    def _oublier(self) -> None:
        self._minuterie.stop()
        self._lien, self._en_vol, self.en_cours = "", False, 0

    def _relever(self) -> None:
        if self._en_vol:
            return
        self._en_vol = True
        session, lien, connues = self._poste.session, self._lien, self._connues

        def travail() -> "tuple[EtatTelephone, list[tuple[str, bytes]]]":
            from guichet.services import telephone

            return telephone.relever(session, lien, connues)

        def puis(releve: "tuple[EtatTelephone, list[tuple[str, bytes]]]") -> None:
            if lien == self._lien:
                self._en_vol = False
                self._recevoir(*releve)

        def sinon(erreur: BaseException) -> None:
            if lien == self._lien:
                self._en_vol = False
                self._sur_refus(erreur)

        self._poste.taches.large(travail, puis, sinon)

    def _recevoir(self, etat: "EtatTelephone", venues: list[tuple[str, bytes]]) -> None:
        self.en_cours = etat.en_cours
        for sha256, octets in venues:
            self._connues |= {sha256}
            self.recues += 1
            self._documents.recevoir(f"Photo {self.recues}", octets, self._confirmer(sha256))
        self.avance.emit(etat.pris, etat.en_cours, self.recues)

    def _confirmer(self, sha256: str) -> Callable[["list[Page]"], None]:
        """Return what is to be done once a photo is in the tray, or refused: the centre erases it, but not before the tray is written."""
        session, lien = self._poste.session, self._lien

        def prendre() -> None:
            from guichet.services import telephone

            telephone.prendre(session, lien, sha256)

        taches = self._poste.taches
        return lambda _: taches.base(lambda: None, lambda _: taches.large(prendre, sinon=lambda _: None))

    def _sur_refus(self, erreur: BaseException) -> None:
        from guichet.sync.erreurs import ReponseRefusee

        if isinstance(erreur, ReponseRefusee):
            self._oublier()
            self.termine.emit(en_mots(erreur))
        else:
            self.coupe.emit(en_mots(erreur))
