"""The centre: one API, many replicas, one database."""
