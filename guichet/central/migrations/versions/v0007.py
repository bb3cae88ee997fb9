"""The journal is a chain in each scope: appended, never changed, purged by segments behind a seal."""

import sqlalchemy as sa
from alembic import op

from guichet.models.base import Instant

revision = "0007"
down_revision = "0006"

_REFUS = "journal: append only"
_SCELLEES = "OLD.rang > (SELECT coalesce(max(jusque), 0) FROM journal_scelle s WHERE s.scope_id = OLD.scope_id)"
_ENCHAINEE = "EXISTS (SELECT 1 FROM journal_chaine c WHERE c.scope_id = OLD.scope_id AND c.id = OLD.id)"
_GARDES = {  # table: what forbids a deletion
    "journal": _ENCHAINEE, "journal_chaine": _SCELLEES, "journal_scelle": "1 = 1",
}  # fmt: skip


def upgrade() -> None:
    """Make the chain, its heads and seals, and what keeps them as they are."""
    for nom, type_ in (("motif", sa.String()), ("appareil", sa.String(36)), ("rang", sa.BigInteger()), ("maillon", sa.String(64))):
        op.add_column("journal", sa.Column(nom, type_))
    op.create_table(
        "journal_chaine",
        sa.Column("scope_id", sa.String(64), nullable=False),
        sa.Column("rang", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("maillon", sa.String(64), nullable=False),
        sa.Column("recu_le", Instant, nullable=False),
        sa.PrimaryKeyConstraint("scope_id", "rang", name="pk_journal_chaine"),
    )
    op.create_index("ix_journal_chaine_id", "journal_chaine", ["scope_id", "id"])
    op.create_table(
        "journal_tete",
        sa.Column("scope_id", sa.String(64), nullable=False),
        sa.Column("rang", sa.BigInteger, nullable=False),
        sa.Column("maillon", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("scope_id", name="pk_journal_tete"),
    )
    op.create_table(
        "journal_scelle",
        sa.Column("scope_id", sa.String(64), nullable=False),
        sa.Column("jusque", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("maillon", sa.String(64), nullable=False),
        sa.Column("lignes", sa.Integer, nullable=False),
        sa.Column("le", Instant, nullable=False),
        sa.PrimaryKeyConstraint("scope_id", "jusque", name="pk_journal_scelle"),
    )
    if op.get_bind().dialect.name == "postgresql":
        _postgresql()
    else:
        for table, interdit in _GARDES.items():
            op.execute(f"CREATE TRIGGER {table}_fige BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{_REFUS}'); END")
            op.execute(f"CREATE TRIGGER {table}_garde BEFORE DELETE ON {table} WHEN {interdit} BEGIN SELECT RAISE(ABORT, '{_REFUS}'); END")


def _postgresql() -> None:
    for table in ("journal_chaine", "journal_tete", "journal_scelle"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY portees ON {table} USING "
            "(scope_id = ANY ((SELECT string_to_array(current_setting('guichet.portees', true), ','))::text[]))"
        )
    for table, interdit in _GARDES.items():
        op.execute(
            f"CREATE FUNCTION {table}_garde() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP <> 'DELETE' OR {interdit} THEN RAISE EXCEPTION '{_REFUS}'; END IF; RETURN OLD; END $$"
        )
        op.execute(f"CREATE TRIGGER {table}_garde BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_garde()")
        op.execute(f"CREATE TRIGGER {table}_plein BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_garde()")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON journal_chaine, journal_tete, journal_scelle TO guichet_app")
