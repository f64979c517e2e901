"""Overdamped gradient flow dx/dt = -grad H: the physical quench."""

import numpy as np

from quartic.problem import Vector
from quartic.starts import random_amplitude
from quartic.walk import Stop, Walk

ACCURACY = 1e-4  # largest local error of a step, relative to the length of the step
_ROUNDING = 1e-15  # error allowed beside it, relative to x: what float64 cannot resolve


def descent(walk: Walk) -> None:
    """Walk along the gradient flow itself, to the minimum in whose basin the start lies.

    Explicit Runge-Kutta steps of order 3 with an embedded error estimate of order 2 (Bogacki & Shampine
    1989). A step is accepted if the estimated error of the displacement is at most `ACCURACY` times its
    length |x(t + dt) - x(t)|, both in the Euclidean norm, and if the energy falls. The path is therefore
    followed to 1e-4 of its length, times what the instabilities of the flow itself amplify. Three products
    a step; the fast sites bound dt by stability, so the cost grows as the ratio of the largest to the
    smallest curvature.
    """
    reach = (
        walk.problem.anharmonicity * random_amplitude(walk.problem) ** 2 / 2
    )  # curvature to be met on the way
    dt = 0.1 / (reach + float(np.max(walk.curvature_scale())))
    while not walk.arrived():
        x, jx, ratio = _step(walk, dt)
        if ratio <= 1.0 and walk.change(x, jx) < 0.0:
            walk.jump(x, jx)
            dt *= min(3.0, 0.9 / max(ratio, 1e-3) ** (1 / 3))
        else:
            dt *= max(0.2, min(0.5, 0.9 / max(ratio, 1e-3) ** (1 / 3)))
            if dt * walk.gradient_norm <= 1e-17 * float(np.max(np.abs(walk.x), initial=0.0)):
                raise Stop("stalled")


def _step(walk: Walk, dt: float) -> tuple[Vector, Vector, float]:
    """Return (x(t + dt), J x(t + dt), estimated error / error allowed)."""
    p, x = walk.problem, walk.x

    def force(y: Vector, jy: Vector) -> Vector:
        return p.field - jy - y * (p.stiffness + p.anharmonicity / 6 * y * y)

    k1 = -walk.gradient
    y = x + dt / 2 * k1
    k2 = force(y, walk.multiply(y))
    y = x + 3 * dt / 4 * k2
    k3 = force(y, walk.multiply(y))
    y = x + dt / 9 * (2 * k1 + 3 * k2 + 4 * k3)
    jy = walk.multiply(y)
    k4 = force(y, jy)
    error = dt / 72 * np.linalg.norm(-5 * k1 + 6 * k2 + 8 * k3 - 9 * k4)
    allowed = ACCURACY * np.linalg.norm(y - x) + _ROUNDING * np.linalg.norm(y)
    return y, jy, float(error / allowed) if allowed > 0.0 else np.inf
