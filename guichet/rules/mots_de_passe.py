"""What a secret chosen by a person is worth (CNIL, délibération 2022-100)."""

import math
from collections.abc import Iterable

_AU_PLUS = 72
"""zxcvbn reads no further; what is longer is worth at least as much."""


def bits(secret: str, connus: Iterable[str] = ()) -> float:
    """Return how many bits an attacker who knows the usual passwords, and the words `connus`, needs to guess a secret."""
    from zxcvbn import zxcvbn

    # zxcvbn falls on a line break among figures; a sign that is not seen is worth nothing here.
    visible = "".join(c for c in secret if c.isprintable())[:_AU_PLUS]
    if not visible:
        return 0
    return math.log2(zxcvbn(visible, user_inputs=list(connus))["guesses"])
