"""Limited-memory BFGS with the exact line search (Liu & Nocedal 1989)."""

import numpy as np

from quartic.jit import kernel
from quartic.walk import Walk

MEMORY = 10


@kernel
def quasi_newton(gradient, scale, s, y, rho, newest, count, out):  # type: ignore[no-untyped-def]
    """Fill `out` with minus the two-loop product H gradient.

    s, y (MEMORY, N) and rho = 1/(y . s) are rings whose latest of `count` entries is `newest`; the initial
    matrix is diag(1/scale).
    """
    n = gradient.size
    memory = rho.size
    alpha = np.zeros(memory)
    out[:] = gradient
    for back in range(count):
        k = (newest - back) % memory
        dot = 0.0
        for i in range(n):
            dot += s[k, i] * out[i]
        alpha[k] = rho[k] * dot
        for i in range(n):
            out[i] -= alpha[k] * y[k, i]
    for i in range(n):
        out[i] /= scale[i]
    for back in range(count - 1, -1, -1):
        k = (newest - back) % memory
        dot = 0.0
        for i in range(n):
            dot += y[k, i] * out[i]
        change = alpha[k] - rho[k] * dot
        for i in range(n):
            out[i] += change * s[k, i]
    for i in range(n):
        out[i] = -out[i]


def lbfgs(walk: Walk) -> None:
    """Walk to a minimum by quasi-Newton steps from the last ten pairs of steps and gradient changes.

    The initial matrix is the inverse of `Walk.curvature_scale` at the current point. One product a step.
    """
    n = walk.x.size
    s, y, rho = np.zeros((MEMORY, n)), np.zeros((MEMORY, n)), np.zeros(MEMORY)
    newest, count = -1, 0
    d = np.empty(n)
    while not walk.arrived():
        quasi_newton(walk.gradient, walk.curvature_scale(), s, y, rho, newest, count, d)
        if d @ walk.gradient >= 0.0:  # lost to rounding: begin anew
            count = 0
            d = -walk.gradient / walk.curvature_scale()
        old = walk.gradient.copy()
        step = walk.line_step(d) * d
        change = walk.gradient - old
        curvature = float(step @ change)
        if curvature > 0.0:
            newest = (newest + 1) % MEMORY
            count = min(count + 1, MEMORY)
            s[newest], y[newest], rho[newest] = step, change, 1.0 / curvature
