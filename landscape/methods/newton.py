"""Truncated Newton: conjugate gradients on M d = -g, then a line search."""

import numpy as np

from landscape.linear.conjugate_gradients import conjugate_gradients
from landscape.relaxation import Relaxation


def newton(run: Relaxation) -> None:
    """Go to a minimum by inexact Newton steps, cut short where the curvature is not positive.

    The inner tolerance is the square root of the relative gradient: convergence is superlinear.
    """
    while not run.arrived:
        hessian, g = run.point.hessian, run.point.gradient
        scale = np.maximum(np.hypot(hessian.diagonal, hessian.strength), 1e-4 * hessian.scale)
        tol = min(0.5, run.point.relative_gradient**0.5)
        d, _ = conjugate_gradients(hessian.products, scale[:, None], -g[:, None], tol=tol)
        run.step(d[:, 0])
