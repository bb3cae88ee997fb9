"""Demonstration data: invented people, plausible and repeatable by seed."""
