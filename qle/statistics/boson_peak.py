"""The boson peak: the maximum of D(omega)/omega^2."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from arguments import array, count
from qle.statistics.around_maximum import around_maximum
from qle.statistics.resampling import resampled_sums, spread

Array = npt.NDArray[np.float64]

STEP = 1.15  # ratio of neighbouring bin edges
LEAST = 20  # modes in a bin that counts


class BosonPeak(NamedTuple):
    """Where D/omega^2 is largest.

    Attributes
    ----------
    omega_b, error : float
        Vertex of a parabola through ln(D/omega^2) against ln(omega), and its standard error over samples.
    omega, reduced, modes : (m,) arrays
        Middles of the complete bins, D/omega^2 there, and the modes in each.
    """

    omega_b: float
    error: float
    omega: Array
    reduced: Array
    modes: Array


def boson_peak(frequency: npt.ArrayLike, N: int, *, resamples: int = 200) -> BosonPeak:
    """Return the boson peak of samples of one model.

    Parameters
    ----------
    frequency : (S, k) array
        The k lowest frequencies of each of S samples, ascending. Above the least of the highest ones modes
        may be missing: bins there are left out.
    N : int
        Modes of a sample in all.
    resamples : int
        Bootstrap replicates over samples.

    Raises
    ------
    ValueError
        For an argument out of range; if fewer than three bins hold 20 modes, or the largest complete bin is
        the first or last of them: the peak is not inside.
    """
    omega = array("frequency", frequency, ("S", "k"))
    N, resamples = count("N", N, least=omega.shape[1]), count("resamples", resamples, least=2)
    if not (omega > 0.0).any():
        raise ValueError("frequency: must have a mode > 0")
    end = np.inf if omega.shape[1] == N else omega[:, -1].min()
    low = np.floor(np.log(omega[omega > 0.0].min()) / np.log(STEP))
    high = np.ceil(np.log(omega.max()) / np.log(STEP))
    edges = STEP ** np.arange(low, high + 1)
    edges = edges[edges <= end] if np.isfinite(end) else edges
    counts = np.array([np.histogram(row, edges)[0] for row in omega], np.float64)
    middle, width = np.sqrt(edges[1:] * edges[:-1]), np.diff(edges)
    total = counts.sum(axis=0)
    filled = total >= LEAST
    if filled.sum() < 3:
        raise ValueError(f"bins with {LEAST} modes: {filled.sum()}, must be 3 at least; give more samples")
    scale = 1.0 / (omega.shape[0] * N * width * middle**2)
    best = int(np.argmax(np.where(filled, total * scale, 0.0)))
    used = around_maximum(total * scale, best, filled)
    if used[0] or used[-1] or best in (np.flatnonzero(filled)[0], np.flatnonzero(filled)[-1]):
        where = f"the largest D/omega^2, at {middle[best]:.3g}, is at the end of the bins"
        raise ValueError(f"{where}; give more samples, or modes")
    replicates = resampled_sums(counts, resamples)
    peaks = np.array([_vertex(middle, row, scale, used) for row in replicates])
    at = _vertex(middle, total, scale, used)
    return BosonPeak(at, float(spread(peaks)), middle, total * scale, total)


def _vertex(middle: Array, counts: Array, scale: Array, used: npt.NDArray[np.bool_]) -> float:
    """Return the maximum of the parabola, each bin weighted by its number of modes; nan if it has none."""
    seen = used & (counts > 0.0)
    if seen.sum() < 3:
        return float("nan")
    x, y = np.log(middle[seen]), np.log(counts[seen] * scale[seen])
    bend, slope, _ = np.polyfit(x, y, 2, w=np.sqrt(counts[seen]))
    return float(np.exp(-0.5 * slope / bend)) if bend < 0.0 else float("nan")
