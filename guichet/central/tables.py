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
)  # fmt: skip

from guichet.models.base import NOMS, Instant

metadata = MetaData(naming_convention=NOMS)

scope_head = Table(
    "scope_head", metadata,
    Column("scope_id", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("epoch", String(36), nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("digest", BigInteger, nullable=False),
    Column("live", BigInteger, nullable=False),
)  # fmt: skip
"""One head per scope, updated last in each transaction (trap 1)."""

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
    Index("ix_sync_row_feed", "scope_id", "seq"),
)  # fmt: skip

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

quarantine = Table(
    "quarantine", metadata,
    Column("scope_id", String(64), primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("device_id", String(36), nullable=False),
    Column("operation", JSON, nullable=False),
    Column("why", Text, nullable=False),
    Column("le", Instant, nullable=False),
)  # fmt: skip

blob = Table(
    "blob", metadata,
    Column("scope_id", String(64), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("octets", BigInteger, nullable=False),
    Column("le", Instant, nullable=False),
)  # fmt: skip
"""Files that are whole, by the scope that may read them."""

device = Table(
    "device", metadata,
    Column("id", String(36), primary_key=True),
    Column("agent_id", String(36), nullable=False),
    Column("vu_le", Instant, nullable=False),
)  # fmt: skip

jeton = Table(
    "jeton", metadata,
    Column("empreinte", String(64), primary_key=True),
    Column("agent_id", String(36), nullable=False),
    Column("agent_scope", String(64), nullable=False),
    Column("expire_le", Instant, nullable=False),
)  # fmt: skip
"""Bearer tokens, by their hash alone."""

reglage = Table(
    "reglage", metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("production", Boolean, nullable=False),
)  # fmt: skip
