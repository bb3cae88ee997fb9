"""Guichet: the counter's desktop application and its central API."""

__version__ = "0.1.0"
