"""Hypothesis strategies for inputs of theory and models, for property tests of your own bounds.

Numbers are drawn so that failing examples shrink to plain ones: coefficients to 1, ratios and fractions to
simple numbers, disorder to small integers over a power of two. Parameters of the models come as dicts of
keyword arguments, `KHGPS(**parameters)` and so on, because `theory` imports no model. Needs hypothesis.
"""

from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Quartic(NamedTuple):
    """b2 s^2/2 + b3 s^3/6 + b4 s^4/24."""

    b2: float
    b3: float
    b4: float

    def __call__(self, s: Any) -> Any:
        """Return the energy at s."""
        return self.b2 * s**2 / 2 + self.b3 * s**3 / 6 + self.b4 * s**4 / 24


class StiffnessLaw(NamedTuple):
    """p(kappa) ~ (kappa - kappa_min)^beta on [kappa_min, kappa_0]."""

    kappa_min: float
    kappa_0: float
    beta: float


def positive(low: float = 0.01, high: float = 100.0) -> st.SearchStrategy[float]:
    """Return positive numbers in [low, high]; they shrink towards 1 where it is inside."""
    return st.floats(low, high, allow_nan=False)


def quartics(*, low: float = 0.0, high: float = 12.0) -> st.SearchStrategy[Quartic]:
    """Return quartics with a minimum at 0 (b2, b4 > 0) and r = b3^2/(b2 b4) in [low, high].

    Parameters
    ----------
    low, high : float
        0 <= low < high.
    """
    if not 0.0 <= low < high:
        raise ValueError(f"low = {low}, high = {high}: must be 0 <= low < high")
    parts = st.tuples(positive(), positive(), st.floats(low, high), st.sampled_from((1.0, -1.0)))
    return parts.map(lambda p: Quartic(p[0], p[3] * float(np.sqrt(p[2] * p[0] * p[1])), p[1]))


def all_quartics() -> st.SearchStrategy[Quartic]:
    """Return any quartics of b4 > 0: 0 is a minimum, a maximum or flat."""
    real = st.floats(-100.0, 100.0, allow_nan=False)
    return st.builds(Quartic, real, real, positive())


def double_wells() -> st.SearchStrategy[Quartic]:
    """Return quartics with minima at 0 and elsewhere, of either depth: 8/3 < r <= 12."""
    return quartics(low=2.67, high=12.0)


def global_minima() -> st.SearchStrategy[Quartic]:
    """Return quartics whose global minimum is at 0: r <= 3."""
    return quartics(low=0.0, high=3.0)


def stiffness_laws(*, gapless: bool = False) -> st.SearchStrategy[StiffnessLaw]:
    """Return laws of stiffness, kappa_min = 0 if gapless and > 0 if not, of widths above zero."""
    least = st.just(0.0) if gapless else positive(0.01, 10.0)
    parts = st.tuples(least, positive(0.01, 10.0), st.floats(-0.9, 3.0))
    return parts.map(lambda p: StiffnessLaw(p[0], p[0] + p[1], p[2]))


@st.composite
def khgps_parameters(draw: st.DrawFn, *, largest: int = 50) -> dict[str, Any]:
    """Draw keyword arguments of `khgps.KHGPS`, N <= largest."""
    law = draw(stiffness_laws(gapless=draw(st.booleans())))
    return {
        "N": draw(st.integers(2, largest)),
        "J": draw(st.floats(0.0, 1.0)),
        "h": draw(st.floats(0.0, 1.0)),
        **law._asdict(),
        "A": draw(positive(0.1, 10.0)),
    }


@st.composite
def lattice_parameters(draw: st.DrawFn, *, largest: int = 200) -> dict[str, Any]:
    """Draw keyword arguments of the lattice model: L, J, beta, kappa_0, A, d, h, with L^d <= largest >= 8."""
    if largest < 8:
        raise ValueError(f"largest = {largest}: must be >= 8, the smallest cube")
    d = draw(st.integers(1, 3))
    longest = max(side for side in range(2, largest + 1) if side**d <= largest)
    return {
        "L": draw(st.integers(2, longest)),
        "J": draw(st.floats(0.0, 1.0)),
        "beta": draw(st.floats(-0.9, 3.0)),
        "kappa_0": draw(positive(0.1, 10.0)),
        "A": draw(positive(0.1, 10.0)),
        "d": d,
        "h": draw(st.floats(0.0, 1.0)),
    }


@st.composite
def oscillator_problems(draw: st.DrawFn, *, largest: int = 6) -> dict[str, Any]:
    """Draw keyword arguments of `quartic.Problem`: N <= largest sites, entries multiples of 1/16."""
    N = draw(st.integers(1, largest))
    entries = st.integers(-64, 64).map(lambda n: n / 16.0)
    upper = np.zeros((N, N))
    pairs = N * (N - 1) // 2
    upper[np.triu_indices(N, 1)] = draw(st.lists(entries, min_size=pairs, max_size=pairs))
    return {
        "stiffness": np.array(draw(st.lists(entries, min_size=N, max_size=N))),
        "coupling": upper + upper.T,
        "field": np.array(draw(st.lists(entries, min_size=N, max_size=N))),
        "anharmonicity": draw(positive(0.1, 10.0)),
    }


@st.composite
def unit_vectors(draw: st.DrawFn, N: int) -> Array:
    """Draw vectors of norm 1, shape (N,); they shrink to the first axis."""
    if N < 1:
        raise ValueError(f"N = {N}: must be >= 1")
    entries = draw(st.lists(st.integers(-1000, 1000), min_size=N, max_size=N))
    vector = np.array(entries, np.float64)
    if not vector.any():
        vector[0] = 1.0
    unit: Array = vector / np.linalg.norm(vector)
    return unit
