"""The « Rendez-vous » tab: reason, slots by mode and place, booking, its outcome, cancelling."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from guichet.presenters.poste import PostePresenter
from guichet.presenters.taches import en_mots

if TYPE_CHECKING:
    from guichet.store.rendezvous import CreneauLibre, MotifRdv, Pris


class RendezVousPresenter(QObject):
    """`creneaux_changes` when the list shown is another; `issue` when a booking was asked for, confirmed or refused."""

    motifs_lus = Signal(list)
    organisme_lu = Signal(str)
    lieux_changes = Signal()
    creneaux_changes = Signal()
    issue = Signal(object)
    du_dossier_lus = Signal(list)
    refuse = Signal(str)

    def __init__(self, poste: PostePresenter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.poste = poste
        self.creneaux: tuple[CreneauLibre, ...] = ()
        self.modes: tuple[str, ...] = ()
        self.lieux: tuple[str, ...] = ()
        self._tous: tuple[CreneauLibre, ...] = ()
        self._modes_exclus: set[str] = set()
        self._lieux_exclus: set[str] = set()
        self._suivi: str | None = None
        poste.change.connect(self.relire)
        poste.visite_changee.connect(self._sur_visite)

    def commencer(self) -> None:
        """Read the reasons, whose agenda it is, and the free slots."""
        session = self.poste.session

        def travail() -> "Sequence[MotifRdv]":
            from guichet.services import rendezvous

            return rendezvous.motifs(session)

        def nommer() -> str:
            from guichet.services import rendezvous

            return rendezvous.organisme(session)

        self.poste.taches.base(travail, lambda m: self.motifs_lus.emit(list(m)), self._refuser)
        self.poste.taches.base(nommer, self.organisme_lu.emit, self._refuser)
        self.relire()

    def relire(self) -> None:
        """Read slots, the booking that is followed, and the visitor's bookings again."""
        if self.poste.agent is None:
            return
        session = self.poste.session

        def travail() -> "Sequence[CreneauLibre]":
            from guichet.services import rendezvous

            return rendezvous.creneaux(session, datetime.now(UTC))

        self.poste.taches.base(travail, self._recevoir, self._refuser)
        if self._suivi is not None:
            self._lire(self._suivi)
        self._lire_du_dossier()

    def montrer_mode(self, mode: str, *, montre: bool) -> None:
        """Show or hide a mode of contact (RDV-08)."""
        (self._modes_exclus.discard if montre else self._modes_exclus.add)(mode)
        self._filtrer()

    def montrer_lieu(self, lieu: str, *, montre: bool) -> None:
        """Show or hide a place (RDV-09)."""
        (self._lieux_exclus.discard if montre else self._lieux_exclus.add)(lieu)
        self._filtrer()

    def montre(self, nom: str) -> bool:
        """Tell whether a mode or place is shown."""
        return nom not in self._modes_exclus and nom not in self._lieux_exclus

    def reserver(self, creneau: "CreneauLibre", motif_code: str) -> None:
        """Ask for a slot, for the visitor if there is one; the outcome comes by `issue`."""
        session, visite = self.poste.session, self.poste.visite

        def travail() -> "Pris":
            from guichet.services import rendezvous

            return rendezvous.lire(session, rendezvous.reserver_creneau(session, creneau, motif_code, visite))

        def puis(pris: "Pris") -> None:
            self._suivi = pris.id
            self.issue.emit(pris)
            self.poste.apres_saisie()

        self.poste.taches.base(travail, puis, self._refuser)

    def annuler(self, pris: "Pris") -> None:
        """Cancel a confirmed booking."""
        session = self.poste.session

        def travail() -> None:
            from guichet.services import rendezvous

            rendezvous.annuler(session, pris)

        def puis(_: None) -> None:
            self._suivi = pris.id
            self.poste.apres_saisie()

        self.poste.taches.base(travail, puis, self._refuser)

    def _sur_visite(self, _: object) -> None:
        self.relire()

    def _lire(self, id_: str) -> None:
        session = self.poste.session

        def travail() -> "Pris":
            from guichet.services import rendezvous

            return rendezvous.lire(session, id_)

        self.poste.taches.base(travail, self.issue.emit, self._refuser)

    def _lire_du_dossier(self) -> None:
        visite = self.poste.visite
        if visite is None:
            self.du_dossier_lus.emit([])
            return
        session = self.poste.session

        def travail() -> "Sequence[Pris]":
            from guichet.services import rendezvous

            return rendezvous.du_dossier(session, visite.dossier_id)

        self.poste.taches.base(travail, lambda p: self.du_dossier_lus.emit(list(p)), self._refuser)

    def _recevoir(self, creneaux: "Sequence[CreneauLibre]") -> None:
        if tuple(creneaux) == self._tous and self.lieux:
            return
        self._tous = tuple(creneaux)
        modes, lieux = tuple(sorted({c.mode for c in creneaux})), tuple(sorted({c.site_nom for c in creneaux}))
        if (modes, lieux) != (self.modes, self.lieux):
            self.modes, self.lieux = modes, lieux
            self.lieux_changes.emit()
        self._filtrer()

    def _filtrer(self) -> None:
        self.creneaux = tuple(c for c in self._tous if c.mode not in self._modes_exclus and c.site_nom not in self._lieux_exclus)
        self.creneaux_changes.emit()

    def _refuser(self, erreur: BaseException) -> None:
        self.refuse.emit(en_mots(erreur))
