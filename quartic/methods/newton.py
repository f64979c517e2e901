"""Truncated Newton: conjugate gradients on M d = -g, then the exact line search."""

import numpy as np

from quartic.problem import Vector
from quartic.walk import Walk

_FLAT = 1e-10  # curvature along a direction, relative to the estimate for its sites, that counts as none


def newton(walk: Walk) -> None:
    """Walk to a minimum by inexact Newton steps.

    Each product M p of the inner iteration is one product J p; J d is summed up on the way, so that the line
    search costs none. The inner tolerance is the square root of the relative gradient, which makes the
    convergence superlinear.
    """
    while not walk.arrived():
        d, jd = _direction(walk)
        walk.line_step(d, jd)


def _direction(walk: Walk) -> tuple[Vector, Vector]:
    """Return (d, J d) with M d = -g, cut short by the tolerance or at a direction of negative curvature."""
    problem, g = walk.problem, walk.gradient
    diagonal = problem.stiffness + problem.anharmonicity * walk.x**2 / 2
    scale = walk.curvature_scale()
    d, jd, residual = np.zeros_like(g), np.zeros_like(g), -g
    z = residual / scale
    p = z.copy()
    size = start = float(residual @ z)
    tol = min(0.5, (walk.gradient_norm / walk.force_scale) ** 0.5)
    for _ in range(2 * g.size):
        jp = walk.multiply(p)
        mp = diagonal * p + jp
        curvature = float(p @ mp)
        if curvature <= _FLAT * float(p @ (scale * p)):
            return (d, jd) if d.any() else (p, jp)
        alpha = size / curvature
        d += alpha * p
        jd += alpha * jp
        residual -= alpha * mp
        z = residual / scale
        new = float(residual @ z)
        if new <= tol**2 * start:
            break
        p = z + new / size * p
        size = new
    return d, jd
