"""Solutions of M d = b by conjugate gradients: products of J with blocks of vectors, nothing else."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.arrays import Matrix, Vector
from quartic.curvature import Curvature
from quartic.problem import Problem

_MOST = 4  # products for each of the N directions, at most


class IndefiniteError(ArithmeticError):
    """The matrix has a direction of negative curvature: no minimum is near."""


class Lifted:
    """M + sigma v v^T at a configuration, positive definite where M is but along v.

    Parameters
    ----------
    problem : Problem
    x : (N,) array
    direction : (N,) array, optional
        v, |v| = 1. Without it the matrix is M.
    lift : float
        sigma >= 0.
    """

    def __init__(
        self, problem: Problem, x: ArrayLike, direction: Vector | None = None, lift: float = 0.0
    ) -> None:
        self.curvature = Curvature(problem, x)
        self._v = np.zeros(problem.size) if direction is None else direction
        self._lift = 0.0 if direction is None else lift
        self.scale = np.maximum(np.abs(self.curvature.diagonal), 1e-4 * self.curvature.scale)[:, None]

    def products(self, block: Matrix) -> Matrix:
        """Return (M + sigma v v^T) X, shape (N, m)."""
        out = self.curvature.products(block)
        if self._lift:
            out += np.outer(self._lift * self._v, self._v @ block)
        return np.asarray(out)

    def solve(self, b: Matrix, *, tol: float) -> Matrix:
        """Return (M + sigma v v^T)^-1 B, shape (N, m), with residuals of at most `tol` of each column.

        Raises
        ------
        IndefiniteError
            If a direction of negative curvature is met.
        """
        x, faulty = conjugate_gradients(self.products, self.scale, b, tol=tol)
        if faulty.any():
            raise IndefiniteError("the Hessian is not positive definite here")
        return x


def conjugate_gradients(
    products: Callable[[Matrix], Matrix], scale: Matrix, b: Matrix, *, tol: float
) -> tuple[Matrix, NDArray[np.bool_]]:
    """Return (X, stopped): solutions of A_m x_m = b_m side by side, one matrix A_m for each column.

    Each column is a preconditioned conjugate gradient iteration of its own; one call of `products` serves
    all. A column that meets a direction of negative curvature stops where it is, at its preconditioned right
    side if that is the first; so does one that has made 4 N iterations.

    Parameters
    ----------
    products : callable
        Takes a block (N, m) to the block of A_m x_m.
    scale : (N, m) or (N, 1) array
        The preconditioner, a positive diagonal.
    b : (N, m) array
    tol : float
        Largest |A_m x_m - b_m| / |b_m|.

    Returns
    -------
    X : (N, m) array
    stopped : (m,) array of bool
        True for the columns that did not reach `tol`.
    """
    x = np.zeros_like(b)
    residual = b.copy()
    goal = tol * np.linalg.norm(b, axis=0)
    stopped = np.zeros(b.shape[1], bool)
    p = residual / scale
    size = np.sum(residual * p, axis=0)
    for _ in range(_MOST * b.shape[0]):
        active = ~stopped & (np.linalg.norm(residual, axis=0) > goal)
        if not active.any():
            return x, stopped
        image = products(p)
        curvature = np.sum(p * image, axis=0)
        bent = active & (curvature <= 0.0)
        first = bent & ~x.any(axis=0)
        x[:, first] = p[:, first]
        stopped |= bent
        active &= ~bent
        step = np.where(active, size, 0.0) / np.where(active, curvature, 1.0)
        x += step * p
        residual -= step * image
        z = residual / scale
        new = np.sum(residual * z, axis=0)
        p = z + np.where(active, new, 0.0) / np.where(active, size, 1.0) * p
        size = new
    return x, stopped | (np.linalg.norm(residual, axis=0) > goal)
