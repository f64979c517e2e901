"""The bins about the largest one, through which a curve finds the maximum."""

import numpy as np
import numpy.typing as npt

TOP = 0.7  # of the maximum: bins this high around the fullest make the parabola


def around_maximum(
    reduced: npt.NDArray[np.float64], best: int, filled: npt.NDArray[np.bool_], *, fewest: int = 3
) -> npt.NDArray[np.bool_]:
    """Return the run of bins about the best that are filled and at least TOP of it, `fewest` at least."""
    high = filled & (reduced >= TOP * reduced[best])
    first = last = best
    while first > 0 and high[first - 1]:
        first -= 1
    while last + 1 < high.size and high[last + 1]:
        last += 1
    used = np.zeros(high.size, bool)
    beside = fewest // 2
    used[max(min(first, best - beside), 0) : max(last, best + beside) + 1] = True
    return used
