"""Dated rules: the version in force on a day."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any


class RegleAbsente(LookupError):
    """No version of a rule covers the day."""


def en_vigueur(regles: Mapping[str, Sequence[Mapping[str, Any]]], nom: str, le: date) -> Mapping[str, Any]:
    """Return the version of a rule in force on a day. Raises RegleAbsente."""
    versions = [version for version in regles.get(nom, ()) if version["effet_le"] <= le]
    if not versions:
        raise RegleAbsente(f"{nom} {le}")
    return max(versions, key=lambda version: version["effet_le"])
