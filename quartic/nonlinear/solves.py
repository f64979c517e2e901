"""Solutions of (M + sigma v v^T) d = b at a configuration: products of J with blocks of vectors."""

import numpy as np
from numpy.typing import ArrayLike

from landscape.arrays import Matrix, Vector
from landscape.linear.conjugate_gradients import conjugate_gradients
from quartic.curvature import Curvature
from quartic.problem import Problem


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
