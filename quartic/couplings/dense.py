"""A coupling matrix given as an array."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quartic.couplings.base import Coupling, Matrix, Vector
from quartic.jit import kernel

_ASYMMETRIC, _DIAGONAL, _NOT_FINITE = 1, 2, 3


class Dense(Coupling):
    """All N^2 elements as float64 numbers, 8 N^2 bytes. A C-ordered float64 array is not copied.

    Parameters
    ----------
    matrix : (N, N) array
        Finite, symmetric to the last bit, with a zero diagonal.

    Raises
    ------
    ValueError
        With the offending element and the rule.
    """

    def __init__(self, matrix: ArrayLike) -> None:
        self.matrix: Matrix = np.ascontiguousarray(matrix, np.float64).view()
        if self.matrix.ndim != 2 or self.matrix.shape[0] != self.matrix.shape[1]:
            raise ValueError(f"coupling has shape {self.matrix.shape}: must be (N, N)")
        self.size = self.matrix.shape[0]
        self.strength = np.sqrt(_row_squares(self.matrix))
        self.matrix.flags.writeable = self.strength.flags.writeable = False

    @property
    def nbytes(self) -> int:
        """8 N^2."""
        return self.matrix.nbytes

    def product(self, x: Vector, out: Vector | None = None) -> Vector:
        """Return J x, each element one chain of additions in the order of the columns."""
        out = np.empty(self.size) if out is None else out
        multiply(self.matrix, x, out)
        return out

    def products(self, block: NDArray[np.float64]) -> Matrix:
        """Return J X by BLAS."""
        product: Matrix = (block.T @ self.matrix.astype(block.dtype, copy=False)).T
        return product

    def row(self, i: int) -> Vector:
        """Return a copy of row i."""
        return np.array(self.matrix[i])

    def dense(self) -> Matrix:
        """Return a copy of the matrix."""
        return np.array(self.matrix)


@kernel
def multiply(coupling, x, out):  # type: ignore[no-untyped-def]
    """Write J x to `out`, for a symmetric float64 matrix J of shape (N, N).

    Rows are added up, eight at a time: out_j = sum_i x_i J_ij. Every out_j is one chain of IEEE additions in
    the order of i, so that its bits depend on no vector width and no number of threads.
    """
    n = x.size
    out[:] = 0.0
    whole = n // 8 * 8
    for i in range(0, whole, 8):
        x0, x1, x2, x3 = x[i], x[i + 1], x[i + 2], x[i + 3]
        x4, x5, x6, x7 = x[i + 4], x[i + 5], x[i + 6], x[i + 7]
        r0, r1, r2, r3 = coupling[i], coupling[i + 1], coupling[i + 2], coupling[i + 3]
        r4, r5, r6, r7 = coupling[i + 4], coupling[i + 5], coupling[i + 6], coupling[i + 7]
        for j in range(n):
            near = (r0[j] * x0 + r1[j] * x1) + (r2[j] * x2 + r3[j] * x3)
            far = (r4[j] * x4 + r5[j] * x5) + (r6[j] * x6 + r7[j] * x7)
            out[j] += near + far
    for i in range(whole, n):
        xi = x[i]
        row = coupling[i]
        for j in range(n):
            out[j] += row[j] * xi


@kernel
def inspect(coupling, row_squares):  # type: ignore[no-untyped-def]
    """Fill sum_j J_ij^2 into `row_squares` and return the first fault as (kind, i, j); kind 0 is none."""
    n = row_squares.size
    tile = 64
    row_squares[:] = 0.0
    for i in range(n):
        if coupling[i, i] != 0.0:
            return _DIAGONAL, i, i
    for top in range(0, n, tile):
        for left in range(top, n, tile):
            for i in range(top, min(top + tile, n)):
                for j in range(max(left, i + 1), min(left + tile, n)):
                    value = coupling[i, j]
                    if not np.isfinite(value):
                        return _NOT_FINITE, i, j
                    if value != coupling[j, i]:
                        return _ASYMMETRIC, i, j
                    row_squares[i] += value * value
                    row_squares[j] += value * value
    return 0, 0, 0


def _row_squares(matrix: Matrix) -> Vector:
    """Return sum_j J_ij^2, shape (N,); raise ValueError if J is not finite, symmetric, zero-diagonal."""
    squares = np.empty(matrix.shape[0])
    fault, i, j = inspect(matrix, squares)
    if fault == _DIAGONAL:
        raise ValueError(f"coupling[{i}, {i}] = {matrix[i, i]}: the diagonal must be zero")
    if fault == _NOT_FINITE:
        raise ValueError(f"coupling[{i}, {j}] = {matrix[i, j]}: must be finite")
    if fault == _ASYMMETRIC:
        raise ValueError(
            f"coupling[{i}, {j}] = {matrix[i, j]} but coupling[{j}, {i}] = {matrix[j, i]}: must be symmetric"
        )
    return squares
