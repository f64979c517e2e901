"""The field of dilute sources with couplings J g/r^d, summed over random positions: the Cauchy law."""

import math

import numpy as np
from numpy.typing import NDArray

from qle.verification.comparison import Comparison, law, sampled
from qle.verification.experiment import Experiment
from theory import formulas

Array = NDArray[np.float64]
SOURCES = 300  # mean number in the box: those outside change the law by about 1/(12 SOURCES)
FIELDS = {True: 10_000, False: 100_000}
DENSITY, J = 0.01, 0.4


def cauchy(quick: bool) -> list[Comparison]:
    """Compare law, width and tail of the field at the middle of a box, in one, two and three dimensions."""
    found = []
    for d in (1, 2, 3):
        rng = np.random.Generator(np.random.PCG64(60 + d))
        field = np.array([_field(d, rng) for _ in range(FIELDS[quick])])
        x = 1.25  # mean of |x| in `_field`
        width = float(formulas.dilute_field_width(np, DENSITY, J, x, float(d)))
        how = f"{field.size} fields, each of about {SOURCES} sources in a {d}-dimensional box"
        quantity = f"field in units of gamma, d = {d}"
        found.append(law("lattice-field-law", quantity, field / width, _cauchy, how))
        waves = np.cos(field / width)
        error = waves.std() / math.sqrt(field.size)
        quantity = f"E[cos(f/gamma)], d = {d}"
        found.append(sampled("lattice-field-law", quantity, math.exp(-1.0), waves.mean(), error, how))
        cut = 10.0 * width
        beyond = np.abs(field) > cut
        share = float(beyond.mean())
        density = share / (
            2.0 * cut
        )  # of a tail f^-2, whose integral beyond the cut is that at the cut times it
        error = math.sqrt(share / field.size) / (2.0 * cut)
        predicted = float(formulas.dilute_field_tail(np, cut, width))
        quantity = f"tail at f = 10 gamma, d = {d}"
        found.append(sampled("lattice-field-law", quantity, predicted, density, error, how))
    return found


def _field(d: int, rng: np.random.Generator) -> float:
    """Return the field of sources of displacement 1/2 or 2, of either sign."""
    number = rng.poisson(SOURCES)
    side = (SOURCES / DENSITY) ** (1.0 / d)
    distance = np.linalg.norm(rng.uniform(-0.5 * side, 0.5 * side, (number, d)), axis=1)
    displacement = rng.choice((-2.0, -0.5, 0.5, 2.0), number)
    return float(np.sum(J * rng.uniform(-0.5, 0.5, number) / distance**d * displacement))


def _cauchy(f: Array) -> Array:
    return 0.5 + np.arctan(f) / math.pi


EXPERIMENTS = (Experiment(claims=("lattice-field-law",), run=cauchy, seconds=4.0),)
