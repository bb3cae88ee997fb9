"""People who may be one and the same; dossiers found by their address; how long answers really took."""

import sqlalchemy as sa
from alembic import op

from guichet.models.base import Instant

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the table of duplicates, and the place where who was joined to whom is said."""
    op.create_table(
        "doublon",
        sa.Column("scope_id", sa.String(64), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("extra", sa.JSON()),
        sa.Column("dossier_id", sa.String(36), nullable=False),
        sa.Column("personne_id", sa.String(36), nullable=False),
        sa.Column("autre_dossier_id", sa.String(36), nullable=False),
        sa.Column("autre_id", sa.String(36), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("raisons", sa.JSON(), nullable=False),
        sa.Column("etat", sa.String(16), nullable=False),
        sa.Column("agent_id", sa.String(36)),
        sa.Column("decide_le", Instant),
        sa.Column("fusion_id", sa.String(36)),
        sa.PrimaryKeyConstraint("scope_id", "id", name="pk_doublon"),
    )
    for colonne in ("etat", "dossier_id", "autre_dossier_id"):
        op.create_index(f"ix_doublon_scope_id_{colonne}", "doublon", ["scope_id", colonne])
    for table in ("dossier", "personne"):
        op.add_column(table, sa.Column("fusionne_dans", sa.String(36)))
        joint = sa.text("fusionne_dans IS NOT NULL")
        op.create_index(f"ix_{table}_fusionnes", table, ["scope_id", "fusionne_dans"], sqlite_where=joint, postgresql_where=joint)
    op.create_index("ix_identifiant_scope_id_valeur", "identifiant", ["scope_id", "valeur"])
    op.add_column("recherche", sa.Column("adresse", sa.Text()))
    op.create_index("ix_recherche_adresse", "recherche", ["adresse"], sqlite_where=sa.text("adresse IS NOT NULL"))
    for colonne in ("observe_rapide", "observe_moyen", "observe_lent", "observe_sur"):
        op.add_column("delai", sa.Column(colonne, sa.Integer()))
    op.add_column("delai", sa.Column("observe_le", sa.Date()))
    op.add_column("demarche", sa.Column("traitee_le", sa.Date()))
    traitee = sa.text("traitee_le IS NOT NULL")
    op.create_index("ix_demarche_traitees", "demarche", ["scope_id", "traitee_le"], sqlite_where=traitee, postgresql_where=traitee)
