"""The one search box: people of this workstation, benefits, actions."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from guichet.presenters.poste import PostePresenter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from guichet.services.dossiers import Resultats


@dataclass(frozen=True)
class Action:
    """Something the window can do, found by its words."""

    cle: str
    libelle: str


_ACTIONS = (
    Action("dossiers", "Aller aux dossiers"),
    Action("bailleur", "Aller aux locataires"),
    Action("documents", "Ajouter un document"),
    Action("rendezvous", "Prendre un rendez-vous"),
    Action("synchroniser", "Synchroniser maintenant"),
    Action("envois", "Voir les envois et ce qui est à revoir"),
    Action("journal", "Lire le journal des consultations"),
    Action("diagnostic", "Ouvrir le diagnostic du poste"),
    Action("discretion", "Masquer l'écran (F9)"),
    Action("verrouiller", "Verrouiller le poste"),
    Action("code", "Choisir le code qui déverrouille l'écran"),
    Action("deconnecter", "Se déconnecter et fermer mon coffre"),
)


_TOUJOURS = ("synchroniser", "envois", "diagnostic", "discretion", "verrouiller", "code", "deconnecter")


class RecherchePresenter(QObject):
    """`propositions`: results (or None), benefits as words, actions."""

    propositions = Signal(object, list, list)

    def __init__(self, poste: PostePresenter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._poste = poste
        self._saisie = ""

    def chercher(self, saisie: str) -> None:
        """Look for what is being typed; an answer to an older text is dropped."""
        self._saisie = saisie
        agent, session = self._poste.agent, self._poste.session
        if agent is None or not saisie.strip():
            self.propositions.emit(None, [], [])
            return
        onglets = agent.onglets
        permises = (*onglets, *_TOUJOURS, *(("journal",) if agent.role == "responsable" else ()))

        def travail() -> "tuple[Resultats | None, Sequence[str]] | None":
            if saisie != self._saisie:
                return None
            from guichet.services import dossiers, reperes

            personnes = dossiers.chercher(session, saisie, date.today()) if "dossiers" in onglets else None
            return personnes, reperes.prestations(session, saisie)

        def puis(rendu: "tuple[Resultats | None, Sequence[str]] | None") -> None:
            if rendu is not None and saisie == self._saisie:
                self.propositions.emit(rendu[0], list(rendu[1]), self._actions(saisie, permises))
                if rendu[0] is not None and rendu[0].trouves:
                    self._poste.recherches.montrer(saisie)

        self._poste.taches.base(travail, puis)

    @staticmethod
    def _actions(saisie: str, permises: tuple[str, ...]) -> list[Action]:
        from guichet.rules.recherche import plier

        voulu = plier(saisie)
        return [a for a in _ACTIONS if a.cle in permises and voulu and any(m.startswith(voulu) for m in plier(a.libelle).split())]
