"""The workshop, seen from outside: asked for one file after the other, killed when it takes too long, and not kept after a file it refused."""

import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from guichet.documents import antivirus, confinement, trames
from guichet.documents.erreurs import Cause, FichierRefuse
from guichet.documents.page import Commande, PageTraitee, Reponse

Avancer = Callable[[int, bytes], None]
OCTETS = 100 * 1024 * 1024
_ATTENTE_S = 300
"""For a whole file: each of its pages has its own five seconds, in the workshop."""
_REPONSE_MAX = 600 * 1024 * 1024


def lire_les_octets(chemin: Path) -> bytes:
    """Return a file's bytes, or one more than may be when there are too many. Raises FichierRefuse."""
    try:
        with chemin.open("rb") as fichier:
            return fichier.read(OCTETS + 1)
    except OSError as erreur:
        raise FichierRefuse(chemin.name, Cause.DISPARU) from erreur


class Etabli:
    """One workshop, made at the first file; files take turns. To be closed, or used as a context."""

    def __init__(self) -> None:
        self._processus: subprocess.Popen[bytes] | None = None
        self._travail: object = None
        self._un_a_la_fois, self._ferme = threading.Lock(), threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, genre: type[BaseException] | None, valeur: BaseException | None, trace: TracebackType | None) -> None:
        self.fermer()

    def traiter(self, nom: str, commande: Commande, avancer: Avancer | None = None) -> list[PageTraitee]:
        """Return the pages of a file, done as `commande` says. Raises FichierRefuse.

        `avancer` is told how many are done; at first, none, with a glimpse of a photo.
        """
        refus = antivirus.examiner(commande.octets)
        if refus is not None:
            raise FichierRefuse(nom, refus)
        pages: list[PageTraitee] = []
        with self._un_a_la_fois:
            cause = self._demander(commande, pages, avancer or (lambda _pages, _vignette: None))
        if cause:
            # What a hostile file may have done to the process goes with it.
            self.arreter()
            raise FichierRefuse(nom, Cause(cause))
        for page in pages:
            page.contenu = page.contenu or pages[0].contenu
        return pages

    def preparer(self) -> None:
        """Make the workshop before its first file, which comes soon: it takes over a second to be ready."""
        with self._un_a_la_fois:
            self._ouvert()

    def fermer(self) -> None:
        """Let the workshop go for good."""
        self._ferme.set()
        self.arreter()

    def arreter(self) -> None:
        """Let the workshop go until the next file; one that is being done in another thread is refused there."""
        processus, self._processus, self._travail = self._processus, None, None
        if processus is not None:
            confinement.tuer(processus)

    def _ouvert(self) -> "subprocess.Popen[bytes] | None":
        """Return the workshop, made when there is none; None once it was let go for good."""
        if self._processus is None and not self._ferme.is_set():
            self._processus, self._travail = confinement.demarrer("guichet.documents.atelier")
            if self._ferme.is_set():  # while it was being made
                self.arreter()
        return self._processus

    def _demander(self, commande: Commande, pages: list[PageTraitee], avancer: Avancer) -> str:
        """Add a file's pages as they come; return why it is refused, or nothing. A process that dies in the middle refuses it whole."""
        processus = self._ouvert()
        if processus is None:
            return Cause.TROP_LONG
        demande = msgspec.msgpack.encode(msgspec.structs.replace(commande, octets=b""))
        assert processus.stdin is not None
        assert processus.stdout is not None
        reveil = threading.Timer(_ATTENTE_S, confinement.tuer, (processus,))
        reveil.start()
        try:
            trames.ecrire(processus.stdin, demande)
            trames.ecrire(processus.stdin, commande.octets)
            while True:
                reponse = msgspec.msgpack.decode(trames.lire(processus.stdout, _REPONSE_MAX) or b"", type=Reponse)
                if reponse.vignette:
                    avancer(0, reponse.vignette)
                    continue
                if reponse.page is None:
                    return reponse.cause or ("" if reponse.nombre == len(pages) else Cause.TROP_LONG)
                pages.append(reponse.page)
                avancer(len(pages), b"")
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return Cause.TROP_LONG
        finally:
            reveil.cancel()
