"""How many times in a row a vault did not open: written and synced before each check, so that a kill does not give a free try."""

import math
import time
from pathlib import Path

import msgspec

from guichet.ressources import regle_du_jour
from guichet.store.disque import ecrire_durablement
from guichet.store.erreurs import TropTot

NOM = "essais.json"
_PATIENCE_S = 2
"""A wait as short as this is waited out; a longer one is said."""


class Essais(msgspec.Struct):
    """`echecs`: in a row; `le`: the last one, in seconds since the Unix epoch."""

    echecs: int = 0
    le: float = 0


def compter(dossier: Path) -> None:
    """Count a try before it is made. Raises TropTot while the delay after the last failure runs; the clock set back does not shorten it."""
    lus = _lire(dossier)
    if lus.echecs:
        delai = min(2 ** (lus.echecs - 1), regle_du_jour("essais_coffre")["delai_max_s"])
        reste = min(delai, delai - (time.time() - lus.le))
        if reste > _PATIENCE_S:
            raise TropTot(math.ceil(reste))
        time.sleep(max(reste, 0))
    ecrire_durablement(dossier / NOM, msgspec.json.encode(Essais(lus.echecs + 1, time.time())))


def epuises(dossier: Path) -> bool:
    """Tell whether there were as many failures as the rule bears."""
    return _lire(dossier).echecs >= int(regle_du_jour("essais_coffre")["au_plus"])


def oublier(dossier: Path) -> None:
    """Begin to count anew: it opened."""
    (dossier / NOM).unlink(missing_ok=True)


def _lire(dossier: Path) -> Essais:
    """Return what was counted; what cannot be read counts for one failure."""
    try:
        return msgspec.json.decode((dossier / NOM).read_bytes(), type=Essais)
    except FileNotFoundError:
        return Essais()
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return Essais(1, time.time())
