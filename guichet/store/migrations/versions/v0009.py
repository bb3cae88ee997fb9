"""A payment says what it is for and what was kept back; the resources that rights are reckoned on."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_TABLES = {
    "retenue": (("paiement_id", sa.String(36)), ("libelle", sa.String()), ("montant_cents", sa.Integer())),
    "ressource": (("personne_id", sa.String(36)), ("annee", sa.Integer()), ("nature", sa.String()), ("montant_cents", sa.Integer())),
}


def upgrade() -> None:
    """Add what a payment is for, what was kept back from it, and what rights are reckoned on."""
    for nom, type_ in (("libelle", sa.String()), ("periode_du", sa.Date()), ("periode_au", sa.Date())):
        op.add_column("paiement", sa.Column(nom, type_))
    communes = (
        ("scope_id", sa.String(64), False), ("id", sa.String(36), False), ("extra", sa.JSON(), True), ("dossier_id", sa.String(36), False),
    )  # fmt: skip
    for table, colonnes in _TABLES.items():
        op.create_table(
            table,
            *(sa.Column(nom, type_, nullable=nul) for nom, type_, nul in communes),
            *(sa.Column(nom, type_, nullable=False) for nom, type_ in colonnes),
            sa.PrimaryKeyConstraint("scope_id", "id", name=f"pk_{table}"),
        )
        op.create_index(f"ix_{table}_scope_id_dossier_id", table, ["scope_id", "dossier_id"])
