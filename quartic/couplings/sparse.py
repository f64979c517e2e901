"""A coupling matrix most of whose elements are zero."""

import math
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from landscape.arrays import Matrix, Vector
from quartic.couplings.base import Coupling


class Sparse(Coupling):
    """A matrix of scipy.sparse, of any format: a copy as rows of float64 numbers, 12 bytes an element.

    Products add up the elements of a row in the order of its columns, whatever the number of threads.

    Parameters
    ----------
    coupling : (N, N) matrix or array of scipy.sparse
        Finite, symmetric to the last bit, with a zero diagonal.

    Attributes
    ----------
    matrix : csr_array

    Raises
    ------
    ValueError
        With the offending element and the rule.
    """

    def __init__(self, coupling: Any) -> None:
        self.matrix = _checked(coupling)
        self.size = self.matrix.shape[0]
        self.strength = _row_lengths(self.matrix)
        self.strength.flags.writeable = False

    @property
    def nbytes(self) -> int:
        """12 for each element that is not zero, 12 N beside them."""
        m = self.matrix
        return int(m.data.nbytes + m.indices.nbytes + m.indptr.nbytes + self.strength.nbytes)

    def product(self, x: Vector, out: Vector | None = None) -> Vector:
        """Return J x."""
        found: Vector = self.matrix @ x
        if out is None:
            return found
        out[:] = found
        return out

    def products(self, block: NDArray[Any]) -> NDArray[Any]:
        """Return J X, in float64 also for a float32 block, and rounded at the end."""
        return np.asfortranarray((self.matrix @ block).astype(block.dtype, copy=False))

    def row(self, i: int) -> Vector:
        """Return row i."""
        return np.asarray(self.matrix[[i]].toarray()[0], np.float64)

    def dense(self) -> Matrix:
        """Return J as an array."""
        return np.asarray(self.matrix.toarray(order="C"), np.float64)

    def rescaled(self, power: int) -> "Sparse":
        """Return 2^power J."""
        m = self.matrix
        return Sparse(scipy.sparse.csr_array((np.ldexp(m.data, power), m.indices, m.indptr), shape=m.shape))

    def plus_diagonal(self, diagonal: Vector) -> Any:
        """Return J + diag(D) as a matrix of scipy.sparse."""
        return (self.matrix + scipy.sparse.diags_array(diagonal)).tocsr()


def _checked(given: Any) -> Any:
    """Return a sparse coupling matrix as csr_array, a copy without zeros; ValueError where it is none."""
    if given.ndim != 2 or given.shape[0] != given.shape[1] or not given.shape[0]:
        raise ValueError(f"coupling has shape {tuple(given.shape)}: must be (N, N) with N >= 1")
    if given.dtype.kind not in "iuf":
        raise ValueError(f"coupling holds elements of type {given.dtype}: must be real numbers")
    matrix = scipy.sparse.csr_array(given, dtype=np.float64, copy=True)
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    whole = matrix.tocoo()
    i, j = whole.coords
    for bad, rule in (
        (~np.isfinite(whole.data), "must be finite"),
        (i == j, "the diagonal must be zero"),
    ):
        if bad.any():
            k = int(np.argmax(bad))
            raise ValueError(f"coupling[{i[k]}, {j[k]}] = {whole.data[k]}: {rule}")
    apart = (matrix - matrix.T).tocoo()
    if np.any(uneven := apart.data != 0.0):
        i, j = (axis[uneven][0] for axis in apart.coords)
        raise ValueError(
            f"coupling[{i}, {j}] = {matrix[i, j]} but coupling[{j}, {i}] = {matrix[j, i]}: must be symmetric"
        )
    return matrix


def _row_lengths(matrix: Any) -> Vector:
    """Return sqrt(sum_j J_ij^2), shape (N,), whatever the size of the elements."""
    power = math.frexp(float(np.abs(matrix.data).max(initial=0.0)))[1]
    squares = np.ldexp(matrix.data, -power) ** 2
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    return np.ldexp(np.sqrt(np.bincount(rows, squares, matrix.shape[0])), power)
