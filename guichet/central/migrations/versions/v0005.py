"""Signing in: accounts, provider identities, sign-ins under way, token families, signing keys."""

import sqlalchemy as sa
from alembic import op

from guichet.models.base import Instant

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables of identity."""
    op.create_table(
        "compte",
        sa.Column("agent_id", sa.String(36), nullable=False),
        sa.Column("agent_scope", sa.String(64), nullable=False),
        sa.Column("login", sa.String(64), nullable=False),
        sa.Column("mot_de_passe", sa.Text),
        sa.Column("totp", sa.String(64)),
        sa.Column("totp_pas", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("echecs", sa.Integer, nullable=False, server_default="0"),
        sa.Column("echec_le", Instant),
        sa.Column("ferme", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("invitation", sa.String(64)),
        sa.Column("invitation_expire_le", Instant),
        sa.PrimaryKeyConstraint("agent_id", name="pk_compte"),
        sa.UniqueConstraint("login", name="uq_compte_login"),
        sa.UniqueConstraint("invitation", name="uq_compte_invitation"),
    )
    op.create_table(
        "identite",
        sa.Column("agent_id", sa.String(36), nullable=False),
        sa.Column("agent_scope", sa.String(64), nullable=False),
        sa.Column("emetteur", sa.Text, nullable=False),
        sa.Column("sub", sa.Text),
        sa.Column("siret", sa.String(14), nullable=False),
        sa.Column("courriel", sa.Text, nullable=False),
        sa.Column("sub_propose", sa.Text),
        sa.Column("propose_le", Instant),
        sa.PrimaryKeyConstraint("agent_id", name="pk_identite"),
    )
    op.create_index("ix_identite_sub", "identite", ["emetteur", "sub"], unique=True)
    op.create_index("ix_identite_courriel", "identite", ["emetteur", "siret", "courriel"], unique=True)
    op.create_table(
        "demande",
        sa.Column("empreinte", sa.String(64), nullable=False),
        sa.Column("requete", sa.JSON, nullable=False),
        sa.Column("fournisseur", sa.JSON),
        sa.Column("agent_id", sa.String(36)),
        sa.Column("agent_scope", sa.String(64)),
        sa.Column("expire_le", Instant, nullable=False),
        sa.PrimaryKeyConstraint("empreinte", name="pk_demande"),
    )
    op.create_table(
        "famille",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("agent_id", sa.String(36), nullable=False),
        sa.Column("agent_scope", sa.String(64), nullable=False),
        sa.Column("acr", sa.String(32), nullable=False),
        sa.Column("ouverte_le", Instant, nullable=False),
        sa.Column("expire_le", Instant, nullable=False),
        sa.Column("revoquee_le", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_famille"),
    )
    op.create_index("ix_famille_agent_id", "famille", ["agent_id"])
    op.create_table(
        "code_acces",
        sa.Column("empreinte", sa.String(64), nullable=False),
        sa.Column("famille", sa.String(36), sa.ForeignKey("famille.id", ondelete="CASCADE"), nullable=False),
        sa.Column("retour", sa.Text, nullable=False),
        sa.Column("defi", sa.String(128), nullable=False),
        sa.Column("expire_le", Instant, nullable=False),
        sa.Column("utilise", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("empreinte", name="pk_code_acces"),
    )
    op.create_table(
        "rafraichissement",
        sa.Column("empreinte", sa.String(64), nullable=False),
        sa.Column("famille", sa.String(36), sa.ForeignKey("famille.id", ondelete="CASCADE"), nullable=False),
        sa.Column("expire_le", Instant, nullable=False),
        sa.Column("utilise", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("empreinte", name="pk_rafraichissement"),
    )
    op.create_index("ix_rafraichissement_famille", "rafraichissement", ["famille"])
    op.create_table(
        "cle_jeton",
        sa.Column("kid", sa.String(64), nullable=False),
        sa.Column("privee", sa.JSON, nullable=False),
        sa.Column("le", Instant, nullable=False),
        sa.PrimaryKeyConstraint("kid", name="pk_cle_jeton"),
    )
