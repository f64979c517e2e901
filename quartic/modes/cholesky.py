"""Cholesky factors of large matrices, whole or up to a last block.

A column of blocks at a time, each task a tile of its rows: the bits depend on no number of threads.
"""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from quartic import threads

_BLOCK, _ROWS = 256, 512  # columns factorised together; rows that a task updates


class Cholesky:
    """A = L L^T, in float32 or float64, of the leading part of a symmetric matrix.

    With A = [[R, B], [B^T, P]] and R the leading part, the last rows of L hold B^T L_R^-T and the last square
    the Schur complement S = P - B^T R^-1 B, of which only the lower half is meaningful.

    Attributes
    ----------
    lower : (N, N) array
        L in the lower half, and S in the last square; the upper half is meaningless.
    order : int
        Rows of R.
    """

    def __init__(self, lower: NDArray[Any], order: int, inverses: list[NDArray[Any]]) -> None:
        self.lower, self.order, self._inverses = lower, order, inverses

    def solve(self, block: NDArray[Any]) -> NDArray[Any]:
        """Return R^-1 X, shape (order, m), in the precision of the factor."""
        x = np.array(block, self.lower.dtype, order="C")
        for k, (begin, end) in enumerate(_spans(self.order)):
            x[begin:end] -= self.lower[begin:end, :begin] @ x[:begin]
            x[begin:end] = self._inverses[k] @ x[begin:end]
        self._back(x)
        return x

    def eliminated(self) -> NDArray[Any]:
        """Return R^-1 B, shape (order, N - order)."""
        x = np.array(self.lower[self.order :, : self.order].T, order="C")
        self._back(x)
        return x

    def schur(self) -> NDArray[np.float64]:
        """Return S, shape (N - order, N - order)."""
        half = np.tril(self.lower[self.order :, self.order :].astype(np.float64))
        return np.asarray(half + np.tril(half, -1).T)

    def _back(self, x: NDArray[Any]) -> None:
        """Replace x by L_R^-T x."""
        for k, (begin, end) in reversed(list(enumerate(_spans(self.order)))):
            x[begin:end] = self._inverses[k].T @ x[begin:end]
            x[:begin] -= self.lower[begin:end, :begin].T @ x[begin:end]


def factorise(matrix: NDArray[Any], order: int | None = None) -> Cholesky | None:
    """Return the Cholesky factor of a symmetric matrix, or None if its leading part is not positive definite.

    Parameters
    ----------
    matrix : (N, N) array, C-ordered, float32 or float64
        Only its lower half is read. Overwritten.
    order : int, optional
        Stop after so many rows; N if not given.
    """
    n = matrix.shape[0]
    order = n if order is None else order
    potrf, trtri = lapack.get_lapack_funcs(("potrf", "trtri"), (matrix,))
    inverses = []
    with threads.single_blas():
        for begin, end in _spans(order):
            threads.run([partial(_update, matrix, rows, begin, end) for rows in _tiles(begin, n)])
            corner, fault = potrf(matrix[begin:end, begin:end], lower=True)
            if fault:
                return None
            matrix[begin:end, begin:end] = corner
            inverse = np.ascontiguousarray(trtri(corner, lower=True)[0])
            inverses.append(inverse)
            threads.run([partial(_scale, matrix, rows, begin, end, inverse) for rows in _tiles(end, n)])
        if order < n:
            threads.run([partial(_update, matrix, rows, order, n) for rows in _tiles(order, n)])
    return Cholesky(matrix, order, inverses)


def _update(a: NDArray[Any], rows: slice, begin: int, end: int) -> None:
    a[rows, begin:end] -= a[rows, :begin] @ a[begin:end, :begin].T


def _scale(a: NDArray[Any], rows: slice, begin: int, end: int, inverse: NDArray[Any]) -> None:
    a[rows, begin:end] = a[rows, begin:end] @ inverse.T


def _spans(n: int) -> list[tuple[int, int]]:
    return [(begin, min(begin + _BLOCK, n)) for begin in range(0, n, _BLOCK)]


def _tiles(first: int, last: int) -> list[slice]:
    return [slice(row, min(row + _ROWS, last)) for row in range(first, last, _ROWS)]
