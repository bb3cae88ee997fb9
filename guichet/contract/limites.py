"""Sizes that both ends keep."""

SCHEMA = 1
"""Version of the entities on the wire; the centre accepts it and the two before (design/sync.md §8)."""
PAGE_LIGNES = 5_000
LOT_OPERATIONS = 200
LOT_OCTETS = 512 * 1024
PART_OCTETS = 1024 * 1024
FICHIER_OCTETS = 100 * 1024 * 1024
