"""Opening the card of a dossier of 24 months and 200 démarches, among a million dossiers; and what the window weighs then."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from dateutil.relativedelta import relativedelta
from PySide6.QtCore import QEventLoop
from sqlalchemy import insert

from bench import fenetre as atelier
from bench import magasin
from bench.mesure import Mesure
from guichet.models import Courrier, Demarche, Dossier, Droit, Foyer, Membre, Paiement, Personne
from guichet.store.dossiers import Trouve

DOSSIERS, DEMARCHES, TOURS = 1_000_000, 200, 21
_LOT = 20_000
_JOUR = date.today()


def mesurer() -> Iterator[Mesure]:
    with tempfile.TemporaryDirectory() as dossier:
        session = magasin.ouvrir(Path(dossier), ["dossiers"], magasin.SITE)
        magasin.remplir_dossiers(session, DOSSIERS)
        _remplir(session)
        session.fermer()
        fenetre = atelier.ouvrir(Path(dossier))
        page = fenetre.page("dossiers")
        durees = [_ouvrir(page, f"d{DOSSIERS // 2 + n % 2}") for n in range(TOURS)][1:]
        fenetre.close()
        poids = int(subprocess.run([sys.executable, "-m", "bench.carte", dossier], check=True, capture_output=True, text=True).stdout)
    detail = f"{DOSSIERS} dossiers, {DEMARCHES} démarches et 24 mois dans chacun des deux ouverts tour à tour, pire {max(durees):.0f} ms"
    yield Mesure("ouvrir une carte, peinte, médiane", statistics.median(durees), 60, " ms", detail)
    yield Mesure(
        "mémoire de la fenêtre, carte ouverte", poids / 1024, 300, " Mo", "VmRSS d'un processus neuf après une recherche et l'ouverture"
    )


def _remplir(session: magasin.Session) -> None:
    """Write every dossier with its responsable and a démarche, and two that hold much."""
    with session.coffre.ecriture() as connexion:
        for premier in range(0, DOSSIERS, _LOT):
            rangs = range(premier, premier + _LOT)
            connexion.execute(insert(Dossier), [_dossier(n) for n in rangs])
            connexion.execute(insert(Personne), [_personne(n) for n in rangs])
            connexion.execute(insert(Membre), [_ligne(f"m{n}", n, personne_id=f"p{n}", role="responsable") for n in rangs])
            connexion.execute(insert(Demarche), [_demarche(f"x{n}", n, n % 700) for n in rangs])
        for n in (DOSSIERS // 2, DOSSIERS // 2 + 1):
            mois = [_JOUR.replace(day=1) - relativedelta(months=k) for k in range(24)]
            connexion.execute(insert(Foyer), [{"scope_id": magasin.SITE, "id": f"f{n}", "situation": "Mariage", "depuis": _JOUR}])
            connexion.execute(insert(Demarche), [_demarche(f"y{n}-{k}", n, 3 * k) for k in range(DEMARCHES - 1)])
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


def _dossier(n: int) -> dict[str, Any]:
    return {
        "scope_id": magasin.SITE, "id": f"d{n}", "organisme_id": "o", "organisme_nom": "Caf", "numero": f"{n:07}", "foyer_id": f"f{n}",
        "responsable_id": f"p{n}", "ouvert_le": date(2015, 1, 1), "quotient_familial": 700,
    }  # fmt: skip


def _personne(n: int) -> dict[str, Any]:
    return {
        "scope_id": magasin.SITE, "id": f"p{n}", "nom_naissance": f"Nom{n}", "prenoms": "Camille", "sexe": "F", "ne_le": date(1980, 1, 1),
        "cle": f"NOM{n} CAMILLE",
    }  # fmt: skip


def _demarche(id_: str, dossier: int, jours: int) -> dict[str, Any]:
    le = _JOUR - timedelta(days=jours)
    return _ligne(id_, dossier, libelle="Changement d'adresse", famille="autres", etat="recue", deposee_le=le)


def _ouvrir(page: Any, dossier: str) -> float:
    """Open a card in a loop like the product's, which leaves the interpreter to the worker while it waits; return milliseconds."""
    boucle = QEventLoop()
    page.presenter.carte_lue.connect(boucle.quit)
    debut = time.perf_counter()
    page.presenter.ouvrir(_trouve(dossier))
    boucle.exec()
    atelier.peindre(page)
    return (time.perf_counter() - debut) * 1000


def _trouve(dossier: str) -> Trouve:
    from guichet.rules.recherche import Champ

    return Trouve(
        portee=magasin.SITE, dossier_id=dossier, personne_id="p", nom="", prenoms="", ne_le=_JOUR, role="responsable", numero="", code_postal=None,
        commune=None, pourquoi=Champ.NOM,
    )  # fmt: skip


def _peser(dossier: str) -> int:
    """Open the window anew, search, open the card; return its resident memory in kB."""
    fenetre = atelier.ouvrir(Path(dossier))
    page = fenetre.page("dossiers")
    recus: list[object] = []
    page.presenter.resultats.connect(recus.append)
    page.recherche.setText("martin")
    atelier.attendre(lambda: recus)
    _ouvrir(page, f"d{DOSSIERS // 2}")
    etat = Path("/proc/self/status").read_text()
    return int(next(x.split()[1] for x in etat.splitlines() if x.startswith("VmRSS")))


if __name__ == "__main__":
    print(_peser(sys.argv[1]))
