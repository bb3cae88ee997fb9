"""Who wins when two people write the same field (design/sync.md §6)."""

from enum import StrEnum


class Politique(StrEnum):
    """`FUSION`: the last to arrive wins and the other is told. `STRICTE`: refused if somebody changed it meanwhile."""

    FUSION = "fusion"
    STRICTE = "stricte"


POLITIQUES: dict[str, dict[str, Politique]] = {
    "contact": dict.fromkeys(("valeur", "code_postal", "commune"), Politique.FUSION),
    "personne": dict.fromkeys(("nom_naissance", "nom_usage", "prenoms", "ne_le"), Politique.STRICTE),
    "identifiant": {"valeur": Politique.STRICTE},
    "foyer": dict.fromkeys(("situation", "depuis"), Politique.STRICTE),
    "dossier": {"iban": Politique.STRICTE},
}
"""The fields that a counter may edit; every other field is its centre's or its landlord's alone."""
