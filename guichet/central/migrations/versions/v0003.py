"""The whole protocol: floors, snapshots, edits, owned slots, enrolled workstations, restores."""

import sqlalchemy as sa
from alembic import op
from nacl.public import PrivateKey

from guichet.models import uuid7
from guichet.models.base import Instant

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Widen what is there; workstations enrol again, since they had no key."""
    _elargir()
    _creer()
    op.drop_table("device")
    op.create_table(
        "device",
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("agent_id", sa.String(length=36), nullable=False),
        sa.Column("cle", sa.LargeBinary(), nullable=False),
        sa.Column("vu_le", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_device")),
    )
    _regler()


def _elargir() -> None:
    op.add_column("scope_head", sa.Column("floor", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("sync_row", sa.Column("last_device", sa.String(length=36)))
    op.add_column("sync_row", sa.Column("le", Instant()))
    op.create_index(
        "ix_sync_row_tombes", "sync_row", ["scope_id", "seq"], sqlite_where=sa.text("deleted"), postgresql_where=sa.text("deleted")
    )
    op.add_column("quarantine", sa.Column("etat", sa.String(length=12), server_default="a_traiter", nullable=False))
    with op.batch_alter_table("blob") as table:
        table.add_column(sa.Column("complet", sa.Boolean(), server_default=sa.true(), nullable=False))
        table.alter_column("complet", server_default=None, existing_type=sa.Boolean(), existing_nullable=False)
    op.add_column("creneau", sa.Column("own_device", sa.String(length=36)))
    op.add_column("creneau", sa.Column("own_no", sa.Integer()))
    op.add_column("creneau", sa.Column("own_until", Instant()))
    op.add_column("rendez_vous", sa.Column("own_no", sa.Integer()))


def _creer() -> None:
    op.create_table(
        "avis",
        sa.Column("agent_id", sa.String(length=36), nullable=False),
        sa.Column("cible_type", sa.String(length=16), nullable=False),
        sa.Column("cible_id", sa.String(length=36), nullable=False),
        sa.Column("champ", sa.String(length=32), nullable=False),
        sa.Column("avant", sa.String()),
        sa.Column("apres", sa.String()),
        sa.Column("auteur", sa.String(), nullable=False),
        sa.Column("le", Instant(), nullable=False),
        sa.Column("lu_le", Instant()),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON()),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_avis")),
    )
    op.create_index(op.f("ix_avis_scope_id_agent_id"), "avis", ["scope_id", "agent_id"])
    op.create_index(op.f("ix_rendez_vous_scope_id_creneau_id_etat"), "rendez_vous", ["scope_id", "creneau_id", "etat"])
    op.create_table(
        "historique",
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cible_type", sa.String(length=16), nullable=False),
        sa.Column("cible_id", sa.String(length=36), nullable=False),
        sa.Column("champ", sa.String(length=32), nullable=False),
        sa.Column("avant", sa.JSON()),
        sa.Column("apres", sa.JSON()),
        sa.Column("agent_id", sa.String(length=36), nullable=False),
        sa.Column("auteur", sa.Text(), nullable=False),
        sa.Column("opid", sa.String(length=36), nullable=False),
        sa.Column("le", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_historique")),
    )
    op.create_index("ix_historique_cible", "historique", ["scope_id", "cible_id", "champ", "le"])
    op.create_table(
        "instantane",
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("epoch", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("live", sa.BigInteger(), nullable=False),
        sa.Column("le", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_instantane")),
    )
    op.create_table(
        "instantane_part",
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("corps", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("scope_id", "id", "n", name=op.f("pk_instantane_part")),
    )


def _regler() -> None:
    """Add the columns, give this centre its name of restore and its sealing key, then require them."""
    with op.batch_alter_table("reglage") as table:
        table.add_column(sa.Column("restauration", sa.String(length=36)))
        table.add_column(sa.Column("retablissement", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(sa.Column("cle_scellement", sa.LargeBinary()))
        table.add_column(sa.Column("entretien_le", Instant()))
    reglage = sa.table("reglage", sa.column("restauration", sa.String), sa.column("cle_scellement", sa.LargeBinary))
    op.execute(reglage.update().values(restauration=uuid7(), cle_scellement=bytes(PrivateKey.generate())))
    with op.batch_alter_table("reglage") as table:
        table.alter_column("restauration", nullable=False, existing_type=sa.String(length=36))
        table.alter_column("cle_scellement", nullable=False, existing_type=sa.LargeBinary())
        table.alter_column("retablissement", server_default=None, existing_type=sa.Boolean(), existing_nullable=False)
