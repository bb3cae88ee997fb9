"""Lighter indexes of the search: a number needs no order of names."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_INDEX = {
    "cle": ["cle"], "numero": ["numero"], "nir": ["nir"], "provisoire": ["provisoire"], "telephone": ["telephone"],
    "naissance": ["ne_le", "cle"],
}  # fmt: skip
_RARES = ("nir", "provisoire", "telephone")


def upgrade() -> None:
    """Make them again; a first load that was cut had put them away, and will make them itself."""
    poses = {i["name"] for i in sa.inspect(op.get_bind()).get_indexes("recherche")}
    for nom, colonnes in _INDEX.items():
        if f"ix_recherche_{nom}" in poses:
            op.drop_index(f"ix_recherche_{nom}", "recherche")
            ou = sa.text(f"{nom} IS NOT NULL") if nom in _RARES else None
            op.create_index(f"ix_recherche_{nom}", "recherche", colonnes, sqlite_where=ou)
