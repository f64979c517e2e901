"""Scales on which the error of a number does not depend on the number."""

import math
from typing import Literal

Scale = Literal["linear", "power", "root"]
"""x itself; ln|1 + x| of the exponent x of a density, of which n values have the error |1 + x|/n^(1/2); and
2 x^(1/2) of a number of independent events, or of what is proportional to one."""


def distance(scale: Scale, start: float, end: float) -> float:
    """Return by how much `end` is above `start` on the scale; in the order of the numbers themselves.

    nan where `end` is beyond the end of the scale, x = -1 of powers.
    """
    if scale == "linear":
        return end - start
    if scale == "root":
        return 2.0 * (math.sqrt(end) - math.sqrt(start))
    side = 1.0 + start
    ratio = (1.0 + end) / side
    return math.copysign(1.0, side) * math.log(ratio) if ratio > 0.0 else math.nan


def moved(scale: Scale, start: float, step: float) -> float:
    """Return the number that is a step away from `start` on the scale; nan below the end of the scale."""
    if scale == "linear":
        return start + step
    if scale == "root":
        root = math.sqrt(start) + 0.5 * step
        return root**2 if root >= 0.0 else math.nan
    side = 1.0 + start
    return side * math.exp(math.copysign(1.0, side) * step) - 1.0


def slope(scale: Scale, at: float) -> float:
    """Return the derivative of the scale: the error of a number times it is that on the scale."""
    if scale == "linear":
        return 1.0
    return 1.0 / abs(1.0 + at) if scale == "power" else 1.0 / math.sqrt(at)
