"""Each fault, so many rounds: what was said to be kept and is lost, what is damaged and is not seen. Ends non-zero on either.

python -m bench.faults                     a short run of each, as in CI
python -m bench.faults --long              1000 kills, 400 power cuts, 100 full disks, 600 of errors, 300 and 100 bits
python -m bench.faults bits journal        these only
"""

import contextlib
import fcntl
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nacl.exceptions import CryptoError

from bench.faults.ecrivain import PHRASE, PORTEE
from guichet.store import ancre, fichiers, journal
from guichet.store.coffre import ouvrir
from guichet.store.erreurs import ErreurCoffre
from tests.derivation import alleger

ALEA = random.Random(int(os.environ.get("GUICHET_GRAINE", "1")))
_PATIENCE_S = 60
_ESSAIS_DU_TEMOIN = 20
"""Whether a cheat is caught is chance, and rarer on a loaded machine: it is tried until it is, or so many times."""
_ECRIVAIN = [sys.executable, "-m", "bench.faults.ecrivain"]
_ENTREES_SORTIES = (
    "name=posix/io/sync/*,probability=0.05,failinfo=5", "name=posix/io/rw/pwrite,probability=0.05,failinfo=5",
    "name=posix/io/rw/write,probability=0.005,failinfo=28", "name=posix/io/rw/pread,probability=0.001,failinfo=5",
    "name=posix/io/dir/rename,probability=0.1,failinfo=5",
)  # fmt: skip
"""What the disk answers, how often: an input-output error (5) or no room (28), on the calls of each kind."""
_EXT4_IOC_SHUTDOWN, _SANS_JOURNAL = 0x8004587D, 2


@dataclass
class Compte:
    """What a fault did. `perdus`: acts said to be kept that are not there, unseen; `vus`: rounds that refused to open."""

    rondes: int = 0
    actes: int = 0
    perdus: int = 0
    vus: int = 0
    invus: int = 0
    """Rounds where something kept was missing and the vault opened all the same."""

    def relire(self, dossier: Path, tous: set[int]) -> None:
        """Count one more round: what of all that was said to be kept is lost; it is missed once."""
        absents = manquants(dossier, tous)
        self.rondes += 1
        self.perdus += len(absents)
        tous -= absents

    def __str__(self) -> str:
        return f"{self.rondes} rondes, {self.actes} actes acquittés, {self.perdus} perdus, {self.vus} dommages vus, {self.invus} non vus"


def manquants(dossier: Path, acquittes: set[int]) -> set[int]:
    """Open a vault and return which acts are not there whole, with their file. Raises ErreurCoffre when it will not open."""
    coffre = ouvrir(dossier, PHRASE)
    try:
        with coffre.lecture() as connexion:
            ruptures, rang, _ = journal.controler(connexion)
            absents = {n for n in acquittes if n > rang} | ({0} if ruptures else set())
            for n in acquittes:
                if n % 5 == 0:
                    contenu = f"piece {n}".encode() * 500
                    try:
                        lue = fichiers.lire(connexion, dossier, PORTEE, hashlib.sha256(contenu).hexdigest())
                    except (LookupError, OSError, CryptoError):
                        lue = b""
                    absents |= {n} if lue != contenu else set()
            return absents
    finally:
        coffre.fermer()


@contextlib.contextmanager
def ecrivain(dossier: Path, *options: str, sous: tuple[str, ...] = ()) -> Iterator[tuple["subprocess.Popen[bytes]", Path]]:
    """Run a workstation, under another command if need be; what it says goes to a file, which no pipe holds back."""
    dit = dossier.with_suffix(".dit")
    with dit.open("wb") as sortie:
        processus = subprocess.Popen([*sous, *_ECRIVAIN, str(dossier), *options], stdout=sortie, stderr=subprocess.DEVNULL)
        try:
            while b"pret" not in dit.read_bytes() and processus.poll() is None:
                time.sleep(0.02)
            yield processus, dit
        finally:
            with contextlib.suppress(ProcessLookupError):
                processus.send_signal(signal.SIGKILL)
            processus.wait()


def attendre_des_actes(dit: Path, combien: int) -> bool:
    """Wait until so many acts were said to be kept; tell whether they were, for a workstation that keeps none must not be waited for."""
    fin = time.monotonic() + _PATIENCE_S
    while len(acquittes(dit)) < combien and time.monotonic() < fin:
        time.sleep(0.02)
    return len(acquittes(dit)) >= combien


def acquittes(dit: Path) -> set[int]:
    return {int(ligne) for ligne in dit.read_text().split("\n")[:-1] if ligne.isdigit()}


def tues(rondes: int, *options: str) -> Compte:
    """SIGKILL at any moment, round after round on the same vault."""
    compte = Compte()
    with tempfile.TemporaryDirectory() as racine:
        dossier, tous = Path(racine) / "profil", set[int]()
        for _ in range(rondes):
            with ecrivain(dossier, *options) as (_, dit):
                time.sleep(ALEA.uniform(0.01, 0.25))
            tous |= acquittes(dit)
            compte.relire(dossier, tous)
        compte.actes = len(tous)
    return compte


