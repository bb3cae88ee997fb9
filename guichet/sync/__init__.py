"""The loop between the store and the centre: push, files, pull (design/sync.md)."""
