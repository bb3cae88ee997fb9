"""A NIR is held only where the law lets it be: the base itself refuses it elsewhere."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_REFUS = "nir: not in this scope"
_INTERDIT = "NEW.type = 'nir' AND NOT EXISTS (SELECT 1 FROM portee_nir p WHERE p.scope_id = NEW.scope_id)"


def upgrade() -> None:
    """Make the list of scopes that may hold one, from what is there, and what refuses it in others."""
    op.create_table(
        "portee_nir", sa.Column("scope_id", sa.String(64), nullable=False), sa.PrimaryKeyConstraint("scope_id", name="pk_portee_nir")
    )
    postgresql = op.get_bind().dialect.name == "postgresql"
    if postgresql:  # its owner too sees no row of another scope, but while it is said so
        op.execute("ALTER TABLE identifiant NO FORCE ROW LEVEL SECURITY")
    op.execute("INSERT INTO portee_nir SELECT DISTINCT scope_id FROM identifiant WHERE type = 'nir'")
    if postgresql:
        op.execute("ALTER TABLE identifiant FORCE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE portee_nir ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE portee_nir FORCE ROW LEVEL SECURITY")
        op.execute(
            "CREATE POLICY portees ON portee_nir USING "
            "(scope_id = ANY ((SELECT string_to_array(current_setting('guichet.portees', true), ','))::text[]))"
        )
        op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON portee_nir TO guichet_app")
        op.execute(
            f"CREATE FUNCTION identifiant_nir() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {_INTERDIT} THEN RAISE EXCEPTION '{_REFUS}'; END IF; RETURN NEW; END $$"
        )
        op.execute("CREATE TRIGGER identifiant_nir BEFORE INSERT OR UPDATE ON identifiant FOR EACH ROW EXECUTE FUNCTION identifiant_nir()")
    else:
        for moment in ("INSERT", "UPDATE"):
            op.execute(
                f"CREATE TRIGGER identifiant_nir_{moment.lower()} BEFORE {moment} ON identifiant WHEN {_INTERDIT} "
                f"BEGIN SELECT RAISE(ABORT, '{_REFUS}'); END"
            )
