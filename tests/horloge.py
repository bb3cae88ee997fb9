"""The day of a run: the world it makes once and the tests that read it an hour later share it."""

import os
import time
from datetime import datetime, timedelta

_TARD, _RECUL = 22, timedelta(hours=8)
"""From this hour on, a run may end on another day, or in another month or year, than its world's: its local time is so much earlier."""


def fuseau_du_meme_jour(maintenant: datetime) -> str:
    """Return the time zone, as POSIX writes it, in which it is the same day but not late; nothing when it is not late."""
    decalage = maintenant.utcoffset()
    if decalage is None or maintenant.hour < _TARD:
        return ""
    minutes = (_RECUL - decalage) // timedelta(minutes=1)  # POSIX counts westwards
    return f"ESSAI{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def eloigner_minuit() -> None:
    """Move this process and those it starts to such a time zone, late in the evening."""
    if fuseau := fuseau_du_meme_jour(datetime.now().astimezone()):
        os.environ["TZ"] = fuseau
        time.tzset()
