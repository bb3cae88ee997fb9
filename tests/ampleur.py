"""How far the long properties go, by name: `ampleur.toml` has both sizes of each."""

import os
import tomllib
from functools import cache
from pathlib import Path


@cache
def _tailles() -> dict[str, dict[str, int]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def ampleur(nom: str) -> int:
    """Return how many of `nom` this run does: as many as `make test-long` asks for, or as few as each run does."""
    return _tailles()[nom]["long" if os.environ.get("GUICHET_AMPLEUR") == "long" else "court"]
