"""A working session: one open profile, one centre, and the services over them."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from guichet.store import agents, fichiers, reperes, replique, sortie
from guichet.store.agents import AgentLocal
from guichet.store.coffre import Coffre, ouvrir
from guichet.store.sortie import Comptes
from guichet.sync.client import ClientCentre
from guichet.sync.depot import Depot
from guichet.sync.passe import Bilan, Passe


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


class Session:
    """One agent at work. `coffre` is this floor's; presenters use the services only."""

    def __init__(self, coffre: Coffre, url: str | None, jeton: str) -> None:
        self.coffre = coffre
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

    def ecouter(self) -> Iterator[str]:
        """Yield the scope of each hint of the centre until its stream ends. Raises Injoignable."""
        if self._client is None:
            raise Refus("Ce poste travaille sans centre.")
        return self._client.evenements(self._arret)

    def interrompre(self) -> None:
        """Stop the pass under way between two exchanges, and any other after it."""
        self._arret.set()

    def etat(self) -> EtatPoste:
        """Say where the workstation stands."""
        with self.coffre.lecture() as connexion:
            return EtatPoste(
                agents.agent(connexion), sortie.comptes(connexion), fichiers.compter_a_envoyer(connexion),
                agents.synchronise_le(connexion),
                sum(c.a_effacer for c in replique.curseurs(connexion).values() if not c.effacement_permis), reperes.delais_publies_le(connexion),
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


def ouvrir_session(profil: Path, phrase: str, url: str | None = None, jeton: str = "", agent: tuple[str, str] | None = None) -> Session:
    """Open a profile and connect it. `agent`: his id and scope, given by the centre at sign-in.

    Raises ErreurCoffre (store.erreurs); nothing is changed then.
    """
    coffre = ouvrir(profil, phrase)
    try:
        if agent is not None:
            coffre.attribuer(*agent)
    except BaseException:
        coffre.fermer()
        raise
    return Session(coffre, url, jeton)


def maintenant() -> datetime:
    """The moment, for what a person did; the centre never decides by it."""
    return datetime.now(UTC)
