"""How a centre looks at the files that it received: the antivirus where there is one, then the workshop, which opens every page."""

from collections.abc import Sequence

from guichet.central.analyse import Avis, Examen
from guichet.documents import antivirus
from guichet.documents.erreurs import Cause, FichierRefuse
from guichet.documents.etabli import Etabli
from guichet.documents.page import Commande
from guichet.models.enums import EtatDocument

_AVIS = {Cause.ANTIVIRUS_MUET: Avis.PLUS_TARD, Cause.TROP_LONG: Avis.INCERTAIN}
"""The workshop may have died of something else than the file."""


def etapes(etabli: Etabli) -> Sequence[tuple[EtatDocument, Examen]]:
    """Return what a file goes through, and where each look brings it."""

    def ouvrir(octets: bytes) -> Avis:
        try:
            etabli.traiter("", Commande(octets, inspecter=True))
        except FichierRefuse as refus:
            return _AVIS.get(refus.cause, Avis.DANGEREUX)
        return Avis.SAIN

    return ((EtatDocument.ANALYSE, _antivirus), (EtatDocument.DISPONIBLE, ouvrir))


def _antivirus(octets: bytes) -> Avis:
    cause = antivirus.examiner(octets)
    return Avis.SAIN if cause is None else _AVIS.get(cause, Avis.DANGEREUX)
