"""What is being typed in a form survives the program."""

import sqlalchemy as sa
from alembic import op

from guichet.models.base import Instant

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the table of drafts."""
    op.create_table(
        "brouillon",
        sa.Column("dossier_id", sa.String(36), nullable=False),
        sa.Column("formulaire", sa.String(32), nullable=False),
        sa.Column("saisies", sa.JSON(), nullable=False),
        sa.Column("le", Instant, nullable=False),
        sa.PrimaryKeyConstraint("dossier_id", "formulaire", name="pk_brouillon"),
    )
