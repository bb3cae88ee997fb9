"""Measures, as ratios to a peer or to the floor of the same run."""
