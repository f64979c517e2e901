"""Softening on the way to an instability of the models: normal and cubic modes (source, Fig. 12)."""

import numpy as np
from numpy.typing import NDArray

import khgps
import lattice_gps
from qle.experiments.exceptions import EXCEPTIONS
from qle.measurements.ensemble import RANDOM, Ensemble
from qle.verification.comparison import Comparison, computed, counted
from qle.verification.experiment import Experiment
from quartic.nonlinear.drive import drive
from quartic.nonlinear.softening import Softening, softening

Array = NDArray[np.float64]
REACH = 0.1  # of h, within which an instability is looked for
POINTS = 13  # distances from the instability, two for each factor of 10, the nearest at 1e-6 of the way to it
ALIKE = 0.9  # least overlap of a mode with the direction of the instability that counts as the same mode
SAMPLES = {True: 18, False: 30}
ENSEMBLES = (
    Ensemble(name="KHGPS, N = 200, J = 0.3, h = 0.01", params=khgps.KHGPS(N=200, J=0.3, h=0.01), seed=121),
    Ensemble(
        name="lattice, L = 6, J = 0.3",
        params=lattice_gps.GPSLattice(L=6, J=0.3),
        seed=122,
        protocol=RANDOM,
    ),
)


def driven(quick: bool) -> list[Comparison]:
    """Compare exponents of b2 of cubic modes, and count who keeps the direction of the instability longer."""
    found = []
    for ensemble in ENSEMBLES:
        ways = softenings(ensemble, SAMPLES[quick])
        how = f"{len(ways)} first instabilities on raising h by up to {REACH:g}, {ensemble.name}"
        near, change = np.median([exponents(way) for way in ways], axis=0)
        quantity = f"median exponent of b2 of cubic modes in h_c - h, {ensemble.name}"
        limit = "; from 1e-6 to 1e-5 of the way, tolerance: 1.5 times the change to the next decade"
        others = {"(h_c - h)^(1/3)": 1.0 / 3.0, "h_c - h": 1.0}
        found.append(
            computed(
                "nonlinear-softening", quantity, 0.5, near, 1.5 * change, how + limit, alternatives=others
            )
        )
        sooner = np.array([kept(way, way.overlap) < kept(way, way.normal_overlap) for way in ways])
        quantity = f"share of cubic modes that turn away before the normal mode, {ensemble.name}"
        text = f"{how}; the claim allows {EXCEPTIONS:.0%} of exceptions"
        often = {"as often as not": 0.5}
        found.append(
            counted("softening-range", quantity, EXCEPTIONS, sooner, text, bound=True, alternatives=often)
        )
    return found


def softenings(ensemble: Ensemble, samples: int) -> list[Softening]:
    """Return the ways to the first instability on raising h, of the samples that have one within reach."""
    ways = []
    for problem, x in ensemble.minima(samples):
        first = float(problem.field.mean())
        driven = drive(problem, x, h_to=first + REACH, max_events=1)
        if driven.events:
            ways.append(softening(problem, driven.events[0].fold, h_from=first, points=POINTS))
    return [way for way in ways if way.distance.size > 4]


def exponents(way: Softening) -> tuple[float, float]:
    """Return the exponent of b2 over the first decade, and how much that of the second differs."""
    near, further = np.diff(np.log10(way.b2[:5:2]))
    return float(near), float(abs(further - near))


def kept(way: Softening, overlap: Array) -> float:
    """Return the distance up to which an overlap stays above `ALIKE`, 0 if nowhere."""
    lost = np.flatnonzero(overlap < ALIKE)
    last = int(lost[0]) if lost.size else overlap.size
    return float(way.distance[last - 1]) if last else 0.0


EXPERIMENTS = (Experiment(claims=("nonlinear-softening", "softening-range"), run=driven, seconds=20.0),)