def temoin(rondes: int) -> Compte:
    """The positive control: a workstation that says « kept » too early. The bench must see the loss, or it sees nothing."""
    compte = Compte()
    for _ in range(_ESSAIS_DU_TEMOIN):
        compte = tues(rondes, "--tricher")
        if compte.perdus:
            break
    compte.invus = 0 if compte.perdus else 1
    compte.perdus = 0
    return compte


def coupures(rondes: int) -> Compte:
    """The power goes: the file system stops where it is, nothing it had not written reaches the disk (root, ext4, loop device)."""
    compte = Compte()
    with tempfile.TemporaryDirectory() as racine, _ext4(Path(racine)) as (image, point):
        if point is None:
            return compte
        tous, dossier = set[int](), point / "profil"
        for _ in range(rondes):
            with ecrivain(dossier) as (_, dit_sur_le_disque):
                time.sleep(ALEA.uniform(0.05, 0.4))
                tous |= acquittes(dit_sur_le_disque)
                prise = os.open(point, os.O_RDONLY)
                fcntl.ioctl(prise, _EXT4_IOC_SHUTDOWN, _SANS_JOURNAL.to_bytes(4, "little"))
                os.close(prise)
            subprocess.run(["umount", point], check=True)
            subprocess.run(["mount", "-o", "loop", image, point], check=True)
            compte.relire(dossier, tous)
        compte.actes = len(tous)
    return compte


def entrees_sorties(rondes: int) -> Compte:
    """The disk answers with errors, here and there, while one works (libfiu, under the C library)."""
    compte = Compte()
    if shutil.which("fiu-run") is None:
        return compte
    with tempfile.TemporaryDirectory() as racine:
        dossier, tous = Path(racine) / "profil", set[int]()
        with ecrivain(dossier) as (_, dit):
            attendre_des_actes(dit, 3)
        for ronde in range(rondes):
            sous = ("fiu-run", "-x", "-c", f"enable_random {_ENTREES_SORTIES[ronde % len(_ENTREES_SORTIES)]}")
            with ecrivain(dossier, "--tenace", sous=sous) as (_, dit):
                time.sleep(ALEA.uniform(0.3, 1))
            tous |= acquittes(dit)
            compte.vus += b"refus" in dit.read_bytes()
            compte.relire(dossier, tous)
        compte.actes = len(tous)
    return compte


@contextlib.contextmanager
def _ext4(racine: Path) -> Iterator[tuple[Path, Path | None]]:
    image, point = racine / "disque", racine / "point"
    point.mkdir()
    with image.open("wb") as fichier:
        fichier.truncate(256 * 1024 * 1024)
    monte = os.geteuid() == 0 and subprocess.run(["mkfs.ext4", "-q", image], check=False, capture_output=True).returncode == 0
    monte = monte and subprocess.run(["mount", "-o", "loop", image, point], check=False, capture_output=True).returncode == 0
    try:
        yield image, point if monte else None
    finally:
        if monte:
            subprocess.run(["umount", "-l", point], check=False)


def pleins(rondes: int) -> Compte:
    """A disk that fills up in the middle of the work; then room is made, and work goes on (root, tmpfs)."""
    compte = Compte()
    with tempfile.TemporaryDirectory() as racine:
        point = Path(racine)
        if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", point], check=False).returncode:
            return compte
        try:
            for n in range(rondes):
                compte.rondes += 1
                _remplir(point, n, compte)
        finally:
            subprocess.run(["umount", "-l", point], check=False)
    return compte


def _remplir(point: Path, n: int, compte: Compte) -> None:
    dossier, bourre = point / f"profil{n}", point / "bourre"
    with ecrivain(dossier) as (_, dit):
        attendre_des_actes(dit, 1)
        with contextlib.suppress(OSError), bourre.open("wb") as fichier:
            while True:
                fichier.write(os.urandom(4096))
        time.sleep(0.1)
    kept = acquittes(dit)
    bourre.unlink(missing_ok=True)
    compte.actes += len(kept)
    compte.perdus += len(manquants(dossier, kept))
    with ecrivain(dossier) as (_, dit):
        compte.invus += not attendre_des_actes(dit, 1)
    shutil.rmtree(dossier)


@contextlib.contextmanager
def _modele(*, propre: bool) -> Iterator[tuple[Path, set[int]]]:
    """A vault with a hundred acts or so: shut cleanly, or killed with its log full."""
    with tempfile.TemporaryDirectory() as racine:
        dossier = Path(racine) / "profil"
        with ecrivain(dossier) as (_, dit):
            attendre_des_actes(dit, 60)
        kept = acquittes(dit)
        if propre:
            assert not manquants(dossier, kept)
        yield dossier, kept


