"""When a dossier was closed."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the place where it is said."""
    op.add_column("dossier", sa.Column("ferme_le", sa.Date()))
