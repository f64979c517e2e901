"""How often b3^2 > 3 b2 b4 in the softest cubic mode, by the way its minimum was reached (S IV.G)."""

import math
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import khgps
from qle.description.protocol import Protocol
from qle.experiments.exceptions import EXCEPTIONS
from qle.measurements.cubic_modes import modes_at
from qle.measurements.ensemble import Ensemble
from qle.verification.comparison import Comparison, counted
from qle.verification.experiment import Experiment

Array = NDArray[np.float64]
STARTS, STEPS = 16, 30  # random starts of the best one, steps of a field
SAMPLES = {True: 100, False: 1000}
PARAMS = khgps.KHGPS(N=300, J=0.3, h=0.01)
ENSEMBLE = Ensemble(name="KHGPS, N = 300, J = 0.3, h = 0.01", params=PARAMS, seed=303)


PROTOCOLS = {
    "lbfgs": Protocol(),
    "descent": Protocol(method="descent"),
    "falling field": Protocol(field_path="falling", field_steps=STEPS),
    f"best of {STARTS}": Protocol(start="random", starts=STARTS),
    "alternating field": Protocol(field_path="alternating", field_steps=STEPS),
}
PAIRS = (
    *((PROTOCOL, "lbfgs") for PROTOCOL in list(PROTOCOLS)[1:]),
    (f"best of {STARTS}", "alternating field"),
)


class Prepared(NamedTuple):
    """The minima of samples by one protocol.

    Attributes
    ----------
    ratio : (samples,) array
        r = b3^2/(b2 b4) of the softest cubic mode.
    energy : (samples,) array
        Per oscillator.
    """

    ratio: Array
    energy: Array

    @property
    def beyond(self) -> NDArray[np.bool_]:
        """Which samples have r > 3: the well along the mode is the upper one of two."""
        return self.ratio > 3.0


def prepare(ensemble: Ensemble, samples: int) -> Prepared:
    """Return what the protocol of an ensemble makes of its samples 0, 1 .."""
    rows = []
    for sample in range(samples):
        problem = ensemble.landscape(sample)
        found = ensemble.minimum(problem, sample)
        softest = min(modes_at(problem, found.x), key=lambda mode: mode.b2)
        rows.append((softest.ratio, found.energy / problem.size))
    return Prepared(*np.array(rows).T)


def protocols(quick: bool) -> list[Comparison]:
    """Compare shares of r > 3 with none, and their differences between protocols with those of energies."""
    samples = SAMPLES[quick]
    prepared = {name: prepare(replace(ENSEMBLE, protocol=p), samples) for name, p in PROTOCOLS.items()}
    found = []
    for name, one in prepared.items():
        how = f"minima by {name}, {ENSEMBLE.name}; the claim allows {EXCEPTIONS:.0%} of exceptions"
        quantity = f"share of softest modes of r > 3, {name}, {ENSEMBLE.name}"
        found.append(counted("nonlinear-bound", quantity, EXCEPTIONS, one.beyond, how, bound=True))
    return found + [excess(*(Named(name, prepared[name]) for name in pair)) for pair in PAIRS]


class Named(NamedTuple):
    """A protocol and what it made."""

    name: str
    made: Prepared


def excess(one: Named, other: Named) -> Comparison:
    """Compare in how many of the samples where they differ the protocol that ends lower has r > 3.

    By the claim in half of them at most: McNemar's test, exactly.
    """
    if np.mean(one.made.energy - other.made.energy) < 0.0:
        one, other = other, one
    high, low = one.made, other.made
    gap, spread = _mean(1e6 * (high.energy - low.energy))
    differ = high.beyond != low.beyond
    how = (
        f"samples in which r > 3 by one of the two only, of {low.ratio.size} of {ENSEMBLE.name}; energies "
        f"per oscillator differ by {gap:.0f} +- {spread:.0f} millionths"
    )
    quantity = f"share of r > 3 by {other.name} alone, {one.name}, which ends higher, being the other"
    others = {"three in four are those of the lower protocol": 0.75}
    return counted(
        "nonlinear-bound-protocol", quantity, 0.5, low.beyond[differ], how, bound=True, alternatives=others
    )


def _mean(values: Array) -> tuple[float, float]:
    """Return the mean and its standard error."""
    return float(values.mean()), float(values.std(ddof=1)) / math.sqrt(values.size)


EXPERIMENTS = (
    Experiment(claims=("nonlinear-bound", "nonlinear-bound-protocol"), run=protocols, seconds=20.0),
)
