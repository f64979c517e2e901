"""The boson peak of D in bins: the maximum of D/omega^(d - 1), above Debye's level."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from arguments import count, real
from qle.readers.binned import BinnedDensity
from qle.statistics.around_maximum import around_maximum
from qle.statistics.binned_law import debye_in
from qle.statistics.resampling import SEED, spread

Array = npt.NDArray[np.float64]

SEEN = 4.0  # errors that a bin is above the Debye part, if it counts
FEWEST = 5  # bins that a cubic goes through


class BinnedPeak(NamedTuple):
    """Where the excess (D - A_D omega^(d - 1))/omega^(d - 1) is largest.

    Attributes
    ----------
    omega_b, error : float
        The maximum of a cubic through ln excess against ln omega, and its standard error.
    height, height_error : float
        The excess there; over A_D it is by how much D exceeds the Debye part.
    omega, excess, excess_error : (m,) arrays
        Of all bins that do not begin at 0.
    """

    omega_b: float
    error: float
    height: float
    height_error: float
    omega: Array
    excess: Array
    excess_error: Array


def binned_peak(
    binned: BinnedDensity, *, debye: float = 0.0, dimension: int = 3, resamples: int = 400
) -> BinnedPeak:
    """Return the boson peak of a density of states in bins.

    A Debye part is a constant of D/omega^(d - 1), and does not move its maximum. The cubic goes through the
    run of bins about the largest that have 0.7 of it, weighted by their errors; its own come from draws of
    counts, or of D, about what is there.

    Parameters
    ----------
    binned : BinnedDensity
    debye : float
        A_D, as in `binned_tail`.
    dimension : int
        d.
    resamples : int

    Raises
    ------
    ValueError
        For an argument out of range; if fewer than five bins are well above the Debye part, or the largest is
        at their end: the peak is not inside.

    Examples
    --------
    Of D = 0.005 omega^2 + 0.01 omega^4 exp(-(omega/2)^2), known to 5 percent:

    >>> import numpy as np
    >>> import qle
    >>> from qle.statistics import binned_peak
    >>> edges = np.linspace(0.0, 3.2, 65)
    >>> omega = 0.5 * (edges[1:] + edges[:-1])
    >>> D = 0.005 * omega**2 + 0.01 * omega**4 * np.exp(-((omega / 2.0) ** 2))
    >>> bins = qle.binned_density(edges[:-1], edges[1:], density=D, density_error=0.05 * D)
    >>> peak = binned_peak(bins, debye=0.005)
    >>> bool(abs(peak.omega_b - 2.0) < 2.0 * peak.error)
    True
    """
    debye, d = real("debye", debye, least=0.0), count("dimension", dimension)
    resamples = count("resamples", resamples, least=2)
    inside = binned.low > 0.0
    middle = np.sqrt(binned.low * binned.high)[inside]
    scale = (binned.width / debye_in(binned, 1.0, d))[inside]
    density, error = binned.density[inside], binned.error[inside]
    excess, excess_error = density * scale - debye, error * scale
    filled = excess > (0.0 if binned.weights == "scatter" else SEEN) * excess_error
    if filled.sum() < FEWEST:
        raise ValueError(f"bins: {filled.sum()} are well above the Debye part, must be {FEWEST} at least")
    best = int(np.argmax(np.where(filled, excess, 0.0)))
    used = around_maximum(excess, best, filled, fewest=FEWEST)
    run = np.flatnonzero(used)
    if best in run[[0, -1]] or run[0] == np.flatnonzero(filled)[0] or run[-1] == np.flatnonzero(filled)[-1]:
        raise ValueError(
            f"bins: the largest D/omega^{d - 1} above the Debye part, at {middle[best]:.4g}, is at the end "
            "of those that are well above it"
        )
    x, weight = np.log(middle[used]), (excess / excess_error)[used]
    at = _maximum(x, np.log(excess[used]), weight)
    relative = _scatter(x, np.log(excess[used]), weight) if binned.weights == "scatter" else 1.0
    rng = np.random.Generator(np.random.PCG64(SEED))
    shape = (resamples, density.size)
    if binned.counts is None:
        drawn = density + relative * error * rng.standard_normal(shape)
    else:
        drawn = density / np.maximum(binned.counts[inside], 1.0) * rng.poisson(binned.counts[inside], shape)
    rows = np.maximum((drawn * scale - debye)[:, used], 1e-3 * excess[best])
    found = np.array([_maximum(x, np.log(row), weight) for row in rows])
    errors = spread(found)
    return BinnedPeak(at[0], float(errors[0]), at[1], float(errors[1]), middle, excess, excess_error)


def _maximum(x: Array, y: Array, weight: Array) -> tuple[float, float]:
    """Return exp x and exp y where the cubic through y has its maximum inside of x; nan if nowhere."""
    centre = x.mean()
    cubic = np.polyfit(x - centre, y, 3, w=weight)
    roots = np.roots(np.polyder(cubic))
    roots = roots[np.isreal(roots)].real
    inside = (roots > x[0] - centre) & (roots < x[-1] - centre)
    inside &= np.polyval(np.polyder(cubic, 2), roots) < 0.0
    if not inside.any():
        return float("nan"), float("nan")
    top = float(roots[inside][0])
    return float(np.exp(top + centre)), float(np.exp(np.polyval(cubic, top)))


def _scatter(x: Array, y: Array, weight: Array) -> float:
    """Return the factor of the errors with which the residuals of the cubic are as they should be."""
    residual = (y - np.polyval(np.polyfit(x - x.mean(), y, 3, w=weight), x - x.mean())) * weight
    return float(np.sqrt((residual**2).sum() / max(x.size - 4, 1)))
