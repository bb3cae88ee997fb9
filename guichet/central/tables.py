"""What the centre keeps beside the entities: feed, lanes, files, tokens (design/sync.md §2)."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)  # fmt: skip

from guichet.models.base import NOMS, Instant
from guichet.models.enums import EtatDocument

metadata = MetaData(naming_convention=NOMS)

scope_head = Table(
    "scope_head", metadata,
    Column("scope_id", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("epoch", String(36), nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("floor", BigInteger, nullable=False, server_default="0"),
    Column("digest", BigInteger, nullable=False),
    Column("live", BigInteger, nullable=False),
)  # fmt: skip
"""One head per scope, updated last in each transaction (trap 1). `floor`: tombstones up to it are gone."""

sync_row = Table(
    "sync_row", metadata,
    Column("scope_id", String(64), primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("etype", String(16), nullable=False),
    Column("rev", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("h", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("last_device", String(36)),
    Column("le", Instant),
    Index("ix_sync_row_feed", "scope_id", "seq"),
    Index("ix_sync_row_tombes", "scope_id", "seq", sqlite_where=text("deleted"), postgresql_where=text("deleted")),
)  # fmt: skip
"""`last_device`: whose operation wrote the row, if it was one; `le`: when, empty for rows of before version 2 or seeded."""

lane = Table(
    "lane", metadata,
    Column("scope_id", String(64), primary_key=True),
    Column("device_id", String(36), primary_key=True),
    Column("last", BigInteger, nullable=False),
)  # fmt: skip

applied = Table(
    "applied", metadata,
    Column("scope_id", String(64), primary_key=True),
    Column("device_id", String(36), primary_key=True),
    Column("lseq", BigInteger, primary_key=True),
    Column("opid", String(36), nullable=False),
    Column("result", JSON, nullable=False),
    Column("le", Instant, nullable=False),
    UniqueConstraint("scope_id", "opid"),
)  # fmt: skip
"""Verdicts, kept so as to be given again; `result` also names the rows (`ids`) whose present state goes with it."""

quarantine = Table(
    "quarantine", metadata,
    Column("scope_id", String(64), primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("device_id", String(36), nullable=False),
    Column("operation", JSON, nullable=False),
    Column("why", Text, nullable=False),
    Column("le", Instant, nullable=False),
    Column("etat", String(12), nullable=False, server_default="a_traiter"),
)  # fmt: skip
"""What could not be executed, whole: `a_traiter`, then `rejouee` or `close` by support."""

historique = Table(
    "historique", metadata,
    Column("scope_id", String(64), primary_key=True),
    Column("cible_id", String(36), primary_key=True),
    Column("champ", String(32), primary_key=True),
    Column("opid", String(36), primary_key=True),
    Column("cible_type", String(16), nullable=False),
    Column("avant", JSON),
    Column("apres", JSON),
    Column("agent_id", String(36), nullable=False),
    Column("auteur", Text, nullable=False),
    Column("le", Instant, nullable=False),
)  # fmt: skip
"""Each edit of a field: the value it replaced is never lost."""

instantane = Table(
    "instantane", metadata,
    Column("scope_id", String(64), primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("epoch", String(36), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("live", BigInteger, nullable=False),
    Column("le", Instant, nullable=False),
)  # fmt: skip

instantane_part = Table(
    "instantane_part", metadata,
    Column("scope_id", String(64), primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("corps", LargeBinary, nullable=False),
)  # fmt: skip
"""Parts never change: the same bytes for every workstation of a scope."""

_A_ANALYSER = text(f"etat IN ('{EtatDocument.RECU}', '{EtatDocument.ANALYSE}')")

blob = Table(
    "blob", metadata,
    Column("scope_id", String(64), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("octets", BigInteger, nullable=False),
    Column("le", Instant, nullable=False),
    Column("complet", Boolean, nullable=False),
    Column("etat", String(16), nullable=False, server_default=EtatDocument.RECU),
    Column("essais", Integer, nullable=False, server_default="0"),
    Index("ix_blob_a_analyser", "scope_id", "le", sqlite_where=_A_ANALYSER, postgresql_where=_A_ANALYSER),
)  # fmt: skip
"""Files by the scope that may read them. A document that arrives first makes the row, so that both meet on its lock.

