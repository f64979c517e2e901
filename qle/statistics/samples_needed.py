"""How many samples a statistical error takes, known before there are any."""

import math
from typing import NamedTuple

from arguments import real
from qle.statistics.smooth_law import sampling_error
from qle.statistics.tail_law import MODES_PER_SAMPLE, WINDOW

MOST = 1e12
"""Samples at which the search for a number ends."""


class Samples(NamedTuple):
    """Samples of one grid point that bring the standard error of sampling to the one asked for.

    Attributes
    ----------
    A_at_cut : int
        1/(m error^2), with m modes a sample below omega_cut.
    A_g : int
        Of the limit omega -> 0. The allowance for a bend comes on top, of about the same size.
    """

    A_at_cut: int
    A_g: int


def samples_needed(error: float, *, modes_per_sample: float = MODES_PER_SAMPLE) -> Samples:
    """Return the samples for a relative standard error, of `tail` with its default window.

    For independent modes and a law without a bend. Modes of one sample repel each other, which takes a sixth
    off at N = 500 (the dispersion 0.84 of docs/statistics.md).

    Parameters
    ----------
    error : float in (0, 1)
    modes_per_sample : float
        Below omega_cut.

    Raises
    ------
    ValueError
        An argument is out of range.

    Examples
    --------
    >>> from qle.statistics import samples_needed
    >>> samples_needed(0.1)
    Samples(A_at_cut=200, A_g=1354)
    """
    error = real("error", error, above=0.0, below=1.0)
    m = real("modes_per_sample", modes_per_sample, above=0.0)
    low, high = 0.0, math.log(MOST)  # of ln S: the error falls with S
    while high - low > 1e-3:
        middle = 0.5 * (low + high)
        if sampling_error(math.exp(middle) * m * WINDOW, WINDOW**0.4) > error:
            low = middle
        else:
            high = middle
    return Samples(math.ceil(1.0 / (m * error**2)), math.ceil(math.exp(high)))
