"""What a vault promises, against what breaks workstations: `python -m bench.faults [NAME...] [--rondes N]`."""
