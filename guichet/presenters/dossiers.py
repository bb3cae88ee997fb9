"""The « Dossiers » tab: results while typing, the card, the visit."""

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from guichet.contract.sync import BrisDeGlace
from guichet.presenters.poste import PostePresenter
from guichet.presenters.taches import en_mots

if TYPE_CHECKING:
    from datetime import datetime

    from guichet.contract.sync import ResultatsHorsPortee
    from guichet.models.enums import Qualite
    from guichet.services.a_faire import AFaire
    from guichet.services.carte import Carte
    from guichet.services.dossiers import Resultats
    from guichet.services.reperes import Rubrique
    from guichet.services.visites import VisiteOuverte
    from guichet.store.dossiers import Trouve


PAUSE_MS = 400
"""How long after the last keystroke the centre is asked too."""


class DossiersPresenter(QObject):
    """`resultats` comes after each keystroke, `ailleurs` (None when the centre does not answer) after a pause; `carte` when a dossier is open; `refuse` says why something was not done."""

    resultats = Signal(object)
    ailleurs = Signal(object)
    a_faire = Signal(object)
    fiche = Signal(object)
    carte_lue = Signal(object)
    nir_revele = Signal(str, object)
    motif_demande = Signal()
    refuse = Signal(str)

    def __init__(self, poste: PostePresenter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.poste = poste
        self._saisie = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.chercher_ailleurs)
        self._carte: Carte | None = None
        poste.change.connect(self._rafraichir)
        poste.ferme.connect(self._oublier)

    @property
    def carte(self) -> "Carte | None":
        """The card that is shown."""
        return self._carte

    def chercher(self, saisie: str) -> None:
        """Look for what is being typed; an answer to an older text is dropped."""
        self._saisie = saisie
        self._pause.start()
        session = self.poste.session

        def travail() -> "Resultats | None":
            if saisie != self._saisie:
                return None
            from guichet.services import dossiers

            return dossiers.chercher(session, saisie, date.today())

        def puis(resultats: "Resultats | None") -> None:
            if resultats is not None:
                self.resultats.emit(resultats)
                if resultats.trouves:
                    self.poste.recherches.montrer(saisie)

        self.poste.taches.base(travail, puis, self._refuser)

    def demander_a_faire(self) -> None:
        """Look for what waits for an advisor of the site."""
        session = self.poste.session

        def travail() -> "AFaire":
            from guichet.services import a_faire

            return a_faire.lire(session, date.today())

        self.poste.taches.base(travail, self.a_faire.emit, self._refuser)

    def demander_fiche(self, titre: str) -> None:
        """Look for a table of Repères."""
        session = self.poste.session

        def travail() -> "Rubrique":
            from guichet.services import reperes

            return next(r for r in reperes.rubriques(session, date.today()) if r.titre == titre)

        self.poste.taches.base(travail, self.fiche.emit, self._refuser)

    def ouvrir_dossier(self, portee: str, dossier_id: str) -> None:
        """Open a dossier of this workstation."""
        self._lire(portee, dossier_id)

    def chercher_ailleurs(self) -> None:
        """Ask the centre too, once the typing has paused; what is here is shown meanwhile."""
        if not self.poste.au_travail:
            return  # the screen was locked, or the window closed, during the pause
        session, saisie = self.poste.session, self._saisie

        def travail() -> "ResultatsHorsPortee | None":
            from guichet.services import dossiers

            return dossiers.chercher_ailleurs(session, saisie, date.today())

        def puis(resultats: "ResultatsHorsPortee | None") -> None:
            if saisie == self._saisie and resultats is not None:
                self.ailleurs.emit(resultats)

        def sinon(_: BaseException) -> None:
            if saisie == self._saisie:
                self.ailleurs.emit(None)

        self.poste.taches.large(travail, puis, sinon)

    def ouvrir(self, trouve: "Trouve") -> None:
        """Open the dossier of a result."""
        session = self.poste.session
        self.poste.recherches.noter()

        def travail() -> "Carte":
            from guichet.services import dossiers

            return dossiers.ouvrir(session, trouve.portee, trouve.dossier_id, date.today())

        self.poste.taches.base(travail, self._montrer, self._refuser)

    def ouvrir_autre(self, dossier_id: str) -> None:
        """Open another dossier of the person whose card is shown."""
        if self._carte is not None:
            self._lire(self._carte.portee, dossier_id)

    def montrer_visite(self, visite: "VisiteOuverte") -> None:
        """Open the dossier of the visit, if there is one."""
        if visite.dossier_id:
            self._lire(visite.portee, visite.dossier_id)

    def reveler_nir(self, motif: str = "") -> None:
        """Ask for the NIR in clear: a reason first (`motif_demande`), unless one was given for this dossier in the last minutes."""
        carte, session = self._carte, self.poste.session
        if carte is None:
            return

        def travail() -> "tuple[str, datetime] | None":
            from guichet.services import dossiers

            fin = dossiers.briser_la_glace(session, carte.dossier_id, motif) if motif else dossiers.glace_brisee(session, carte.dossier_id)
            return (dossiers.reveler_nir(session, carte.portee, carte.dossier_id), fin) if fin is not None else None

        def puis(rendu: "tuple[str, datetime] | None") -> None:
            if rendu is None:
                self.motif_demande.emit()
            else:
                self.nir_revele.emit(*rendu)
                if motif:
                    self.poste.apres_saisie()

        self.poste.taches.base(travail, puis, self._refuser)

    @property
    def peut_briser(self) -> bool:
        """Whether the agent may look beyond his site, with a reason; a landlord may not."""
        agent = self.poste.agent
        return agent is not None and not agent.bailleur

    def ouvrir_hors_portee(self, numero: str, motif: str, dossier_id: str = "") -> None:
        """Open a dossier of another site of the organisme, for some minutes: by its number, or as the centre found it."""
        session, demande = self.poste.session, BrisDeGlace(numero, motif, dossier_id)

        def travail() -> "Carte":
            from guichet.services import dossiers

            return dossiers.ouvrir_hors_portee(session, demande, date.today())

        self.poste.taches.large(travail, self._montrer, self._refuser)

    def fermer_la_carte(self) -> None:
        """Put a card away: its time is over."""
        self._oublier()

    def ouvrir_visite(self, personne_id: str, qualite: "Qualite", preuve: str, visiteur: str = "") -> None:
        """Open a visit for the dossier that is shown, which is then read again as the visitor may see it."""
        carte, session = self._carte, self.poste.session
        if carte is None:
            return

        def travail() -> "VisiteOuverte":
            from guichet.services import visites

            return visites.ouvrir(session, carte.portee, carte.dossier_id, personne_id, qualite, preuve, visiteur)

        def puis(visite: "VisiteOuverte") -> None:
            # What the agent had before him goes at once: it comes back as the visitor may see it, or not at all.
            self._oublier()
            self.poste.porter_visite(visite)
            self._relire(carte)
            self.poste.apres_saisie()

        self.poste.taches.base(travail, puis, self._refuser)

    def recevoir_sans_dossier(self, nom: str, preuve: str) -> None:
        """Open a visit for somebody who has no dossier here."""
        session = self.poste.session

        def travail() -> "VisiteOuverte":
            from guichet.services import visites

            return visites.recevoir_sans_dossier(session, nom, preuve)

        def puis(visite: "VisiteOuverte") -> None:
            self.poste.porter_visite(visite)
            self.poste.apres_saisie()

        self.poste.taches.base(travail, puis, self._refuser)

    def terminer_visite(self) -> None:
        """Close the visit and clear the screen of it."""
        visite, session = self.poste.visite, self.poste.session
        if visite is None:
            return

        def travail() -> None:
            from guichet.services import visites

            visites.terminer(session, visite)

        def puis(_: None) -> None:
            self._oublier()
            self.poste.porter_visite(None)
            self.poste.apres_saisie()

        self.poste.taches.base(travail, puis, self._refuser)

    def _lire(self, portee: str, dossier_id: str) -> None:
        session = self.poste.session

        def travail() -> "Carte":
            from guichet.services import dossiers

            return dossiers.ouvrir(session, portee, dossier_id, date.today())

        self.poste.taches.base(travail, self._montrer, self._refuser)

    def _rafraichir(self) -> None:
        """Read the card again after a change."""
        if self._carte is not None and self._carte.jusqua is None:
            self._relire(self._carte)

    def _relire(self, carte: "Carte") -> None:
        """Read a card again; a quiet look is not a new opening, so it is not journaled."""
        session, visite = self.poste.session, self.poste.visite
        montree = self._carte.dossier_id if self._carte is not None else ""

        def travail() -> "Carte":
            from guichet.services import dossiers

            return dossiers.relire(session, carte, date.today())

        def puis(lue: "Carte") -> None:
            # A card that was put away meanwhile, or read for another visitor, does not come back.
            ici = self._carte.dossier_id if self._carte is not None else ""
            if ici == montree and self.poste.visite is visite:
                self._montrer(lue)

        self.poste.taches.base(travail, puis, self._refuser)

    def _montrer(self, carte: "Carte") -> None:
        self._carte = carte
        self.carte_lue.emit(carte)

    def _oublier(self) -> None:
        self._pause.stop()
        self._saisie, self._carte = "", None
        self.carte_lue.emit(None)

    def _refuser(self, erreur: BaseException) -> None:
        self.refuse.emit(en_mots(erreur))
