"""The laws of soft wells: densities of stiffness, frequency, barrier, shape and asymmetry, with errors."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array, brief, real, settled
from spm.counting import BINS, GLOBAL, OTHER, QUANTITIES
from spm.table import QuarticWells
from spm.tally import Tally, bin_edges, bins_of, octave_edges, tally

Array = NDArray[np.float64]
COLUMNS = ("density", "error", "events")  # of a Density
Counts = NDArray[np.int64] | Array


@brief()
@dataclass(frozen=True, eq=False, kw_only=True)
class Density:
    """A density per potential, from counts in bins.

    Attributes
    ----------
    edges : ndarray, shape (k + 1,)
        Ascending, > 0.
    density, error : ndarray, shape (k,)
        Mean over the bin, and its standard error (sum of squared weights)^(1/2)/(potentials width): that of
        independent counts. An empty bin has density 0 and error 0.
    events : ndarray, shape (k,)
        (sum of weights)^2/(sum of squared weights): the number of wells, where they have no weights.
    """

    edges: Array
    density: Array
    error: Array
    events: Array

    def __post_init__(self) -> None:
        edges = array("edges", self.edges, ("k + 1",), above=0.0)
        if edges.size < 2 or not (np.diff(edges) > 0.0).all():
            raise ValueError("edges: must be two or more, ascending")
        columns = {name: array(name, getattr(self, name), (edges.size - 1,), least=0.0) for name in COLUMNS}
        settled(self, edges=edges, **columns)

    @property
    def centre(self) -> Array:
        """Return the geometric mean of the edges of each bin, shape (k,)."""
        return np.asarray(np.sqrt(self.edges[:-1] * self.edges[1:]))

    @property
    def width(self) -> Array:
        """Return the width of each bin, shape (k,)."""
        return np.diff(self.edges)


@brief()
@dataclass(frozen=True, eq=False, kw_only=True)
class JointDensity:
    """A density per potential over (asymmetry, barrier), both with bins of one octave.

    Attributes
    ----------
    asymmetry_edges, barrier_edges : ndarray, shapes (j + 1,), (k + 1,)
    density, error : ndarray, shape (j, k)
        As in `Density`.
    """

    asymmetry_edges: Array
    barrier_edges: Array
    density: Array
    error: Array


@brief()
@dataclass(frozen=True, eq=False, kw_only=True)
class Laws:
    """The laws of a table of wells. "Global" means r = b3^2/(b2 b4) <= 3, the stability bound.

    A density integrates to the mean number of such wells in a potential: `D_global` of sampled potentials to
    one.

    Attributes
    ----------
    b2_all, b2_global : Density
        Of the stiffness b2: ~ b2 and ~ b2^(3/2) as b2 -> 0.
    D_all, D_global : Density
        Of the frequency omega = b2^(1/2) (unit mass): ~ omega^3 and ~ omega^4 (S 6).
    barrier_global : Density
        Of the barrier above the lower of two minima: ~ B^(1/4) (S 20).
    barrier_upper : Density
        Of the barrier above the upper one: ~ B^(-1/3).
    r_global : Density
        Of r; ~ r^(-1/2) on (0, 3) for soft wells.
    r_upper : Density
        Of r > 3.
    asymmetry_barrier : JointDensity
        Of the pairs of minima, energies from the lower one.
    global_wells, upper_wells : (float, float)
        Wells per potential that satisfy and that violate the bound, each with the error of a count.
    """

    b2_all: Density
    b2_global: Density
    D_all: Density
    D_global: Density
    barrier_global: Density
    barrier_upper: Density
    r_global: Density
    r_upper: Density
    asymmetry_barrier: JointDensity
    global_wells: tuple[float, float]
    upper_wells: tuple[float, float]


def laws(source: QuarticWells | Tally) -> Laws:
    """Return the laws of a table of wells, or of the tally of a stream; models' nonlinear modes included.

    Returns
    -------
    Laws

    Examples
    --------
    Every potential has one global minimum, and as many upper ones as it has double wells:

    >>> import spm
    >>> wells = spm.sample(spm.SoftPotentials(), 1000, seed=1)
    >>> laws = spm.laws(wells)
    >>> laws.global_wells[0], laws.upper_wells[0] == (wells.size - 1000) / 1000
    (1.0, True)
    """
    sums = source if isinstance(source, Tally) else tally(source)
    made = {
        (group, name): _density(bin_edges(), sums.counts[group, j], sums.squares[group, j], sums.potentials)
        for group in (GLOBAL, OTHER)
        for j, name in enumerate(QUANTITIES)
    }
    both, both_squares = sums.counts[:, 0].sum(axis=0), sums.squares[:, 0].sum(axis=0)
    roots = np.sqrt(bin_edges())
    stiffness = (sums.counts[GLOBAL, 0], sums.squares[GLOBAL, 0], sums.potentials)
    return Laws(
        b2_all=_density(bin_edges(), both, both_squares, sums.potentials),
        b2_global=made[GLOBAL, "b2"],
        D_all=_density(roots, both, both_squares, sums.potentials),
        D_global=_density(roots, *stiffness),
        barrier_global=made[GLOBAL, "barrier"],
        barrier_upper=made[OTHER, "barrier"],
        r_global=made[GLOBAL, "r"],
        r_upper=made[OTHER, "r"],
        asymmetry_barrier=_joint(sums),
        global_wells=_wells(sums, GLOBAL),
        upper_wells=_wells(sums, OTHER),
    )


def density(
    values: ArrayLike, *, weights: ArrayLike | None = None, potentials: float | None = None
) -> Density:
    """Return the density of positive values in the same bins; by default normalised to one.

    Returns
    -------
    Density

    Examples
    --------
    >>> import numpy as np, spm
    >>> law = spm.density(np.linspace(0.001, 1.0, 1000))
    >>> round(float(law.density @ np.diff(law.edges)), 6)
    1.0
    """
    values = array("values", values, ("n",), least=0.0)
    weights = array("weights", np.ones(values.size) if weights is None else weights, values.shape, least=0.0)
    potentials = real("potentials", values.size if potentials is None else potentials, above=0.0)
    where = bins_of(values)
    counts, squares = (np.asarray(np.bincount(where, weights**power, BINS), np.float64) for power in (1, 2))
    return _density(bin_edges(), counts, squares, potentials)


def _density(edges: Array, counts: Counts, squares: Counts, potentials: float) -> Density:
    """Return the density over the bins from the first to the last that holds a well."""
    filled = np.flatnonzero(counts)
    first, last = (filled[0], filled[-1] + 1) if filled.size else (0, 1)
    edges, counts, squares = edges[first : last + 1], counts[first:last], squares[first:last]
    norm = potentials * np.diff(edges)
    events = np.divide(
        np.square(counts, dtype=np.float64), squares, out=np.zeros(counts.size), where=squares > 0
    )
    return Density(edges=edges, density=counts / norm, error=np.sqrt(squares) / norm, events=events)


def _joint(sums: Tally) -> JointDensity:
    """Return the joint density over the octaves that hold a pair."""
    ends = []
    for axis in (1, 0):
        filled = np.flatnonzero(sums.joint.sum(axis=axis))
        ends.append((filled[0], filled[-1] + 1) if filled.size else (0, 1))
    rows, columns = slice(*ends[0]), slice(*ends[1])
    edges = [octave_edges()[first : last + 1] for first, last in ends]
    norm = sums.potentials * np.outer(np.diff(edges[0]), np.diff(edges[1]))
    return JointDensity(
        asymmetry_edges=edges[0],
        barrier_edges=edges[1],
        density=sums.joint[rows, columns] / norm,
        error=np.sqrt(sums.joint_squares[rows, columns]) / norm,
    )


def _wells(sums: Tally, group: int) -> tuple[float, float]:
    """Return the number of wells of a group per potential, with its error."""
    counts, squares = sums.counts[group, 0].sum(), sums.squares[group, 0].sum()
    return float(counts / sums.potentials), float(math.sqrt(squares) / sums.potentials)
