"""Rows of a scope are seen by transactions opened for it alone: row-level security, forced, under a role that cannot go round it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_ROLE = """
DO $$ BEGIN
  CREATE ROLE guichet_app NOLOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""
_DROITS = "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO guichet_app"
_A_VENIR = "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO guichet_app"
# The subquery is worked out once for the statement, not for each row, and the index on scope_id still serves.
_POLITIQUE = """
CREATE POLICY portees ON {0} USING (
  scope_id = ANY ((SELECT string_to_array(current_setting('guichet.portees', true), ','))::text[])
)
"""


def upgrade() -> None:
    """Close every table that has a scope, the directory of scopes excepted. SQLite has no such thing: the guard of the program stays."""
    connexion = op.get_bind()
    if connexion.dialect.name != "postgresql":
        return
    for ordre in (_ROLE, "GRANT guichet_app TO CURRENT_USER", _DROITS, _A_VENIR):
        op.execute(ordre)
    inspecteur = sa.inspect(connexion)
    for table in inspecteur.get_table_names():
        if table != "scope_head" and any(c["name"] == "scope_id" for c in inspecteur.get_columns(table)):
            for ordre in (
                f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
                f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
                _POLITIQUE.format(table),
            ):
                op.execute(ordre)
