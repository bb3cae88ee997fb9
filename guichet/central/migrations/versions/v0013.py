"""What people let a counter do in their name."""

import sqlalchemy as sa
from alembic import op

from guichet.models.base import Instant

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the tables of mandates."""
    op.create_table(
        "mandat",
        sa.Column("scope_id", sa.String(64), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("extra", sa.JSON()),
        sa.Column("dossier_id", sa.String(36), nullable=False),
        sa.Column("personne_id", sa.String(36), nullable=False),
        sa.Column("agent_id", sa.String(36), nullable=False),
        sa.Column("mandataire", sa.String(), nullable=False),
        sa.Column("preuve", sa.String(), nullable=False),
        sa.Column("signe_le", Instant, nullable=False),
        sa.Column("debute_le", sa.Date(), nullable=False),
        sa.Column("expire_le", sa.Date(), nullable=False),
        sa.Column("empreinte", sa.String(64), nullable=False),
        sa.Column("document_id", sa.String(36)),
        sa.PrimaryKeyConstraint("scope_id", "id", name="pk_mandat"),
    )
    op.create_table(
        "autorisation",
        sa.Column("scope_id", sa.String(64), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("extra", sa.JSON()),
        sa.Column("dossier_id", sa.String(36), nullable=False),
        sa.Column("mandat_id", sa.String(36), nullable=False),
        sa.Column("acte", sa.String(32), nullable=False),
        sa.Column("revoquee_le", Instant),
        sa.PrimaryKeyConstraint("scope_id", "id", name="pk_autorisation"),
    )
    op.create_index("ix_mandat_scope_id_dossier_id", "mandat", ["scope_id", "dossier_id"])
    op.create_index("ix_mandat_scope_id_expire_le", "mandat", ["scope_id", "expire_le"])
    op.create_index("ix_autorisation_scope_id_dossier_id", "autorisation", ["scope_id", "dossier_id"])
    op.create_index("ix_autorisation_scope_id_mandat_id", "autorisation", ["scope_id", "mandat_id"])
    if op.get_bind().dialect.name == "postgresql":
        for table in ("mandat", "autorisation"):
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(
                f"CREATE POLICY portees ON {table} USING "
                "(scope_id = ANY ((SELECT string_to_array(current_setting('guichet.portees', true), ','))::text[]))"
            )
            op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO guichet_app")
