"""Coming in on a workstation of one's own: the vaults that are here, the browser, the passphrase of a new vault."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

from guichet.presenters.poste import PostePresenter
from guichet.presenters.taches import en_mots

if TYPE_CHECKING:
    from guichet.services.session import Session
    from guichet.store.profils import Profil
    from guichet.sync.porteur import Jetons


class Connecte(NamedTuple):
    """Who has just signed in, where his vault is, and whether it must be made."""

    jetons: "Jetons"
    agent: tuple[str, str]
    nom: str
    dossier: Path
    nouveau: bool


class EntreePresenter(QObject):
    """`a_ouvrir` is given the address that the system's browser must show; `connecte`, who came back from it.

    `abime` is given the folder and passphrase of a vault that a repair may open again; `repare`, what the repair did, in words.
    """

    profils_connus = Signal(list)
    a_ouvrir = Signal(str)
    connecte = Signal(object)
    refuse = Signal(str)
    abime = Signal(object, str)
    repare = Signal(str)

    def __init__(self, poste: PostePresenter) -> None:
        super().__init__(poste)
        self._poste, self._arret = poste, threading.Event()
        self._connecte: Connecte | None = None

    @property
    def centre_connu(self) -> bool:
        """Whether there is a centre to sign in at."""
        return self._poste.url is not None

    def lister(self) -> None:
        """Look for the vaults of this workstation."""
        racine = self._poste.racine

        def travail() -> "list[Profil]":
            from guichet.store.profils import lister

            return lister(racine)

        self._poste.taches.large(travail, self.profils_connus.emit, self._refuser)

    def se_connecter(self) -> None:
        """Send the agent to his browser and wait for him, until he comes back or gives up."""
        url, racine = self._poste.url, self._poste.racine
        if url is None:
            return
        arret = self._arret = threading.Event()

        def travail() -> Connecte:
            from guichet.store.coffre import existe
            from guichet.store.profils import dossier_de
            from guichet.sync.client import qui
            from guichet.sync.connexion import se_connecter

            jetons = se_connecter(url, self.a_ouvrir.emit, arret)
            moi = qui(url, jetons.acces)
            dossier = dossier_de(racine, moi.agent_id)
            return Connecte(jetons, (moi.agent_id, moi.portee_agent), moi.nom, dossier, not existe(dossier))

        self._poste.taches.large(travail, self._garder, self._refuser)

    def annuler(self) -> None:
        """Stop waiting for the browser, or for the passphrase of who came back."""
        self._arret.set()
        self._connecte = None

    def ouvrir(self, dossier: Path, phrase: str) -> None:
        """Open a vault: with the sign-in just made if it is its agent's, else on what the vault kept of the last one."""
        url, connecte = self._poste.url, self._connecte

        def travail() -> "Session":
            from guichet.services.session import ouvrir_session

            if connecte is not None and connecte.dossier == dossier:
                return ouvrir_session(dossier, phrase, url, connecte.jetons, connecte.agent)
            return ouvrir_session(dossier, phrase, url)

        def sinon(erreur: BaseException) -> None:
            from guichet.store.erreurs import CoffreAbime

            self._poste.refuse.emit(en_mots(erreur))
            if isinstance(erreur, CoffreAbime):
                self.abime.emit(dossier, phrase)

        self._poste.taches.base(travail, self._entrer, sinon)

    def reparer(self, dossier: Path, phrase: str) -> None:
        """Repair a damaged vault, say what is missing, and open it."""

        def travail() -> str:
            from guichet.store.reparation import raconter, reparer

            return raconter(reparer(dossier, phrase))

        def puis(recit: str) -> None:
            self.repare.emit(recit)
            self.ouvrir(dossier, phrase)

        self._poste.taches.base(travail, puis, lambda erreur: self._poste.refuse.emit(en_mots(erreur)))

    def _entrer(self, session: "Session") -> None:
        self._connecte = None
        self._poste.entrer_avec(session)

    def _garder(self, connecte: Connecte) -> None:
        self._connecte = connecte
        self.connecte.emit(connecte)

    def _refuser(self, erreur: BaseException) -> None:
        self.refuse.emit(en_mots(erreur))
