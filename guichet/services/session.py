"""A working session: one open profile, one centre, and the services over them."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from guichet.models.enums import Role
from guichet.store import agents, avis, fenetre, fichiers, profils, reperes, replique, sortie
from guichet.store.agents import AgentLocal
from guichet.store.coffre import Coffre, ouvrir, ouvrir_avec_cle
from guichet.store.conservation import Rapport, purger
from guichet.store.reverrou import Reverrou
from guichet.store.sortie import Comptes
from guichet.sync.client import ClientCentre
from guichet.sync.depot import Depot
from guichet.sync.passe import Bilan, Passe
from guichet.sync.porteur import Jetons, Porteur


class Refus(Exception):
    """A rule says no; the text is French, shown in place, with what to do."""


@dataclass(frozen=True)
class EtatPoste:
    """What the status bar and `guichet etat` say."""

    agent: AgentLocal | None
    comptes: Comptes
    fichiers_en_attente: int
    synchronise_le: datetime | None
    a_confirmer: int
    delais_publies_le: date | None
    avis: int = 0
    """Words to this agent that he has not read."""


class Session:
    """One agent at work. `coffre` is this floor's; presenters use the services only.

    `jeton`: a demonstration's or a script's, or what turns by itself after a sign-in.
    """

    def __init__(self, coffre: Coffre, url: str | None, jeton: str | Porteur) -> None:
        self.coffre, self._jeton = coffre, jeton
        self._client = ClientCentre(url, jeton) if url and jeton else None
        self._client_fichiers = self._client.pour_fichiers() if self._client is not None else None
        self._passe, self._depot = threading.Lock(), threading.Lock()
        self._arret, self._libre = threading.Event(), threading.Event()
        self._libre.set()
        self._verifiees: set[str] = set()

    @property
    def url_centre(self) -> str:
        """Where the centre is, or nothing."""
        return self._client.url if self._client is not None else ""

    @property
    def en_ligne_possible(self) -> bool:
        """Whether there is a centre to speak to."""
        return self._client is not None

    def agent(self) -> AgentLocal:
        """Return whose session it is. Raises Refus before the first synchronisation."""
        with self.coffre.lecture() as connexion:
            trouve = agents.agent(connexion)
        if trouve is None:
            raise Refus("Ce profil n'a jamais été synchronisé : connectez-vous une première fois avec le réseau.")
        return trouve

    def synchroniser(self, avance: Callable[[Bilan], None] | None = None) -> Bilan:
        """Run one pass; a second caller waits for the first. Raises what Passe raises, or Refus without a centre."""
        if self._client is None:
            raise Refus("Ce poste travaille sans centre.")
        with self._passe:
            self._libre.clear()
            try:
                return Passe(self.coffre, self._client, self._arret, avance, self._verifiees).executer()
            finally:
                self._libre.set()

    def recopier(self) -> None:
        """Copy the vault's write-ahead log back, after a pass and behind everybody."""
        with self._passe:
            if not self._arret.is_set():
                self.coffre.recopier()

    def envoyer_fichiers(self, avance: Callable[[int, int], None] | None = None) -> int:
        """Send the files that wait, beside the passes and behind them; return how many went. Raises what Depot raises, or Refus."""
        if self._client_fichiers is None:
            raise Refus("Ce poste travaille sans centre.")
        with self._depot:
            return Depot(self.coffre, self._client_fichiers, self._libre, self._arret).vider(avance)

    def client(self) -> ClientCentre:
        """Return what speaks to the centre. Raises Refus without one."""
        if self._client is None:
            raise Refus("Il faut être connecté au centre pour cela.")
        return self._client

    def ecouter(self) -> Iterator[str]:
        """Yield the scope of each hint of the centre until its stream ends. Raises Injoignable."""
        if self._client is None:
            raise Refus("Ce poste travaille sans centre.")
        return self._client.evenements(self._arret)

    @property
    def arret(self) -> threading.Event:
        """Set once the session is being closed: what waits for a person gives up."""
        return self._arret

    def se_reconnecter(self, jetons: Jetons, agent: tuple[str, str]) -> None:
        """Go on with a new sign-in of the same agent. Raises CoffreAutrui for anybody else's."""
        self.coffre.attribuer(*agent)
        if isinstance(self._jeton, Porteur):
            self._jeton.adopter(jetons)

    def se_deconnecter(self) -> None:
        """Sign out: the centre ends what the sign-in gave. The vault keeps what was done here."""
        if isinstance(self._jeton, Porteur):
            self._jeton.renoncer()

    def reverrou(self) -> Reverrou:
        """Return what opens this session again after its screen is locked; the key is in it only under the agent's screen code."""
        return self.coffre.reverrou()

    def choisir_code_ecran(self, code: str | None) -> None:
        """Set the code that unlocks the screen, or take it away. Raises CodeFaible."""
        self.coffre.choisir_code_ecran(code)

    @property
    def jeton_fixe(self) -> str:
        """The token that does not turn, if it is one."""
        return self._jeton if isinstance(self._jeton, str) else ""

    def interrompre(self) -> None:
        """Stop the pass under way between two exchanges, and any other after it."""
        self._arret.set()

    def etat(self) -> EtatPoste:
        """Say where the workstation stands."""
        with self.coffre.lecture() as connexion:
            agent = agents.agent(connexion)
            avis_non_lus = avis.non_lus(connexion, agent.id, responsable=agent.role == Role.RESPONSABLE) if agent is not None else ()
            return EtatPoste(
                agent, sortie.comptes(connexion), fichiers.compter_a_envoyer(connexion),
                agents.synchronise_le(connexion),
                sum(c.a_effacer for c in replique.curseurs(connexion).values() if not c.effacement_permis), reperes.delais_publies_le(connexion),
                len(avis_non_lus),
            )  # fmt: skip

    def fermer(self) -> None:
        """Stop the pass under way between two exchanges, then close the profile."""
        self.interrompre()
        with self._passe, self._depot:
            for client in (self._client, self._client_fichiers):
                if client is not None:
                    with suppress(OSError):
                        client.fermer()
            self.coffre.fermer()


