"""Forces on coupled oscillators in a given field, where floats hold their squares and products."""

from typing import NamedTuple

import numpy as np

from landscape.arrays import Vector
from landscape.nonlinear.branch import LostError
from quartic.line import evaluate
from quartic.point import least_force
from quartic.problem import Problem
from quartic.units import in_range

_MOST = 2.0**100  # of linear forces per displacement: the range of float32 numbers, and some room


class Forces(NamedTuple):
    """The gradient (N,), the energy and the typical force (`quartic.Minimum.force_scale`) somewhere."""

    gradient: Vector
    energy: float
    scale: float


def forces(problem: Problem, x: Vector, field: Vector, where: str) -> Forces:
    """Return the forces at x in a field (N,); `where` is said of it in an error.

    Raises
    ------
    LostError
        If the typical force is so large or small that products of forces are beyond the range of floats.
    """
    gradient, field = np.empty(problem.size), field.view()
    field.flags.writeable = False  # as a problem's own is: kernels are compiled for it already
    jx = problem.coupling.product(np.ascontiguousarray(x))
    energy, _, force, _ = evaluate(problem.stiffness, field, problem.a_max, problem.a_shares, x, jx, gradient)
    force = max(float(force), least_force(problem, field))
    if not in_range(force):
        raise LostError(f"typical force {force:.3g} at {where}: too far from 1; rescale the problem")
    return Forces(gradient, float(energy), force)


def check_range(problem: Problem) -> None:
    """Raise ValueError where linear forces are beyond the range of float32 numbers."""
    linear = problem.linear_strength
    if linear > _MOST:
        raise ValueError(
            f"stiffness and couplings of size {linear:.3g}: must be <= {_MOST:.2g}; rescale the problem"
        )
