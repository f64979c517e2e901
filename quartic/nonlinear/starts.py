"""Directions from which nonlinear modes are searched."""

import numpy as np
from numpy.typing import ArrayLike

from quartic import disorder
from quartic.modes import low_modes
from quartic.modes.curvature import Curvature
from quartic.nonlinear.expansion import columns
from quartic.problem import Matrix, Problem, Vector

STARTS = ("sites", "modes", "random")


def starting_directions(
    problem: Problem, x: Vector, starts: str | ArrayLike, count: int, seed: int
) -> Matrix:
    """Return directions of any length in columns, shape (N, m).

    Parameters
    ----------
    starts : {"sites", "modes", "random"} or (N,) or (N, m) array
        Unit vectors of the `count` sites of least curvature D_i = kappa_i + A x_i^2/2, softest first; the
        `count` lowest normal modes; `count` vectors of normal numbers, at the address of `seed`; or the array
        itself, and then `count` and `seed` are not used.
    """
    if not isinstance(starts, str):
        block = columns(problem, starts, name="starts")
        if not block.any(axis=0).all():
            raise ValueError(f"start {int(np.argmin(block.any(axis=0)))} is zero: must be a direction")
        return block
    if not (isinstance(count, int | np.integer) and 1 <= count <= problem.size):
        raise ValueError(f"count = {count}: must be an integer from 1 to N = {problem.size}")
    if starts == "modes":
        return low_modes(problem, x, int(count), verify=False).vectors
    if starts == "sites":
        block = np.zeros((problem.size, count))
        softest = np.argsort(Curvature(problem, x).diagonal, kind="stable")[:count]
        block[softest, np.arange(count)] = 1.0
        return block
    if starts == "random":
        numbers = [
            disorder.normal(problem.size, seed=seed, sample=m, label="nonlinear") for m in range(count)
        ]
        return np.column_stack(numbers)
    raise ValueError(f"starts = {starts!r}: must be one of {', '.join(STARTS)} or an array")
