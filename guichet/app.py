"""The front door: the one place where every floor meets. Qt and the shell first, the rest once the window is painted."""

import os
import sys
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QSize, QTimer, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from guichet.presenters.collecteur import Collecteur
from guichet.presenters.poste import PostePresenter
from guichet.presenters.taches import Taches
from guichet.ressources import RACINE
from guichet.views.shell import Fenetre
from guichet.views.theme import appliquer
from guichet.views.widgets.reglages import choisi

_BARRE_DE_TITRE = 40
"""Height left to the window manager, in pixels."""
_TOUR_S = 0.0001
"""How long a thread that works behind keeps the interpreter from the window's; Python's own 5 ms are a third of a frame."""


def creer_application(arguments: list[str]) -> QApplication:
    """Make the application: its name, its language, its skin."""
    sys.setswitchinterval(_TOUR_S)
    # Qt cuts each fill in pieces for threads of its own: on two cores our small paintings take three times longer, and wait for a pass at work.
    os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")
    # Named here, Fusion costs nothing; app.setStyle() would make Python load the whole of QStyle, 12 ms of the start.
    app = QApplication([*arguments, "-style", "fusion"])
    app.setApplicationName("guichet")
    app.setOrganizationName("guichet")
    app.setApplicationDisplayName("Guichet")
    QLocale.setDefault(QLocale(QLocale.Language.French, QLocale.Country.France))
    for catalogue, dossier in (
        ("qtbase_fr", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
        ("guichet_fr", str(RACINE / "traductions")),
    ):
        traducteur = QTranslator(app)
        if traducteur.load(catalogue, dossier):
            app.installTranslator(traducteur)
    appliquer(app, *choisi())
    return app


def main() -> None:
    """Open the window with no option, for the desktop's launcher (guichet-bureau)."""
    raise SystemExit(lancer(None, None))


def creer_fenetre(racine: Path, url: str | None, *, demonstration: bool) -> Fenetre:
    """Make the window over a folder of profiles and a centre; it is not shown yet."""
    taches = Taches()
    poste = PostePresenter(taches, racine, url)
    fenetre = Fenetre(poste, demonstration=demonstration)
    Collecteur(fenetre)
    taches.setParent(fenetre)
    poste.setParent(fenetre)
    taches.panne.connect(lambda erreur: _signaler(fenetre, erreur))
    fenetre.resize(QSize(1280, 800).boundedTo(QGuiApplication.primaryScreen().availableSize() - QSize(0, _BARRE_DE_TITRE)))
    return fenetre


def lancer(url: str | None, profil: str | None, *, demonstration: bool = False) -> int:
    """Open the window and run until it is closed; return the exit code."""
    app = creer_application(sys.argv[:1])
    fenetre = creer_fenetre(Path(profil) if profil else _profil_par_defaut(), url, demonstration=demonstration)
    sys.excepthook = lambda _genre, erreur, _trace: _signaler(fenetre, erreur)
    fenetre.show()
    QTimer.singleShot(0, lambda: _apres_la_fenetre(fenetre, demonstration=demonstration))
    return app.exec()


def _apres_la_fenetre(fenetre: Fenetre, *, demonstration: bool) -> None:
    """Once painted: sign-in people in demonstration; a profile whose passphrase IT gave in GUICHET_PHRASE opens by itself."""
    from datetime import timedelta

    from guichet.ressources import regle_du_jour
    from guichet.views.presse_papiers import GardePressePapiers
    from guichet.views.veille import Veilleur

    poste = fenetre.poste
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    veilleur = Veilleur(app, poste, timedelta(minutes=regle_du_jour("verrou_ecran")["minutes"]))
    veilleur.discretion.connect(fenetre.basculer_discretion)
    GardePressePapiers(app, poste, regle_du_jour("presse_papiers")["secondes"])
    phrase = os.environ.get("GUICHET_PHRASE")
    if demonstration:
        poste.demander_agents()
    else:
        fenetre.connexion.revenir()
        if phrase:
            poste.entrer(phrase, os.environ.get("GUICHET_JETON", ""))


def _profil_par_defaut() -> Path:
    from platformdirs import user_data_path

    return user_data_path("guichet", appauthor=False) / "profil"


def _signaler(fenetre: Fenetre, erreur: BaseException) -> None:
    """Keep what was typed, write where it broke without any data, and say so."""
    import traceback

    lieux = [f"{x.filename.rsplit('guichet', 1)[-1]}:{x.lineno} {x.name}" for x in traceback.extract_tb(erreur.__traceback__)]
    print(f"panne {type(erreur).__name__}\n" + "\n".join(lieux), file=sys.stderr)  # noqa: T201 (the report, free of personal data)
    fenetre.signaler_panne(type(erreur).__name__)
