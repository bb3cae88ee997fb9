"""What a workstation keeps beside the entities: cursors, outbox, files, search index (design/sync.md §3)."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)  # fmt: skip

from guichet.models.base import NOMS, Instant

metadata = MetaData(naming_convention=NOMS)

coffre = Table(
    "coffre", metadata,
    Column("id", Integer, primary_key=True),
    Column("vault_id", String(36), nullable=False),
    Column("appareil", String(36), nullable=False),
    Column("agent_id", String(36)),
    Column("agent_scope", String(64)),
    Column("sync_le", Instant),
)  # fmt: skip
"""One row: which vault this is, which device, whose."""

curseur = Table(
    "curseur", metadata,
    Column("scope_id", String(64), primary_key=True),
    Column("genre", String(16), nullable=False),
    Column("epoch", String(36), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("gen", Integer, nullable=False),
    Column("relecture", Boolean, nullable=False),
    Column("lseq", BigInteger, nullable=False),
)  # fmt: skip
"""Per scope: what was read (`seq`), the walk it belongs to (`gen`), the last number given in its lane (`lseq`)."""

ligne = Table(
    "ligne", metadata,
    Column("scope_id", String(64), primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("etype", String(16), nullable=False),
    Column("rev", Integer, nullable=False),
    Column("h", BigInteger, nullable=False),
    Column("gen", Integer, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip
"""The directory of replicated rows, from which revisions, digest and sweeps are judged."""

sortie = Table(
    "sortie", metadata,
    Column("scope_id", String(64), primary_key=True),
    Column("lseq", BigInteger, primary_key=True),
    Column("opid", String(36), nullable=False),
    Column("libelle", Text, nullable=False),
    Column("muts", JSON, nullable=False),
    Column("cible", String(36), nullable=False),
    Column("etat", String(12), nullable=False),
    Column("code", String(32), nullable=False),
    Column("detail", Text, nullable=False),
    Column("saisi_le", Instant, nullable=False),
    Index("ix_sortie_etat", "etat", "scope_id", "lseq"),
    Index("ix_sortie_cible", "cible"),
)  # fmt: skip
"""The outbox: nothing leaves it before a stored answer (I6)."""

fichier = Table(
    "fichier", metadata,
    Column("scope_id", String(64), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("octets", BigInteger, nullable=False),
    Column("cle", LargeBinary, nullable=False),
    Column("envoye", Boolean, nullable=False),
)  # fmt: skip
"""Files of this workstation, each sealed with a key of its own."""

recherche = Table(
    "recherche", metadata,
    Column("rid", Integer, primary_key=True),
    Column("scope_id", String(64), nullable=False),
    Column("personne_id", String(36), nullable=False),
    Column("dossier_id", String(36), nullable=False),
    Column("cle", Text, nullable=False),
    Column("nom", Text, nullable=False),
    Column("prenoms", Text, nullable=False),
    Column("ne_le", Date, nullable=False),
    Column("role", String(16), nullable=False),
    Column("numero", String(13), nullable=False),
    Column("nir", String(13)),
    Column("provisoire", String(9)),
    Column("telephone", String(20)),
    Column("code_postal", String(5)),
    Column("commune", Text),
    Index("ix_recherche_cle", "cle", "rid"),
    Index("ix_recherche_numero", "numero", "cle", "rid"),
    Index("ix_recherche_nir", "nir", "cle", "rid"),
    Index("ix_recherche_provisoire", "provisoire", "cle", "rid"),
    Index("ix_recherche_telephone", "telephone", "cle", "rid"),
    Index("ix_recherche_naissance", "ne_le", "cle", "rid"),
    Index("ix_recherche_dossier", "dossier_id"),
)  # fmt: skip
"""One row per person and dossier, derived from the entities; words are in the full-text table `recherche_mots`."""
