"""Bootstrap over disorder samples, jointly over the grid.

Modes of one sample repel each other, so samples, not modes, are the independent units. Sample s draws the
same random numbers at every grid point; hence one set of resampled sample indices serves all points, and
errors of differences and ratios between points can be had from the replicates.
"""

import numpy as np
import numpy.typing as npt

SEED = 20210707  # fixed: the same dataset gives the same error bars


def resampling_weights(n_samples: int, resamples: int) -> npt.NDArray[np.float64]:
    """Return how often each sample enters each replicate, shape (resamples, n_samples).

    Raises
    ------
    ValueError
        If `resamples` is below 2, where a spread has no meaning.
    """
    if isinstance(resamples, bool) or not isinstance(resamples, int | np.integer) or resamples < 2:
        raise ValueError(f"resamples = {resamples}: must be an integer of at least 2")
    rng = np.random.Generator(np.random.PCG64(SEED))
    drawn = rng.integers(n_samples, size=(int(resamples), n_samples))
    rows = np.arange(int(resamples))[:, np.newaxis]
    counts = np.bincount((rows * n_samples + drawn).ravel(), minlength=int(resamples) * n_samples)
    return counts.reshape(int(resamples), n_samples).astype(np.float64)


def spread(replicates: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the standard deviation of the finite numbers along the first axis, nan for fewer than 2."""
    finite = np.isfinite(replicates)
    n = finite.sum(axis=0)
    values = np.where(finite, replicates, 0.0)
    mean = values.sum(axis=0) / np.maximum(n, 1)
    square = np.where(finite, values - mean, 0.0) ** 2
    return np.where(n >= 2, np.sqrt(square.sum(axis=0) / np.maximum(n - 1, 1)), np.nan)


def ratio(
    numerator: npt.NDArray[np.float64], denominator: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return numerator / denominator, broadcast, with nan where the denominator is not positive."""
    numerator, denominator = np.broadcast_arrays(numerator, denominator)
    out = np.full(numerator.shape, np.nan)
    np.divide(numerator, denominator, out=out, where=denominator > 0)
    return out
