"""A line search for any landscape: by values and slopes, to where the slope has fallen to a tenth."""

import math
from typing import TYPE_CHECKING

import numpy as np

from landscape.arrays import Vector

if TYPE_CHECKING:
    from landscape.protocol import Point

_FLAT = 0.1  # slope at the end, over that at the beginning
_FALL = 1e-4  # of the fall that the first slope promises: the least that counts
_GROWTH = 4.0  # of a step that is still falling
_TRIALS = 60
ROUNDING = 1e-13  # of the energy: less is no rise


def line_step(point: "Point", d: Vector, longest: float = math.inf) -> "Point":
    """Return a point x + s d, 0 < s <= longest, of lower energy and a tenth of the slope, or `point` itself.

    The slope is negative all the way to the interval in which the end is found, as far as it was looked at:
    s is 1 at first, and grows while the energy falls. `point` comes back where d does not fall, or where
    rounding allows no fall.
    """
    slope = float(point.gradient @ d)
    if not slope < 0.0:
        return point
    low, low_slope, high, high_slope = 0.0, slope, math.inf, math.nan
    s, best = min(1.0, longest), point
    for _ in range(_TRIALS):
        with np.errstate(over="ignore", invalid="ignore"):  # a step too long is not taken
            end = point.landscape.at(point.x + s * d)
            here = float(end.gradient @ d)
        rounding = ROUNDING * abs(point.energy)
        bad = not (math.isfinite(end.energy) and math.isfinite(here))
        if bad or end.energy > point.energy + _FALL * s * slope + rounding:
            high, high_slope = s, math.nan if bad or here < 0.0 else here
        elif abs(here) <= -_FLAT * slope or (here < 0.0 and s >= longest):
            return end
        elif here < 0.0:
            low, low_slope, best = s, here, end
        else:
            high, high_slope = s, here
        if high - low <= 1e-14 * low or s < 1e-30:
            break
        s = _between(low, low_slope, high, high_slope) if high < math.inf else min(longest, _GROWTH * s)
    return best


def _between(low: float, low_slope: float, high: float, high_slope: float) -> float:
    """Return where the slope would vanish if it were linear, not too near to either end."""
    width = high - low
    if math.isnan(high_slope):
        return low + 0.25 * width
    share = low_slope / (low_slope - high_slope)
    return low + width * min(max(share, 0.1), 0.9)
