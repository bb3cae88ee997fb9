"""A sign-in that goes on after the vault was closed, a clock that cannot be set back, a code for the screen."""

import sqlalchemy as sa
from alembic import op

from guichet.models.base import Instant

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Widen the vault's own row."""
    op.add_column("coffre", sa.Column("rafraichissement", sa.Text, nullable=False, server_default=""))
    op.add_column("coffre", sa.Column("horloge_vue", Instant))
    op.add_column("coffre", sa.Column("ecran_sel", sa.LargeBinary))
    op.add_column("coffre", sa.Column("ecran_cle", sa.LargeBinary))
