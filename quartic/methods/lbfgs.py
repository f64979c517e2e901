"""Limited-memory BFGS with the exact line search (Liu & Nocedal 1989)."""

import math

import numpy as np

from landscape.arrays import Vector
from landscape.jit import kernel
from quartic.minimisation import Minimisation

MEMORY = 3  # pairs of steps and changes of the gradient; more save no products
LANES = 128  # of a sum: element i goes to lane i modulo 128, whatever vectors a processor has


@kernel
def lane_sum(lanes):  # type: ignore[no-untyped-def]
    """Return the sum of the lanes, half added to half."""
    half = lanes.size // 2
    while half > 0:
        for k in range(half):
            lanes[k] += lanes[k + half]
        half //= 2
    return lanes[0]


@kernel
def dot(a, b):  # type: ignore[no-untyped-def]
    """Return sum_i a_i b_i in lanes: vectorised, with the same bits on every machine."""
    lanes = np.zeros(LANES)
    for first in range(0, a.size, LANES):
        p, q = a[first : first + LANES], b[first : first + LANES]
        for k in range(p.size):
            lanes[k] += p[k] * q[k]
    return lane_sum(lanes)


@kernel
def shift(out, factor, v, w):  # type: ignore[no-untyped-def]
    """Add factor * v to `out` and return its product with w, in one pass."""
    lanes = np.zeros(LANES)
    for first in range(0, out.size, LANES):
        o, p, q = out[first : first + LANES], v[first : first + LANES], w[first : first + LANES]
        for k in range(o.size):
            o[k] += factor * p[k]
            lanes[k] += o[k] * q[k]
    return lane_sum(lanes)


@kernel
def oppose(v, w, out):  # type: ignore[no-untyped-def]
    """Fill `out` with -v and return its product with w, in one pass."""
    lanes = np.zeros(LANES)
    for first in range(0, out.size, LANES):
        o, p, q = out[first : first + LANES], v[first : first + LANES], w[first : first + LANES]
        for k in range(o.size):
            o[k] = -p[k]
            lanes[k] += o[k] * q[k]
    return lane_sum(lanes)


@kernel
def shift_over(out, factor, v, scale):  # type: ignore[no-untyped-def]
    """Replace `out` by (out + factor * v)/scale and return its product with v, in one pass."""
    lanes = np.zeros(LANES)
    for first in range(0, out.size, LANES):
        last = first + LANES
        o, p, t = out[first:last], v[first:last], scale[first:last]
        for k in range(o.size):
            o[k] = (o[k] + factor * p[k]) / t[k]
            lanes[k] += o[k] * p[k]
    return lane_sum(lanes)


@kernel
def quasi_newton(gradient, scale, s, y, rho, newest, count, out):  # type: ignore[no-untyped-def]
    """Fill `out` with d, minus the two-loop product H gradient; return its slope d . gradient.

    s, y (memory, N) and rho = 1/(y . s) are rings whose latest of `count` entries is `newest`; the initial
    matrix is diag(1/scale). Every pass makes the sum that the next one needs.
    """
    if count == 0:
        for i in range(out.size):
            out[i] = -gradient[i] / scale[i]
        return dot(out, gradient)
    memory = rho.size
    alpha = np.zeros(memory)
    product = oppose(gradient, s[newest], out)
    for back in range(count - 1):
        k = (newest - back) % memory
        alpha[k] = rho[k] * product
        product = shift(out, -alpha[k], y[k], s[(k - 1) % memory])
    oldest = (newest - count + 1) % memory
    alpha[oldest] = rho[oldest] * product
    product = shift_over(out, -alpha[oldest], y[oldest], scale)
    for back in range(count - 1, 0, -1):
        k = (newest - back) % memory
        product = shift(out, alpha[k] - rho[k] * product, s[k], y[(k + 1) % memory])
    return shift(out, alpha[newest] - rho[newest] * product, s[newest], gradient)


