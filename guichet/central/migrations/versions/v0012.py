"""Papers made at a counter, that the centre vouches for."""

import sqlalchemy as sa
from alembic import op

from guichet.models.base import Instant

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make their table."""
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
    op.create_table(
        "papier",
        sa.Column("empreinte", sa.String(64), primary_key=True),
        sa.Column("portee", sa.String(64), nullable=False),
        sa.Column("attestation_id", sa.String(36), nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE attestation ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE attestation FORCE ROW LEVEL SECURITY")
        op.execute(
            "CREATE POLICY portees ON attestation USING "
            "(scope_id = ANY ((SELECT string_to_array(current_setting('guichet.portees', true), ','))::text[]))"
        )
        op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON attestation TO guichet_app")
        op.execute("GRANT SELECT, INSERT, DELETE ON papier TO guichet_app")
