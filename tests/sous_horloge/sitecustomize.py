"""Under `make test HORLOGE=…`, in every Python that it starts: faketime refuses this sleep by the clock that it is told to leave alone."""

import select
import time


def dormir(secondes: float) -> None:
    """Wait so long, as time.sleep does. Raises ValueError below zero."""
    select.select([], [], [], secondes)


time.sleep = dormir
