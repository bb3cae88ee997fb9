"""What a workstation keeps beside the entities: cursors, outbox, files, search index (design/sync.md §3)."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    false,
    text,
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
    Column("cle_appareil", LargeBinary),
    Column("cle_centre", LargeBinary),
    Column("enrole", Boolean, nullable=False, server_default=false()),
    Column("restauration", String(36), nullable=False, server_default=""),
    Column("ecart_horloge_s", Integer),
    Column("rafraichissement", Text, nullable=False, server_default=""),
    Column("horloge_vue", Instant),
    Column("version", BigInteger, nullable=False, server_default="0"),
    Column("ecran_sel", LargeBinary),
    Column("ecran_cle", LargeBinary),
    Column("adresse", Text, nullable=False, server_default=""),
    Column("demonstration", Boolean, nullable=False, server_default=false()),
)  # fmt: skip
"""One row: which vault this is, which device, whose; the device's own key and the centre's, by which it was enrolled.

`rafraichissement`: what the last sign-in left to sign in again without a browser; `horloge_vue`: the latest moment this vault has seen;

`version`: how many transactions of a person's (store/ancre.py); `ecran_sel` and `ecran_cle`: the salt and derivation of the screen's code;

`adresse` and `demonstration`: where the public finds the centre, and whether its people are invented.
"""

curseur = Table(
    "curseur", metadata,
    Column("scope_id", String(64), primary_key=True),
    Column("genre", String(16), nullable=False),
    Column("epoch", String(36), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("gen", Integer, nullable=False),
    Column("relecture", Boolean, nullable=False),
    Column("lseq", BigInteger, nullable=False),
    Column("depart", BigInteger, nullable=False, server_default="0"),
    Column("acquitte", BigInteger, nullable=False, server_default="0"),
    Column("digest", BigInteger, nullable=False, server_default="0"),
    Column("vivantes", Integer, nullable=False, server_default="0"),
    Column("schema", Integer, nullable=False, server_default="0"),
    Column("instantane", String(36)),
    Column("part", Integer, nullable=False, server_default="0"),
    Column("a_effacer", Integer, nullable=False, server_default="0"),
    Column("effacement_permis", Boolean, nullable=False, server_default=false()),
)  # fmt: skip
"""Per scope: what was read (`seq`), the walk it belongs to (`gen`), the last number given in its lane (`lseq`).

`depart`: the head when the walk began; `acquitte`: the highest row that an answer of ours brought; `digest` and `vivantes`: the
sums of `ligne`, kept as it changes; `schema`: the version its rows were read with; `instantane` and `part`: the snapshot under way;
`a_effacer`: rows that a walk did not meet and that wait for a person's word before they go.
"""

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
    Column("parent", String(36)),
    Column("essais", Integer, nullable=False, server_default="0"),
    Column("reponse", JSON),
    Index("ix_sortie_etat", "etat", "scope_id", "lseq"),
    Index("ix_sortie_cible", "cible"),
    Index("ix_sortie_parent", "parent", "etat"),
    Index("ix_sortie_saisie", "saisi_le"),
)  # fmt: skip
"""The outbox: nothing leaves it before a stored answer (I6).

`parent`: the dossier or tenant that shows its state; `reponse`: what the centre has instead, in a conflict.
"""

creneau_tenu = Table(
    "creneau_tenu", metadata,
    Column("scope_id", String(64), primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("own_no", Integer, nullable=False),
    Column("mur_s", Float, nullable=False),
    Column("demarrage_s", Float, nullable=False),
    Column("demarrage_id", String(36), nullable=False),
    Column("duree_s", Integer, nullable=False),
)  # fmt: skip
"""Slots this device may confirm by itself: wall clock and time since boot, in seconds, just before the right was asked for."""

creneau_a_rendre = Table(
    "creneau_a_rendre", metadata,
    Column("scope_id", String(64), primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("own_no", Integer, nullable=False),
)  # fmt: skip

scelle = Table(
    "scelle", metadata,
    Column("scope_id", String(64), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("genre", String(12), nullable=False),
    Column("corps", LargeBinary, nullable=False),
    Column("le", Instant, nullable=False),
)  # fmt: skip
"""What is kept of a scope whose right is gone, for the centre's eyes alone: acts it acknowledged, keys of files it lacks."""

