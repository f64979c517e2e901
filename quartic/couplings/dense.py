"""A coupling matrix given as an array."""

import math
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array, frozen
from landscape import threads
from landscape.arrays import Matrix, Vector
from landscape.jit import kernel
from quartic.couplings.base import Coupling

_ASYMMETRIC, _DIAGONAL = 1, 2
_STRIP = 1024  # rows or columns of one task
_LEAST, _MOST = 1e-200, 1e300  # of sums of squares that have all their digits


class Dense(Coupling):
    """All N^2 elements as float64 numbers, 8 N^2 bytes: a copy of the array given, unless that is read-only.

    Parameters
    ----------
    coupling : (N, N) array
        Finite, symmetric to the last bit, with a zero diagonal.

    Raises
    ------
    ValueError
        With the offending element and the rule.
    """

    def __init__(self, coupling: ArrayLike) -> None:
        self.matrix: Matrix = frozen(array("coupling", coupling, ("N", "N")))
        self.size = self.matrix.shape[0]
        self.strength = _strength(self.matrix)
        self.strength.flags.writeable = False

    @property
    def nbytes(self) -> int:
        """8 N^2."""
        return self.matrix.nbytes

    def product(self, x: Vector, out: Vector | None = None) -> Vector:
        """Return J x, each element one chain of additions in the order of the columns."""
        out = np.empty(self.size) if out is None else out
        threads.run([partial(multiply, self.matrix, x, out, *strip) for strip in self._strips()])
        return out

    def products(self, block: NDArray[Any]) -> NDArray[Any]:
        """Return J X by BLAS, in strips of rows so that its bits depend on no number of threads."""
        out = np.empty(block.shape, block.dtype, order="F")

        def task(top: int, bottom: int) -> None:
            out[top:bottom] = self.matrix[top:bottom].astype(block.dtype, copy=False) @ block

        with threads.single_blas():
            threads.run([partial(task, *strip) for strip in self._strips()])
        return out

    def _strips(self) -> list[tuple[int, int]]:
        """Return the bounds of the strips of rows or columns that one task takes."""
        return [(k, min(k + _STRIP, self.size)) for k in range(0, self.size, _STRIP)]

    def rescaled(self, power: int) -> "Dense":
        """Return 2^power J, in another 8 N^2 bytes."""
        return Dense(np.ldexp(self.matrix, power))

    def row(self, i: int) -> Vector:
        """Return a copy of row i."""
        return np.array(self.matrix[i])

    def dense(self) -> Matrix:
        """Return a copy of the matrix."""
        return np.array(self.matrix)


@kernel
def multiply(coupling, x, out, left, right):  # type: ignore[no-untyped-def]
    """Write (J x)_j for left <= j < right to `out`, for a symmetric float64 matrix J of shape (N, N).

    Rows are added up, eight at a time: out_j = sum_i x_i J_ij. Every out_j is one chain of IEEE additions in
    the order of i, so that its bits depend on no vector width and no number of threads.
    """
    n = x.size
    o = out[left:right]
    o[:] = 0.0
    whole = n // 8 * 8
    for i in range(0, whole, 8):
        x0, x1, x2, x3 = x[i], x[i + 1], x[i + 2], x[i + 3]
        x4, x5, x6, x7 = x[i + 4], x[i + 5], x[i + 6], x[i + 7]
        r0, r1 = coupling[i, left:right], coupling[i + 1, left:right]
        r2, r3 = coupling[i + 2, left:right], coupling[i + 3, left:right]
        r4, r5 = coupling[i + 4, left:right], coupling[i + 5, left:right]
        r6, r7 = coupling[i + 6, left:right], coupling[i + 7, left:right]
        for j in range(right - left):
            near = (r0[j] * x0 + r1[j] * x1) + (r2[j] * x2 + r3[j] * x3)
            far = (r4[j] * x4 + r5[j] * x5) + (r6[j] * x6 + r7[j] * x7)
            o[j] += near + far
    for i in range(whole, n):
        xi = x[i]
        row = coupling[i, left:right]
        for j in range(right - left):
            o[j] += row[j] * xi


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
                    if value != coupling[j, i]:
                        return _ASYMMETRIC, i, j
                    row_squares[i] += value * value
                    row_squares[j] += value * value
    return 0, 0, 0


def _row_squares(matrix: Matrix) -> Vector:
    """Return sum_j J_ij^2, shape (N,); raise ValueError if J is not symmetric or has a diagonal."""
    squares = np.empty(matrix.shape[0])
    fault, i, j = inspect(matrix, squares)
    if fault == _DIAGONAL:
        raise ValueError(f"coupling[{i}, {i}] = {matrix[i, i]}: the diagonal must be zero")
    if fault == _ASYMMETRIC:
        raise ValueError(
            f"coupling[{i}, {j}] = {matrix[i, j]} but coupling[{j}, {i}] = {matrix[j, i]}: must be symmetric"
        )
    return squares


def _strength(matrix: Matrix) -> Vector:
    """Return sqrt(sum_j J_ij^2), shape (N,), of a matrix that is looked at on the way."""
    squares = _row_squares(matrix)
    largest = squares.max(initial=0.0)
    if (largest == 0.0 and not matrix.any()) or _LEAST < largest < _MOST:
        return np.sqrt(squares)
    power = math.frexp(float(np.abs(matrix).max()))[1]  # out of the range of squares
    return np.ldexp(np.sqrt(_row_squares(np.ldexp(matrix, -power))), power)
