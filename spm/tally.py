"""What is kept of wells when the wells themselves are too many: counts in bins, extremes, moments."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from arguments import brief
from spm.counting import BINS, GLOBAL, LOWEST, MOMENTS, OCTAVES, OTHER, PER_OCTAVE, QUANTITIES, bin_numbers
from spm.table import QuarticWells

Array = NDArray[np.float64]


@brief()
@dataclass(frozen=True, eq=False, kw_only=True)
class Tally:
    """Sums over wells in two groups: [0] global minima, r <= 3; [1] the upper of two minima, r > 3.

    Attributes
    ----------
    potentials : float
        Potentials sampled.
    counts, squares : ndarray, shape (2, 3, 1280)
        Sum of weights, and of their squares, in each bin of b2, barrier and r (second axis); bins are
        `bin_edges()`. Without weights both are counts. The first and last bin also hold all that lies beyond.
    joint, joint_squares : ndarray, shape (160, 160)
        The same of global minima with a second well, over (asymmetry, barrier); bins are `octave_edges()`.
    extremes : ndarray, shape (2, 3, 2)
        Least and largest b2, barrier and r; (inf, -inf) where there is none.
    sums : ndarray, shape (2, 3, 2)
        Sums of first and second powers of b2, b3 and b4.
    """

    potentials: float
    counts: NDArray[np.int64] | Array
    squares: NDArray[np.int64] | Array
    joint: NDArray[np.int64] | Array
    joint_squares: NDArray[np.int64] | Array
    extremes: Array
    sums: Array

    @property
    def wells(self) -> Array:
        """Return the wells of each group, shape (2,)."""
        return np.asarray(self.counts[:, 0].sum(axis=1), np.float64)


def bin_edges() -> Array:
    """Return the edges of the bins, shape (1281,): eight bins an octave, of equal width within each."""
    octave = np.exp2(np.arange(LOWEST, LOWEST + OCTAVES, dtype=np.float64))
    inner = 1.0 + np.arange(PER_OCTAVE) / PER_OCTAVE
    return np.append(np.outer(octave, inner).ravel(), 2.0 ** (LOWEST + OCTAVES))


def octave_edges() -> Array:
    """Return the edges of the bins of the joint histogram, one an octave, shape (161,)."""
    return np.asarray(2.0 ** np.arange(LOWEST, LOWEST + OCTAVES + 1), np.float64)


def tally(wells: QuarticWells) -> Tally:
    """Return the sums over a table, with its weights; which minimum is global is read from r alone.

    Returns
    -------
    Tally

    Examples
    --------
    Every potential has one global minimum:

    >>> import spm
    >>> counts = spm.tally(spm.sample(spm.SoftPotentials(), 1000)).counts
    >>> float(counts[0, 0].sum())  # global minima, over the bins of b2
    1000.0
    """
    quantities = {"b2": wells.b2, "barrier": wells.exact_barrier, "r": wells.r}
    upper, weights = wells.violates, wells.weights
    counts, squares = np.zeros((2, 2, len(QUANTITIES), BINS))
    extremes = np.empty((2, len(QUANTITIES), 2))
    sums = np.empty((2, len(MOMENTS), 2))
    for group in (GLOBAL, OTHER):
        mine = upper == (group == OTHER)
        for j, name in enumerate(QUANTITIES):
            rows = mine & ~np.isnan(quantities[name])
            values = quantities[name][rows]
            where = bins_of(values)
            counts[group, j] = np.bincount(where, weights[rows], BINS)
            squares[group, j] = np.bincount(where, weights[rows] ** 2, BINS)
            extremes[group, j] = values.min(initial=np.inf), values.max(initial=-np.inf)
        for j, name in enumerate(MOMENTS):
            moment = getattr(wells, name)[mine]
            sums[group, j] = weights[mine] @ moment, weights[mine] @ moment**2
    rows = ~upper & ~np.isnan(quantities["barrier"])
    places = bins_of(wells.exact_asymmetry[rows]), bins_of(quantities["barrier"][rows])
    joint = np.zeros((2, OCTAVES, OCTAVES))
    for power in (0, 1):
        at = (places[0] // PER_OCTAVE, places[1] // PER_OCTAVE)
        np.add.at(joint[power], at, weights[rows] ** (power + 1))
    return Tally(
        potentials=wells.per,
        counts=counts,
        squares=squares,
        joint=joint[0],
        joint_squares=joint[1],
        extremes=extremes,
        sums=sums,
    )


def bins_of(values: Array) -> NDArray[np.int64]:
    """Return the bins that values >= 0 fall in, in the shape of values."""
    where = np.empty(values.size, np.int64)
    bin_numbers(np.ascontiguousarray(values), where)
    return where
