"""The visitor's telephone: links that serve once, and the photos that come by them."""

import sqlalchemy as sa
from alembic import op

from guichet.models.base import Instant

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Make both tables; they name nobody."""
    op.create_table(
        "lien_telephone",
        sa.Column("empreinte", sa.String(64), primary_key=True),
        sa.Column("portee", sa.String(64), nullable=False),
        sa.Column("agent_id", sa.String(36), nullable=False),
        sa.Column("lieu", sa.Text(), nullable=False),
        sa.Column("temoin", sa.String(64)),
        sa.Column("expire_le", Instant, nullable=False),
    )
    op.create_table(
        "photo_telephone",
        sa.Column("lien", sa.String(64), primary_key=True),
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("octets", sa.BigInteger(), nullable=False),
        sa.Column("etat", sa.String(12), nullable=False),
        sa.Column("le", Instant, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON lien_telephone, photo_telephone TO guichet_app")
