"""Directions from which nonlinear modes are searched."""

from numpy.typing import ArrayLike

import landscape.nonlinear.starts
from landscape.arrays import Matrix, Vector
from landscape.nonlinear.starts import MANY, STARTS
from quartic.curvature import Curvature
from quartic.modes import low_modes
from quartic.problem import Problem

__all__ = ["MANY", "STARTS", "starting_directions"]


def starting_directions(
    problem: Problem, x: Vector, starts: str | ArrayLike, count: int | None, seed: int
) -> Matrix:
    """Return `landscape.nonlinear.starts.starting_directions` at x, with normal modes in units that x has."""
    return landscape.nonlinear.starts.starting_directions(
        Curvature(problem, x),
        starts,
        count,
        seed,
        lambda k: low_modes(problem, x, k, verify=False).vectors,
    )
