"""Integer vectors in d dimensions, counted by length."""

import math

import numpy as np
from numpy.typing import NDArray


def numbers_by_norm(d: int, largest: int) -> NDArray[np.int64]:
    """Return the number of integer vectors n in d dimensions with |n|^2 = 0, 1, ... largest - 1."""
    squares = np.zeros(largest, np.int64)
    squares[np.arange(1, math.isqrt(largest - 1) + 1) ** 2] = 2
    squares[0] = 1
    counts = squares
    for _ in range(d - 1):
        terms = [squares[m] * _shifted(counts, int(m)) for m in np.flatnonzero(squares)]
        counts = np.sum(terms, axis=0)
    return counts


def _shifted(counts: NDArray[np.int64], m: int) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(m, np.int64), counts[: counts.size - m]])
