"""The workstation's schema, revision by revision."""
