"""A centre filled as asked, served by a process of its own."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.mesure import OutilAbsent
from guichet.central.base import BaseCentre
from tests.outils import CentreEnMarche, Postgresql

SITE = "site:bench"
TYPES = ("personne", "dossier", "membre", "identifiant", "contact")
Ligne = tuple[str, str, dict[str, object]]
"""(type, id, fields), as the centre holds them."""


@dataclass(frozen=True)
class Centre:
    """A centre that runs, its database, and an agent of the bench."""

    base: BaseCentre
    url: str
    jeton: str
    agent: tuple[str, str]


@contextmanager
def ouvrir(ou: Path, contenu: list[Ligne], *, efface: bool = False) -> Iterator[Centre]:
    """Fill a centre, make its snapshot, serve it. `efface`: it leaves the processor to whoever asks, as another machine would."""
    from guichet.central import instantanes
    from guichet.central.jetons import delivrer

    url = f"sqlite:///{ou / 'centre.db'}"
    _semer(url, contenu)
    # The bench's own rows are not the product's to walk at each collection.
    gc.freeze()
    base = BaseCentre(url)
    instantanes.construire(base, SITE)
    with base.ecriture() as connexion:
        jeton, agent = delivrer(connexion, "bench")
    en_marche = CentreEnMarche(url, ou / "pieces")
    en_marche.demarrer()
    if efface and en_marche.processus is not None:
        for fil in Path(f"/proc/{en_marche.processus.pid}/task").iterdir():
            os.sched_setscheduler(int(fil.name), os.SCHED_IDLE, os.sched_param(0))
    try:
        yield Centre(base, en_marche.url, jeton, (agent.id, agent.scope_id))
    finally:
        base.fermer()
        en_marche.tuer()


def postgresql(*options: str) -> Postgresql:
    """Make a server of this machine's newest PostgreSQL, not started yet. Raises OutilAbsent."""
    binaires = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not binaires:
        raise OutilAbsent("PostgreSQL (make outils-essais)")
    return Postgresql(binaires[-1], *options)


def lignes(nombre: int) -> list[Ligne]:
    """Households of the demonstration: (type, id, fields), as the centre holds them."""
    from guichet.central.peuplement.hasard import Hasard
    from guichet.models import uuid7

    h, ecrites = Hasard(1, date(2026, 11, 21)), list[Ligne]()
    for rang in range(nombre // len(TYPES)):
        sexe, ne_le = "FM"[rang % 2], date(1940 + rang % 70, 1 + rang % 12, 1 + rang % 28)
        nom, prenom = h.alea.choice(h.noms), h.alea.choice(h.prenoms[sexe])
        personne, dossier = uuid7(), uuid7()
        ecrites += [
            ("personne", personne, {
                "nom_naissance": nom.texte, "prenoms": prenom.texte, "sexe": sexe, "ne_le": ne_le.isoformat(), "cle": f"{nom.cle} {prenom.cle}",
                "commune_naissance": "Toulouse", "pays_naissance": "France",
            }),
            ("dossier", dossier, {
                "organisme_id": "01a1fb67-1800-726b-b2a7-000000000001", "organisme_nom": "Caf de la Haute-Garonne", "numero": f"{rang:07}",
                "foyer_id": uuid7(), "responsable_id": personne, "ouvert_le": f"{date.today()}", "quotient_familial": rang % 1500,
                "iban": f"FR76{rang:023}",
            }),
            ("membre", uuid7(), {"dossier_id": dossier, "personne_id": personne, "role": "responsable", "activite": "Salarié", "activite_depuis": "2021-09-01"}),
            ("identifiant", uuid7(), {"personne_id": personne, "type": "nir", "valeur": h.nir(sexe, ne_le)}),
            ("contact", uuid7(), {"personne_id": personne, "type": "telephone", "valeur": f"+336{rang:08}", "code_postal": "31000", "commune": "Toulouse"}),
        ]  # fmt: skip
    return ecrites


def _semer(url: str, contenu: list[Ligne]) -> None:
    from guichet.central.peuplement.chargeur import Chargeur
    from guichet.migration import migrer

    base = BaseCentre(url)
    with base.ecriture() as connexion:
        migrer(connexion, "guichet.central")
    with base.ecriture() as connexion:
        chargeur = Chargeur(connexion)
        for portee, genre in ((SITE, "site"), ("user:bench", "user")):
            chargeur.ouvrir(portee, genre)
        chargeur.permettre_nir(SITE)
        chargeur.ajouter("user:bench", "agent", "agent", {
            "login": "bench", "nom": "Bench", "prenom": "Ada", "fonction": "f", "role": "conseiller", "organisme_id": "o",
            "organisme_nom": "Caf", "site_nom": "s", "poste_libelle": "1", "voit_nir": True, "onglets": ["dossiers", "documents"],
        })  # fmt: skip
        for portee in (SITE, "user:bench"):
            chargeur.ajouter("user:bench", "habilitation", f"d-{portee}", {
                "agent_id": "agent", "portee": portee, "role": "conseiller", "du": "2020-01-01",
            })  # fmt: skip
        for type_, id_, valeurs in contenu:
            chargeur.ajouter(SITE, type_, id_, valeurs)
        chargeur.terminer()
    base.fermer()
