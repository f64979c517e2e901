"""Cholesky factors of large matrices, whole or up to a last block.

A column of blocks at a time, each task a tile of its rows: the bits depend on no number of threads.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from landscape import threads
from landscape.linear import microkernels
from landscape.linear.tiles import from_rows

_BLOCK, _ROWS = 48, 512  # columns factorised together; rows that a task updates


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

    def __init__(self, lower: NDArray[Any], order: int) -> None:
        self.lower, self.order = lower, order

    def solve(self, block: NDArray[Any]) -> NDArray[Any]:
        """Return R^-1 X, shape (order, m), in the precision of the factor."""
        return self._tiled(block, microkernels.forward, microkernels.backward)

    def eliminated(self) -> NDArray[Any]:
        """Return R^-1 B, shape (order, N - order)."""
        return self._tiled(self.lower[self.order :, : self.order].T, microkernels.backward)

    def schur(self) -> NDArray[np.float64]:
        """Return S, shape (N - order, N - order)."""
        half = np.tril(self.lower[self.order :, self.order :].astype(np.float64))
        return np.asarray(half + np.tril(half, -1).T)

    def _tiled(self, block: NDArray[Any], *solves: Callable[..., None]) -> NDArray[Any]:
        """Return what the triangles make of a block, (order, m), a tile of its vectors at a time."""
        out = np.empty(block.shape, self.lower.dtype)

        def part(first: int) -> None:
            some = block[:, first : first + microkernels.TILE]
            tile = np.zeros((self.order, microkernels.TILE), self.lower.dtype)
            tile[:, : some.shape[1]] = some
            for solve in solves:
                solve(self.lower, tile)
            out[:, first : first + microkernels.TILE] = tile[:, : some.shape[1]]

        threads.run([partial(part, first) for first in range(0, block.shape[1], microkernels.TILE)])
        return out


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
    potrf, trtri = scipy.linalg.lapack.get_lapack_funcs(("potrf", "trtri"), (matrix,))
    with threads.single_blas():
        for begin, end in _spans(order):
            _update(matrix, begin, end)
            corner, fault = potrf(matrix[begin:end, begin:end], lower=True)
            if fault:
                return None
            matrix[begin:end, begin:end] = corner
            inverse = from_rows(trtri(corner, lower=True)[0])
            scale = partial(microkernels.scale, matrix)
            threads.run([partial(scale, *rows, begin, end, inverse) for rows in _rows(end, n)])
        if order < n:
            _update(matrix, order, n)
    return Cholesky(matrix, order)


def _update(matrix: NDArray[Any], begin: int, end: int) -> None:
    """Subtract from columns begin ... end - 1, from row `begin` on, what the columns before them say."""
    if begin:
        own = from_rows(matrix[begin:end, :begin])
        rows = _rows(begin, matrix.shape[0])
        threads.run([partial(microkernels.update, matrix, *some, begin, end, own) for some in rows])


def _spans(n: int) -> list[tuple[int, int]]:
    return [(begin, min(begin + _BLOCK, n)) for begin in range(0, n, _BLOCK)]


def _rows(first: int, last: int) -> list[tuple[int, int]]:
    return [(row, min(row + _ROWS, last)) for row in range(first, last, _ROWS)]
