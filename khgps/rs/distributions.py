"""The laws of one oscillator of the replica-symmetric solution: its coordinate, its field, its curvature."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array, brief
from khgps.lower_well import lower_well
from khgps.model import KHGPS
from khgps.rs.local_stiffness import REACH, curvature_densities, curvature_marks
from khgps.rs.solution import solved_state
from khgps.rs.states import State
from khgps.stiffness import gauss_rules
from landscape.jit import kernel

Array = NDArray[np.float64]


@brief()
@dataclass(frozen=True, eq=False)
class Law:
    """A law of one variable.

    Attributes
    ----------
    support : (float, float)
        An interval that holds all but 1e-16 of the law.
    density : callable
        density(values) is the probability density, in the shape of values; its integral is one.
    """

    support: tuple[float, float]
    density: Callable[[ArrayLike], Array]


@brief()
@dataclass(frozen=True, eq=False)
class Distributions:
    """Laws of the replica-symmetric solution.

    Attributes
    ----------
    x : Law
        Of the coordinate x: of all oscillators at a minimum, as N -> infinity.
    field : Law
        Of the cavity field f = h + J sqrt(q) z, normal: what acts on an oscillator but for its own influence.
    k : Law
        Of V''(x) = kappa - J^2 chi + A x^2/2: the curvature that an oscillator has among the others.
    """

    x: Law
    field: Law
    k: Law


def rs_distributions(params: KHGPS, *, unstable: bool = False) -> Distributions:
    """Return the laws of coordinate, field and curvature in the replica-symmetric solution.

    Parameters
    ----------
    params : KHGPS
        With J > 0; N is ignored.
    unstable : bool
        As in `solve_rs`.

    Returns
    -------
    Distributions

    Raises
    ------
    ValueError, StalledError
        As `solve_rs`; and ValueError for h = 0 in the replica-symmetric phase: x = 0 and f = 0 have no
        density.

    Examples
    --------
    Effective stiffnesses begin at the gap edge b, and no curvature is below it:

    >>> import khgps
    >>> model = khgps.KHGPS(N=2, J=0.15, h=0.03, kappa_min=0.1)
    >>> laws = khgps.rs_distributions(model)
    >>> laws.k.support[0] == khgps.solve_rs(model).gap_edge, float(laws.k.density(0.03))
    (True, 0.0)
    """
    state, _ = solved_state(params, unstable=unstable)
    if state.s == 0.0:
        raise ValueError(
            "h = 0.0: must be > 0 up to J_c, where without a field x = 0 and f = 0 for all oscillators"
        )
    root = math.sqrt(params.A)
    field = (state.oscillators.h - REACH * state.s, state.oscillators.h + REACH * state.s)
    return Distributions(
        x=Law(
            _scaled(_x_support(state), root), lambda x: _x_density(state, root * array("values", x)) * root
        ),
        field=Law(_scaled(field, root), lambda f: _field_density(state, root * array("values", f)) * root),
        k=Law(_k_support(state), lambda k: _k_density(state, array("values", k))),
    )


def _scaled(support: tuple[float, float], root: float) -> tuple[float, float]:
    return support[0] / root, support[1] / root


def _x_support(state: State) -> tuple[float, float]:
    """Return the least and largest x: of the softest oscillator, or the stiffest if all x have one sign."""
    b, width = state.b, state.oscillators.width
    low, high = (state.oscillators.h + side * REACH * state.s for side in (-1.0, 1.0))
    return (lower_well(b + width, low) if low > 0.0 else -lower_well(b, -low)), lower_well(b, high)


def _k_support(state: State) -> tuple[float, float]:
    """Return the least and largest k. A minimum with kappa' < 0 is the lower one of two if k >= -2 kappa'."""
    stiffest = state.b + state.oscillators.width
    return (state.b if state.b >= 0.0 else max(0.0, -2.0 * stiffest)), max(curvature_marks(state))


def _field_density(state: State, f: Array) -> Array:
    return np.asarray(
        np.exp(-0.5 * ((f - state.oscillators.h) / state.s) ** 2) / (math.sqrt(2.0 * math.pi) * state.s)
    )


def _x_density(state: State, x: Array) -> Array:
    law, h = state.oscillators
    flat = np.atleast_1d(x).ravel()
    total = np.zeros(flat.size)
    for piece in law.pieces:
        start, rules = state.b + (piece.low - law.kappa_min), gauss_rules(piece.beta)
        total += _x_densities(
            flat, start, piece.width, piece.beta, np.array(piece.shape), h, state.s, REACH, rules
        )
    return total.reshape(x.shape)


def _k_density(state: State, k: Array) -> Array:
    law, h = state.oscillators
    flat = np.atleast_1d(k).ravel()
    total = np.zeros(flat.size)
    for piece in law.pieces:
        start, rules = state.b + (piece.low - law.kappa_min), gauss_rules(piece.beta)
        total += curvature_densities(
            flat, start, piece.width, piece.beta, np.array(piece.shape), h, state.s, rules
        )
    return total.reshape(k.shape)


@kernel
def _x_densities(x, b, w, beta, shape, h, s, reach, rules):  # type: ignore[no-untyped-def]
    """Return p(x) = E_kappa'[k p_f(kappa' x + x^3/6)] over kappa' >= -x^2/6 of one piece, [b, b + w]."""
    values = np.zeros(x.size)
    for i in range(x.size):
        size = abs(x[i])
        mean = h if x[i] >= 0.0 else -h  # the mirror image of x < 0
        cubic = size**3 / 6.0
        low, high = max(b, -size * size / 6.0), b + w
        if w == 0.0:
            if low == b:
                values[i] = shape[0] * (b + 0.5 * size * size) * _normal((b * size + cubic - mean) / s) / s
            continue
        if size > 0.0:
            low = max(low, (mean - reach * s - cubic) / size)
            high = min(high, (mean + reach * s - cubic) / size)
        if low < high:
            values[i] = _over_stiffness(size, cubic, low, high, b, w, beta, shape, mean, s, rules)
    return values


@kernel
def _over_stiffness(x, cubic, low, high, b, w, beta, shape, mean, s, rules):  # type: ignore[no-untyped-def]
    """Return the integral of p(kappa') k p_f(f) over kappa' in [low, high]."""
    total = 0.0
    start = low
    while start < high:
        rule = 1 if start == b else 0
        half = 0.5 * min(high - start, 3.0 * s / x if x > 0.0 else high - start)
        if beta != 0.0 and rule == 0:  # the law has a singularity at b
            half = min(half, max(start - b, 1e-3 * half))
        for j in range(rules.nodes.shape[1]):
            gap = half * (1.0 + rules.nodes[rule, j])
            kappa = start + gap
            weight = rules.weights[rule, j] * half * (half / gap) ** rules.powers[rule]
            distance = start - b + gap
            law = distance**beta * _series(2.0 * distance / w - 1.0, shape) * (kappa + 0.5 * x * x)
            total += weight * law * _normal((kappa * x + cubic - mean) / s)
        start += 2.0 * half
    return total / s * (beta + 1.0) / w ** (beta + 1.0)


@kernel
def _series(t, shape):  # type: ignore[no-untyped-def]
    """Return a Chebyshev series at t."""
    last = value = 0.0
    for j in range(shape.size - 1, 0, -1):
        value, last = shape[j] + 2.0 * t * value - last, value
    return shape[0] + t * value - last


@kernel
def _normal(z):  # type: ignore[no-untyped-def]
    """Return the standard normal density."""
    return math.exp(-0.5 * z * z) / 2.5066282746310002
