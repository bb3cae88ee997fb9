"""Papers made at the counter, and what they say of the centre that vouches for them."""

import sqlalchemy as sa
from alembic import op

from guichet.models.base import Instant

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the table of papers; note where the centre is, and whether its people are invented."""
    op.create_table(
        "attestation",
        sa.Column("scope_id", sa.String(64), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("extra", sa.JSON()),
        sa.Column("dossier_id", sa.String(36), nullable=False),
        sa.Column("type", sa.String(24), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("du", sa.Date(), nullable=False),
        sa.Column("au", sa.Date(), nullable=False),
        sa.Column("emise_le", Instant, nullable=False),
        sa.Column("contenu", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("scope_id", "id", name="pk_attestation"),
    )
    op.create_index("ix_attestation_scope_id_dossier_id", "attestation", ["scope_id", "dossier_id"])
    op.add_column("coffre", sa.Column("adresse", sa.Text(), nullable=False, server_default=""))
    op.add_column("coffre", sa.Column("demonstration", sa.Boolean(), nullable=False, server_default=sa.false()))
