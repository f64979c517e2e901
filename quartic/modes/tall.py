"""Products of matrices of many rows and few columns, in tiles of rows that do not depend on the threads."""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quartic import threads
from quartic.problem import Matrix, Vector

ROWS = 4096  # of a tile
_LOST = 1e-24  # squared length, of a vector of length 1, below which only rounding is left


def inner(a: NDArray[Any], b: NDArray[Any]) -> NDArray[Any]:
    """Return a^T b for a of shape (N, m) and b of shape (N, k)."""
    tiles = _tiles(a.shape[0])
    parts = threads.run([partial(_inner, a, b, rows) for rows in tiles])
    total = parts[0]
    for part in parts[1:]:
        total += part
    return total


def combine(a: NDArray[Any], coefficients: NDArray[Any]) -> NDArray[Any]:
    """Return a c for a of shape (N, m) and c of shape (m, k)."""
    out = np.empty((a.shape[0], coefficients.shape[1]), np.result_type(a, coefficients))
    threads.run([partial(_combine, a, coefficients, out, rows) for rows in _tiles(a.shape[0])])
    return out


def rotate(a: Matrix, coefficients: Matrix) -> None:
    """Replace the first columns of a, as many as c has, by a_0 c with a_0 as many columns as c has rows."""
    before, after = coefficients.shape

    def tile(rows: slice) -> None:
        a[rows, :after] = a[rows, :before] @ coefficients

    threads.run([partial(tile, rows) for rows in _tiles(a.shape[0])])


def residual(v: Matrix, w: Matrix, y: Matrix, theta: Vector) -> Matrix:
    """Return w y - v y theta, shape (N, k), for y of shape (m, k) and the numbers theta."""
    out = np.empty((v.shape[0], y.shape[1]))

    def tile(rows: slice) -> None:
        out[rows] = w[rows] @ y
        out[rows] -= (v[rows] @ y) * theta

    threads.run([partial(tile, rows) for rows in _tiles(v.shape[0])])
    return out


def orthonormal(block: Matrix, basis: Matrix) -> Matrix:
    """Return an orthonormal basis of what `block` adds to the span of the orthonormal `basis`.

    Columns of the block that add nothing but rounding are dropped: the result may have fewer of them.
    """
    size = np.sqrt(inner(block, block).diagonal())
    block = block[:, size > 0.0] / size[size > 0.0]
    for _ in range(4):
        if basis.shape[1]:
            block = block - combine(basis, inner(basis, block))
        values, vectors = np.linalg.eigh(inner(block, block))
        keep = values > _LOST
        block = combine(block, vectors[:, keep] / np.sqrt(values[keep]))
        if np.all(values > 0.5):  # nothing was cancelled, so nothing of the basis has come back
            break
    return block


def _inner(a: NDArray[Any], b: NDArray[Any], rows: slice) -> NDArray[Any]:
    part: NDArray[Any] = a[rows].T @ b[rows]
    return part


def _combine(a: NDArray[Any], coefficients: NDArray[Any], out: NDArray[Any], rows: slice) -> None:
    np.matmul(a[rows], coefficients, out=out[rows])


def _tiles(n: int) -> list[slice]:
    return [slice(first, min(first + ROWS, n)) for first in range(0, n, ROWS)]
