"""Where the analysis of a file stands."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Say of each file that it was received: those of before are analysed too."""
    op.add_column("blob", sa.Column("etat", sa.String(16), server_default="recu", nullable=False))
    op.add_column("blob", sa.Column("essais", sa.Integer(), server_default="0", nullable=False))
    dus = sa.text("etat IN ('recu', 'analyse')")
    op.create_index("ix_blob_a_analyser", "blob", ["scope_id", "le"], sqlite_where=dus, postgresql_where=dus)
