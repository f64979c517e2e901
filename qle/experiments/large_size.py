"""The limit of large N of what deepest minima have at several sizes."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
POWER = -2.0 / 3.0  # of N in what a finite size adds, as seen for spins


class Limit(NamedTuple):
    """A number for N -> infinity, and chi-square of the fit for so many degrees of freedom."""

    value: float
    error: float
    chi_square: float
    freedom: int


def large_size(sizes: Sequence[int], values: Array, errors: Array) -> Limit:
    """Return v of v_N = v + c N^(-2/3), least squares weighted by the errors of v_N."""
    terms = np.stack([np.ones(len(sizes)), np.array(sizes, float) ** POWER], axis=1) / errors[:, np.newaxis]
    covariance = np.linalg.inv(terms.T @ terms)
    fit = covariance @ terms.T @ (values / errors)
    chi_square = float(np.sum((values / errors - terms @ fit) ** 2))
    return Limit(float(fit[0]), math.sqrt(covariance[0, 0]), chi_square, len(sizes) - 2)
