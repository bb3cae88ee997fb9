"""A storm over the product's own client and centre: real processes, real HTTP, real SIGKILL (design/sync.md, fault matrix).

`python -m tests.tempete OPERATIONS [GRAINE]` runs until so many acts were done; `python -m tests.tempete mutants` switches off one
safety rule after the other, in a copy of the sources, and wants each of them noticed.
"""
