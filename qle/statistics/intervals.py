"""Intervals that cover what they claim with ten samples, too: of rates, of means.

Modes below a cut-off are events over exposure, summed over disorder samples, which are the independent
units. With n events and exposure T in all, and a rate r, the quasi-deviance

    2 [n ln(n/(r T)) - n + r T]/phi

is compared with the square of Student's t; phi is the dispersion, 1 for independent modes, and is estimated
from the residuals e_s - (n/T) t_s of the samples. How well they tell it depends on phi itself: numbers that
are more even than independent ones have few outliers (`count_excess`). A bootstrap spread takes n >> 1 for
granted: with ten samples and 5 modes, 1.96 such errors cover 81 to 94 percent. tests/qle/statistics has
what these intervals cover.
"""

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincinv, lambertw, stdtrit

from arguments import array, fraction, integers

Array = npt.NDArray[np.float64]

CONFIDENCE = 0.95
BELIEF = 0.5  # degrees of freedom that phi = 1 counts for beside the samples' own
ROUNDS = 3  # phi and the excess that goes with it, in turn: more change no end by a percent


def rate_interval(
    events: npt.ArrayLike,
    exposure: npt.ArrayLike,
    *,
    confidence: float = CONFIDENCE,
) -> tuple[Array, Array]:
    """Return the ends of the interval of the rate sum(events)/sum(exposure), of the leading shape.

    Parameters
    ----------
    events, exposure : (..., S) arrays
        Of each of S samples; the expectation of events is the rate times that of the exposure.
    confidence : float
        In (0, 1).

    Returns
    -------
    low, high : (...) arrays
        nan without an event, and with fewer than 2 samples.

    Raises
    ------
    ValueError
        For an argument out of range.
    """
    confidence = fraction("confidence", confidence)
    e, T = np.atleast_1d(array("events", events, least=0.0)), array("exposure", exposure, least=0.0)
    try:
        e, T = np.broadcast_arrays(e, T)
    except ValueError:
        raise ValueError(f"events, exposure have shapes {e.shape}, {T.shape}: must broadcast") from None
    S, n, total = e.shape[-1], e.sum(axis=-1), T.sum(axis=-1)
    known = (n > 0) & (S > 1)
    n, total = np.where(known, n, 1.0), np.where(known, total, 1.0)
    residuals = e - (n / total)[..., np.newaxis] * T
    measured = S / max(S - 1, 1) * (residuals**2).sum(axis=-1) / n
    phi, freedom = dispersion(measured, S, 1.0 / n)
    reach = phi * stdtrit(freedom, 0.5 * (1.0 + confidence)) ** 2 / (2.0 * n)
    ends = [-np.real(lambertw(-np.exp(-1.0 - reach), branch)) for branch in (0, -1)]  # y - 1 - ln y = reach
    low, high = (np.where(known, n / total * y, np.nan) for y in ends)
    return low, high


def dispersion(measured: Array, samples: int, fourth: Array) -> tuple[Array, Array]:
    """Return the dispersion phi of a sum over the modes of S samples, and its degrees of freedom.

    Parameters
    ----------
    measured : array
        Variance of the sum by the scatter of the samples, over that of independent modes.
    samples : int
        S.
    fourth : array
        Fourth cumulant of the sum over its squared variance, for independent modes: 1/n for a count of n.

    Returns
    -------
    phi, freedom : arrays
        `measured` has 2/(2/(S - 1) + fourth count_excess(phi)) degrees of freedom, S (S - 1) at most, and is
        averaged with 1, which counts for BELIEF of them.
    """
    phi, freedom = np.ones_like(measured), np.zeros_like(measured)
    for _ in range(ROUNDS):
        freedom = 2.0 / (
            2.0 / max(samples - 1, 1) + np.maximum(fourth * count_excess(phi), -2.0 / max(samples, 1))
        )
        phi = (BELIEF + freedom * measured) / (BELIEF + freedom)
    return phi, BELIEF + freedom


def count_excess(phi: Array) -> Array:
    """Return the fourth cumulant of a count over its squared variance, times its mean: 1/phi + 6 (phi - 1).

    That of the binomial (phi < 1), the Poisson (phi = 1) and the negative binomial law (phi > 1), phi their
    variance over their mean > 0. Bounded by -2 from below as for every law, kappa_4 >= -2 kappa_2^2.
    """
    return 1.0 / phi + 6.0 * (phi - 1.0)


def mean_interval(values: npt.ArrayLike, *, confidence: float = CONFIDENCE) -> tuple[Array, Array]:
    """Return Student's interval of the mean along the last axis, over samples; nan with fewer than 2."""
    v, confidence = np.atleast_1d(array("values", values)), fraction("confidence", confidence)
    S = v.shape[-1]
    if S < 2:
        return np.full(v.shape[:-1], np.nan), np.full(v.shape[:-1], np.nan)
    mean = v.mean(axis=-1)
    half = stdtrit(S - 1, 0.5 * (1.0 + confidence)) * v.std(axis=-1, ddof=1) / np.sqrt(S)
    return mean - half, mean + half


def counts_interval(counts: npt.ArrayLike, *, confidence: float = CONFIDENCE) -> tuple[Array, Array]:
    """Return the exact ends of the intervals of Poisson means of which so many events were counted.

    Parameters
    ----------
    counts : array of int
    confidence : float
        In (0, 1).

    Returns
    -------
    low, high : arrays
        Of the shape of `counts`; low is 0 where nothing was counted.
    """
    n = integers("counts", counts).astype(np.float64)
    outside = 0.5 * (1.0 - fraction("confidence", confidence))
    low = np.where(n > 0.0, gammaincinv(np.maximum(n, 1.0), outside), 0.0)
    return low, gammaincinv(n + 1.0, 1.0 - outside)
