"""The workstation: signing in and out, the synchronisation in the background, the visit under way, what the status bar says."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

from guichet.contract.demonstration import PHRASE
from guichet.presenters.noteur import NoteurDeRecherches
from guichet.presenters.synchro import Synchro, espacer
from guichet.presenters.taches import Taches, en_mots, est_prevue

if TYPE_CHECKING:
    from collections.abc import Callable

    from guichet.contract.sync import AgentDemonstration
    from guichet.services.session import EtatPoste, Session
    from guichet.services.visites import VisiteOuverte
    from guichet.store.agents import AgentLocal
    from guichet.store.reverrou import Reverrou
    from guichet.sync.passe import Bilan


class EtatConnexion(NamedTuple):
    """What the status bar shows. `message` is empty while the centre answers; `a_reconnecter`: only a new sign-in helps."""

    message: str = ""
    en_cours: int | None = None
    a_reconnecter: bool = False


class EcranVerrouille(NamedTuple):
    """What a locked screen keeps: where its vault is, and what opens it again."""

    dossier: Path
    jeton: str
    reverrou: "Reverrou | None"


class _Pret(NamedTuple):
    """A profile that may be shown; `recue`: a first pass has just filled it."""

    agent: "AgentLocal"
    visite: "VisiteOuverte | None"
    reverrou: "Reverrou"
    recue: bool


class PostePresenter(QObject):
    """Holds the session; every page listens to `change` to read its data again; `demarche_voulue`: a page leads to the form of this code."""

    ouvert = Signal(object)
    ferme = Signal()
    quitte = Signal()
    verrouille = Signal(object)
    deverrouille = Signal()
    change = Signal()
    visite_changee = Signal(object)
    demarche_voulue = Signal(str)
    connexion_changee = Signal(object)
    etat_change = Signal(object)
    refuse = Signal(str)
    agents_connus = Signal(list)
    a_ouvrir = Signal(str)
    _avance = Signal(int)

    def __init__(self, taches: Taches, racine: Path, url: str | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.taches = taches
        self.racine, self.url = racine, url
        self._session: Session | None = None
        self.agent: AgentLocal | None = None
        self.visite: VisiteOuverte | None = None
        self.etat: EtatPoste | None = None
        self._synchro: Synchro | None = None
        self._ecran: EcranVerrouille | None = None
        self._demonstration = ""
        self._a_fermer: list[Session] = []
        self._reverrou: Reverrou | None = None
        self._avance.connect(self._sur_avance)
        self.recherches = NoteurDeRecherches(taches, lambda: self._session, self)
        self.ferme.connect(self.recherches.oublier)

    @property
    def session(self) -> "Session":
        """The open session; pages ask for it only once signed in."""
        if self._session is None:
            raise RuntimeError("no session is open")
        return self._session

    @property
    def au_travail(self) -> bool:
        """Whether a session is open and its screen is not locked."""
        return self._session is not None

    def demander_agents(self) -> None:
        """Ask the centre who may sign in by one click."""
        url = self.url
        if url is None:
            self.agents_connus.emit([])
            return

        def travail() -> "list[AgentDemonstration]":
            from guichet.sync.client import ClientCentre

            client = ClientCentre(url)
            try:
                return client.agents_de_demonstration()
            finally:
                client.fermer()

        self.taches.large(travail, self.agents_connus.emit, self._refuser)

    def entrer_en_demonstration(self, login: str) -> None:
        """Sign in as one of the demonstration people; without the centre, an agent already known here works offline.

        On the database worker, so that a profile being closed is closed first.
        """
        url, profil = self.url, self.racine / login
        self._demonstration = login

        def travail() -> "Session":
            from guichet.services import ouvrir_session
            from guichet.store.coffre import existe
            from guichet.sync.client import qui
            from guichet.sync.demonstration import entrer
            from guichet.sync.erreurs import Injoignable

            try:
                jetons = entrer(url or "", login)
                moi = qui(url or "", jetons.acces)
            except Injoignable:
                if not existe(profil):
                    raise
                return ouvrir_session(profil, PHRASE)
            return ouvrir_session(profil, PHRASE, url, jetons, (moi.agent_id, moi.portee_agent))

        self.taches.base(travail, self.entrer_avec, self._refuser)

    def entrer(self, phrase: str, jeton: str = "") -> None:
        """Open this workstation's own profile: connected when a token is given and the centre answers, else on what is here."""
        url, profil = self.url, self.racine

        def travail() -> "Session":
            from guichet.services import ouvrir_session
            from guichet.store.coffre import existe
            from guichet.sync.client import qui
            from guichet.sync.erreurs import Injoignable

            if not jeton or url is None:
                return ouvrir_session(profil, phrase)
            try:
                moi = qui(url, jeton)
            except Injoignable:
                if not existe(profil):
                    raise
                return ouvrir_session(profil, phrase)
            return ouvrir_session(profil, phrase, url, jeton, (moi.agent_id, moi.portee_agent))

        self.taches.base(travail, self.entrer_avec, self._refuser)

    def se_reconnecter(self) -> None:
        """Sign in again in the browser (`a_ouvrir`), or as the same demonstration person, and go on where one is."""
        session, url, login = self._session, self.url, self._demonstration
        if session is None or url is None:
            return
        if session.jeton_fixe:
            self.sortir(deconnexion=False)
            return

        def travail() -> None:
            from guichet.sync import demonstration
            from guichet.sync.client import qui
            from guichet.sync.connexion import se_connecter

            jetons = demonstration.entrer(url, login) if login else se_connecter(url, self.a_ouvrir.emit, session.arret)
            moi = qui(url, jetons.acces)
            session.se_reconnecter(jetons, (moi.agent_id, moi.portee_agent))

        def sinon(erreur: BaseException) -> None:
            self.connexion_changee.emit(EtatConnexion(en_mots(erreur), None, True))

        self.taches.large(travail, lambda _: self.synchroniser(), sinon)

    def annuler_ouverture(self) -> None:
        """Stop filling a new profile; what was received is kept for the next time."""
        if self._session is not None and self.agent is None:
            self._session.interrompre()

    def verrouiller(self) -> None:
        """Lock the screen at once, then shut the vault behind it: pages stay as they are, hidden, for their agent alone."""
        session, agent = self._session, self.agent
        if session is None or agent is None:
            return
        self._session = None
        self._ecran = EcranVerrouille(session.coffre.dossier, session.jeton_fixe, self._reverrou)
        self.verrouille.emit(agent)
        self._arreter_fil()
        self.taches.oublier()
        self._fermer_session(session, deconnexion=False)

    @property
    def par_code(self) -> bool:
        """Whether the locked screen may be unlocked by its code."""
        return self._ecran is not None and self._ecran.reverrou is not None and self._ecran.reverrou.par_code

    def deverrouiller(self, secret: str) -> None:
        """Open the vault of the locked screen again, by its code while it may, else by its passphrase."""
        ecran, url = self._ecran, self.url
        if ecran is None:
            return
        reverrou = ecran.reverrou if self.par_code else None

        def travail() -> "Session":
            from guichet.services.session import ouvrir_session, rouvrir_session

            if reverrou is None:
                return ouvrir_session(ecran.dossier, secret, url, ecran.jeton)
            return rouvrir_session(ecran.dossier, reverrou.vault_id, reverrou.ouvrir(secret), url, ecran.jeton)

        self.taches.base(travail, self._rentrer, self._refuser)

    def sortir(self, *, deconnexion: bool = True) -> None:
        """Leave: sign out at the centre, shut the vault, forget the pages. What waits stays on the workstation, and leaves next time."""
        session, self._session, self.agent, self.visite, self.etat = self._session, None, None, None, None
        self._ecran, self._reverrou = None, None
        self._arreter_fil()
        self.taches.oublier()
        if session is not None:
            self._fermer_session(session, deconnexion=deconnexion)
        self.ferme.emit()

    def _fermer_session(self, session: "Session", *, deconnexion: bool) -> None:
        """Shut a vault behind the screen; it is remembered until that is done, in case the window closes first."""
        self._a_fermer.append(session)

        def travail() -> None:
            if deconnexion:
                session.se_deconnecter()
            session.fermer()
            self._a_fermer.remove(session)

        self.taches.base(travail)

    def fermer(self) -> None:
        """Close everything before the process ends."""
        self.quitte.emit()
        session, self._session = self._session, None
        self._arreter_fil()
        self.taches.fermer()
        for ouverte in (*self._a_fermer, *([session] if session is not None else [])):
            ouverte.fermer()

    def apres_saisie(self) -> None:
        """Something was done here: show it everywhere, and send it now."""
        self.change.emit()
        self._lire_etat()
        self.synchroniser()

    @property
    def non_partis(self) -> int:
        """Count what was done here and has not left."""
        return self.etat.comptes.en_attente + self.etat.fichiers_en_attente if self.etat is not None else 0

    def synchroniser(self) -> None:
        """Ask for a pass now."""
        if self._synchro is not None:
            self._synchro.reveiller()

    def porter_visite(self, visite: "VisiteOuverte | None") -> None:
        """Say who is at the counter now."""
        self.visite = visite
        self.visite_changee.emit(visite)

    def entrer_avec(self, session: "Session") -> None:
        """Go on with a session just opened: fill it the first time, then show it."""
        self._session = session

        def premier() -> "_Pret":
            from guichet.services import visites
            from guichet.services.session import nommer_profil

            agent, recue = _agent_ou_premiere_passe(session, espacer(self._avance.emit))
            nommer_profil(session)
            return _Pret(agent, visites.reprendre(session), session.reverrou(), recue)

        self.taches.base(premier, self._pret, self._abandonner)

    @property
    def a_un_code(self) -> bool:
        """Whether the agent has chosen a code for his screen."""
        return self._reverrou is not None and self._reverrou.par_code

    def choisir_code_ecran(self, code: str | None, puis: "Callable[[], None]", sinon: "Callable[[BaseException], None]") -> None:
        """Set the code that unlocks the screen, or take it away."""
        session = self.session

        def travail() -> "Reverrou":
            session.choisir_code_ecran(code)
            return session.reverrou()

        def garder(reverrou: "Reverrou") -> None:
            self._reverrou = reverrou
            puis()

        self.taches.base(travail, garder, sinon)

    def _rentrer(self, session: "Session") -> None:
        """Come back to a screen that was locked."""
        self._session, self._ecran = session, None

        def relire() -> "Reverrou":
            return session.reverrou()

        self.taches.base(relire, self._garder_reverrou)
        self.deverrouille.emit()
        self.change.emit()
        self._reprendre_le_fil()

    def _garder_reverrou(self, reverrou: "Reverrou") -> None:
        self._reverrou = reverrou

    def _pret(self, pret: "_Pret") -> None:
        self.agent, self._reverrou = pret.agent, pret.reverrou
        self.ouvert.emit(self.agent)
        self.porter_visite(pret.visite)
        if pret.recue:
            self.connexion_changee.emit(EtatConnexion())
        self._reprendre_le_fil()

    def _reprendre_le_fil(self) -> None:
        self._lire_etat()
        if self.session.en_ligne_possible:
            self._synchro = Synchro(self.session, self)
            self._synchro.passe_finie.connect(self._sur_passe)
            self._synchro.fichiers_finis.connect(self._sur_fichiers)
            self._synchro.avance.connect(self._sur_avance)
            self._synchro.commencer()
        else:
            self.connexion_changee.emit(
                EtatConnexion("Hors ligne : ce poste travaille sur ses données. Reconnectez-vous pour envoyer.", None, True)
            )

    def _abandonner(self, erreur: BaseException) -> None:
        session, self._session = self._session, None
        if session is not None:
            self.taches.base(session.fermer)
        self._refuser(erreur)

    def _refuser(self, erreur: BaseException) -> None:
        self.refuse.emit(en_mots(erreur))

    def _sur_avance(self, recues: int) -> None:
        self.connexion_changee.emit(EtatConnexion("", recues))

    def _sur_passe(self, rendu: "Bilan | BaseException") -> None:
        if self._session is None:
            return  # it ended while the screen was being locked: the next opening reads again
        if isinstance(rendu, BaseException):
            if not est_prevue(rendu):
                self.taches.panne.emit(rendu)
            from guichet.sync.erreurs import CentreOccupe, SessionExpiree

            if isinstance(rendu, CentreOccupe):
                self.change.emit()  # only our sending waits its turn: what the centre had for us was read
            self.connexion_changee.emit(EtatConnexion(en_mots(rendu), None, isinstance(rendu, SessionExpiree)))
        else:
            self.connexion_changee.emit(EtatConnexion())
            if rendu.recues or rendu.envoyees or rendu.refusees:
                self.change.emit()
        self._lire_etat()

    def _sur_fichiers(self, rendu: "int | BaseException") -> None:
        """Files went, or their sending stopped: the centre's pages will say what became of them; the passes say what is wrong."""
        if self._session is None:
            return
        if isinstance(rendu, BaseException):
            if not est_prevue(rendu):
                self.taches.panne.emit(rendu)
        else:
            self.synchroniser()
        self._lire_etat()

    def _lire_etat(self) -> None:
        session = self._session
        if session is not None:
            self.taches.base(session.etat, self._montrer_etat)

    def _montrer_etat(self, etat: "EtatPoste") -> None:
        self.etat = etat
        self.etat_change.emit(etat)

    def _arreter_fil(self) -> None:
        if self._synchro is not None:
            self._synchro.arreter()
            self._synchro = None


def _agent_ou_premiere_passe(session: "Session", avance: "Callable[[Bilan], None]") -> "tuple[AgentLocal, bool]":
    """Return the agent, and whether a pass has just filled a new profile, which a person may stop."""
    from guichet.services.session import Refus

    try:
        return session.agent(), False
    except Refus:
        if not session.en_ligne_possible:
            raise
    session.synchroniser(avance)
    return session.agent(), True
