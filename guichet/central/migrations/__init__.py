"""The centre's schema, revision by revision."""
