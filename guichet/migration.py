"""Alembic without its command files: one way to run the migrations of either end."""

from importlib.resources import files
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


class SchemaTropRecent(RuntimeError):
    """The database was written by a newer version: it is left as it is."""


def migrer(connexion: Connection, paquet: str, jusqua: str = "head") -> None:
    """Bring a database to a revision of the package's `migrations`.

    Raises SchemaTropRecent, and changes nothing then.
    """
    script = _script(paquet)
    actuelle = MigrationContext.configure(connexion).get_current_revision()
    if actuelle is not None and actuelle not in revisions(paquet):
        raise SchemaTropRecent(actuelle)

    def monter(depuis: Any, _: object) -> list[Any]:  # noqa: ANN401 (alembic's revisions)
        return list(script._upgrade_revs(jusqua, depuis))  # noqa: SLF001 (what alembic.command.upgrade itself does)

    with EnvironmentContext(Config(), script, fn=monter) as contexte:
        contexte.configure(connection=connexion)
        contexte.run_migrations()


def en_retard(connexion: Connection, paquet: str) -> bool:
    """Tell whether a database waits for a migration; one that a newer version wrote does not."""
    actuelle = MigrationContext.configure(connexion).get_current_revision()
    return actuelle is None or actuelle in revisions(paquet)[:-1]


def revisions(paquet: str) -> list[str]:
    """Return the revisions of a package, oldest first."""
    return [r.revision for r in reversed(list(_script(paquet).walk_revisions()))]


def _script(paquet: str) -> ScriptDirectory:
    return ScriptDirectory(str(files(paquet) / "migrations"))
