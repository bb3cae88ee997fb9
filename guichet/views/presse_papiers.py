"""What was copied here does not stay: cleared after a moment, kept out of histories (research/security.md §5.1)."""

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QGuiApplication

from guichet.presenters.poste import PostePresenter

_REGLES = {
    'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"': b"1",
    'application/x-qt-windows-mime;value="CanIncludeInClipboardHistory"': b"\0\0\0\0",
    'application/x-qt-windows-mime;value="CanUploadToCloudClipboard"': b"\0\0\0\0",
    "x-kde-passwordManagerHint": b"secret",
}
"""The words by which Windows and KDE ask not to be remembered."""
MARQUE = "x-kde-passwordManagerHint"


class GardePressePapiers(QObject):
    """Watches what this application copies; what others copy is theirs."""

    def __init__(self, app: QGuiApplication, poste: PostePresenter, secondes: int) -> None:
        super().__init__(poste)
        self._presse = QGuiApplication.clipboard()
        self._duree = QTimer(self)
        self._duree.setSingleShot(True)
        self._duree.setInterval(secondes * 1000)
        self._duree.timeout.connect(self.effacer)
        self._presse.dataChanged.connect(self._sur_copie)
        for signal in (poste.verrouille, poste.ferme):
            signal.connect(self.effacer)
        # Left to Qt, it would be freed after Python is gone, and the process would fall at its very end.
        app.aboutToQuit.connect(self.effacer)

    def effacer(self, _: object = None) -> None:
        """Clear what is still ours."""
        self._duree.stop()
        if self._presse.ownsClipboard():
            self._presse.clear()

    def _sur_copie(self) -> None:
        donnees = self._presse.mimeData()
        if not self._presse.ownsClipboard() or donnees is None or not donnees.hasText():
            return
        if not donnees.hasFormat(MARQUE):
            gardees = QMimeData()
            gardees.setText(donnees.text())
            for format_, valeur in _REGLES.items():
                gardees.setData(format_, valeur)
            self._presse.setMimeData(gardees)
            return
        self._duree.start()