@kernel
def remember(gradient, old, step, d, s, y):  # type: ignore[no-untyped-def]
    """Fill s = step * d and y = gradient - old, replace old by the gradient, and return y . s."""
    lanes = np.zeros(LANES)
    for first in range(0, d.size, LANES):
        last = first + LANES
        g, o, e, p, q = gradient[first:last], old[first:last], d[first:last], s[first:last], y[first:last]
        for k in range(g.size):
            move = step * e[k]
            change = g[k] - o[k]
            lanes[k] += move * change
            p[k] = move
            q[k] = change
            o[k] = g[k]
    return lane_sum(lanes)


@kernel
def next_direction(gradient, old, scale, step, s, y, rho, newest, count, d):  # type: ignore[no-untyped-def]
    """Remember the last step, step * d, and replace d by the next direction; return (newest, count).

    `old` is the gradient before that step, and becomes the present one. A pair whose curvature is not
    positive is dropped, with the oldest, whose place it took; all pairs are where the direction does not fall
    (lost to rounding).
    """
    memory = rho.size
    following = (newest + 1) % memory
    curvature = remember(gradient, old, step, d, s[following], y[following])
    count = min(count, memory - 1)
    if curvature > 0.0:
        newest = following
        count += 1
        rho[newest] = 1.0 / curvature
    if quasi_newton(gradient, scale, s, y, rho, newest, count, d) >= 0.0:
        count = 0
        for i in range(d.size):
            d[i] = -gradient[i] / scale[i]
    return newest, count


@kernel
def narrow(v, out):  # type: ignore[no-untyped-def]
    """Fill `out` with v times the power of two that brings it to magnitudes below 1.

    The range of float32 is narrow; the scaling is exact.
    """
    lanes = np.zeros(LANES)
    for first in range(0, v.size, LANES):
        p = v[first : first + LANES]
        for k in range(p.size):
            lanes[k] = max(lanes[k], abs(p[k]))
    factor = math.ldexp(1.0, min(-math.frexp(lanes.max())[1], 1023))  # finite
    for i in range(v.size):
        out[i] = factor * v[i]


@kernel
def next_directions(rows, gradient, old, scale, step, s, y, rho, newest, count, aimed):  # type: ignore[no-untyped-def]
    """Let `next_direction` work in these rows of all arrays; `aimed` has the directions, in float32.

    Only `scale` is in the order of `rows`.
    """
    d = np.empty(gradient.shape[1])
    for k in range(rows.size):
        r = rows[k]
        for i in range(d.size):
            d[i] = aimed[r, i]
        newest[r], count[r] = next_direction(
            gradient[r], old[r], scale[k], step[r], s[r], y[r], rho[r], newest[r], count[r], d
        )
        narrow(d, aimed[r])


class QuasiNewton:
    """The last steps of a run and the changes of the gradient over them, and the direction they give.

    Attributes
    ----------
    d : (N,) array
        The last direction.
    step : float
        Length s of the last step along it, for the owner to set.
    """

    def __init__(self, n: int) -> None:
        self._s, self._y, self._rho = np.zeros((MEMORY, n)), np.zeros((MEMORY, n)), np.zeros(MEMORY)
        self._newest, self._count, self.step = -1, 0, 0.0
        self.d, self._old = np.zeros(n), np.zeros(n)

    def direction(self, run: Minimisation) -> Vector:
        """Return the direction (N,) from where the run is, valid until the next call."""
        self._newest, self._count = next_direction(
            run.gradient, self._old, run.curvature_scale(), self.step, self._s, self._y, self._rho,
            self._newest, self._count, self.d,
        )  # fmt: skip
        return self.d


def lbfgs(run: Minimisation) -> None:
    """Go to a minimum by quasi-Newton steps from the last three pairs of steps and gradient changes.

    The initial matrix is the inverse of `Minimisation.curvature_scale` here. One product a step.
    """
    memory = QuasiNewton(run.x.size)
    while not run.arrived():
        memory.step = run.line_step(memory.direction(run))
