"""Bootstrap over disorder samples, jointly over the grid.

Modes of one sample repel each other, so samples, not modes, are the independent units. Sample s draws the
same random numbers at every grid point; hence one set of resampled sample indices serves all points, and
errors of differences and ratios between points can be had from the replicates.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

SEED = 20210707  # fixed: the same dataset gives the same error bars
BLOCK = 2**20  # weights in memory at a time


def resampling_weights(n_samples: int, resamples: int) -> npt.NDArray[np.float64]:
    """Return how often each sample enters each replicate, shape (resamples, n_samples).

    Of many samples that is gigabytes; `resampled_sums` does without.
    """
    return np.concatenate(list(_weights(n_samples, resamples)))


def resampled_sums(columns: npt.NDArray[np.float64], resamples: int) -> npt.NDArray[np.float64]:
    """Return ``resampling_weights(n_samples, resamples) @ columns``, shape (resamples, m), in bounded memory.

    Parameters
    ----------
    columns : (n_samples, m) array
        What is summed over samples; zero for samples that do not count.
    resamples : int
        At least 2, or a spread has no meaning.
    """
    return np.concatenate([weights @ columns for weights in _weights(len(columns), resamples)])


def _weights(n_samples: int, resamples: int) -> Iterator[npt.NDArray[np.float64]]:
    """Yield the weights of some replicates at a time, BLOCK numbers at most unless one replicate has more."""
    rng = np.random.Generator(np.random.PCG64(SEED))
    step = max(1, BLOCK // max(1, n_samples))
    for done in range(0, resamples, step):
        rows = min(step, resamples - done)
        drawn = rng.integers(n_samples, size=(rows, n_samples))
        drawn += np.arange(rows)[:, np.newaxis] * n_samples
        counts = np.bincount(drawn.ravel(), minlength=rows * n_samples)
        yield counts.reshape(rows, n_samples).astype(np.float64)


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
