"""« Envois » and « Diagnostic »: what was done here, what is to be decided, where each scope stands."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from guichet.presenters.poste import PostePresenter
from guichet.presenters.taches import en_mots

if TYPE_CHECKING:
    from guichet.services.diagnostic import Diagnostic
    from guichet.services.envois import LigneEnvoi
    from guichet.services.session import Session
    from guichet.store.avis import AvisRecu


class EnvoisPresenter(QObject):
    """`lus`: the acts and the words received, each time they change; `refuse`: why an action was not done; `fait`: what was."""

    lus = Signal(list, list)
    examine = Signal(object)
    refuse = Signal(str)
    fait = Signal(str)

    def __init__(self, poste: PostePresenter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.poste = poste
        poste.etat_change.connect(self._sur_etat)

    def relire(self) -> None:
        """Read the acts and the words again."""
        session = self._session()
        if session is None:
            return

        def travail() -> "tuple[list[LigneEnvoi], list[AvisRecu]]":
            from guichet.services import envois

            return envois.lister(session), envois.avis(session)

        self.poste.taches.base(travail, lambda rendu: self.lus.emit(*rendu), self._refuser)

    def examiner(self) -> None:
        """Read the diagnostic again."""
        session = self._session()
        if session is None:
            return

        def travail() -> "Diagnostic":
            from guichet.services import diagnostic

            return diagnostic.examiner(session)

        self.poste.taches.base(travail, self.examine.emit, self._refuser)

    def retirer(self, opid: str) -> None:
        """Withdraw a refused act."""
        self._agir(lambda envois, session: envois.retirer(session, opid), "Retiré.")

    def renvoyer(self, opid: str, valeur: Any = None) -> None:  # noqa: ANN401 (the field's own kind)
        """Send a refused act again, mended if a value is given."""
        self._agir(lambda envois, session: envois.renvoyer(session, opid, valeur), "Renvoyé : la réponse du centre s'affichera ici.")

    def transmettre(self, opid: str, chemin: Path) -> None:
        """Write an act for support."""
        self._agir(
            lambda envois, session: envois.transmettre(session, opid, chemin),
            f"Fichier chiffré écrit : {chemin.name}. Seule l'assistance du centre peut l'ouvrir.",
        )

    def marquer_lu(self, recu: "AvisRecu") -> None:
        """Note that a word was read."""
        self._agir(lambda envois, session: envois.marquer_lu(session, recu), "")

    def permettre_effacement(self, portee: str) -> None:
        """Let the rows go that the centre no longer names."""
        session = self._session()
        if session is None:
            return

        def travail() -> None:
            from guichet.services import diagnostic

            diagnostic.permettre_effacement(session, portee)

        self.poste.taches.base(travail, lambda _: self.poste.apres_saisie(), self._refuser)

    def _agir(self, action: "Callable[[Any, Session], None]", dit: str) -> None:
        session = self._session()
        if session is None:
            return

        def travail() -> None:
            from guichet.services import envois

            action(envois, session)

        def puis(_: None) -> None:
            self.fait.emit(dit)
            self.poste.apres_saisie()

        self.poste.taches.base(travail, puis, self._refuser)

    def _session(self) -> "Session | None":
        """A dialog may outlive the session that it was opened on."""
        return self.poste.session if self.poste.agent is not None else None

    def _sur_etat(self, _: object) -> None:
        self.relire()

    def _refuser(self, erreur: BaseException) -> None:
        self.refuse.emit(en_mots(erreur))
