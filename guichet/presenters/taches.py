"""Work off the interface thread: one worker for the database, one for files, two for the rest; answers come back here."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

T = TypeVar("T")
Suite = Callable[[Any], None]


class Taches(QObject):
    """Runs functions in workers and gives their value, or their error, to the interface thread.

    `panne` is emitted for an error that nobody awaited.
    """

    panne = Signal(object)
    _rendu = Signal(int, object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._base = ThreadPoolExecutor(1, "base")
        self._large = ThreadPoolExecutor(2, "reseau")
        self._lecteur = ThreadPoolExecutor(1, "fichiers")
        self._rendu.connect(self._recevoir, Qt.ConnectionType.QueuedConnection)
        self._ouvert, self._tour = True, 0

    def base(self, travail: Callable[[], T], puis: Callable[[T], None] | None = None, sinon: Suite | None = None) -> None:
        """Run on the database worker, in the order asked."""
        self._lancer(self._base, travail, puis, sinon)

    def large(self, travail: Callable[[], T], puis: Callable[[T], None] | None = None, sinon: Suite | None = None) -> None:
        """Run beside the database worker: network, conversion."""
        self._lancer(self._large, travail, puis, sinon)

    def fichiers(self, travail: Callable[[], T], puis: Callable[[T], None] | None = None, sinon: Suite | None = None) -> None:
        """Run on the file reader, one file after the other, so that pages keep the order they were given in."""
        self._lancer(self._lecteur, travail, puis, sinon)

    def oublier(self) -> None:
        """Drop the answers of all that was asked so far: those who asked are gone."""
        self._tour += 1

    def fermer(self) -> None:
        """Let the work under way end, drop the rest and its answers."""
        self._ouvert = False
        for ouvriers in (self._base, self._large, self._lecteur):
            ouvriers.shutdown(wait=True, cancel_futures=True)

    def _lancer(
        self, ouvriers: ThreadPoolExecutor, travail: Callable[[], T], puis: Callable[[T], None] | None, sinon: Suite | None
    ) -> None:
        if self._ouvert:
            futur = ouvriers.submit(travail)
            tour = self._tour
            futur.add_done_callback(lambda f: self._rendu.emit(tour, f, puis, sinon) if self._ouvert else None)

    @Slot(int, object, object, object)
    def _recevoir(self, tour: int, futur: "Future[Any]", puis: Suite | None, sinon: Suite | None) -> None:
        if not self._ouvert or tour != self._tour or futur.cancelled():
            return
        erreur = futur.exception()
        if erreur is None:
            if puis is not None:
                puis(futur.result())
        elif sinon is not None and est_prevue(erreur):
            sinon(erreur)
        else:
            self.panne.emit(erreur)


def est_prevue(erreur: BaseException) -> bool:
    """Tell whether an error has words for the user: a refusal of ours, or an unreachable centre."""
    from guichet.documents.erreurs import FichierRefuse
    from guichet.services.session import Refus
    from guichet.store.erreurs import ErreurCoffre
    from guichet.sync.erreurs import Injoignable, ReponseRefusee

    return isinstance(erreur, (Refus, ErreurCoffre, FichierRefuse, Injoignable, ReponseRefusee, OSError))


def en_mots(erreur: BaseException) -> str:
    """Return an expected error's own words; the system's for a file that cannot be written."""
    if isinstance(erreur, OSError):
        return f"Le fichier ne peut pas être écrit : {erreur.strerror or erreur}. Rien n'est perdu : choisissez un autre emplacement."
    return str(erreur)
