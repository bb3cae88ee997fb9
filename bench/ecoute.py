"""What is said to a database, to be said again by its driver alone."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Engine, event

Ordre = tuple[str, Any]
"""A statement and its values."""


def entendre(moteur: Engine, gestes: Sequence[Callable[[], object]]) -> list[list[Ordre]]:
    """Return the statements that each of these sends. The engine is slower ever after: it looks for its listeners."""
    entendus = list[list[Ordre]]()

    def noter(_: object, __: object, sql: str, valeurs: Any, *___: object) -> None:
        entendus[-1].append((sql, valeurs))

    event.listen(moteur, "before_cursor_execute", noter)
    for geste in gestes:
        entendus.append([])
        geste()
    event.remove(moteur, "before_cursor_execute", noter)
    return entendus
