"""The « Bailleur » tab."""
