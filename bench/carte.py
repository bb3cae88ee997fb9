"""Opening the card of a dossier of 24 months and 200 démarches, among a million dossiers; and what the window weighs then."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from dateutil.relativedelta import relativedelta
from PySide6.QtCore import QEventLoop
from sqlalchemy import insert

from bench import fenetre as atelier
from bench import magasin
from bench.ailleurs import ailleurs
from bench.mesure import Banc, Mesure
from guichet.models import Courrier, Demarche, Dossier, Droit, Foyer, Membre, Paiement, Personne
from guichet.services import dossiers
from guichet.store.dossiers import Trouve

_LOT = 20_000
_JOUR = date.today()


@dataclass(frozen=True)
class Tailles:
    dossiers: int
    demarches: int
    """In each of the two dossiers that are opened, which come first in the second half of those that a search finds."""
    tours: int
    neuf: bool
    """Whether the window that is weighed has a process begun anew."""

    @property
    def riches(self) -> tuple[int, int]:
        """The ranks of the two dossiers that are opened: the index has two people in each, and so half of the dossiers."""
        return self.dossiers // 4, self.dossiers // 4 + 1


def mesurer(t: Tailles) -> Iterator[Mesure]:
    with tempfile.TemporaryDirectory() as dossier:
        session = magasin.ouvrir(Path(dossier), ["dossiers"], magasin.SITE)
        magasin.remplir_dossiers(session, t.dossiers)
        _remplir(session, t)
        trouves = [_trouver(session, n) for n in t.riches]
        session.fermer()
        fenetre = atelier.ouvrir(Path(dossier))
        page = fenetre.page("dossiers")
        durees = [_ouvrir(page, trouves[n % 2]) for n in range(t.tours)][1:]
        fenetre.close()
        poids = ailleurs(_peser, dossier, t.riches[0], neuf=t.neuf)
    detail = f"{t.dossiers} dossiers, {t.demarches} démarches and 24 months in each of the two opened in turn, worst {max(durees):.0f} ms"
    yield Mesure("ouverture", "opening a dossier's card, painted, median", "", 60, statistics.median(durees), "ms", detail)
    detail = "VmRSS of a process of its own, after a search and the opening"
    yield Mesure("memoire", "memory of the window, card open", "", 300, poids / 1024, "MB", detail)


def _remplir(session: magasin.Session, t: Tailles) -> None:
    """Write every dossier with its responsable and a démarche, and two that hold much."""
    with session.coffre.ecriture() as connexion:
        for premier in range(0, t.dossiers, _LOT):
            rangs = range(premier, min(premier + _LOT, t.dossiers))
            connexion.execute(insert(Dossier), [_dossier(n) for n in rangs])
            connexion.execute(insert(Personne), [_personne(n) for n in rangs])
            connexion.execute(insert(Membre), [_ligne(f"m{n}", n, personne_id=_responsable(n), role="responsable") for n in rangs])
            connexion.execute(insert(Demarche), [_demarche(f"x{n}", n, n % 700) for n in rangs])
        for n in t.riches:
            mois = [_JOUR.replace(day=1) - relativedelta(months=k) for k in range(24)]
            connexion.execute(insert(Foyer), [{"scope_id": magasin.SITE, "id": f"f{n}", "situation": "Mariage", "depuis": _JOUR}])
            connexion.execute(insert(Demarche), [_demarche(f"y{n}-{k}", n, 3 * k) for k in range(t.demarches - 1)])
            connexion.execute(insert(Droit), [
                _ligne(f"r{n}-{m}-{p}", n, prestation_code=p, mois=m, etat="ouvert", montant_cents=12_000) for m in mois for p in ("AL", "AF", "PPA", "RSA")
            ])  # fmt: skip
            connexion.execute(
                insert(Paiement), [_ligne(f"v{n}-{m}", n, verse_le=m + timedelta(days=4), montant_cents=48_000) for m in mois]
            )
            connexion.execute(insert(Courrier), [
                _ligne(f"c{n}-{k}", n, le=_JOUR - timedelta(days=7 * k), sens="recu", objet="Notification de droits", lu=k > 2) for k in range(100)
            ])  # fmt: skip


def _ligne(id_: str, dossier: int, **valeurs: Any) -> dict[str, Any]:
    return {"scope_id": magasin.SITE, "id": id_, "dossier_id": f"d{dossier}"} | valeurs


def _responsable(dossier: int) -> str:
    return f"p{2 * dossier}"


def _dossier(n: int) -> dict[str, Any]:
    return {
        "scope_id": magasin.SITE, "id": f"d{n}", "organisme_id": "o", "organisme_nom": "Caf", "numero": magasin.numero(n), "foyer_id": f"f{n}",
        "responsable_id": _responsable(n), "ouvert_le": date(2015, 1, 1), "quotient_familial": 700,
    }  # fmt: skip


def _personne(n: int) -> dict[str, Any]:
    return {
        "scope_id": magasin.SITE, "id": _responsable(n), "nom_naissance": f"Nom{n}", "prenoms": "Camille", "sexe": "F", "ne_le": date(1980, 1, 1),
        "cle": f"NOM{n} CAMILLE",
    }  # fmt: skip


def _demarche(id_: str, dossier: int, jours: int) -> dict[str, Any]:
    le = _JOUR - timedelta(days=jours)
    return _ligne(id_, dossier, libelle="Changement d'adresse", famille="autres", etat="recue", deposee_le=le)


def _ouvrir(page: Any, trouve: Trouve) -> float:
    """Open a card in a loop like the product's, which leaves the interpreter to the worker while it waits; return milliseconds."""
    boucle = QEventLoop()
    page.presenter.carte_lue.connect(boucle.quit)
    debut = time.perf_counter()
    page.presenter.ouvrir(trouve)
    boucle.exec()
    atelier.peindre(page)
    return (time.perf_counter() - debut) * 1000


def _trouver(session: magasin.Session, dossier: int) -> Trouve:
    """Find a dossier as the window does, so that what is opened is what a search gives, whatever it is made of."""
    trouves = dossiers.chercher(session, magasin.numero(dossier), _JOUR).trouves
    return next(t for t in trouves if t.dossier_id == f"d{dossier}")


def _peser(dossier: str, rang: int) -> int:
    """Open the window anew, search, open the card of that rank; return its resident memory in kB."""
    fenetre = atelier.ouvrir(Path(dossier))
    page = fenetre.page("dossiers")
    recus: list[object] = []
    page.presenter.resultats.connect(recus.append)
    page.recherche.setText("martin")
    atelier.attendre(lambda: recus)
    _ouvrir(page, _trouver(fenetre.poste.session, rang))
    etat = Path("/proc/self/status").read_text()
    return int(next(x.split()[1] for x in etat.splitlines() if x.startswith("VmRSS")))


BANC = Banc(
    mesurer,
    court=Tailles(dossiers=40, demarches=2, tours=3, neuf=False),
    long=Tailles(dossiers=1_000_000, demarches=200, tours=21, neuf=True),
)
