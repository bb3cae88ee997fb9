"""Work off the interface thread: one worker for the database, one for files, two for the rest; answers come back here."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

T = TypeVar("T")
Suite = Callable[[Any], None]
_OUVRIERS = {"base": 1, "large": 2, "fichiers": 1}


class Taches(QObject):
    """Runs functions in workers and gives their value, or their error, to the interface thread.

    `panne` is emitted for an error that nobody awaited. The presenter of a dialog has no Qt parent: it lives as long as an answer is on its
    way, which may come once the dialog is gone.
    """

    panne = Signal(object)
    _rendu = Signal(int, object, object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._equipes: dict[str, ThreadPoolExecutor] = {}
        self._rendu.connect(self._recevoir)
        self._ouvert, self._tour = True, 0

    def base(self, travail: Callable[[], T], puis: Callable[[T], None] | None = None, sinon: Suite | None = None) -> None:
        """Run on the database worker, in the order asked."""
        self._lancer("base", travail, puis, sinon)

    def large(self, travail: Callable[[], T], puis: Callable[[T], None] | None = None, sinon: Suite | None = None) -> None:
        """Run beside the database worker: network, conversion."""
        self._lancer("large", travail, puis, sinon)

    def fichiers(self, travail: Callable[[], T], puis: Callable[[T], None] | None = None, sinon: Suite | None = None) -> None:
        """Run on the file reader, one file after the other, so that pages keep the order they were given in."""
        self._lancer("fichiers", travail, puis, sinon)

    def oublier(self) -> None:
        """Drop the answers of all that was asked so far: those who asked are gone."""
        self._tour += 1

    def fermer(self) -> None:
        """Let the work under way end, and what waits for the database, which may be to keep; drop the rest and all answers."""
        self._ouvert = False
        for nom, equipe in self._equipes.items():
            equipe.shutdown(wait=True, cancel_futures=nom != "base")

    def _lancer(self, nom: str, travail: Callable[[], T], puis: Callable[[T], None] | None, sinon: Suite | None) -> None:
        if self._ouvert:
            self._equipe(nom).submit(self._executer, self._tour, travail, puis, sinon)

    def _executer(self, tour: int, travail: Callable[[], T], puis: Callable[[T], None] | None, sinon: Suite | None) -> None:
        """Run in a worker; the answer crosses to the interface thread by itself, since it is emitted from another."""
        valeur: T | None = None
        erreur: BaseException | None = None
        try:
            valeur = travail()
        except Exception as levee:  # noqa: BLE001 (the task runner: what was not foreseen is reported by `panne`)
            erreur = levee
        if self._ouvert:
            self._rendu.emit(tour, valeur, erreur, puis, sinon)

    def _equipe(self, nom: str) -> "ThreadPoolExecutor":
        """Return a team of workers, made when it is first needed: the window is painted before."""
        if nom not in self._equipes:
            from concurrent.futures import ThreadPoolExecutor

            self._equipes[nom] = ThreadPoolExecutor(_OUVRIERS[nom], nom)
        return self._equipes[nom]

    @Slot(int, object, object, object, object)
    def _recevoir(self, tour: int, valeur: object, erreur: BaseException | None, puis: Suite | None, sinon: Suite | None) -> None:
        if not self._ouvert or tour != self._tour:
            return
        if erreur is None:
            if puis is not None:
                puis(valeur)
        elif sinon is not None and est_prevue(erreur):
            sinon(erreur)
        else:
            self.panne.emit(erreur)


def est_prevue(erreur: BaseException) -> bool:
    """Tell whether an error has words for the user: a refusal of ours, or an unreachable centre."""
    from guichet.documents.erreurs import FichierRefuse
    from guichet.documents.sources.fautes import NumerisationInterrompue
    from guichet.services.session import Refus
    from guichet.store.erreurs import ErreurCoffre
    from guichet.sync.erreurs import Injoignable, Interrompu, ReponseRefusee

    return isinstance(
        erreur, (Refus, ErreurCoffre, FichierRefuse, NumerisationInterrompue, Injoignable, Interrompu, ReponseRefusee, OSError)
    )


def en_mots(erreur: BaseException) -> str:
    """Return an expected error's own words; the system's for a file that cannot be written."""
    if isinstance(erreur, OSError):
        return f"Le fichier ne peut pas être écrit : {erreur.strerror or erreur}. Rien n'est perdu : choisissez un autre emplacement."
    return str(erreur)