`etat`: where the analysis of a whole file stands (EtatDocument); `essais`: how many times it could not be told."""

device = Table(
    "device", metadata,
    Column("scope_id", String(64), primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("agent_id", String(36), nullable=False),
    Column("cle", LargeBinary, nullable=False),
    Column("vu_le", Instant, nullable=False),
)  # fmt: skip
"""Enrolled workstations, in the scope of their agent; `cle`: the Ed25519 key that a second enrolment must hold."""

jeton = Table(
    "jeton", metadata,
    Column("empreinte", String(64), primary_key=True),
    Column("agent_id", String(36), nullable=False),
    Column("agent_scope", String(64), nullable=False),
    Column("expire_le", Instant, nullable=False),
)  # fmt: skip
"""Bearer tokens, by their hash alone."""

journal_chaine = Table(
    "journal_chaine", metadata,
    Column("scope_id", String(64), primary_key=True),
    Column("rang", BigInteger, primary_key=True, autoincrement=False),
    Column("id", String(36), nullable=False),
    Column("maillon", String(64), nullable=False),
    Column("recu_le", Instant, nullable=False),
    Index("ix_journal_chaine_id", "scope_id", "id"),
)  # fmt: skip
"""The place of each line of the journal in its scope's chain: appended, never changed, taken out only behind a seal (triggers)."""

journal_tete = Table(
    "journal_tete", metadata,
    Column("scope_id", String(64), primary_key=True),
    Column("rang", BigInteger, nullable=False),
    Column("maillon", String(64), nullable=False),
)  # fmt: skip
"""The last line of each chain: the lock that writers of a scope's journal meet on."""

journal_scelle = Table(
    "journal_scelle", metadata,
    Column("scope_id", String(64), primary_key=True),
    Column("jusque", BigInteger, primary_key=True, autoincrement=False),
    Column("maillon", String(64), nullable=False),
    Column("lignes", Integer, nullable=False),
    Column("le", Instant, nullable=False),
)  # fmt: skip
"""What a purge leaves of a segment: its last place and hash, from which the rest still verifies."""

fusion = Table(
    "fusion", metadata,
    Column("scope_id", String(64), primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("doublon_id", String(36), nullable=False),
    Column("personne_id", String(36), nullable=False),
    Column("changements", JSON, nullable=False),
    Column("agent_id", String(36), nullable=False),
    Column("le", Instant, nullable=False),
    Column("annulee_le", Instant),
    Index("ix_fusion_scope_id_personne_id", "scope_id", "personne_id"),
)  # fmt: skip
"""How two people were joined: each field that changed, before and after, so that it can be undone. `personne_id`: who stays."""

papier = Table(
    "papier", metadata,
    Column("empreinte", String(64), primary_key=True),
    Column("portee", String(64), nullable=False),
    Column("attestation_id", String(36), nullable=False),
)  # fmt: skip
"""Where a paper was made, by the hash of its reference: who verifies one does not know whose it is, and a site is not asked after another."""

lien_telephone = Table(
    "lien_telephone", metadata,
    Column("empreinte", String(64), primary_key=True),
    Column("portee", String(64), nullable=False),
    Column("agent_id", String(36), nullable=False),
    Column("lieu", Text, nullable=False),
    Column("temoin", String(64)),
    Column("expire_le", Instant, nullable=False),
)  # fmt: skip
"""Links given to visitors' telephones, by their hash. `portee`, `agent_id`: whose desk; `temoin`: hash of the browser's secret that took it."""

photo_telephone = Table(
    "photo_telephone", metadata,
    Column("lien", String(64), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("octets", BigInteger, nullable=False),
    Column("etat", String(12), nullable=False),
    Column("le", Instant, nullable=False),
)  # fmt: skip
"""What came by a link: `en_cours`, `recue` by the centre, then `remise` to the desk, its bytes being erased here."""

mot = Table(
    "mot",
    metadata,
    Column("scope_id", String(64), primary_key=True),
    Column("personne_id", String(36), primary_key=True),
    Column("mot", String(64).with_variant(String(64, collation="C"), "postgresql"), primary_key=True),
    Index("ix_mot_scope_id_mot_personne_id", "scope_id", "mot", "personne_id"),
)
"""The words of people's names, folded: looked for by their beginning. A plain index and not a full-text one, which row-level security would

keep PostgreSQL from using (its operators are not leakproof). In byte order, so that words with the same beginning stand together.
"""

portee_nir = Table("portee_nir", metadata, Column("scope_id", String(64), primary_key=True))
"""The scopes that may hold a NIR (décret 2019-341): social protection's, never France Services' or a landlord's. Triggers refuse it elsewhere."""

reglage = Table(
    "reglage", metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("production", Boolean, nullable=False),
    Column("restauration", String(36), nullable=False),
    Column("retablissement", Boolean, nullable=False),
    Column("cle_scellement", LargeBinary, nullable=False),
    Column("entretien_le", Instant),
)  # fmt: skip
"""One row. `restauration`: changes at each restore; `retablissement`: workstations are still sending back what it lost."""
