"""The limit of large N of what deepest minima have at several sizes."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
POWERS = (-2.0 / 3.0, -1.0)  # of N in what a finite size adds, as seen for spins; and the next


class Limit(NamedTuple):
    """A number for N -> infinity, and chi-square of the fit for so many degrees of freedom."""

    value: float
    error: float
    chi_square: float
    freedom: int


def large_size(sizes: Sequence[int], values: Array, errors: Array) -> Limit:
    """Return v of v_N = v + c N^(-2/3) + d/N, least squares weighted by the errors of v_N.

    With fewer than four sizes d = 0: the limit is then biased by it. At J = 0.3, where a sixth of the
    oscillators have two wells, N = 64 is small, and d some -c.
    """
    powers = POWERS if len(sizes) > len(POWERS) + 1 else POWERS[:1]
    N = np.array(sizes, float)
    terms = np.stack([np.ones(N.size), *(N**power for power in powers)], axis=1) / errors[:, np.newaxis]
    covariance = np.linalg.inv(terms.T @ terms)
    fit = covariance @ terms.T @ (values / errors)
    chi_square = float(np.sum((values / errors - terms @ fit) ** 2))
    return Limit(float(fit[0]), math.sqrt(covariance[0, 0]), chi_square, N.size - terms.shape[1])
