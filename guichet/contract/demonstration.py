"""What the demonstration's accounts share, at both ends: their people are invented, and `--production` closes them for good."""

PHRASE = "demonstration, rien de secret ici"
"""Their password at the centre, and the passphrase of their vaults."""
GRAINE_TOTP = "GUICHETDEMONSTRATIONRIENDESECRET"
"""What their codes of the moment come from (base 32)."""