def ouvrir_session(
    profil: Path, phrase: str, url: str | None = None, acces: str | Jetons = "", agent: tuple[str, str] | None = None
) -> Session:
    """Open a profile and connect it.

    `acces`: what the centre has just given, and to whom (`agent`: his id and scope); without it, what the vault kept of the last sign-in
    serves, within the offline window. Raises ErreurCoffre (store.erreurs); nothing is changed then.
    """
    return _sur(ouvrir(profil, phrase), url, acces, agent)


def rouvrir_session(profil: Path, vault_id: str, cle: bytes, url: str | None, jeton: str) -> Session:
    """Open again a profile whose screen was locked. Raises ErreurCoffre."""
    return _sur(ouvrir_avec_cle(profil, vault_id, cle, verifier=False), url, jeton, None)


def _sur(coffre: Coffre, url: str | None, acces: str | Jetons, agent: tuple[str, str] | None) -> Session:
    try:
        if agent is not None:
            coffre.attribuer(*agent)
        if not acces:
            with coffre.ecriture() as connexion:
                fenetre.exiger_fenetre(connexion, maintenant())
        return Session(coffre, url, acces if isinstance(acces, str) and acces else _porteur(coffre, url, acces))
    except BaseException:
        coffre.fermer()
        raise


def _porteur(coffre: Coffre, url: str | None, jetons: str | Jetons) -> str | Porteur:
    """Return what carries a sign-in, whose refresh token lives in the vault."""
    if not url:
        return ""

    def garder(rafraichissement: str) -> None:
        with coffre.ecriture() as connexion:
            fenetre.garder(connexion, rafraichissement)

    if isinstance(jetons, Jetons):
        garder(jetons.rafraichissement)
        return Porteur(url, garder, jetons=jetons)
    with coffre.lecture() as connexion:
        return Porteur(url, garder, fenetre.rafraichissement(connexion))


def conserver(session: Session, *, appliquer: bool) -> Rapport:
    """Let go of what the vault has kept for its time, or only say what would."""
    with session.coffre.lecture() if not appliquer else session.coffre.ecriture() as connexion:
        rapport = purger(connexion, session.coffre.dossier, maintenant())
        if not appliquer:
            connexion.rollback()
    for chemin in rapport.copies if appliquer else ():
        chemin.unlink(missing_ok=True)
    return rapport


def nommer_profil(session: Session) -> None:
    """Have the sign-in page name this vault's agent."""
    agent = session.agent()
    profils.nommer(session.coffre.dossier, agent.nom, " · ".join(filter(None, (agent.fonction, agent.site_nom))))


def maintenant() -> datetime:
    """The moment, for what a person did; the centre never decides by it."""
    return datetime.now(UTC)
