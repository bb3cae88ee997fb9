"""A folder where another program leaves papers: what comes there goes to the tray, once it is whole."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from guichet.presenters.documents import DocumentsPresenter

PERIODE_MS = 1000
_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".tif", ".tiff", ".heic", ".webp", ".bmp", ".pdf"})


class _Trace(NamedTuple):
    """What tells a file that is still being written from one that is done."""

    octets: int
    ecrit_ns: int


class SurveillancePresenter(QObject):
    """Looks at a folder every second, which a network's share allows and its notifications do not; files are read, never changed.

    `change`: the folder, or nothing once it is not watched any more.
    """

    change = Signal(str)

    def __init__(self, documents: DocumentsPresenter) -> None:
        super().__init__(documents)
        self._documents, self._poste = documents, documents.poste
        self._dossier: Path | None = None
        self._deja: set[str] = set()
        self._vues: dict[str, _Trace] = {}
        self._en_vol = False
        self._minuterie = QTimer(self)
        self._minuterie.setInterval(PERIODE_MS)
        self._minuterie.timeout.connect(self._regarder)
        self._poste.verrouille.connect(lambda _: self._minuterie.stop())
        self._poste.deverrouille.connect(self._reprendre)
        for fin in (self._poste.ferme, self._poste.quitte):
            fin.connect(self.arreter)

    @property
    def dossier(self) -> Path | None:
        """The folder that is watched."""
        return self._dossier

    def surveiller(self, dossier: Path) -> None:
        """Watch a folder: what comes from now on goes to the tray; what is there already stays where it is."""
        self._dossier, self._deja, self._vues, self._en_vol = dossier, set(), {}, False
        self._lister(lambda traces: self._deja.update(traces))
        self._minuterie.start()
        self.change.emit(str(dossier))

    def arreter(self) -> None:
        """Watch nothing any more."""
        self._minuterie.stop()
        self._dossier = None
        self.change.emit("")

    def _reprendre(self) -> None:
        if self._dossier is not None:
            self._en_vol = False
            self._minuterie.start()

    def _regarder(self) -> None:
        if not self._en_vol:
            self._lister(self._comparer)

    def _lister(self, puis: "Callable[[dict[str, _Trace]], None]") -> None:
        dossier = self._dossier
        if dossier is None:
            return
        self._en_vol = True

        def lister() -> dict[str, _Trace]:
            fichiers = [f for f in dossier.iterdir() if f.suffix.lower() in _SUFFIXES and not f.name.startswith((".", "~")) and f.is_file()]
            return {f.name: _Trace((etat := f.stat()).st_size, etat.st_mtime_ns) for f in fichiers}

        def recevoir(traces: dict[str, _Trace]) -> None:
            if dossier == self._dossier:
                self._en_vol = False
                puis(traces)

        def sinon(_: BaseException) -> None:
            if dossier == self._dossier:
                self.arreter()
                self._documents.refuse.emit(f"Le dossier « {dossier.name} » n'est plus accessible : il n'est plus surveillé.")

        self._poste.taches.large(lister, recevoir, sinon)

    def _comparer(self, traces: dict[str, _Trace]) -> None:
        """Take the files that have not moved since the last look; one that goes and comes back is another."""
        assert self._dossier is not None
        prets = [nom for nom, trace in traces.items() if nom not in self._deja and trace.octets and self._vues.get(nom) == trace]
        self._deja = (self._deja & traces.keys()) | set(prets)
        self._vues = traces
        self._documents.importer([self._dossier / nom for nom in sorted(prets, key=lambda nom: (traces[nom].ecrit_ns, nom))])
