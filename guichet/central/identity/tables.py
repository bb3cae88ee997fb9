"""What signing in needs. Nothing here grows with people's dossiers, and most is found by a hash before anybody knows whose it is."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, false

from guichet.central.tables import metadata
from guichet.models.base import Instant

compte = Table(
    "compte", metadata,
    Column("agent_id", String(36), primary_key=True),
    Column("agent_scope", String(64), nullable=False),
    Column("login", String(64), nullable=False, unique=True),
    Column("mot_de_passe", Text),
    Column("totp", String(64)),
    Column("totp_pas", BigInteger, nullable=False, server_default="0"),
    Column("echecs", Integer, nullable=False, server_default="0"),
    Column("echec_le", Instant),
    Column("ferme", Boolean, nullable=False, server_default=false()),
    Column("invitation", String(64), unique=True),
    Column("invitation_expire_le", Instant),
)  # fmt: skip
"""An account of the centre's own, for those whom no provider knows. `mot_de_passe`: its Argon2id hash; `totp_pas`: the last code's step,

so that no code serves twice; `invitation`: the hash of the link by which its owner chooses a password.
"""

identite = Table(
    "identite", metadata,
    Column("agent_id", String(36), primary_key=True),
    Column("agent_scope", String(64), nullable=False),
    Column("emetteur", Text, nullable=False),
    Column("sub", Text),
    Column("siret", String(14), nullable=False),
    Column("courriel", Text, nullable=False),
    Column("sub_propose", Text),
    Column("propose_le", Instant),
    Index("ix_identite_sub", "emetteur", "sub", unique=True),
    Index("ix_identite_courriel", "emetteur", "siret", "courriel", unique=True),
)  # fmt: skip
"""An agent as the provider names him. `sub` is empty until he first comes; `sub_propose` waits for a person's word."""

demande = Table(
    "demande", metadata,
    Column("empreinte", String(64), primary_key=True),
    Column("requete", JSON, nullable=False),
    Column("fournisseur", JSON),
    Column("agent_id", String(36)),
    Column("agent_scope", String(64)),
    Column("expire_le", Instant, nullable=False),
)  # fmt: skip
"""A sign-in under way in a browser, by the hash of its cookie. `requete`: what the workstation asked; `fournisseur`: state, nonce and

verifier sent to the provider; `agent_id`: his password was right, his code is awaited.
"""

famille = Table(
    "famille", metadata,
    Column("id", String(36), primary_key=True),
    Column("agent_id", String(36), nullable=False),
    Column("agent_scope", String(64), nullable=False),
    Column("acr", String(32), nullable=False),
    Column("ouverte_le", Instant, nullable=False),
    Column("expire_le", Instant, nullable=False),
    Column("revoquee_le", Instant),
    Index("ix_famille_agent_id", "agent_id"),
)  # fmt: skip
"""A sign-in and all the tokens that come from it."""

code_acces = Table(
    "code_acces", metadata,
    Column("empreinte", String(64), primary_key=True),
    Column("famille", String(36), ForeignKey("famille.id", ondelete="CASCADE"), nullable=False),
    Column("retour", Text, nullable=False),
    Column("defi", String(128), nullable=False),
    Column("expire_le", Instant, nullable=False),
    Column("utilise", Boolean, nullable=False, server_default=false()),
)  # fmt: skip

rafraichissement = Table(
    "rafraichissement", metadata,
    Column("empreinte", String(64), primary_key=True),
    Column("famille", String(36), ForeignKey("famille.id", ondelete="CASCADE"), nullable=False),
    Column("expire_le", Instant, nullable=False),
    Column("utilise", Boolean, nullable=False, server_default=false()),
    Index("ix_rafraichissement_famille", "famille"),
)  # fmt: skip

cle_jeton = Table(
    "cle_jeton", metadata,
    Column("kid", String(64), primary_key=True),
    Column("privee", JSON, nullable=False),
    Column("le", Instant, nullable=False),
)  # fmt: skip
"""Keys that sign access tokens: the youngest signs, the others still verify."""

IDENTITE = frozenset({compte.name, identite.name, demande.name, famille.name, code_acces.name, rafraichissement.name, cle_jeton.name})
