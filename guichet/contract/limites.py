"""Sizes that both ends keep."""

SCHEMA = 4
"""Version of the entities on the wire; the centre accepts it and the two before (design/sync.md §8)."""
TYPES_NOUVEAUX: dict[int, tuple[str, ...]] = {
    2: ("creneau", "rendez_vous", "avis"),
    3: ("attestation", "mandat", "autorisation", "doublon", "dossier", "personne", "delai", "demarche"),
    4: ("dossier",),
}
"""What each version added or widened: a workstation that comes from before reads those types again, and only those."""
PAGE_LIGNES = 5_000
LOT_OPERATIONS = 500
LOT_OCTETS = 512 * 1024
REQUETE_OCTETS = 4 * 1024 * 1024
INSTANTANE_LIGNES = 10_000
"""Rows of one part of a snapshot."""
SEAUX = 256
"""Buckets in which a scope's digest is split to find what differs."""
PART_OCTETS = 1024 * 1024
FICHIER_OCTETS = 100 * 1024 * 1024
PAGE_OCTETS = 256 * 1024 * 1024
"""A page unpacked; beyond it the answer is not believed."""
PAGE_MEDIA = "application/vnd.guichet.page+zstd"
"""A pull's answer: NDJSON packed by zstd, unpacked by us and not by the HTTP library, whose support varies."""
