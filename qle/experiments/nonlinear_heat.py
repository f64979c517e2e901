"""The tail of the local heat capacities c_alpha (S IV.I)."""

import numpy as np
from numpy.typing import NDArray

import khgps
import lattice_gps
from qle.measurements.cubic_modes import modes_at, settle
from qle.measurements.ensemble import RANDOM, Ensemble
from qle.statistics.pooled import cut_at, power
from qle.verification.comparison import Comparison, sampled
from qle.verification.experiment import Experiment
from quartic.nonlinear.heat import heat_capacities

Array = NDArray[np.float64]
SHARE = 0.15  # of the minima whose largest heat capacities are the tail
SAMPLES = {True: (200, 200, 200), False: (3000, 3000, 1200)}  # of each ensemble
ENSEMBLES = (
    Ensemble(name="KHGPS, N = 300, J = 0.06, h = 0.01", params=khgps.KHGPS(N=300, J=0.06, h=0.01), seed=111),
    Ensemble(name="KHGPS, N = 300, J = 0.3, h = 0.01", params=khgps.KHGPS(N=300, J=0.3, h=0.01), seed=112),
    Ensemble(
        name="lattice, L = 7, J = 0.3",
        params=lattice_gps.GPSLattice(L=7, J=0.3),
        seed=113,
        protocol=RANDOM,
    ),
)


def weak(quick: bool) -> list[Comparison]:
    """Measure in KHGPS at weak coupling."""
    return _tail(ENSEMBLES[0], SAMPLES[quick][0])


def strong(quick: bool) -> list[Comparison]:
    """Measure in KHGPS at strong coupling."""
    return _tail(ENSEMBLES[1], SAMPLES[quick][1])


def lattice(quick: bool) -> list[Comparison]:
    """Measure on the lattice."""
    return _tail(ENSEMBLES[2], SAMPLES[quick][2])


def _tail(ensemble: Ensemble, samples: int) -> list[Comparison]:
    """Compare the exponent of p(c) of the sites of largest |c - 1|, in lower wells."""
    _, after = heats(ensemble, samples)
    exponent, error, n = tail(after)
    how = f"the {n} largest, one a minimum, of {len(after)} minima in lower wells, {ensemble.name}"
    quantity = f"exponent of p(|c - 1|) of sites, in lower wells, {ensemble.name}"
    others = {"c^(-9/4), b3 that stays": -9.0 / 4.0, "c^-2, as found": -2.0}
    return [
        sampled("heat-tail", quantity, -8.0 / 3.0, exponent, error, how, scale="power", alternatives=others)
    ]


def heats(ensemble: Ensemble, samples: int) -> tuple[Array, Array]:
    """Return c_i of sites with half of their pairs, of minima as lbfgs finds them, and in lower wells.

    Each of shape (samples, N).
    """
    found, settled = [], []
    for problem, x in ensemble.minima(samples):
        found.append(heat_capacities(problem, x, largest=0).local)
        end = settle(problem, x, modes_at(problem, x))
        settled.append(heat_capacities(problem, end.x, largest=0).local if end.left else found[-1])
    return np.array(found), np.array(settled)


def tail(heat: Array, share: float = SHARE) -> tuple[float, float, int]:
    """Return (exponent, its error, number) of p(c) ~ |c - 1|^exponent, of the largest of each minimum.

    Sites of one soft mode are large together, so one of them is taken. 1 is what an oscillator has without
    anharmonicity and couplings. A density c^-a of c is one y^(a - 2) of y = 1/c.

    Parameters
    ----------
    heat : (samples, N) array
    share : float
        Of the minima whose largest are in the tail.
    """
    small = 1.0 / np.abs(heat - 1.0).max(axis=1)
    samples = small.size
    exponent, error, n = power(small, np.arange(samples), samples, cut_at(small, samples, share))
    return -2.0 - exponent, error, n


EXPERIMENTS = tuple(
    Experiment(claims=("heat-tail",), run=run, seconds=30.0) for run in (weak, strong, lattice)
)
