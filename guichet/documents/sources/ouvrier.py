"""The scanning process: takes one request, sends pages as they come, then how it ended. Its input closing means: stop.

Run as `python -m guichet.documents.sources.ouvrier`. A driver or a device may hang or crash it: nothing else goes with it.
"""

import sys
import threading

import msgspec

from guichet.documents import trames
from guichet.documents.sources.escl import Escl, Reglages
from guichet.documents.sources.fautes import Faute, NumerisationInterrompue
from guichet.documents.sources.messages import OCTETS, SANE, WIA, Demande, Finie, Interrompue, Recue, Trame
from guichet.documents.sources.sane import Sane
from guichet.documents.sources.wia import Wia


def main() -> None:
    """Make one scan."""
    entree, sortie = sys.stdin.buffer, sys.stdout.buffer
    recu = trames.lire(entree, OCTETS)
    if recu is None:
        return
    demande, arret = msgspec.msgpack.decode(recu, type=Demande), threading.Event()

    def attendre() -> None:
        entree.read(1)
        arret.set()

    threading.Thread(target=attendre, daemon=True).start()
    appareil: Escl | Sane | Wia | None = None

    def dire(message: Trame) -> None:
        trames.ecrire(sortie, msgspec.msgpack.encode(message))

    try:
        appareil = _ouvrir(demande.adresse)
        for page in appareil.numeriser(Reglages(demande.source, demande.ppp, demande.encre), arret.is_set):
            dire(Recue(page))
        dire(Finie())
    except NumerisationInterrompue as interruption:
        dire(Interrompue(interruption.faute))
    except BrokenPipeError:
        arret.set()  # who asked has gone
    except Exception:  # noqa: BLE001 (a device may answer anything; its parent is told that it broke, and of no more)
        dire(Interrompue(Faute.PANNE))
    finally:
        if appareil is not None:
            appareil.fermer()


def _ouvrir(adresse: str) -> Escl | Sane | Wia:
    for prefixe, pilote in ((SANE, Sane), (WIA, Wia)):
        if adresse.startswith(prefixe):
            return pilote(adresse.removeprefix(prefixe))
    return Escl(adresse)


if __name__ == "__main__":
    main()
