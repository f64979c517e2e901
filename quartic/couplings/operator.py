"""A coupling matrix known by its products alone: a LinearOperator of scipy."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from arguments import array
from landscape.arrays import Matrix, Vector
from landscape.hessian import SMALL, random_signs
from quartic.couplings.base import Coupling

_PROBES = 16  # random vectors from which the lengths of rows are estimated
_ASYMMETRIC = 1e-10  # of |u| |J v|, which u.J v - v.J u of a symmetric matrix does not reach


class Operator(Coupling):
    """J of a LinearOperator, whose products are those of a real symmetric matrix.

    That it is symmetric is taken at its word, but for the products u.J v of random vectors. Its diagonal adds
    to the stiffnesses. What a minimisation promises of bits holds as far as its products do.

    Parameters
    ----------
    operator : LinearOperator
        (N, N), real; has ``matvec``, and ``matmat`` for blocks.

    Attributes
    ----------
    strength : (N,) array
        sqrt(sum_j J_ij^2); for N > 1200 from 16 random vectors, to 18 per cent: the scale of
        random starts and of preconditioners.

    Raises
    ------
    ValueError
        For an operator that is not square or not real, or seen not to be symmetric; later, for a product that
        is not finite.
    """

    def __init__(self, operator: Any) -> None:
        shape, kind = tuple(operator.shape), np.dtype(getattr(operator, "dtype", None) or np.float64).kind
        if len(shape) != 2 or shape[0] != shape[1] or not shape[0]:
            raise ValueError(f"coupling has shape {shape}: must be (N, N) with N >= 1")
        if kind not in "iuf":
            raise ValueError(f"coupling has products of type {operator.dtype}: must be real numbers")
        self._operator, self.size = operator, int(shape[0])
        signs = random_signs(self.size, _PROBES)
        images = self.products(signs)
        inner = signs.T @ images
        off = np.abs(inner - inner.T)
        if off.max() > _ASYMMETRIC * np.sqrt(self.size) * np.linalg.norm(images, axis=0).max():
            k, m = np.unravel_index(int(off.argmax()), off.shape)
            raise ValueError(
                f"coupling: u.J v = {inner[k, m]:.6g} but v.J u = {inner[m, k]:.6g}: must be symmetric"
            )
        few = self.size <= SMALL
        self.strength = np.linalg.norm(self.dense(), axis=1) if few else np.sqrt(np.mean(images**2, axis=1))
        self.strength.flags.writeable = False

    @property
    def nbytes(self) -> int:
        """8 N; what the operator holds is not known."""
        return self.strength.nbytes

    def product(self, x: Vector, out: Vector | None = None) -> Vector:
        """Return J x."""
        found = array("coupling @ x", self._operator.matvec(x), (self.size,))
        if out is None:
            return found
        out[:] = found
        return out

    def products(self, block: NDArray[Any]) -> NDArray[Any]:
        """Return J X, in float64 also for a float32 block, and rounded at the end."""
        found = array("coupling @ X", self._operator.matmat(np.asarray(block, np.float64)), block.shape)
        return np.asfortranarray(found.astype(block.dtype, copy=False))

    def row(self, i: int) -> Vector:
        """Return row i, by a product."""
        unit = np.zeros(self.size)
        unit[i] = 1.0
        return np.array(self.product(unit))

    def dense(self) -> Matrix:
        """Return J as an array, symmetric to the last bit."""
        matrix = self.products(np.eye(self.size))
        return np.ascontiguousarray((matrix + matrix.T) / 2.0)
