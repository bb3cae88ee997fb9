"""Words of names for the search: full text, prefixes of two and three letters, no ranking (research/sync.md §2.7)."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the full-text table and fill it from the index, if an earlier version left one."""
    op.execute(
        "CREATE VIRTUAL TABLE recherche_mots USING fts5("
        "mots, content='', contentless_delete=1, detail=none, prefix='2 3', tokenize=\"unicode61 remove_diacritics 0\")"
    )
    op.execute("INSERT INTO recherche_mots(rowid, mots) SELECT rid, cle FROM recherche")
