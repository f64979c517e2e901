"""Directions from which nonlinear modes are searched."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

import arguments
from landscape import disorder
from landscape.arrays import Matrix
from landscape.hessian import Hessian
from landscape.modes.low import low_modes
from landscape.modes.zero import project_out
from landscape.nonlinear.expansion import columns

STARTS = ("sites", "modes", "random")
MANY = 20  # starts, if nothing is said


def starting_directions(
    hessian: Hessian,
    starts: str | ArrayLike,
    count: int | None,
    seed: int,
    modes: Callable[[int], Matrix] | None = None,
) -> Matrix:
    """Return directions in columns, shape (N, m), their largest components of the order of 1.

    Parameters
    ----------
    starts : {"sites", "modes", "random"} or (N,) or (N, m) array
        Unit vectors of the `count` coordinates of least curvature D_i, softest first; the `count` lowest
        normal modes; `count` vectors of normal numbers, at the address of `seed`; or the array itself, its
        columns of any length, and then `count` and `seed` are not used. Zero modes are taken out of all.
    count : int, optional
        At most N, less the number of zero modes, of sites or modes; 20 if not given, or what there is.
    modes : callable, optional
        The lowest normal modes, by their number; `landscape.low_modes` if not given.
    """
    zero, size = hessian.zero_modes, hessian.size
    room = size - zero.shape[1]
    seed = arguments.seed(seed)
    count = arguments.count("count", min(room, MANY) if count is None else count)
    if not isinstance(starts, str):
        block = columns(size, starts, name="starts")
        if not block.any(axis=0).all():
            raise ValueError(f"start {int(np.argmin(block.any(axis=0)))} is zero: must be a direction")
        return _without(np.asarray(block / np.abs(block).max(axis=0)), zero)
    arguments.choice("starts", starts, STARTS, also=" or an array")
    if count > room and starts != "random":
        raise ValueError(f"count = {count}: must be at most N = {room} for starts = {starts!r}")
    if starts == "modes":
        return modes(count) if modes else _displacements(hessian, count)
    if starts == "sites":
        block = np.zeros((size, count))
        softest = np.argsort(hessian.diagonal, kind="stable")[:count]
        block[softest, np.arange(count)] = 1.0
        return _without(block, zero)
    numbers = [disorder.normal(size, seed=seed, sample=m, label="nonlinear") for m in range(count)]
    return _without(np.column_stack(numbers), zero)


def _displacements(hessian: Hessian, count: int) -> Matrix:
    """Return the displacements of the lowest normal modes."""
    vectors = low_modes(hessian, count, verify=False).vectors
    return vectors if hessian.masses is None else np.asarray(vectors / np.sqrt(hessian.masses)[:, None])


def _without(block: Matrix, zero: Matrix) -> Matrix:
    """Return the part of directions across zero modes; raise ValueError where there is none."""
    left = project_out(block, zero)
    lost = np.linalg.norm(left, axis=0) <= 1e-10 * np.linalg.norm(block, axis=0)
    if lost.any():
        raise ValueError(f"start {int(np.argmax(lost))} is a zero mode: must change the energy")
    return left
