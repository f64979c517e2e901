"""Products of matrices of many rows and few columns, in tasks that do not depend on the threads.

Nor do the results on the order in memory: BLAS has other sums for other orders, so all are given row by row.
"""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape import threads
from landscape.arrays import Matrix, Vector
from landscape.linear import microkernels
from landscape.linear.tiles import from_rows

ROWS = 4096  # of a task
_FEW = 48  # columns that are multiplied in tiles
_LOST = 1e-24  # squared length, of a vector of length 1, below which only rounding is left


def inner(a: NDArray[Any], b: NDArray[Any]) -> NDArray[Any]:
    """Return a^T b for a of shape (N, m) and b of shape (N, k), of the same type."""
    b = np.ascontiguousarray(b)
    if _few(*b.shape):
        task = partial(_inner_few, *_lines(a), a.shape[1], b)
    else:
        task = partial(_inner, _by_rows(a), b)
    parts = threads.run([partial(task, *rows) for rows in _rows(a.shape[0])])
    total: NDArray[Any] = parts[0]
    for part in parts[1:]:
        total += part
    return total


def combine(a: NDArray[Any], coefficients: NDArray[Any]) -> NDArray[Any]:
    """Return a c for a of shape (N, m) and c of shape (m, k), of the same type."""
    out = np.zeros((a.shape[0], coefficients.shape[1]), a.dtype)
    add_product(a, coefficients, out)
    return out


def add_product(a: NDArray[Any], coefficients: NDArray[Any], out: NDArray[Any]) -> None:
    """Add a c to `out`, (N, k), for a of shape (N, m) and c of shape (m, k), all of the same type."""
    if _few(*out.shape):
        task = partial(microkernels.multiply, *_lines(a), from_rows(coefficients.T), out)
    else:
        task = partial(_add_product, _by_rows(a), np.ascontiguousarray(coefficients), out)
    threads.run([partial(task, *rows) for rows in _rows(a.shape[0])])


def rotate(a: Matrix, coefficients: Matrix) -> None:
    """Replace the first columns of a, as many as c has, by a_0 c with a_0 as many columns as c has rows."""
    before, after = coefficients.shape
    coefficients = np.ascontiguousarray(coefficients)

    def task(first: int, last: int) -> None:
        a[first:last, :after] = a[first:last, :before] @ coefficients

    threads.run([partial(task, *rows) for rows in _rows(a.shape[0])])


def residual(v: Matrix, w: Matrix, y: Matrix, theta: Vector) -> Matrix:
    """Return w y - v y theta, shape (N, k), for y of shape (m, k) and the numbers theta."""
    out = combine(w, y)
    add_product(v, -y * theta, out)
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


def _few(n: int, columns: int) -> bool:
    """Return whether a matrix has so few columns that BLAS would take longer to sort the other factor."""
    return 1 <= columns <= _FEW and n >= 8


def _inner_few(
    flat: NDArray[Any], stride: int, columns: int, b: NDArray[Any], first: int, last: int
) -> NDArray[Any]:
    sums = np.zeros((-(-b.shape[1] // microkernels.TILE), columns, microkernels.TILE), b.dtype)
    microkernels.multiply_transposed(flat, stride, b, sums, first, last)
    part: NDArray[Any] = np.concatenate(sums, axis=1)[:, : b.shape[1]]
    return part


def _inner(a: NDArray[Any], b: NDArray[Any], first: int, last: int) -> NDArray[Any]:
    part: NDArray[Any] = a[first:last].T @ b[first:last]
    return part


def _add_product(
    a: NDArray[Any], coefficients: NDArray[Any], out: NDArray[Any], first: int, last: int
) -> None:
    out[first:last] += a[first:last] @ coefficients


def _by_rows(a: NDArray[Any]) -> NDArray[Any]:
    """Return a matrix (N, m) whose rows are contiguous, itself if it is one."""
    return a if a.strides[1] == a.itemsize else np.ascontiguousarray(a)


def _lines(a: NDArray[Any]) -> tuple[NDArray[Any], int]:
    """Return the elements of a matrix (N, m), row after row, and how many there are from row to row."""
    a = _by_rows(a)
    stride = a.strides[0] // a.itemsize
    size = (a.shape[0] - 1) * stride + a.shape[1]
    return np.lib.stride_tricks.as_strided(a, (size,), (a.itemsize,)), stride


def _rows(n: int) -> list[tuple[int, int]]:
    return [(first, min(first + ROWS, n)) for first in range(0, n, ROWS)]
