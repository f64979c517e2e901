"""Truncated Newton: conjugate gradients on M d = -g, then the exact line search.

The loop is not `landscape.linear.conjugate_gradients`: it sums J d on the way, for a line search without a
product, and ends by the preconditioned residual, on which the steps and so the minima found depend.
"""

import numpy as np

from landscape.arrays import Vector
from landscape.jit import kernel
from quartic.minimisation import Minimisation

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


def newton(run: Minimisation) -> None:
    """Go to a minimum by inexact Newton steps.

    Each product M p of the inner iteration is one product J p; J d is summed up on the way, so that the line
    search costs none. The inner tolerance is the square root of the relative gradient, which makes the
    convergence superlinear.
    """
    while not run.arrived():
        d, jd = _direction(run)
        run.line_step(d, jd)


def _direction(run: Minimisation) -> tuple[Vector, Vector]:
    """Return (d, J d) with M d = -g, cut short by the tolerance or at a direction of negative curvature."""
    problem, g = run.problem, run.gradient
    diagonal = problem.stiffness + problem.anharmonicity * run.x**2 / 2
    scale = run.curvature_scale()
    d, jd, mp, residual = np.zeros_like(g), np.zeros_like(g), np.empty_like(g), -g
    p = residual / scale
    size = start = float(residual @ p)
    tol = min(0.5, (run.gradient_norm / run.force_scale) ** 0.5)
    for _ in range(2 * g.size):
        jp = run.multiply(p)
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
