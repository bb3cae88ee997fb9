"""The words of people's names, by which the centre finds them."""

import sqlalchemy as sa
from alembic import op

from guichet.rules.recherche import plier

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make their table, and fill it with the people who are there."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    table = op.create_table(
        "mot",
        sa.Column("scope_id", sa.String(64), nullable=False),
        sa.Column("personne_id", sa.String(36), nullable=False),
        sa.Column("mot", sa.String(64, collation="C" if postgresql else None), nullable=False),
        sa.PrimaryKeyConstraint("scope_id", "personne_id", "mot", name="pk_mot"),
    )
    op.create_index("ix_mot_scope_id_mot_personne_id", "mot", ["scope_id", "mot", "personne_id"])
    gens = sa.table("personne", *(sa.column(nom) for nom in ("scope_id", "id", "nom_naissance", "nom_usage", "prenoms")))
    for x in op.get_bind().execute(sa.select(gens)).all():
        mots = {m[:64] for m in plier(f"{x.nom_naissance} {x.nom_usage or ''} {x.prenoms}").split()}
        if mots:
            op.bulk_insert(table, [{"scope_id": x.scope_id, "personne_id": x.id, "mot": m} for m in sorted(mots)])
    if postgresql:
        op.execute("ALTER TABLE mot ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE mot FORCE ROW LEVEL SECURITY")
        op.execute(
            "CREATE POLICY portees ON mot USING "
            "(scope_id = ANY ((SELECT string_to_array(current_setting('guichet.portees', true), ','))::text[]))"
        )
        op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON mot TO guichet_app")
