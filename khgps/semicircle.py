"""Eigenvalues of a Gaussian matrix, laid out evenly."""

import numpy as np
from numpy.typing import NDArray


def semicircle_quantiles(size: int) -> NDArray[np.float64]:
    """Return the quantiles of Wigner's semicircle of variance one at (k + 1/2)/size, ascending.

    The density (4 - x^2)^(1/2)/(2 pi) on [-2, 2] has the weight (e - sin e)/(2 pi) above x = 2 cos(e/2); the
    quantile of u solves Kepler's equation e - sin e = 2 pi (1 - u), by Newton steps. Shape (size,), odd about
    the middle; size is even.
    """
    m = 2.0 * np.pi * (np.arange(size // 2) + 0.5) / size  # the upper half; e <= pi
    e = np.cbrt(6.0 * m)  # below the root; e - sin e is convex: one step passes it, the others come down
    for _ in range(8):
        e -= (e - np.sin(e) - m) / (1.0 - np.cos(e))
    upper = 2.0 * np.cos(0.5 * e)
    return np.concatenate([-upper, upper[::-1]])


def semicircle_spectrum(n: int, J: float) -> NDArray[np.float64]:
    """Return 2^p >= n eigenvalues that make couplings of variance J^2/n of a random frame cut to n sites.

    The cut to a fraction alpha of the sites makes a semicircle of variance alpha v from one of variance v.
    The quantiles are scaled such that the variance of the elements off the diagonal is J^2/n exactly: for M
    eigenvalues of sum 0 in a frame from the Haar measure it is sum lambda^2 / ((M - 1)(M + 2)).

    Returns
    -------
    (M,) array
        Ascending, of sum 0; the largest tends to 2 J (M/n)^(1/2).
    """
    size = 1 << (n - 1).bit_length()
    unit = semicircle_quantiles(size)
    return unit * (J * np.sqrt((size - 1) * (size + 2) / (n * (unit @ unit))))
