"""A visit names who stands there for somebody else: a guardian, a proxy."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the name, and a quick way to the visit that an agent has open."""
    op.add_column("visite", sa.Column("visiteur", sa.String()))
    ouverte = sa.text("fermee_le IS NULL")
    op.create_index("ix_visite_ouvertes", "visite", ["scope_id", "agent_id"], sqlite_where=ouverte, postgresql_where=ouverte)
