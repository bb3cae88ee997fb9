"""Where a workstation keeps things: one encrypted database per agent, and the files beside it."""
