"""The benches there are, each the module of its name: imported when it runs, and no other with it."""

from importlib import import_module
from typing import Any

from bench.mesure import Banc

NOMS = (
    "demarrage", "frappe", "carte", "recherche", "liste", "sync", "fil", "image", "retour", "coffre", "documents", "couche", "hostiles", "bac",
    "telephone",
)  # fmt: skip


def banc(nom: str) -> Banc[Any]:
    """Return a bench by its name. Raises ModuleNotFoundError."""
    trouve: Banc[Any] = import_module(f"bench.{nom}").BANC
    return trouve
