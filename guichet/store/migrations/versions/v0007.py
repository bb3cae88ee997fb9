"""The journal names who, as it does at the centre."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the name."""
    op.add_column("journal", sa.Column("auteur", sa.String()))
