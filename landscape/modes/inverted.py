"""The inverse of M - sigma, sigma just below the spectrum, by a Cholesky factor: a guide to the lowest modes.

A search whose directions are (M - sigma)^-1 r spans the block Krylov space of the inverse. There the lowest
modes come first, whatever the matrix, the faster the nearer sigma is to them.
"""

import math

import numpy as np
from numpy.typing import NDArray

from landscape import disorder
from landscape.arrays import Matrix, Vector
from landscape.hessian import Hessian
from landscape.linear.blocks import inner, orthonormal
from landscape.linear.cholesky import Cholesky, factorise

_FIRST, _GROWTH, _TRIES = 1e-4, 2.5, 13  # shifts below zero that are tried, over the size of the spectrum
_ROUNDS, _STEPS = 4, 3  # in which the shift is brought nearer; of inverse iteration in each
_NEAR = 0.3  # of the width of the modes wanted: how far below the lowest of them the shift is to be


class Inverted:
    """(M - sigma)^-1, to the precision of float32, and vectors to begin a search with."""

    def __init__(self, factor: Cholesky, block: Matrix) -> None:
        self._factor, self._block = factor, block

    def start(self, count: int) -> Matrix:
        """Return `count` vectors, (N, count), in which the low modes have been raised."""
        return self._block[:, :count]

    def apply(self, residuals: Matrix, theta: Vector) -> Matrix:
        """Return (M - sigma)^-1 r of each column; theta is not asked for."""
        return _solve(self._factor, residuals)


def inverted(hessian: Hessian, matrix: Matrix, k: int) -> Inverted | None:
    """Return the inverse for a search for k modes; None where no shift below the spectrum is found.

    From a shift that is low enough some steps of inverse iteration lead to estimates of the modes wanted, and
    these to a shift nearer to them: a few times, halfway at most to one that a factor shows to be too high.

    Parameters
    ----------
    matrix : (N, N) array
        M.
    """
    shifts = [0.0, *(-hessian.scale * _FIRST * _GROWTH**j for j in range(_TRIES))]
    tried = ((sigma, _factor(matrix, sigma)) for sigma in shifts)
    sigma, factor = next((one for one in tried if one[1] is not None), (0.0, None))
    if factor is None:
        return None
    ceiling = shifts[shifts.index(sigma) - 1] if sigma < 0.0 else math.inf  # the spectrum begins below it
    noise = [disorder.normal(hessian.size, seed=0, sample=m, label="start") for m in range(k + 4)]
    block = np.column_stack(noise)
    for _ in range(_ROUNDS):
        values, block = _raised(hessian, factor, block)
        width = values[min(k, values.size) - 1] - values[0]
        wanted = float(values[0] - _NEAR * width)
        nearer = min(wanted, 0.5 * (sigma + ceiling))
        if nearer - sigma < 0.5 * (values[0] - sigma):  # another factor gains little
            break
        better = _factor(matrix, nearer)
        if better is None:
            ceiling = nearer
        else:
            sigma, factor = nearer, better
    return Inverted(factor, block)


def _raised(hessian: Hessian, factor: Cholesky, block: Matrix) -> tuple[Vector, Matrix]:
    """Return Ritz values and vectors of what inverse iteration makes of a block, ascending."""
    for _ in range(_STEPS):
        block = _solve(factor, block)
    q = orthonormal(block, np.zeros((hessian.size, 0)))
    values, y = np.linalg.eigh(inner(q, hessian.products(q)))
    return values, q @ y


def _factor(matrix: Matrix, sigma: float) -> Cholesky | None:
    low: NDArray[np.float32] = matrix.astype(np.float32)
    low.flat[:: matrix.shape[0] + 1] = matrix.diagonal() - sigma
    return factorise(low)


def _solve(factor: Cholesky, block: Matrix) -> Matrix:
    size = np.linalg.norm(block, axis=0)
    size[size == 0.0] = 1.0  # the range of float32 is narrow
    return factor.solve((block / size).astype(np.float32)).astype(np.float64)
