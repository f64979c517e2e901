"""Exponents, shares and slopes of numbers pooled over samples, with errors from resampling the samples."""

import numpy as np
from numpy.typing import NDArray

from qle.statistics.resampling import ratio, resampling_weights, spread

Array = NDArray[np.float64]
Index = NDArray[np.int64]
RESAMPLES = 400


def cut_at(values: Array, samples: int, each: float) -> float:
    """Return the value below which `each` values per sample lie, all samples together; all, if too few."""
    ordered = np.sort(values)
    rank = int(each * samples)
    return float(ordered[rank]) if rank < ordered.size else float(np.nextafter(ordered[-1], np.inf))


def power(values: Array, sample: Index, samples: int, cut: float) -> tuple[float, float, int]:
    """Return (exponent, its error, number of values) of a density ~ value^exponent below the cut.

    (n - 1)/sum ln(cut/value) - 1, maximum likelihood without its bias.
    """
    below = values < cut
    counts = np.bincount(sample[below], minlength=samples).astype(np.float64)
    logs = np.bincount(sample[below], np.log(cut / values[below]), minlength=samples)
    weights = resampling_weights(samples, RESAMPLES)
    exponent = (counts.sum() - 1.0) / logs.sum() - 1.0
    replicates = ratio(weights @ counts - 1.0, weights @ logs) - 1.0
    return float(exponent), float(spread(replicates)), int(counts.sum())


def share(inside: NDArray[np.bool_], sample: Index, samples: int) -> tuple[float, float]:
    """Return the share of numbers that are `inside`, and its error: at least that of one number more."""
    hits = np.bincount(sample, inside, minlength=samples)
    counts = np.bincount(sample, minlength=samples).astype(np.float64)
    weights = resampling_weights(samples, RESAMPLES)
    error = float(spread(ratio(weights @ hits, weights @ counts)))
    return float(inside.mean()), max(error, 1.0 / inside.size)


def slope(x: Array, y: Array, sample: Index, samples: int) -> tuple[float, float]:
    """Return the slope of the straight line through (x, y) by least squares, and its error."""
    sums = np.array(
        [np.bincount(sample, v, minlength=samples) for v in (np.ones_like(x), x, y, x * x, x * y)]
    )
    weights = np.vstack([np.ones(samples), resampling_weights(samples, RESAMPLES)])
    n, sx, sy, sxx, sxy = sums @ weights.T
    slopes = (n * sxy - sx * sy) / (n * sxx - sx * sx)
    return float(slopes[0]), float(spread(slopes[1:]))