fichier = Table(
    "fichier", metadata,
    Column("scope_id", String(64), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("octets", BigInteger, nullable=False),
    Column("cle", LargeBinary, nullable=False),
    Column("envoye", Boolean, nullable=False),
    Column("erreur", Text, nullable=False, server_default=""),
)  # fmt: skip
"""Files of this workstation, each sealed with a key of its own."""

journal_local = Table(
    "journal_local", metadata,
    Column("rang", Integer, primary_key=True, autoincrement=False),
    Column("id", String(36), nullable=False),
    Column("agent_id", String(36), nullable=False),
    Column("appareil", String(36), nullable=False),
    Column("le", Instant, nullable=False),
    Column("action", String(32), nullable=False),
    Column("objet", Text, nullable=False),
    Column("motif", Text, nullable=False),
    Column("maillon", String(64), nullable=False),
    Index("ix_journal_local_objet", "objet", "action"),
)  # fmt: skip
"""The journal as this workstation wrote it: appended, never changed, taken out only behind a seal (triggers)."""

journal_scelle = Table(
    "journal_scelle", metadata,
    Column("jusque", Integer, primary_key=True, autoincrement=False),
    Column("maillon", String(64), nullable=False),
    Column("lignes", Integer, nullable=False),
    Column("le", Instant, nullable=False),
)  # fmt: skip

brouillon = Table(
    "brouillon", metadata,
    Column("dossier_id", String(36), primary_key=True),
    Column("formulaire", String(32), primary_key=True),
    Column("saisies", JSON, nullable=False),
    Column("le", Instant, nullable=False),
)  # fmt: skip
"""What is being typed in a form, field by field, until it is sent or given up: it stays on this workstation."""

bac_contenu = Table(
    "bac_contenu", metadata,
    Column("sha256", String(64), primary_key=True),
    Column("octets", BigInteger, nullable=False),
    Column("cle", LargeBinary, nullable=False),
)  # fmt: skip
"""What the pages of the tray are made of, as it came and as it will be sent: sealed files, each with a key of its own."""

bac_page = Table(
    "bac_page", metadata,
    Column("id", String(36), primary_key=True),
    Column("rang", Integer, nullable=False),
    Column("original", String(64), nullable=False),
    Column("contenu", String(64), nullable=False),
    Column("page", LargeBinary, nullable=False),
    Column("le", Instant, nullable=False),
)  # fmt: skip
"""The tray, page by page, in order (`documents.page.Page`, MessagePack): it stays on this workstation until it is sent or emptied."""

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
    Column("adresse", Text),
    Index("ix_recherche_cle", "cle"),
    Index("ix_recherche_numero", "numero"),
    Index("ix_recherche_nir", "nir", sqlite_where=text("nir IS NOT NULL")),
    Index("ix_recherche_provisoire", "provisoire", sqlite_where=text("provisoire IS NOT NULL")),
    Index("ix_recherche_telephone", "telephone", sqlite_where=text("telephone IS NOT NULL")),
    Index("ix_recherche_adresse", "adresse", sqlite_where=text("adresse IS NOT NULL")),
    Index("ix_recherche_naissance", "ne_le", "cle"),
    Index("ix_recherche_dossier", "dossier_id"),
)  # fmt: skip
"""One row per person and dossier, derived from the entities; words are in the full-text table `recherche_mots`,

the middles of names and numbers in `recherche_milieux`; `adresse` (rules.recherche.cle_adresse) on the row of who answers for the dossier. A number is a few people's at most, a date of birth may be a thousand's: only
the latter, and the names, are kept in the order that they are shown in.
"""
