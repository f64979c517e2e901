"""Checks that a point given for a minimum of coupled oscillators is stationary, and one."""

import numpy as np
from numpy.typing import ArrayLike

from landscape.arrays import Vector
from landscape.nonlinear.branch import LostError
from landscape.nonlinear.stationary import STILL, no_minimum
from quartic.curvature import real_displacement
from quartic.minima import judge
from quartic.nonlinear.forces import check_range, forces
from quartic.problem import Problem

__all__ = ["STILL", "minimum", "stationary"]


def stationary(problem: Problem, x: ArrayLike, *, name: str = "x") -> Vector:
    """Return x, shape (N,), if forces vanish there; the sign of curvatures is not looked at.

    Raises
    ------
    ValueError
        For x of the wrong shape, complex or not finite, and where max_i |dH/dx_i| is above 1e-4 of the
        typical force (`quartic.Minimum.force_scale`).
    """
    x = real_displacement(problem, x, name=name)
    check_range(problem)
    try:
        gradient, _, force = forces(problem, x, problem.field, f"h = {problem.field.mean()}")
    except LostError as error:
        raise ValueError(f"{name} is out of range: {error}") from None
    relative = float(np.abs(gradient).max()) / force if gradient.any() else 0.0
    if relative > STILL:
        raise ValueError(no_minimum(name, relative))
    return x


def minimum(problem: Problem, x: ArrayLike, *, name: str = "x") -> Vector:
    """Return x, shape (N,), if it is a minimum: stationary, with a positive definite Hessian.

    Raises
    ------
    ValueError
        As `stationary`, and for a saddle.
    """
    x = stationary(problem, x, name=name)
    status, lowest = judge(problem, x, exactly=False)
    if status == "saddle":
        raise ValueError(f"{name} is no minimum: the lowest eigenvalue there is {lowest:.3g}, must be > 0")
    return x
