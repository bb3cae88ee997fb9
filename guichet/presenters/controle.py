"""The responsable's own: the journal of his site, page by page, and the export of a dossier."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from guichet.presenters.poste import PostePresenter
from guichet.presenters.taches import en_mots

if TYPE_CHECKING:
    from guichet.contract.sync import ExportDossier, LigneJournal


class ControlePresenter(QObject):
    """`page_lue`: lines of the journal, and whether more may follow; `exporte`: what was received and where it goes."""

    page_lue = Signal(list, bool)
    exporte = Signal(object, object)
    refuse = Signal(str)

    def __init__(self, poste: PostePresenter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.poste = poste
        self._avant: int | None = None

    def lire_la_suite(self) -> None:
        """Read the next page of the journal, the latest first."""
        session, avant = self.poste.session, self._avant

        def travail() -> "list[LigneJournal]":
            from guichet.services import controle

            return controle.journal(session, avant)

        def puis(lignes: "list[LigneJournal]") -> None:
            self._avant = lignes[-1].place if lignes else avant
            self.page_lue.emit(lignes, bool(lignes) and lignes[-1].place > 1)

        self.poste.taches.large(travail, puis, self._refuser)

    def exporter(self, portee: str, dossier_id: str, chemin: Path) -> None:
        """Ask for all that is held of a dossier, to be written under a path."""
        session = self.poste.session

        def travail() -> "ExportDossier":
            from guichet.services import controle

            return controle.exporter(session, portee, dossier_id)

        self.poste.taches.large(travail, lambda export: self.exporte.emit(export, chemin), self._refuser)

    def _refuser(self, erreur: BaseException) -> None:
        self.refuse.emit(en_mots(erreur))
