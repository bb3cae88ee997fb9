"""The workshop, seen from outside: asked for one file after the other, killed when it takes too long, and not kept after a file it refused."""

import subprocess
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from guichet.documents import antivirus, confinement, trames
from guichet.documents.bac import lire_les_octets
from guichet.documents.erreurs import Cause, FichierRefuse
from guichet.documents.page import Commande, PageTraitee, Travail

_ATTENTE_S = 300
"""For a whole file: each of its pages has its own five seconds, in the workshop."""
_REPONSE_MAX = 600 * 1024 * 1024


class Etabli:
    """One workshop, made at the first file. To be closed, or used as a context."""

    def __init__(self) -> None:
        self._processus: subprocess.Popen[bytes] | None = None
        self._travail: object = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, genre: type[BaseException] | None, valeur: BaseException | None, trace: TracebackType | None) -> None:
        self.fermer()

    def traiter(self, chemin: Path, commande: Commande) -> list[PageTraitee]:
        """Return the pages of a file, done as `commande` says (its bytes are read here). Raises FichierRefuse; the file is never changed."""
        octets = lire_les_octets(chemin)
        refus = antivirus.examiner(octets)
        if refus is not None:
            raise FichierRefuse(chemin.name, refus)
        travail = self._demander(msgspec.structs.replace(commande, octets=octets))
        if travail.cause:
            # What a hostile file may have done to the process goes with it.
            self.fermer()
            raise FichierRefuse(chemin.name, Cause(travail.cause))
        return travail.pages

    def fermer(self) -> None:
        """Let the workshop go."""
        processus, self._processus, self._travail = self._processus, None, None
        if processus is not None:
            processus.kill()
            processus.communicate()

    def _demander(self, commande: Commande) -> Travail:
        if self._processus is None:
            self._processus, self._travail = confinement.demarrer("guichet.documents.atelier")
        processus, demande = self._processus, msgspec.msgpack.encode(commande)
        assert processus.stdin is not None
        assert processus.stdout is not None
        reveil = threading.Timer(_ATTENTE_S, processus.kill)
        reveil.start()
        try:
            trames.ecrire(processus.stdin, demande)
            return msgspec.msgpack.decode(trames.lire(processus.stdout, _REPONSE_MAX) or b"", type=Travail)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return Travail(cause=Cause.TROP_LONG)
        finally:
            reveil.cancel()
