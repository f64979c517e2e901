"""Half storage of a symmetric matrix: each element above the diagonal once, read once and used twice.

A panel is 8 rows. It is stored as blocks of 8 x 32 elements, from the block that holds its first diagonal
element to the last column; elements on and below the diagonal and outside the matrix are 0. Panel follows
panel, block follows block, row follows row.
"""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from quartic.jit import kernel

ROWS, COLUMNS = 8, 32  # of a block; the kernels rely on them
VECTORS = 32  # of a tile

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


def _prefetch(_: Any, array: Any, index: Any) -> tuple[Any, Callable[..., Any]]:
    """Ask the processor for the memory of array[index], which need not exist; changes no result."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        place = builder.bitcast(builder.gep(data, [arguments[1]]), ir.IntType(8).as_pointer())
        word = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [place.type, word, word, word])
        call = builder.module.declare_intrinsic("llvm.prefetch", [place.type], kind)
        builder.call(call, [place, word(0), word(3), word(1)])  # to read data, near the core
        return context.get_dummy_value()

    return types.void(array, types.intp), emit


prefetch: Callable[..., None] = intrinsic(_prefetch)


@kernel
def multiply(values, first, last, x, out):  # type: ignore[no-untyped-def]
    """Add the products of panels first ... last - 1 to `out`: J_ij x_j to out_i and J_ij x_i to out_j.

    `values` (blocks, 8, 32) begins with the panel `first`; x and out are whole blocks wide. All sums are of
    float64 numbers in an order that no vector width changes: what row i gives to out_i is summed in 32 lanes,
    by column modulo 32.
    """
    kind = x.dtype.type
    lanes = np.empty((8, 32), x.dtype)
    s = lanes.ravel()
    flat = values.ravel()
    m = 0
    for panel in range(first, last):
        i = 8 * panel
        x0, x1, x2, x3 = x[i], x[i + 1], x[i + 2], x[i + 3]
        x4, x5, x6, x7 = x[i + 4], x[i + 5], x[i + 6], x[i + 7]
        s[:] = 0.0
        for left in range(i // 32 * 32, x.size, 32):
            v = flat[256 * m : 256 * m + 256]
            for line in range(0, 256, 64 // flat.itemsize):  # 64-byte lines, 16 blocks ahead: memory is slow
                prefetch(flat, 256 * (m + 16) + line)
            y = x[left : left + 32]
            o = out[left : left + 32]
            m += 1
            for k in range(32):
                yk = y[k]
                total = o[k]
                q = kind(v[k])
                total += q * x0
                s[k] += q * yk
                q = kind(v[32 + k])
                total += q * x1
                s[32 + k] += q * yk
                q = kind(v[64 + k])
                total += q * x2
                s[64 + k] += q * yk
                q = kind(v[96 + k])
                total += q * x3
                s[96 + k] += q * yk
                q = kind(v[128 + k])
                total += q * x4
                s[128 + k] += q * yk
                q = kind(v[160 + k])
                total += q * x5
                s[160 + k] += q * yk
                q = kind(v[192 + k])
                total += q * x6
                s[192 + k] += q * yk
                q = kind(v[224 + k])
                s[224 + k] += q * yk
                o[k] = total + q * x7
        half = 16
        while half > 0:
            for r in range(8):
                for k in range(half):
                    lanes[r, k] += lanes[r, k + half]
            half //= 2
        for r in range(8):
            out[i + r] += lanes[r, 0]


@kernel
def multiply_each(values, first, last, x, out):  # type: ignore[no-untyped-def]
    """Do what `multiply` does for every row of x, (m, width), with that row of `out`.

    As many panels as stay in a core's cache (256 KiB of int16) are used for all m vectors in turn.
    """
    begin = 0
    while first < last:
        each = (x.shape[1] - 8 * first // 32 * 32) // 32
        following = min(last, first + max(1, 512 // each))
        end = begin
        for panel in range(first, following):
            end += (x.shape[1] - 8 * panel // 32 * 32) // 32
        for k in range(x.shape[0]):
            multiply(values[begin:end], first, following, x[k], out[k])
        first, begin = following, end


@kernel
def multiply_tile(values, first, last, x, out):  # type: ignore[no-untyped-def]
    """Do what `multiply` does for 32 float32 vectors at once: x and out are (width, 32), a vector a column.

    Half the time of one vector after the other: four columns of a panel take part in every addition. Panels
    that begin at the same column, four at most, pass over x and out together.
    """
    lanes = np.empty((4, 8 * 32), np.float32)
    f = np.empty(8 * 32, np.float32)
    vectors, sums = x.ravel(), out.ravel()
    base, panel = 0, first
    while panel < last:
        following = min(last, (panel // 4 + 1) * 4)
        begin = 8 * panel // 32 * 32
        each = (x.shape[0] - begin) // 32
        lanes[:] = 0.0
        for b in range(each):
            left = begin + 32 * b
            for p in range(panel, following):
                v = values[base + (p - panel) * each + b].ravel()
                for k in range(256):
                    f[k] = np.float32(v[k])
                lane = lanes[p - panel]
                own = vectors[256 * p : 256 * p + 256]
                for c in range(0, 32, 4):
                    y = vectors[32 * (left + c) : 32 * (left + c) + 128]
                    o = sums[32 * (left + c) : 32 * (left + c) + 128]
                    for k in range(32):
                        y0, y1, y2, y3 = y[k], y[32 + k], y[64 + k], y[96 + k]
                        o0, o1, o2, o3 = o[k], o[32 + k], o[64 + k], o[96 + k]
                        for r in range(8):
                            q0, q1 = f[32 * r + c], f[32 * r + c + 1]
                            q2, q3 = f[32 * r + c + 2], f[32 * r + c + 3]
                            lane[32 * r + k] += (q0 * y0 + q1 * y1) + (q2 * y2 + q3 * y3)
                            xr = own[32 * r + k]
                            o0 += q0 * xr
                            o1 += q1 * xr
                            o2 += q2 * xr
                            o3 += q3 * xr
                        o[k], o[32 + k], o[64 + k], o[96 + k] = o0, o1, o2, o3
        for p in range(panel, following):
            for k in range(256):
                sums[256 * p + k] += lanes[p - panel, k]
        base += (following - panel) * each
        panel = following


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
