"""Sizes that both ends keep."""

SCHEMA = 1
"""Version of the entities on the wire; the centre accepts it and the two before (design/sync.md §8)."""
PAGE_LIGNES = 5_000
LOT_OPERATIONS = 200
LOT_OCTETS = 512 * 1024
PART_OCTETS = 1024 * 1024
FICHIER_OCTETS = 100 * 1024 * 1024
PAGE_OCTETS = 256 * 1024 * 1024
"""A page unpacked; beyond it the answer is not believed."""
PAGE_MEDIA = "application/vnd.guichet.page+zstd"
"""A pull's answer: NDJSON packed by zstd, unpacked by us and not by the HTTP library, whose support varies."""
