"""The law of k = V''(x), the curvature at an oscillator's minimum, as a density on panels (A = 1).

At given k the minimum is x = 2 sqrt(k) sin(alpha) with kappa' = k cos(2 alpha), in the field
f = (2/3) k^(3/2) sin(3 alpha); it is the lower of two minima while |alpha| <= pi/3. Hence

    P(k) = 2 k^(3/2) int d alpha cos(alpha) p_kappa(k cos 2 alpha) p_f((2/3) k^(3/2) sin 3 alpha).
"""

import math

import numpy as np
from numpy.typing import NDArray

from khgps.lower_well import lower_well
from khgps.piecewise_law import PiecewiseLaw, refined
from khgps.rs.states import State
from khgps.stiffness import gauss_rules
from khgps.stiffness_law import StiffnessLaw
from landscape.jit import kernel

Array = NDArray[np.float64]
GRADES = 26  # panels shrink to 2^-GRADES
REACH = 8.4  # fields beyond so many deviations from h have no weight: 4e-17


@kernel
def _density(k, below, above, w, beta, shape, h, s, rules):  # type: ignore[no-untyped-def]
    """Return P(k) of one piece of the law, b <= kappa' <= b + w, at k = b + below = b + w + above, s > 0."""
    if below <= 0.0 or k <= 0.0:
        return 0.0
    top = math.pi / 3.0
    at_edge = 2.0 * below < 3.0 * k
    if at_edge:
        top = math.asin(math.sqrt(0.5 * below / k))
    field = 2.0 / 3.0 * k**1.5
    if w == 0.0:
        f = field * math.sin(3.0 * top)
        both = _normal((f - h) / s) + _normal((f + h) / s)
        return shape[0] * math.sqrt(k) / (2.0 * math.sin(top)) * both / s if at_edge else 0.0
    bottom = 0.0
    if above > 0.0:
        bottom = math.asin(math.sqrt(min(1.0, 0.5 * above / k)))
    total = 0.0
    for mean in (h, -h):  # the field rises up to alpha = pi/6 and falls beyond
        low = math.asin(min(1.0, max(0.0, (mean - REACH * s) / field))) / 3.0
        high = math.asin(min(1.0, max(0.0, (mean + REACH * s) / field))) / 3.0
        start, end = max(bottom, low), min(top, math.pi / 3.0 - low)
        if mean + REACH * s >= field:
            total += _piece(k, below, above, start, end, top, at_edge, w, beta, shape, mean, s, rules)
        else:
            total += _piece(
                k, below, above, start, min(end, high), top, at_edge, w, beta, shape, mean, s, rules
            )
            start = max(bottom, math.pi / 3.0 - high)
            total += _piece(k, below, above, start, end, top, at_edge, w, beta, shape, mean, s, rules)
    return total


@kernel
def _piece(k, below, above, start, end, top, at_edge, w, beta, shape, mean, s, rules):  # type: ignore[no-untyped-def]
    """Return the integral over alpha in [start, end]; where `at_edge`, alpha = top is where kappa' = b."""
    length = end - start
    if length <= 0.0:
        return 0.0
    if at_edge and end == top and above > 0.0 and 2.0 * k * math.sin(start) ** 2 <= above * (1.0 + 1e-12):
        # the whole law, however narrow: no difference of angles
        length = math.asin(min(1.0, 0.5 * w / (k * math.sin(start + end))))
    field = 2.0 / 3.0 * k**1.5
    peak = 1.0 if start < math.pi / 6.0 < end else max(math.sin(3.0 * start), math.sin(3.0 * end))
    change = (2.0 * peak - math.sin(3.0 * start) - math.sin(3.0 * end)) * field / s
    longest = length / (1 + int(change / 3.0))
    total = 0.0
    used = 0.0
    while used < length * (1.0 - 1e-12):  # downwards from the end
        rule = 1 if at_edge and end == top and used == 0.0 else 0
        half = 0.5 * min(longest, length - used)
        if beta != 0.0 and rule == 0:  # p_kappa has a singularity where kappa' = b
            beyond = below - 2.0 * k * math.sin(end - used) ** 2
            half = min(half, max(beyond / (2.0 * k * math.sin(2.0 * (end - used))), 1e-3 * longest))
        for j in range(rules.nodes.shape[1]):
            t = half * (1.0 + rules.nodes[rule, j])
            alpha = end - used - t
            distance = below - 2.0 * k * math.sin(alpha) ** 2  # kappa' - b
            if at_edge:
                distance = 2.0 * k * math.sin(alpha + top) * math.sin(top - end + used + t)
            z = (field * math.sin(3.0 * alpha) - mean) / s
            weight = rules.weights[rule, j] * half * (half / t) ** rules.powers[rule]
            law = distance**beta * _series(2.0 * distance / w - 1.0, shape)
            total += weight * math.cos(alpha) * law * _normal(z)
        used += 2.0 * half
    return 2.0 * k**1.5 * total / s * (beta + 1.0) / w ** (beta + 1.0)


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


