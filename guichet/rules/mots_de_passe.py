"""What a secret chosen by a person is worth (CNIL, délibération 2022-100)."""

import math
from collections.abc import Iterable

_AU_PLUS = 72
"""zxcvbn reads no further; what is longer is worth at least as much."""


def bits(secret: str, connus: Iterable[str] = ()) -> float:
    """Return how many bits an attacker who knows the usual passwords, and the words `connus`, needs to guess a secret."""
    from zxcvbn import zxcvbn

    if not secret:
        return 0
    return math.log2(zxcvbn(secret[:_AU_PLUS], user_inputs=list(connus))["guesses"])
