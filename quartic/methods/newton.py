"""Truncated Newton: conjugate gradients on M d = -g, then the exact line search."""

import numpy as np

from landscape.arrays import Vector
from landscape.jit import kernel
from quartic.walk import Walk

_FLAT = 1e-10  # curvature along a direction, relative to the estimate for its sites, that counts as none


@kernel
def curve(diagonal, scale, p, jp, mp):  # type: ignore[no-untyped-def]
    """Fill mp = M p, given jp = J p; return p . M p and p . scale p."""
    curvature = 0.0
    estimate = 0.0
    for i in range(p.size):
        mp[i] = diagonal[i] * p[i] + jp[i]
        curvature += p[i] * mp[i]
        estimate += p[i] * scale[i] * p[i]
    return curvature, estimate


@kernel
def improve(d, jd, residual, p, jp, mp, alpha, scale):  # type: ignore[no-untyped-def]
    """Add alpha p to d, J d and the residual with it; return residual . residual/scale."""
    size = 0.0
    for i in range(d.size):
        d[i] += alpha * p[i]
        jd[i] += alpha * jp[i]
        residual[i] -= alpha * mp[i]
        size += residual[i] * (residual[i] / scale[i])
    return size


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
    d, jd, mp, residual = np.zeros_like(g), np.zeros_like(g), np.empty_like(g), -g
    p = residual / scale
    size = start = float(residual @ p)
    tol = min(0.5, (walk.gradient_norm / walk.force_scale) ** 0.5)
    for _ in range(2 * g.size):
        jp = walk.multiply(p)
        curvature, estimate = curve(diagonal, scale, p, jp, mp)
        if curvature <= _FLAT * estimate:
            return (d, jd) if d.any() else (p, jp)
        new = improve(d, jd, residual, p, jp, mp, size / curvature, scale)
        if new <= tol**2 * start:
            break
        p *= new / size
        p += residual / scale
        size = new
    return d, jd