@kernel
def curvature_densities(k, b, w, beta, shape, h, s, rules):  # type: ignore[no-untyped-def]
    """Return P(k) of one piece of the law at every element of k, for s > 0."""
    values = np.empty(k.size)
    for i in range(k.size):
        values[i] = _density(k[i], k[i] - b, k[i] - b - w, w, beta, shape, h, s, rules)
    return values


@kernel
def _densities(y, offset, above, below, b, w, beta, shape, h, s, rules):  # type: ignore[no-untyped-def]
    """Return 2 y P(k) / k of one piece of the law, at k = b + offset + y^2.

    Of each row of y, `offset` is that of its origin from b = the least kappa', `above` and `below` its
    distances from the lower and upper end of the piece.
    """
    values = np.empty(y.shape)
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            square = y[i, j] ** 2
            k = b + square + offset[i]
            over, beyond = above[i] + square, below[i] + square
            if s > 0.0:
                density = _density(k, over, beyond, w, beta, shape, h, s, rules)
            elif over <= 0.0 or beyond > 0.0:
                density = 0.0
            else:
                density = (beta + 1.0) * over**beta / w ** (beta + 1.0) * _series(2.0 * over / w - 1.0, shape)
            values[i, j] = 2.0 * y[i, j] * density / k
    return values


def curvature_panels(state: State) -> PiecewiseLaw:
    """Return the law of k of a state with b >= 0, where it has a density: not atoms at s = 0."""
    law, h = state.oscillators
    offsets = _ends(law)

    def density(y: Array, which: NDArray[np.int64]) -> Array:
        total = np.zeros(y.shape)
        for piece in law.pieces:
            low, high = piece.low - law.kappa_min, piece.high - law.kappa_min
            if high > low or state.s > 0.0:
                place = offsets[which], offsets[which] - low, offsets[which] - high, state.b, high - low
                shape, rules = np.array(piece.shape), gauss_rules(piece.beta)
                total += _densities(y, *place, piece.beta, shape, h, state.s, rules)
        return total

    tolerance = 1e-12 + (1e-14 * h / state.s if h > 0.0 else 0.0)  # the field is known to rounding of h
    return refined(*_graded(state), state.b + offsets, density, tolerance, 1e-17 * state.mean.chi)


def _ends(law: StiffnessLaw) -> Array:
    """Return the ends of all pieces, from the least stiffness, ascending."""
    return np.unique([end - law.kappa_min for piece in law.pieces for end in (piece.low, piece.high)])


def curvature_marks(state: State) -> list[float]:
    """Return the k of the ends of the pieces of the law, and the least k, in the fields h and h +- REACH s.

    A narrow field makes steps of P(k) there. The largest of them bounds k. The least k at given f has
    kappa' = k/2.
    """
    law, h = state.oscillators
    fields = [max(0.0, h + shift * state.s) for shift in (-REACH, 0.0, REACH)]
    softest = state.b + _ends(law)
    ends = [kappa + 0.5 * lower_well(kappa, f) ** 2 for f in fields for kappa in softest.tolist()]
    return ends + [(1.5 * f) ** (2.0 / 3.0) for f in fields]


def _graded(state: State) -> tuple[Array, NDArray[np.int64]]:
    """Return the panels to begin with, (panels, 2) in y, and from which of the ends of pieces each goes.

    They end at the marks, and shrink twofold towards both ends of the law.
    """
    marks, offsets = curvature_marks(state), _ends(state.oscillators.law)
    panels, which = [], []
    for i, origin in enumerate((state.b + offsets).tolist()):
        top = float(offsets[i + 1] - offsets[i]) if i + 1 < offsets.size else max(marks) - origin
        inner = [mark - origin for mark in marks if 0.0 < mark - origin < top]
        grades = GRADES if i in (0, offsets.size - 1) else 0  # a bend inside the law is smooth in y
        graded = top * 4.0 ** np.arange(-grades, 1.0)
        edges = np.unique([0.0, *graded, *inner]) if top > 0.0 else np.zeros(1)
        edges = edges[np.append(True, np.diff(edges) > 1e-12 * edges[1:])]
        panels.append(np.sqrt(np.stack([edges[:-1], edges[1:]], axis=1)))
        which.append(np.full(edges.size - 1, i))
    return np.concatenate(panels), np.concatenate(which)
