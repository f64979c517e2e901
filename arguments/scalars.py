"""Single numbers."""

import math
import numbers
import operator
from decimal import Decimal
from typing import Any

import numpy as np

from arguments.words import shown

WORD = 2**32
LARGEST = 2**63 - 1


def real(
    name: str,
    value: object,
    *,
    above: float = -math.inf,
    least: float = -math.inf,
    below: float = math.inf,
    most: float = math.inf,
    infinite: bool = False,
    otherwise: str = "",
) -> float:
    """Return a float with above < value < below and least <= value <= most.

    Parameters
    ----------
    infinite : bool
        Take infinities too; else they are refused, as nan always is.
    otherwise : str
        What is the case outside the bounds; ends the message.

    Raises
    ------
    ValueError
    """
    number = as_float(value)
    if number is None:
        raise ValueError(f"{name} = {shown(bare(value))}: must be a real number")
    if not (within(number, above, least, below, most) and (infinite or math.isfinite(number))):
        rule = bounds(above, least, below, most, infinite) + f", or {otherwise}" * bool(otherwise)
        raise ValueError(f"{name} = {shown(bare(value))}: {rule}")
    return number + 0.0  # -0 is 0


def fraction(name: str, value: object) -> float:
    """Return a float in (0, 1); raise ValueError for anything else."""
    return real(name, value, above=0.0, below=1.0)


def count(name: str, value: object, *, least: int = 1, most: int | None = None) -> int:
    """Return an integer with least <= value <= most < 2**63; raise ValueError for others, as 3.0."""
    number = integer(value)
    if number is None or not least <= number <= (LARGEST if most is None else most):
        span = f"from {least} to {_power(most)}" if most is not None else f"of at least {least}"
        span = "below 2**63" if number is not None and number > LARGEST else span
        raise ValueError(f"{name} = {shown(bare(value))}: must be an integer {span}")
    return number


def seed(value: object, *, name: str = "seed", below: int = WORD) -> int:
    """Return the address of random numbers, an integer in [0, 2**32), or below another power of two."""
    number = integer(value)
    if number is None or not 0 <= number < below:
        raise ValueError(f"{name} = {shown(bare(value))}: must be an integer in [0, {_power(below)})")
    return number


def bare(value: object) -> Any:
    """Return the number in an array without axes, numpy's numbers as Python's, anything else as it is."""
    if getattr(value, "ndim", None) != 0:
        return value
    if isinstance(value, np.ma.MaskedArray) and value.mask:
        return np.ma.masked
    number = np.asarray(value)[()]
    return number.item() if isinstance(number, np.generic) and number.dtype.kind in "biufc" else number


def integer(value: object) -> int | None:
    """Return a value as an int; None if its type is no type of integers."""
    number = bare(value)
    if isinstance(number, bool | np.generic) or not isinstance(number, numbers.Integral):
        return None
    return int(number)


def as_float(value: object) -> float | None:
    """Return a number as the nearest float, infinite where it is beyond all; None if it is no such number."""
    number = bare(value)
    time = isinstance(number, np.generic) and not isinstance(number, np.longdouble)  # dates and spans of it
    if time or isinstance(number, bool) or not isinstance(number, numbers.Real | Decimal):
        return None
    try:
        return float(number)
    except OverflowError:  # of an integer or a fraction; others become infinite by themselves
        return math.inf if number > 0 else -math.inf  # type: ignore[operator]
    except ValueError:  # a Decimal that signals
        return math.nan


def bounds(above: float, least: float, below: float, most: float, infinite: bool = False) -> str:
    """Return the rule in words: must be finite and > 0, must be in (0, 1)."""
    left = f"({above:g}" if above > -math.inf else f"[{least:g}" if least > -math.inf else ""
    right = f"{below:g})" if below < math.inf else f"{most:g}]" if most < math.inf else ""
    if left and right:
        return f"must be in {left}, {right}"
    ends = zip((">", ">=", "<", "<="), (above, least, below, most), strict=True)
    only = [f"{sign} {end:g}" for sign, end in ends if math.isfinite(end)]
    kind = ["finite"] if not infinite else [] if only else ["a number"]
    return f"must be {' and '.join(kind + only)}"


def within(number: Any, above: float, least: float, below: float, most: float) -> Any:
    """Return whether a number, or each of an array, is inside of the bounds that are finite."""
    inside = number == number
    for end, side in ((above, operator.gt), (least, operator.ge), (below, operator.lt), (most, operator.le)):
        if math.isfinite(end):
            inside = inside & side(number, end)
    return inside


def _power(number: int) -> str:
    """Return the powers of two of addresses as such, other integers as they are."""
    powers = {WORD: "2**32", WORD - 1: "2**32 - 1", WORD**2: "2**64"}
    return powers.get(number, str(number))
