"""What the centre does with what counters send."""
