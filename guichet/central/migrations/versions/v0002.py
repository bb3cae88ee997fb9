"""The centre's settings: one row, demonstration until someone says production."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Write the only row of `reglage`."""
    reglage = sa.table("reglage", sa.column("id", sa.SmallInteger), sa.column("production", sa.Boolean))
    op.bulk_insert(reglage, [{"id": 1, "production": False}])
