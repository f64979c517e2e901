"""Second minima that cubic modes lead to (S IV.J, source Fig. 14), and barriers in between."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import khgps
import lattice_gps
from qle.experiments.exceptions import EXCEPTIONS
from qle.measurements.cubic_modes import modes_at
from qle.measurements.ensemble import RANDOM, Ensemble
from qle.statistics.pooled import first_of_each, share
from qle.verification.comparison import Comparison, counted, sampled
from qle.verification.experiment import Experiment
from quartic.nonlinear.wells import double_wells

Array = NDArray[np.float64]
FOLLOWED = 3  # softest cubic modes of a minimum that are pushed along
ALIKE = 0.8  # overlap above which the source finds nearly all of them
SAMPLES = {True: (0, 25, 25), False: (120, 120, 50)}  # at weak coupling second minima are few
ENSEMBLES = (
    Ensemble(name="KHGPS, N = 200, J = 0.06, h = 0.01", params=khgps.KHGPS(N=200, J=0.06, h=0.01), seed=131),
    Ensemble(name="KHGPS, N = 200, J = 0.3, h = 0.01", params=khgps.KHGPS(N=200, J=0.3, h=0.01), seed=132),
    Ensemble(
        name="lattice, L = 6, J = 0.3",
        params=lattice_gps.GPSLattice(L=6, J=0.3),
        seed=133,
        protocol=RANDOM,
    ),
)


class Pushed(NamedTuple):
    """What pushes along the softest cubic modes of minima led to; nan where to no second minimum.

    Attributes
    ----------
    ratio, overlap, distance : (n,) arrays
        r of the mode, |pi . D|/|D| and |D| of the displacement D to the second minimum.
    barrier, quartic_barrier, cubic_barrier : (n,) arrays
        Of the minimum-energy path if it is direct; estimates along the mode.
    sample : (n,) array of int
    samples : int
    """

    ratio: Array
    overlap: Array
    distance: Array
    barrier: Array
    quartic_barrier: Array
    cubic_barrier: Array
    sample: NDArray[np.int64]
    samples: int


def pushed(ensemble: Ensemble, samples: int, *, paths: bool = False) -> Pushed:
    """Return what pushes along the softest cubic modes of minima found by lbfgs lead to."""
    rows = []
    for sample, (problem, x) in enumerate(ensemble.minima(samples)):
        soft = sorted(modes_at(problem, x), key=lambda mode: mode.b2)[:FOLLOWED]
        for mode, well in zip(soft, double_wells(problem, x, soft, paths=paths), strict=True):
            direct = well.path is not None and well.path.status == "direct"
            estimates = (well.barrier if direct else np.nan, well.quartic_barrier, well.cubic_barrier)
            rows.append((mode.ratio, well.overlap, well.distance, *estimates, sample))
    ratio, overlap, distance, barrier, whole, cubic, sample_of = np.array(rows).T
    return Pushed(ratio, overlap, distance, barrier, whole, cubic, sample_of.astype(np.int64), samples)


def overlaps(quick: bool) -> list[Comparison]:
    """Compare how many modes lead to a second minimum, and how many of those point to it."""
    found = []
    for ensemble, samples in zip(ENSEMBLES, SAMPLES[quick], strict=True):
        if not samples:
            continue
        wells = pushed(ensemble, samples)
        how = f"{FOLLOWED} softest cubic modes of {wells.samples} minima found by lbfgs, {ensemble.name}"
        second = np.isfinite(wells.overlap)
        value, error = share(second, wells.sample, wells.samples)
        quantity = f"share of cubic modes that lead to a second minimum, {ensemble.name}"
        found.append(sampled("double-well-share", quantity, 0.14, value, error, how))
        one = np.flatnonzero(second)[first_of_each(-wells.ratio[second], wells.sample[second])]
        quantity = f"share of them that point elsewhere, overlap < {ALIKE:g}, {ensemble.name}"
        text = f"second minima, one a minimum; {how}; the claim allows {EXCEPTIONS:.0%} of exceptions"
        found.append(
            counted(
                "double-well-overlap", quantity, EXCEPTIONS, wells.overlap[one] < ALIKE, text, bound=True,
                alternatives={"half of them point elsewhere": 0.5},
            )
        )  # fmt: skip
    return found


EXPERIMENTS = (Experiment(claims=("double-well-share", "double-well-overlap"), run=overlaps, seconds=30.0),)
