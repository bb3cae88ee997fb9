"""The whole protocol: walks, sums, verdicts, owned slots, sealed copies; and the middle of words for the search."""

import sqlalchemy as sa
from alembic import op

from guichet.models.base import Instant

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Widen what is there; every scope is summed again at the next pass, and reads what version 2 added."""
    _elargir()
    _creer()
    op.execute("UPDATE curseur SET schema = 1")
    op.execute(
        "CREATE VIRTUAL TABLE recherche_milieux USING fts5("
        "texte, content='', contentless_delete=1, detail=none, tokenize=\"trigram remove_diacritics 0\")"
    )
    op.execute("INSERT INTO recherche_milieux(rowid, texte) SELECT rid, cle || ' ' || numero || ' ' || coalesce(nir, '') FROM recherche")


def _ajouter(table: str, *colonnes: sa.Column[object]) -> None:
    for colonne in colonnes:
        op.add_column(table, colonne)


def _elargir() -> None:
    _ajouter("creneau", sa.Column("own_device", sa.String(36)), sa.Column("own_no", sa.Integer()), sa.Column("own_until", Instant()))
    _ajouter("rendez_vous", sa.Column("own_no", sa.Integer()))
    _ajouter(
        "coffre",
        sa.Column("cle_appareil", sa.LargeBinary()),
        sa.Column("cle_centre", sa.LargeBinary()),
        sa.Column("enrole", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("restauration", sa.String(36), server_default="", nullable=False),
        sa.Column("ecart_horloge_s", sa.Integer()),
    )
    _ajouter(
        "curseur",
        sa.Column("depart", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("acquitte", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("digest", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("vivantes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("schema", sa.Integer(), server_default="0", nullable=False),
        sa.Column("instantane", sa.String(36)),
        sa.Column("part", sa.Integer(), server_default="0", nullable=False),
        sa.Column("a_effacer", sa.Integer(), server_default="0", nullable=False),
        sa.Column("effacement_permis", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    _ajouter(
        "sortie",
        sa.Column("parent", sa.String(36)),
        sa.Column("essais", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reponse", sa.JSON()),
    )
    op.create_index("ix_sortie_parent", "sortie", ["parent", "etat"])
    op.create_index("ix_sortie_saisie", "sortie", ["saisi_le"])
    _ajouter("fichier", sa.Column("erreur", sa.Text(), server_default="", nullable=False))


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
        "creneau_tenu",
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("own_no", sa.Integer(), nullable=False),
        sa.Column("mur_s", sa.Float(), nullable=False),
        sa.Column("demarrage_s", sa.Float(), nullable=False),
        sa.Column("demarrage_id", sa.String(length=36), nullable=False),
        sa.Column("duree_s", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_creneau_tenu")),
    )
    op.create_table(
        "creneau_a_rendre",
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("own_no", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_creneau_a_rendre")),
    )
    op.create_table(
        "scelle",
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("genre", sa.String(length=12), nullable=False),
        sa.Column("corps", sa.LargeBinary(), nullable=False),
        sa.Column("le", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_scelle")),
    )
