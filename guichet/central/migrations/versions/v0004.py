"""An edit in the history is known by what it edited and by whose act: one key, one index."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Key the history by (scope, row, field, act)."""
    op.drop_index("ix_historique_cible", "historique")
    with op.batch_alter_table("historique") as table:
        table.drop_constraint("pk_historique", type_="primary")
        table.drop_column("id")
        table.create_primary_key("pk_historique", ["scope_id", "cible_id", "champ", "opid"])
