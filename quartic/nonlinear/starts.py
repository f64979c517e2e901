"""Directions from which nonlinear modes are searched."""

import numpy as np
from numpy.typing import ArrayLike

import arguments
from landscape import disorder
from landscape.arrays import Matrix, Vector
from quartic.curvature import Curvature
from quartic.modes import low_modes
from quartic.nonlinear.expansion import columns
from quartic.problem import Problem

STARTS = ("sites", "modes", "random")
MANY = 20  # starts, if nothing is said


def starting_directions(
    problem: Problem, x: Vector, starts: str | ArrayLike, count: int | None, seed: int
) -> Matrix:
    """Return directions in columns, shape (N, m), their largest components of the order of 1.

    Parameters
    ----------
    starts : {"sites", "modes", "random"} or (N,) or (N, m) array
        Unit vectors of the `count` sites of least curvature D_i = kappa_i + A x_i^2/2, softest first; the
        `count` lowest normal modes; `count` vectors of normal numbers, at the address of `seed`; or the array
        itself, its columns of any length, and then `count` and `seed` are not used.
    count : int, optional
        At most N of sites or modes; 20 if not given, or N where that is less.
    """
    seed = arguments.seed(seed)
    count = arguments.count("count", min(problem.size, MANY) if count is None else count)
    if not isinstance(starts, str):
        block = columns(problem, starts, name="starts")
        if not block.any(axis=0).all():
            raise ValueError(f"start {int(np.argmin(block.any(axis=0)))} is zero: must be a direction")
        return np.asarray(block / np.abs(block).max(axis=0))
    arguments.choice("starts", starts, STARTS, also=" or an array")
    if count > problem.size and starts != "random":
        raise ValueError(f"count = {count}: must be at most N = {problem.size} for starts = {starts!r}")
    if starts == "modes":
        return low_modes(problem, x, count, verify=False).vectors
    if starts == "sites":
        block = np.zeros((problem.size, count))
        softest = np.argsort(Curvature(problem, x).diagonal, kind="stable")[:count]
        block[softest, np.arange(count)] = 1.0
        return block
    numbers = [disorder.normal(problem.size, seed=seed, sample=m, label="nonlinear") for m in range(count)]
    return np.column_stack(numbers)
