"""Solutions of (M + sigma v v^T) d = b: products of M with blocks of vectors, nothing else."""

import numpy as np

from landscape.arrays import Matrix, Vector
from landscape.hessian import Hessian
from landscape.linear.conjugate_gradients import conjugate_gradients
from landscape.modes.zero import project_out, without_zero_modes
from landscape.nonlinear.saddle import preconditioner


class IndefiniteError(ArithmeticError):
    """The matrix has a direction of negative curvature: no minimum is near."""


class Bordered:
    """M + sigma v v^T, positive definite where M is but along v and zero modes.

    Parameters
    ----------
    hessian : Hessian
        M.
    direction : (N,) array, optional
        v, |v| = 1. Without it the matrix is M.
    lift : float
        sigma >= 0.
    """

    def __init__(self, hessian: Hessian, direction: Vector | None = None, lift: float = 0.0) -> None:
        self.hessian, self._zero = without_zero_modes(hessian), hessian.zero_modes
        self._v = np.zeros(hessian.size) if direction is None else direction
        self._lift = 0.0 if direction is None else lift
        self.scale = preconditioner(self.hessian)

    def products(self, block: Matrix) -> Matrix:
        """Return (M + sigma v v^T) X, shape (N, m)."""
        out = self.hessian.products(block)
        if self._lift:
            out += np.outer(self._lift * self._v, self._v @ block)
        return np.asarray(out)

    def solve(self, b: Matrix, *, tol: float) -> Matrix:
        """Return (M + sigma v v^T)^-1 B, shape (N, m), with residuals of at most `tol` of each column.

        Both without zero modes, along which errors within `tol` of a large solution would hang on rounding.

        Raises
        ------
        IndefiniteError
            If a direction of negative curvature is met.
        """
        b = project_out(b, self._zero)
        x, faulty = conjugate_gradients(self.products, self.scale, b, tol=tol)
        if faulty.any():
            raise IndefiniteError("the Hessian is not positive definite here")
        return project_out(x, self._zero)
