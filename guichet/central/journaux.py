"""Structured logs: one JSON object per line, of fields chosen here and no others."""

import json
import logging
import sys

JOURNAL = logging.getLogger("guichet.centre")
_CHAMPS = ("methode", "route", "statut", "ms", "genre", "lieu")


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        ligne = {"le": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"), "niveau": record.levelname, "fait": record.getMessage()}
        ligne |= {champ: getattr(record, champ) for champ in _CHAMPS if hasattr(record, champ)}
        return json.dumps(ligne, ensure_ascii=False)


def regler() -> None:
    """Send the centre's log to standard error as JSON lines."""
    sortie = logging.StreamHandler(sys.stderr)
    sortie.setFormatter(_Json())
    logging.basicConfig(level=logging.WARNING, handlers=[sortie], force=True)
    JOURNAL.setLevel(logging.INFO)