def _abimer(modele: Path, kept: set[int], geste: Callable[[Path], None], compte: Compte) -> None:
    """Damage a copy and open it: either it says so, or nothing that was kept is missing."""
    copie = modele.with_name("copie")
    shutil.rmtree(copie, ignore_errors=True)
    shutil.copytree(modele, copie, ignore=shutil.ignore_patterns("verrou"))
    geste(copie)
    compte.rondes += 1
    compte.actes = len(kept)
    try:
        absents = manquants(copie, kept)
    except ErreurCoffre:
        compte.vus += 1
        return
    compte.perdus += len(absents)
    compte.invus += bool(absents)


def _inverser(fichier: Path) -> None:
    octets = bytearray(fichier.read_bytes())
    octets[ALEA.randrange(len(octets))] ^= 1 << ALEA.randrange(8)
    fichier.write_bytes(octets)


def bits(rondes: int) -> Compte:
    """One bit of the database: each must be seen, whether what was kept depends on it or not."""
    compte = Compte()
    with _modele(propre=True) as (modele, kept):
        for _ in range(rondes):
            _abimer(modele, kept, lambda d: _inverser(d / "coffre.db"), compte)
    compte.invus = compte.rondes - compte.vus
    return compte


def bits_du_journal(rondes: int) -> Compte:
    """One bit of the write-ahead log: SQLite drops what follows it without a word; the anchor tells."""
    compte = Compte()
    with _modele(propre=False) as (modele, kept):
        for _ in range(rondes):
            _abimer(modele, kept, lambda d: _inverser(d / "coffre.db-wal"), compte)
    return compte


def temoin_du_journal(rondes: int) -> Compte:
    """The positive control of the one above: without its anchor, losses go unseen."""
    compte = Compte()
    with _modele(propre=False) as (modele, kept):
        for _ in range(max(rondes, 20)):

            def sans_ancre(dossier: Path) -> None:
                (dossier / ancre.NOM).unlink()
                _inverser(dossier / "coffre.db-wal")

            _abimer(modele, kept, sans_ancre, compte)
    vus = compte.invus
    compte.perdus, compte.invus = 0, 0 if vus else 1
    return compte


def echanges(_: int) -> Compte:
    """An empty file, a log taken away, files swapped with another vault's or with an older copy of their own."""
    compte = Compte()
    with _modele(propre=False) as (modele, kept), _modele(propre=True) as (autre, _):
        vieux = modele.with_name("vieux")
        shutil.copytree(modele, vieux, ignore=shutil.ignore_patterns("verrou"))
        with ecrivain(modele) as (_, dit):
            attendre_des_actes(dit, 10)
        kept |= acquittes(dit)
        gestes: tuple[Callable[[Path], object], ...] = (
            lambda d: (d / "coffre.db").write_bytes(b""),
            lambda d: (d / "coffre.db").unlink(),
            lambda d: (d / "coffre.db-wal").unlink(),
            lambda d: (d / "coffre.db-wal").write_bytes(b""),
            lambda d: os.truncate(d / "coffre.db", (d / "coffre.db").stat().st_size // 2),
            lambda d: shutil.copy(autre / "coffre.db", d / "coffre.db"),
            lambda d: shutil.copy(autre / "cle.json", d / "cle.json"),
            lambda d: (d / "cle.json").write_bytes(b""),
            lambda d: [shutil.copy(vieux / nom, d / nom) for nom in ("coffre.db", "coffre.db-wal")],
        )
        for geste in gestes:
            _abimer(modele, kept, lambda d, g=geste: g(d), compte)  # type: ignore[misc]
    return compte


# name: (what it is, rounds of a short run, rounds of a long one)
PANNES: dict[str, tuple[Callable[[int], Compte], int, int]] = {
    "temoin": (temoin, 6, 30),
    "tues": (tues, 4, 1000),
    "coupures": (coupures, 3, 400),
    "pleins": (pleins, 2, 100),
    "entrees_sorties": (entrees_sorties, 5, 600),
    "bits": (bits, 12, 300),
    "journal": (bits_du_journal, 12, 100),
    "temoin_journal": (temoin_du_journal, 20, 40),
    "echanges": (echanges, 1, 1),
}


def main() -> int:
    alleger()
    noms = [a for a in sys.argv[1:] if not a.startswith("-")] or list(PANNES)
    fautes = 0
    for nom in noms:
        essai, court, long = PANNES[nom]
        compte = essai(long if "--long" in sys.argv else court)
        fautes += compte.perdus + compte.invus
        mot = (
            "non joué (root, ext4, tmpfs ou fiu-run manquent)"
            if not compte.rondes
            else "tenu"
            if not compte.perdus + compte.invus
            else "FAUTE"
        )
        print(f"{nom:16} {mot} : {compte}", flush=True)
    return 1 if fautes else 0


if __name__ == "__main__":
    raise SystemExit(main())
