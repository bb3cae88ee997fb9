"""The journal kept here too, chained and append-only; how many acts this vault has kept."""

import sqlalchemy as sa
from alembic import op

from guichet.models.base import Instant

revision = "0006"
down_revision = "0005"

_GARDES = (
    "CREATE TRIGGER journal_local_fige BEFORE UPDATE ON journal_local BEGIN SELECT RAISE(ABORT, 'journal: append only'); END",
    """CREATE TRIGGER journal_local_garde BEFORE DELETE ON journal_local
    WHEN OLD.rang > (SELECT coalesce(max(jusque), 0) FROM journal_scelle)
    BEGIN SELECT RAISE(ABORT, 'journal: append only'); END""",
    "CREATE TRIGGER journal_scelle_fige BEFORE UPDATE ON journal_scelle BEGIN SELECT RAISE(ABORT, 'journal: append only'); END",
    "CREATE TRIGGER journal_scelle_garde BEFORE DELETE ON journal_scelle BEGIN SELECT RAISE(ABORT, 'journal: append only'); END",
)


def upgrade() -> None:
    """Make the journal, its seals, and what keeps them as they are."""
    for nom, type_ in (("motif", sa.String()), ("appareil", sa.String(36)), ("rang", sa.BigInteger()), ("maillon", sa.String(64))):
        op.add_column("journal", sa.Column(nom, type_))
    op.create_table(
        "journal_local",
        sa.Column("rang", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("agent_id", sa.String(36), nullable=False),
        sa.Column("appareil", sa.String(36), nullable=False),
        sa.Column("le", Instant, nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("objet", sa.Text, nullable=False),
        sa.Column("motif", sa.Text, nullable=False),
        sa.Column("maillon", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("rang", name="pk_journal_local"),
    )
    op.create_index("ix_journal_local_objet", "journal_local", ["objet", "action"])
    op.create_table(
        "journal_scelle",
        sa.Column("jusque", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("maillon", sa.String(64), nullable=False),
        sa.Column("lignes", sa.Integer, nullable=False),
        sa.Column("le", Instant, nullable=False),
        sa.PrimaryKeyConstraint("jusque", name="pk_journal_scelle"),
    )
    op.add_column("coffre", sa.Column("version", sa.BigInteger, nullable=False, server_default="0"))
    for garde in _GARDES:
        op.execute(garde)
