"""What a centre does with a document's file once it has it whole: it is analysed, then made available, or put aside (DEP-06, research/domain.md §6).

How a file is looked at is told by who starts the centre: this room opens no file.
"""

import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from functools import partial

from sqlalchemy import Connection, select, update

from guichet.central.base import BaseCentre
from guichet.central.fichiers import Fichiers
from guichet.central.fil import Ecrit, inscrire
from guichet.central.journaux import JOURNAL
from guichet.central.services import journal
from guichet.central.tables import blob, scope_head
from guichet.models import Document, Mandat, Piece
from guichet.models.enums import EtatDocument

_PERIODE = timedelta(minutes=1)
_ESSAIS = 3
_DUS = (EtatDocument.RECU, EtatDocument.ANALYSE)


class Avis(StrEnum):
    """What a look at a file says. `INCERTAIN`: it could not be told; `PLUS_TARD`: who looks is not there."""

    SAIN = "sain"
    DANGEREUX = "dangereux"
    INCERTAIN = "incertain"
    PLUS_TARD = "plus_tard"


Examen = Callable[[bytes], Avis]


class Analyse:
    """Looks at the files of a centre, one after the other. `etapes`: each state that a file may reach, and the look that it takes."""

    def __init__(self, base: BaseCentre, fichiers: Fichiers, etapes: Sequence[tuple[EtatDocument, Examen]]) -> None:
        self._base, self._fichiers, self._etapes = base.gardee(), fichiers, etapes
        self._portees: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._fin = threading.Event()

    def signaler(self, portee: str) -> None:
        """Say that a file of a scope has just come."""
        self._portees.put(portee)

    def lancer(self) -> threading.Thread:
        """Start looking; what a replica that stopped had left is found again within a minute."""
        fil = threading.Thread(target=self._boucle, name="analyse", daemon=True)
        fil.start()
        return fil

    def arreter(self) -> None:
        """Stop after the file under way."""
        self._fin.set()
        self._portees.put("")

    def passer(self, portee: str) -> None:
        """Look at the files of a scope that wait for it."""
        attente = select(blob.c.sha256, blob.c.etat, blob.c.essais).where(blob.c.scope_id == portee, blob.c.complet, blob.c.etat.in_(_DUS))
        with self._base.lecture(portee) as connexion:
            dus = connexion.execute(attente.order_by(blob.c.le)).all()
        for sha256, etat, essais in dus:
            if self._fin.is_set():
                return
            try:
                self._analyser(portee, sha256, EtatDocument(etat), essais)
            except Exception as erreur:  # noqa: BLE001 (one that cannot be looked at does not hold up the others)
                JOURNAL.error("analyse", extra={"genre": type(erreur).__name__})

    def _boucle(self) -> None:
        while not self._fin.is_set():
            try:
                self._tour()
            except Exception as erreur:  # noqa: BLE001 (the analysis outlives a bad minute; what it left is found at the next turn)
                JOURNAL.error("analyse", extra={"genre": type(erreur).__name__})
                self._fin.wait(1)

    def _tour(self) -> None:
        """Go over all scopes, then serve those that are signaled, for a minute."""
        with self._base.lecture() as connexion:
            portees = list(connexion.scalars(select(scope_head.c.scope_id).order_by(scope_head.c.scope_id)))
        for portee in portees:
            self.passer(portee)
        reveil = threading.Timer(_PERIODE.total_seconds(), self.signaler, ("",))
        reveil.daemon = True
        reveil.start()
        try:
            while portee := self._portees.get():
                self.passer(portee)
        finally:
            reveil.cancel()

    def _analyser(self, portee: str, sha256: str, etat: EtatDocument, essais: int) -> None:
        chemin = self._fichiers.chemin(portee, sha256)
        if not chemin.is_file():
            # It was erased since: there is nothing to look at, and nothing to read.
            self._base.ecrire(partial(_ecrire, portee=portee, sha256=sha256, valeurs={"complet": False}), portee)
            return
        octets = chemin.read_bytes()
        for suivant, examen in self._etapes if etat is EtatDocument.RECU else self._etapes[1:]:
            avis = examen(octets)
            if self._fin.is_set():  # whoever looked was sent away
                return
            if avis is Avis.INCERTAIN:
                self._base.ecrire(partial(_ecrire, portee=portee, sha256=sha256, valeurs={"essais": essais + 1}), portee)
                avis = Avis.DANGEREUX if essais + 1 >= _ESSAIS else Avis.PLUS_TARD
            if avis is Avis.PLUS_TARD:
                return
            atteint = suivant if avis is Avis.SAIN else EtatDocument.QUARANTAINE
            if not self._base.ecrire(partial(_avancer, portee=portee, sha256=sha256, de=etat, vers=atteint), portee):
                return  # another replica did
            etat = atteint
            if etat is EtatDocument.QUARANTAINE:
                JOURNAL.warning("quarantaine", extra={"etape": str(suivant)})
                return


def _avancer(connexion: Connection, portee: str, sha256: str, de: EtatDocument, vers: EtatDocument) -> bool:
    """Bring a file from one state to another, unless it is there no more; return whether it was."""
    cle = (blob.c.scope_id == portee) & (blob.c.sha256 == sha256)
    if connexion.execute(update(blob).where(cle, blob.c.etat == de).values(etat=vers)).rowcount == 0:
        return False
    noter(connexion, portee, sha256, vers)
    return True


def noter(connexion: Connection, portee: str, sha256: str, etat: EtatDocument) -> None:
    """Write where a file stands, and its documents with it; papers that a document put aside answered are asked for again."""
    # The file's row first: a document that comes meanwhile waits for it, and takes its state.
    _ecrire(connexion, portee, sha256, {"etat": etat})
    d = Document.__table__
    documents = connexion.execute(select(d).where(d.c.scope_id == portee, d.c.sha256 == sha256)).mappings().all()
    ecrits = [Ecrit("document", x["id"], dict(x) | {"etat": etat}) for x in documents]
    if etat is EtatDocument.QUARANTAINE:
        for x in documents:
            ecrits += _redemander(connexion, portee, x["id"])
            journal.noter(connexion, portee, "centre", "quarantaine", x["id"])
    inscrire(connexion, portee, ecrits)


def _redemander(connexion: Connection, portee: str, document_id: str) -> list[Ecrit]:
    """Return what a document answered, without it."""
    ecrits = []
    for type_, table in (("piece", Piece.__table__), ("mandat", Mandat.__table__)):
        requete = select(table).where(table.c.scope_id == portee, table.c.document_id == document_id)
        ecrits += [Ecrit(type_, x["id"], dict(x) | {"document_id": None}) for x in connexion.execute(requete).mappings()]
    return ecrits


def _ecrire(connexion: Connection, portee: str, sha256: str, valeurs: Mapping[str, object]) -> None:
    connexion.execute(update(blob).where(blob.c.scope_id == portee, blob.c.sha256 == sha256).values(**valeurs))
