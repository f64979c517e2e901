"""Nonlinear conjugate gradients with the exact line search (Polak-Ribiere+, preconditioned)."""

import numpy as np

from landscape.jit import kernel
from quartic.minimisation import Minimisation


@kernel
def conjugate(gradient, old, scale, old_size, d):  # type: ignore[no-untyped-def]
    """Replace d by the next direction and `old`, the gradient before, by the present one; return its size.

    The size is sum_i gradient_i^2 / scale_i. Where the new direction does not fall it is replaced by the
    preconditioned gradient's.
    """
    size = 0.0
    change = 0.0
    for i in range(d.size):
        downhill = gradient[i] / scale[i]
        size += downhill * gradient[i]
        change += downhill * (gradient[i] - old[i])
    beta = max(0.0, change / old_size)
    fall = 0.0
    for i in range(d.size):
        d[i] = beta * d[i] - gradient[i] / scale[i]
        fall += d[i] * gradient[i]
        old[i] = gradient[i]
    if fall >= 0.0:
        for i in range(d.size):
            d[i] = -gradient[i] / scale[i]
    return size


def cg(run: Minimisation) -> None:
    """Go to a minimum along conjugate directions, preconditioned by `Minimisation.curvature_scale`.

    One product a step. Restarts along the preconditioned gradient where the direction does not fall.
    """
    d, old, scale = np.zeros_like(run.x), run.gradient.copy(), np.empty_like(run.x)
    size = np.inf
    while not run.arrived():
        run.curvature_scale(scale)
        size = conjugate(run.gradient, old, scale, size, d)
        run.line_step(d)
