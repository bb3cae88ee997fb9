"""Requests that wait for an answer, found without walking the others."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Index them by family and day."""
    ouverte = sa.text("etat NOT IN ('traitee', 'refusee')")
    op.create_index(
        "ix_demarche_ouvertes", "demarche", ["scope_id", "famille", "deposee_le"], sqlite_where=ouverte, postgresql_where=ouverte
    )
