"""Half storage of a symmetric matrix: each element above the diagonal once, read once and used twice.

A panel is 8 rows. It is stored as blocks of 8 x 32 elements, from the block that holds its first diagonal
element to the last column; elements on and below the diagonal and outside the matrix are 0. Panel follows
panel, block follows block, row follows row.
"""

import itertools

import numpy as np
from numpy.typing import NDArray

from landscape.jit import kernel

ROWS, COLUMNS = 8, 32  # of a block; the kernels rely on them

Index = NDArray[np.int64]


def width(n: int) -> int:
    """Return the number of columns in whole blocks, at least n."""
    return -(-n // COLUMNS) * COLUMNS


def offsets(n: int) -> Index:
    """Return the number of blocks before each panel of an n x n matrix, and of all, shape (panels + 1,)."""
    panels = np.arange(-(-n // ROWS))
    return np.concatenate([[0], np.cumsum(width(n) // COLUMNS - ROWS * panels // COLUMNS)])


def tasks(offset: Index, run: int | None) -> list[list[tuple[int, int]]]:
    """Return the panels (first, last) of every task, in runs of about `run` blocks or in one run.

    There is one task for 8192 blocks (2 million pairs), and at most 16: fixed, as they decide the order of
    sums.
    """
    blocks = int(offset[-1])
    bounds = _cut(offset, min(16, max(1, blocks // 8192)))
    if run is None:
        return [[pair] for pair in itertools.pairwise(bounds)]
    return [
        [(a + first, a + last) for first, last in itertools.pairwise(inner)]
        for a, b in itertools.pairwise(bounds)
        for inner in [_cut(offset[a : b + 1] - offset[a], -(-int(offset[b] - offset[a]) // run))]
    ]


def _cut(offset: Index, parts: int) -> list[int]:
    """Return bounds 0 = p_0 < p_1 < ... of at most `parts` runs of panels with about as many blocks each."""
    inner = np.searchsorted(offset, offset[-1] * np.arange(1, parts) // parts)
    return sorted({0, *inner.tolist(), offset.size - 1})


def addresses(offset: Index, first: int, last: int) -> tuple[Index, Index]:
    """Return the panel and the block column of every block of panels first ... last - 1, in their order."""
    panel = np.repeat(np.arange(first, last), np.diff(offset[first : last + 1]))
    return panel, np.arange(offset[first], offset[last]) - offset[panel] + ROWS * panel // COLUMNS


@kernel
def add_squares(values, first, last, x, out):  # type: ignore[no-untyped-def]
    """Add J_ij^2 of panels first ... last - 1 to out_i and out_j; arguments as for `multiply`, x unused."""
    lanes = np.empty((8, 32))
    m = 0
    for panel in range(first, last):
        lanes[:] = 0.0
        for left in range(8 * panel // 32 * 32, out.size, 32):
            o = out[left : left + 32]
            for r in range(8):
                row = values[m, r]
                lane = lanes[r]
                for k in range(32):
                    square = np.float64(row[k]) * np.float64(row[k])
                    o[k] += square
                    lane[k] += square
            m += 1
        for r in range(8):
            total = 0.0
            for k in range(32):
                total += lanes[r, k]
            out[8 * panel + r] += total


@kernel
def mirror(values, first, last, scale, out):  # type: ignore[no-untyped-def]
    """Write scale * J_ij of panels first ... last - 1 to both places of `out`, (n, n)."""
    n = out.shape[0]
    m = 0
    for panel in range(first, last):
        top = 8 * panel
        for left in range(top // 32 * 32, n, 32):
            block = values[m]
            m += 1
            for r in range(min(8, n - top)):
                i = top + r
                for j in range(max(left, i + 1), min(left + 32, n)):
                    out[i, j] = scale * block[r, j - left]
            for j in range(max(left, top + 1), min(left + 32, n)):
                for i in range(top, min(top + 8, j)):
                    out[j, i] = scale * block[i - top, j - left]


@kernel
def transpose(values, first, last, scale, out):  # type: ignore[no-untyped-def]
    """Write scale * J_ij of panels first ... last - 1 to the lower half of `out`, (n, n)."""
    n = out.shape[0]
    m = 0
    for panel in range(first, last):
        top = 8 * panel
        for left in range(top // 32 * 32, n, 32):
            block = values[m]
            m += 1
            for j in range(max(left, top + 1), min(left + 32, n)):
                for i in range(top, min(top + 8, j)):
                    out[j, i] = scale * block[i - top, j - left]
