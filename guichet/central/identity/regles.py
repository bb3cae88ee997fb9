"""The dated rules of signing in, read once a day."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from guichet.ressources import donnees
from guichet.rules.regles import en_vigueur


def regle(nom: str) -> Mapping[str, Any]:
    """Return a rule as it stands today."""
    return _lue(nom, date.today())


@lru_cache(32)
def _lue(nom: str, le: date) -> Mapping[str, Any]:
    return en_vigueur(donnees("regles.yaml"), nom, le)
