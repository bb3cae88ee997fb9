"""Who comes in: the agents' provider on one side, workstations on the other, the centre's own accounts in between."""
