"""The slots of a body's sites, from its opening ranges."""

from datetime import date, time, timedelta
from typing import Any

from guichet.central.peuplement.chargeur import Chargeur
from guichet.central.peuplement.hasard import Hasard
from guichet.rules.creneaux import Fermeture, Ouverture, horaires


def ecrire_agenda(
    chargeur: Chargeur, hasard: Hasard, portee: str, sites: dict[str, tuple[str, dict[str, Any]]], pas_min: int, jours: int
) -> None:
    """Write ranges, one absence and the free slots of `jours` days from tomorrow. `sites`: name to (id, reference data)."""
    demain = hasard.jour + timedelta(days=1)
    for rang, (id_, site) in enumerate(sites.values()):
        fermetures = []
        if rang == 1:
            fermetures.append(Fermeture(demain + timedelta(days=3), demain + timedelta(days=5)))
            chargeur.ajouter(portee, "absence", hasard.id(), {
                "site_id": id_, "du": fermetures[0].du.isoformat(), "au": fermetures[0].au.isoformat(), "libelle": "Fermeture exceptionnelle",
            })  # fmt: skip
        for plage in site["plages"]:
            ouverture = Ouverture(
                tuple(plage["jours"]), time.fromisoformat(plage["debut"]), time.fromisoformat(plage["fin"]), pas_min, plage["mode"]
            )
            chargeur.ajouter(portee, "plage", hasard.id(), {
                "site_id": id_, "mode": ouverture.mode, "jours": list(ouverture.jours), "debut": ouverture.debut, "fin": ouverture.fin,
                "pas_min": pas_min,
            })  # fmt: skip
            _creneaux(chargeur, hasard, portee, id_, ouverture, fermetures, demain, jours)


def _creneaux(
    chargeur: Chargeur, hasard: Hasard, portee: str, site_id: str, ouverture: Ouverture, fermetures: list[Fermeture], du: date, jours: int
) -> None:
    for debut, fin in horaires(ouverture, fermetures, du, jours, "Europe/Paris"):
        etat = "libre" if hasard.alea.random() < 0.7 else "reserve"
        chargeur.ajouter(portee, "creneau", hasard.id(), {
            "site_id": site_id, "debut": debut, "fin": fin, "mode": ouverture.mode, "etat": etat,
        })  # fmt: skip
