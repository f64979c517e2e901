"""What is said of a user's wells: the spread of their energies, and the temperatures that matter to them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

import spm
from arguments import real

QUANTILES = (0.16, 0.5, 0.84)


def spread(values: ArrayLike) -> str:
    """Return the median of the finite values and between what 68 percent of them are, as text."""
    known = np.asarray(values, np.float64)
    known = known[np.isfinite(known)]
    if not known.size:
        return "none"
    low, middle, high = np.quantile(known, QUANTILES)
    return f"median {middle:.5g}, 68% in {low:.5g} to {high:.5g}"


def grid(levels: spm.WellLevels, ends: Sequence[float] | None, steps: int) -> NDArray[np.float64]:
    """Return temperatures in equal ratios: between two ends, or where the levels of the wells are.

    By default from a tenth of the smallest E_1 - E_0 to the median one; where all wells are frozen,
    ValueError asks for the ends.
    """
    if ends is None:
        known = levels.splitting[np.isfinite(levels.splitting)]
        if not known.size:
            raise ValueError("temperatures (--temperatures): all wells are frozen; must be given")
        ends = (0.1 * float(known.min()), float(np.median(known)))
    low = real("temperatures, the lower,", ends[0], above=0.0)
    return np.geomspace(low, real("temperatures, the higher,", ends[1], above=low), steps)
