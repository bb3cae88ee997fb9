"""What several tests share: a centre in its own process, a line that can really be cut, the samples."""

import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text, update

from guichet.central.base import BaseCentre
from guichet.central.identity.tables import compte
from guichet.central.jetons import delivrer
from tests.processus import CONTEXTE, banc_court, commande_entiere, ligne_de_commande

ICI = Path(__file__).parent
ECHANTILLONS = Path(os.environ.get("GUICHET_SAMPLES", ICI.parent.parent / "shared" / "data")) / "samples"
PARTAGE = "GUICHET_ESSAIS_PARTAGE"
"""The variable that names the folder of what one run of the tests makes once for all its workers."""
PHRASE = "une phrase de passe d'essai"


def guichet(*arguments: str, phrase: str = PHRASE) -> "subprocess.CompletedProcess[str]":
    """Run the command line as IT would, in a process of its own."""
    return _attendre(commande_entiere, arguments, os.environ | {"GUICHET_PHRASE": phrase})


def jouer_banc(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run benches at their small sizes, in a process of their own."""
    return _attendre(banc_court, arguments, dict(os.environ))


def _attendre(cible: Callable[..., None], arguments: tuple[str, ...], environnement: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    with tempfile.TemporaryDirectory() as dossier:
        dits = Path(dossier, "sortie"), Path(dossier, "erreurs")
        processus = CONTEXTE.Process(target=cible, args=(arguments, environnement, *dits))
        processus.start()
        processus.join(120)
        assert processus.exitcode is not None, arguments
        return subprocess.CompletedProcess(arguments, processus.exitcode, *(dit.read_text(encoding="utf-8") for dit in dits))


class CentreEnMarche:
    """A centre served by its own process on a free port."""

    def __init__(self, base: str, fichiers: Path, *options: str) -> None:
        self.base, self.fichiers, self._options = base, fichiers, options
        self.processus: multiprocessing.process.BaseProcess | None = None
        self.url = ""

    def demarrer(self, adresse: str = "127.0.0.1:0") -> None:
        """Serve; the address really bound is the first line that the command prints."""
        arguments = ["centre", "servir", "--base", self.base, "--adresse", adresse, "--fichiers", str(self.fichiers), *self._options]
        dit, ecrit = multiprocessing.Pipe(duplex=False)
        self.processus = CONTEXTE.Process(target=ligne_de_commande, args=(arguments, dict(os.environ), ecrit), daemon=True)
        self.processus.start()
        ecrit.close()
        with os.fdopen(os.dup(dit.fileno())) as lignes:
            self.url = lignes.readline().strip()
        dit.close()
        assert self.url, "the centre did not start"

    def jeton(self, agent: str, heures: float = 12) -> str:
        base = BaseCentre(self.base)
        with base.ecriture() as connexion:
            jeton, _ = delivrer(connexion, agent, timedelta(hours=heures))
        base.fermer()
        return jeton

    def oublier_les_codes(self) -> None:
        """Let codes of the moment serve again: tests sign in more often than the half-minutes go by."""
        base = BaseCentre(self.base)
        base.ecrire(lambda connexion: connexion.execute(update(compte).values(totp_pas=0)))
        base.fermer()

    def tuer(self) -> None:
        if self.processus is not None:
            self.processus.kill()
            self.processus.join()
            self.processus = None


class Postgresql:
    """A PostgreSQL server on a free port, with a cluster of its own, new or copied from a stopped one's `donnees`.

    Its folder is its own too: pytest's is closed to other users, and PostgreSQL does not run as root.
    """

    def __init__(self, outils: Path, *options: str, modele: Path | None = None) -> None:
        self._outils, self._options, self._prefixe = outils, options, list[str]()
        self._dossier = Path(tempfile.mkdtemp(prefix="guichet-pg-", dir=os.environ.get(PARTAGE)))
        self.donnees = self._dossier / "data"
        if os.geteuid() == 0:
            shutil.chown(self._dossier, "postgres")
            self._prefixe = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        if modele is None:
            self._lancer(outils / "initdb", "-D", self.donnees, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        else:
            self._lancer("cp", "-a", modele, self.donnees)
        with socket.create_server(("127.0.0.1", 0)) as prise:
            self._port = prise.getsockname()[1]
        self.url = f"postgresql://postgres@127.0.0.1:{self._port}"
        self._processus: subprocess.Popen[bytes] | None = None
        self._paquet = self._de_quel_paquet()

    @property
    def vit(self) -> bool:
        return self._processus is not None and self._processus.poll() is None

    @property
    def plainte(self) -> str:
        """What is wrong with the server itself, or nothing: a package upgraded under it breaks it in ways that say nothing of us."""
        if self._de_quel_paquet() != self._paquet:
            return f"the package of PostgreSQL ({self._outils}) was changed while its server ran: run these tests again"
        return "" if self.vit else f"PostgreSQL stopped: {self.journal()}"

    def _de_quel_paquet(self) -> tuple[int, float] | None:
        try:
            lu = (self._outils / "postgres").stat()
        except FileNotFoundError:
            return None
        return lu.st_ino, lu.st_mtime

    def journal(self) -> str:
        return (self._dossier / "journal").read_text()[-4000:]

    def demarrer(self) -> None:
        """Start, and recover if it was killed."""
        (self.donnees / "postmaster.pid").unlink(missing_ok=True)
        commande = [*self._prefixe, self._outils / "postgres", "-D", self.donnees, "-p", str(self._port), "-k", self._dossier]
        with (self._dossier / "journal").open("a") as journal:
            self._processus = subprocess.Popen(
                [*commande, "-c", "listen_addresses=127.0.0.1", *self._options],
                stderr=journal,
                stdout=journal,
                cwd="/",
                start_new_session=True,
            )
        pret = [self._outils / "pg_isready", "-p", str(self._port), "-h", "127.0.0.1"]
        for _ in range(200):
            if subprocess.run(pret, capture_output=True, check=False).returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError("PostgreSQL did not start")

    def tuer(self) -> None:
        """SIGKILL, the server and all its children at once."""
        assert self._processus is not None
        enfants = subprocess.run(["pgrep", "-P", str(self._processus.pid)], capture_output=True, text=True, check=False).stdout.split()
        for pid in (self._processus.pid, *map(int, enfants)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._processus.wait(20)
        time.sleep(0.3)

    def arreter(self) -> None:
        """Stop as its administrator would: no session is waited for, everything is written."""
        if self.vit and self._processus is not None:
            self._processus.send_signal(signal.SIGINT)
            self._processus.wait(20)

    def effacer(self) -> None:
        self.arreter()
        shutil.rmtree(self._dossier, ignore_errors=True)

    def _lancer(self, *commande: object) -> None:
        subprocess.run([*self._prefixe, *commande], check=True, capture_output=True, cwd="/")


def executer_sql(url: str, ordre: str) -> None:
    base = BaseCentre(url)
    with base.moteur.connect().execution_options(isolation_level="AUTOCOMMIT") as connexion:
        connexion.execute(text(ordre))
    base.fermer()


class Ligne:
    """A TCP line to the centre that can be cut: sockets closed, port closed."""

    def __init__(self, url: str) -> None:
        self.cible = ("127.0.0.1", int(url.rsplit(":", 1)[1]))
        self._ouvertes: list[socket.socket] = []
        self._ecoute = socket.create_server(("127.0.0.1", 0))
        self.port = self._ecoute.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accueillir, args=(self._ecoute,), daemon=True).start()

    def couper(self) -> None:
        for prise in (self._ecoute, *self._ouvertes):
            with suppress(OSError):
                prise.shutdown(socket.SHUT_RDWR)
            prise.close()
        self._ouvertes.clear()

    def retablir(self) -> None:
        self._ecoute = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accueillir, args=(self._ecoute,), daemon=True).start()

    def _accueillir(self, ecoute: socket.socket) -> None:
        while True:
            try:
                client, _ = ecoute.accept()
            except OSError:
                return
            try:
                centre = socket.create_connection(self.cible)
            except OSError:  # nobody at the other end
                client.close()
                continue
            self._ouvertes += [client, centre]
            for source, puits in ((client, centre), (centre, client)):
                threading.Thread(target=self.verser, args=(source, puits), daemon=True).start()

    def verser(self, source: socket.socket, puits: socket.socket) -> None:
        """Pour one way of a connection into the other end."""
        with suppress(OSError):
            while octets := source.recv(65536):
                puits.sendall(octets)
        for prise in (source, puits):
            with suppress(OSError):
                prise.shutdown(socket.SHUT_RDWR)
            prise.close()


class LigneLente(Ligne):
    """A line of so many bytes a second, shared by all who use it, both ways. `montes`: what passed."""

    def __init__(self, url, debit):
        self.debit, self._verrou, self.montes = debit, threading.Lock(), 0
        super().__init__(url)

    def verser(self, source, puits):
        with suppress(OSError):
            while octets := source.recv(4096):
                with self._verrou:
                    time.sleep(len(octets) / self.debit)
                    self.montes += len(octets)
                puits.sendall(octets)
        for prise in (source, puits):
            with suppress(OSError):
                prise.close()


@contextmanager
def centre_servi(monde, dossier, remplir=lambda _: None):
    """Serve a copy of the world from a folder, once `remplir` has written in its base what a module needs; give the centre and what that returned."""
    shutil.copy(monde, dossier / "centre.db")
    url = f"sqlite:///{dossier / 'centre.db'}"
    base = BaseCentre(url)
    rempli = remplir(base)
    base.fermer()
    centre = CentreEnMarche(url, dossier / "pieces")
    centre.demarrer()
    try:
        yield centre, rempli
    finally:
        centre.tuer()
