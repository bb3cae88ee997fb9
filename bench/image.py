"""The window's frames while 100,000 rows are applied behind it, against the same frames with nothing behind."""

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest

from bench import centre as atelier
from bench import fenetre as vitrine
from bench.magasin import PHRASE
from bench.mesure import Banc, Mesure

IMAGE_MS = 16
_LOT = 5_000


@dataclass(frozen=True)
class Tailles:
    lignes: int
    calme_s: float
    """How long the frames are timed with nothing behind."""


def mesurer(t: Tailles) -> Iterator[Mesure]:
    from guichet.presenters import synchro
    from guichet.presenters.poste import EtatConnexion
    from guichet.services import ouvrir_session

    synchro.ETALEMENT_S = 3600.0  # nothing moves until it is asked
    with (
        tempfile.TemporaryDirectory(prefix="bench-image-") as dossier,
        atelier.ouvrir(Path(dossier), atelier.lignes(t.lignes), efface=True) as centre,
    ):
        profil = Path(dossier) / "profil"
        session = ouvrir_session(profil, PHRASE, centre.url, centre.jeton, centre.agent)
        session.synchroniser()
        session.fermer()
        _tout_changer(centre)
        fenetre = vitrine.ouvrir(profil, centre.url, centre.jeton)
        images = _Images(fenetre)
        fin = time.perf_counter() + t.calme_s
        calme = images.relever(lambda: time.perf_counter() > fin)
        etats: list[EtatConnexion] = []
        fenetre.poste.connexion_changee.connect(etats.append)
        fenetre.poste.synchroniser()
        occupee = images.relever(lambda: EtatConnexion() in etats)
        fenetre.quitter()
        session = ouvrir_session(profil, PHRASE, centre.url, centre.jeton, centre.agent)
        assert session.synchroniser().recues == 0, etats
        session.fermer()
    occupe, repos = _p99(occupee), _p99(calme)
    detail = f"{t.lignes} rows applied in {sum(occupee) / 1000:.1f} s, {len(occupee)} frames: {occupe:.2f} ms, {repos:.2f} ms"
    quoi = "a frame of the window while rows are applied, 99th percentile"
    yield Mesure("image", quoi, "the same with nothing behind", 1.15, occupe / repos, "×", detail)


class _Images:
    """Asks for a frame every 16 ms: the list scrolls by a line and is painted. A frame lasts from one painted to the next painted."""

    def __init__(self, fenetre: vitrine.Fenetre) -> None:
        page = fenetre.page("dossiers")
        self._liste, recus = page.liste, []
        page.presenter.resultats.connect(recus.append)
        QTest.keyClicks(page.recherche, "mar")
        vitrine.attendre(lambda: recus and self._liste.count() > 3)
        self._barre = self._liste.verticalScrollBar()
        self._horloge = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=IMAGE_MS)
        self._horloge.timeout.connect(self._peindre)

    def relever(self, fini: Callable[[], object]) -> list[float]:
        """Let the window live as it does, in Qt's own loop, until something is true; return how long each frame lasted, in milliseconds."""
        self._peintes: list[float] = []
        self._fini, self._boucle = fini, QEventLoop()
        self._horloge.start()
        self._boucle.exec()
        self._horloge.stop()
        return [(b - a) * 1000 for a, b in zip(self._peintes, self._peintes[1:], strict=False)]

    def _peindre(self) -> None:
        if self._fini():
            self._boucle.quit()
        self._barre.setValue((self._barre.value() + 1) % max(self._barre.maximum(), 1))
        vitrine.peindre(self._liste)
        self._peintes.append(time.perf_counter())


def _tout_changer(centre: atelier.Centre) -> None:
    """Write every row of the site again with one field changed."""
    from guichet.central.fil import Ecrit, inscrire
    from guichet.models import ENTITES

    champ = {
        "personne": "commune_naissance",
        "dossier": "quotient_familial",
        "membre": "activite",
        "identifiant": "valeur",
        "contact": "commune",
    }
    for type_, nom in champ.items():
        table = ENTITES[type_].__table__
        with centre.base.lecture() as connexion:
            lues = [dict(x) for x in connexion.execute(table.select().where(table.c.scope_id == atelier.SITE)).mappings()]
        for debut in range(0, len(lues), _LOT):
            with centre.base.ecriture() as connexion:
                ecrits = [
                    Ecrit(type_, x["id"], x | {nom: x[nom] + 1 if isinstance(x[nom], int) else "X" + x[nom][1:]})
                    for x in lues[debut : debut + _LOT]
                ]
                inscrire(connexion, atelier.SITE, ecrits)


def _p99(durees: list[float]) -> float:
    return sorted(durees)[int(len(durees) * 0.99)]


BANC = Banc(mesurer, court=Tailles(lignes=500, calme_s=0.3), long=Tailles(lignes=100_000, calme_s=12))
