"""The journal names who, for the responsable who reads it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the name."""
    op.add_column("journal", sa.Column("auteur", sa.String()))
