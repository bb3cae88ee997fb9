"""The « Repères » tab."""
