"""Limited-memory BFGS with the exact line search (Liu & Nocedal 1989)."""

from typing import Any

import numpy as np

from quartic.jit import kernel
from quartic.problem import Vector
from quartic.walk import Walk

MEMORY = 6  # more pairs save no products, fewer cost some


@kernel
def dot(a, b):  # type: ignore[no-untyped-def]
    """Return sum_i a_i b_i in eight interleaved chains: vectorised, with the same bits on every machine."""
    whole = a.size // 8 * 8
    s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = 0.0
    for i in range(0, whole, 8):
        s0 += a[i] * b[i]
        s1 += a[i + 1] * b[i + 1]
        s2 += a[i + 2] * b[i + 2]
        s3 += a[i + 3] * b[i + 3]
        s4 += a[i + 4] * b[i + 4]
        s5 += a[i + 5] * b[i + 5]
        s6 += a[i + 6] * b[i + 6]
        s7 += a[i + 7] * b[i + 7]
    total = ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7))
    for i in range(whole, a.size):
        total += a[i] * b[i]
    return total


@kernel
def quasi_newton(gradient, scale, s, y, rho, newest, count, out):  # type: ignore[no-untyped-def]
    """Fill `out` with minus the two-loop product H gradient.

    s, y (MEMORY, N) and rho = 1/(y . s) are rings whose latest of `count` entries is `newest`; the initial
    matrix is diag(1/scale).
    """
    memory = rho.size
    alpha = np.zeros(memory)
    for i in range(out.size):
        out[i] = -gradient[i]
    for back in range(count):
        k = (newest - back) % memory
        alpha[k] = rho[k] * dot(s[k], out)
        change = alpha[k]
        row = y[k]
        for i in range(out.size):
            out[i] -= change * row[i]
    for i in range(out.size):
        out[i] /= scale[i]
    for back in range(count - 1, -1, -1):
        k = (newest - back) % memory
        change = alpha[k] - rho[k] * dot(y[k], out)
        row = s[k]
        for i in range(out.size):
            out[i] += change * row[i]


@kernel
def turn(gradient, old, scale, step, s, y, rho, newest, count, d):  # type: ignore[no-untyped-def]
    """Remember the last step, step * d, and replace d by the next direction; return (newest, count).

    `old` is the gradient before that step, and becomes the present one. The pair is dropped where its
    curvature is not positive; all pairs are where the direction does not fall (lost to rounding).
    """
    curvature = 0.0
    for i in range(d.size):
        curvature += (step * d[i]) * (gradient[i] - old[i])
    if curvature > 0.0:
        newest = (newest + 1) % rho.size
        count = min(count + 1, rho.size)
        rho[newest] = 1.0 / curvature
        for i in range(d.size):
            s[newest, i] = step * d[i]
            y[newest, i] = gradient[i] - old[i]
    for i in range(d.size):
        old[i] = gradient[i]
    quasi_newton(gradient, scale, s, y, rho, newest, count, d)
    if dot(d, gradient) >= 0.0:
        count = 0
        for i in range(d.size):
            d[i] = -gradient[i] / scale[i]
    return newest, count


class QuasiNewton:
    """The last six steps of a walk and the changes of the gradient over them, and the direction they give.

    Attributes
    ----------
    step : float
        Length s of the last step along the last direction, for the owner to set.
    """

    def __init__(self, n: int, dtype: type[np.floating[Any]] = np.float64) -> None:
        self._s, self._y, self._rho = (
            np.zeros((MEMORY, n), dtype),
            np.zeros((MEMORY, n), dtype),
            np.zeros(MEMORY),
        )
        self._newest, self._count, self.step = -1, 0, 0.0
        self._d, self._old, self._scale = np.zeros(n), np.zeros(n), np.empty(n)

    def direction(self, walk: Walk) -> Vector:
        """Return the direction (N,) from where the walk is, valid until the next call."""
        walk.curvature_scale(self._scale)
        self._newest, self._count = turn(
            walk.gradient, self._old, self._scale, self.step, self._s, self._y, self._rho,
            self._newest, self._count, self._d,
        )  # fmt: skip
        return self._d


def lbfgs(walk: Walk) -> None:
    """Walk to a minimum by quasi-Newton steps from the last six pairs of steps and gradient changes.

    The initial matrix is the inverse of `Walk.curvature_scale` at the current point. One product a step.
    """
    memory = QuasiNewton(walk.x.size)
    while not walk.arrived():
        memory.step = walk.line_step(memory.direction(walk))
