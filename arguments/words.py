"""Words: those that a user chooses from, and those in which a value is named in a message."""

import difflib
import reprlib
from collections.abc import Iterable

MOST_BITS = 14_000
"""Python writes no integer of more than 4300 digits."""


def shown(value: object) -> str:
    """Return a value as one short line, whatever it is."""
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        return f"a number of {value.bit_length()} bits"
    try:
        text = reprlib.repr(value)
    except ValueError:  # there is such an integer inside
        text = type(value).__name__
    return " ".join(text.split())


def nearest(value: object, allowed: Iterable[str]) -> str:
    """Return ", did you mean 'x'?" with the word most like value, "" if none is like it."""
    close = difflib.get_close_matches(value, list(allowed), n=1) if isinstance(value, str) else []
    return f", did you mean {close[0]!r}?" if close else ""


def choice(name: str, value: object, allowed: Iterable[str], *, also: str = "") -> str:
    """Return value if it is one of the allowed words; raise ValueError for anything else.

    `also` ends the rule where other things than words are taken: " or an array".
    """
    words = tuple(allowed)
    if not (isinstance(value, str) and value in words):
        raise ValueError(
            f"{name} = {shown(value)}: must be one of {', '.join(words)}{also}{nearest(value, words)}"
        )
    return str(value)
