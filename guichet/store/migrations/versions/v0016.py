"""The tray of papers survives the program."""

import sqlalchemy as sa
from alembic import op

from guichet.models.base import Instant

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make the tables of its pages, and of what they are made of."""
    op.create_table(
        "bac_contenu",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("octets", sa.BigInteger(), nullable=False),
        sa.Column("cle", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_bac_contenu"),
    )
    op.create_table(
        "bac_page",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("rang", sa.Integer(), nullable=False),
        sa.Column("original", sa.String(64), nullable=False),
        sa.Column("contenu", sa.String(64), nullable=False),
        sa.Column("page", sa.LargeBinary(), nullable=False),
        sa.Column("le", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bac_page"),
    )
