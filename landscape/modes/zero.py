"""Zero modes out of the way: a Hessian with them lifted out of the low spectrum, and vectors without them."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.arrays import Matrix, Vector
from landscape.hessian import Hessian


class Lifted(Hessian):
    """P M P + s Z Z^T, with Z the zero modes of M, P = 1 - Z Z^T, and s above all eigenvalues of M.

    Attributes
    ----------
    lift : float
        s.
    """

    def __init__(self, hessian: Hessian) -> None:
        super().__init__(hessian.size)
        self.form, self._hessian, self._zero = hessian.form, hessian, hessian.zero_modes
        self.soft_sites = hessian.soft_sites
        bound = np.sqrt(self.size) * hessian.strength.max() + np.abs(hessian.diagonal).max()
        self.lift = 2.0 * float(bound)

    def products(self, block: NDArray[Any]) -> NDArray[Any]:
        """Return (P M P + s Z Z^T) X."""
        zero = self._zero.astype(block.dtype)
        along = zero.T @ block
        out = self._hessian.products(np.asfortranarray(block - zero @ along))
        return np.asarray(out + zero @ (self.lift * along - zero.T @ out))

    def dense(self) -> Matrix:
        """Return it as an array."""
        matrix, zero = self._hessian.dense(), self._zero
        image = matrix @ zero
        inner = zero.T @ image + self.lift * np.eye(zero.shape[1])
        matrix -= image @ zero.T
        matrix -= zero @ image.T
        matrix += zero @ (inner @ zero.T)
        return np.asarray((matrix + matrix.T) / 2.0)

    @cached_property
    def _split(self) -> tuple[Vector, Vector]:
        return self._hessian.diagonal, self._hessian.strength


def without_zero_modes(hessian: Hessian) -> Hessian:
    """Return a Hessian with the other modes of this one as its lowest; itself where it has no zero modes."""
    return Lifted(hessian) if hessian.zero_modes.shape[1] else hessian


def project_out(block: Matrix, zero: Matrix) -> Matrix:
    """Return (1 - Z Z^T) X, columns without zero modes."""
    return np.asarray(block - zero @ (zero.T @ block)) if zero.shape[1] else block
