"""Exponents, shares and slopes of numbers pooled over samples, with errors from resampling the samples."""

import math

import numpy as np
from numpy.typing import NDArray

from qle.statistics.resampling import ratio, resampled_sums, resampling_weights, spread

Array = NDArray[np.float64]
Index = NDArray[np.int64]
RESAMPLES = 400


def cut_at(values: Array, samples: int, each: float) -> float:
    """Return the value below which `each` values per sample lie, all samples together; all, if too few."""
    ordered = np.sort(values)
    rank = int(each * samples)
    return float(ordered[rank]) if rank < ordered.size else float(np.nextafter(ordered[-1], np.inf))


def exponent_below(values: Array, cut: float) -> tuple[float, float]:
    """Return the exponent of a density ~ value^exponent below the cut, and its error, of independent values.

    (n - 1)/sum ln(cut/value) - 1, maximum likelihood without its bias. Where a sample has several of the
    values, the error is that of `power`.
    """
    rate = (values.size - 1.0) / float(np.sum(np.log(cut / values)))
    return rate - 1.0, rate / math.sqrt(values.size)


def power(values: Array, sample: Index, samples: int, cut: float) -> tuple[float, float, int]:
    """Return (exponent, its error, number of values) of a density ~ value^exponent below the cut.

    That of `exponent_below`, with the error from resampling samples.
    """
    below = values < cut
    counts = np.bincount(sample[below], minlength=samples).astype(np.float64)
    logs = np.bincount(sample[below], np.log(cut / values[below]), minlength=samples)
    found = (counts.sum() - 1.0) / logs.sum() - 1.0
    resampled = resampled_sums(np.column_stack([counts, logs]), RESAMPLES)
    replicates = ratio(resampled[:, 0] - 1.0, resampled[:, 1]) - 1.0
    return float(found), float(spread(replicates)), int(counts.sum())


def first_of_each(values: Array, sample: Index) -> NDArray[np.intp]:
    """Return the place of the least value of each sample: cases of one sample are not independent."""
    order = np.lexsort((values, sample))
    return np.asarray(order[np.unique(sample[order], return_index=True)[1]])


def share(inside: NDArray[np.bool_], sample: Index, samples: int) -> tuple[float, float]:
    """Return the share of numbers that are `inside`, and its error: at least that of one number more."""
    hits = np.bincount(sample, inside, minlength=samples)
    counts = np.bincount(sample, minlength=samples).astype(np.float64)
    resampled = resampled_sums(np.column_stack([hits, counts]), RESAMPLES)
    error = float(spread(ratio(resampled[:, 0], resampled[:, 1])))
    return float(inside.mean()), max(error, 1.0 / inside.size)


def quantile(values: Array, sample: Index, samples: int, q: float) -> tuple[float, float]:
    """Return the value below which a share q of the numbers lies, and its error."""
    order = np.argsort(values)
    weights = np.cumsum(resampling_weights(samples, RESAMPLES)[:, sample[order]], axis=1)
    places = np.argmax(weights >= q * weights[:, -1:], axis=1)
    return float(np.quantile(values, q)), float(spread(values[order][places]))


def scatter(values: Array, sample: Index, samples: int) -> tuple[float, float]:
    """Return the standard deviation of numbers, and its error."""
    sums = [np.bincount(sample, values**k, minlength=samples).astype(np.float64) for k in range(3)]
    columns = np.column_stack(sums)
    n, first, second = np.vstack([columns.sum(axis=0), resampled_sums(columns, RESAMPLES)]).T
    found = np.sqrt(np.maximum(second / n - (first / n) ** 2, 0.0))
    return float(found[0]), float(spread(found[1:]))


def slope(x: Array, y: Array, sample: Index, samples: int) -> tuple[float, float]:
    """Return the slope of the straight line through (x, y) by least squares, and its error."""
    terms = (np.ones_like(x), x, y, x * x, x * y)
    sums = [np.bincount(sample, term, minlength=samples).astype(np.float64) for term in terms]
    columns = np.column_stack(sums)
    n, sx, sy, sxx, sxy = np.vstack([columns.sum(axis=0), resampled_sums(columns, RESAMPLES)]).T
    slopes = (n * sxy - sx * sy) / (n * sxx - sx * sx)
    return float(slopes[0]), float(spread(slopes[1:]))
