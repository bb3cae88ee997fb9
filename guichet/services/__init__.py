"""What an advisor does: the only door to the store for presenters and the command line."""

from guichet.services.session import Session, ouvrir_session

__all__ = ["Session", "ouvrir_session"]
