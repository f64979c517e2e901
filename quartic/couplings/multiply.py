"""Products of a matrix in panels (`quartic.couplings.row_panels`) with one vector or with many.

Sums are made in an order, and of operations, that no processor changes: bits depend on N alone.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]

from landscape import registers
from landscape.jit import intrinsic, kernel, types

TILE = 64  # bytes of a row of a tile of vectors: a register, where registers are of the largest kind


# LLVM written by hand: `prefetch` here and `rank_update` below, fused operations on whole registers, for
# which numba has no word. The kernels of this file call them and are plain numba.


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


def _rank_update(_: Any, q: Any, x: Any, own: Any, lanes: Any, out: Any) -> tuple[Any, Callable[..., Any]]:
    """Multiply a block q_rc of 8 x 32 numbers with a tile of vectors, 64 bytes a row; all arrays are flat.

    With row c of x, own, lanes and out, r < 8 and c < 32, both sums upwards from what is there:

        lanes_r += sum_c q_rc x_c,    out_c += sum_r q_rc own_r.

    Multiplications and additions are fused, so that both together are rounded once, on every processor. The
    compiler would not keep the rows of lanes and own in registers if loops said the same. How many rows are
    there together changes no sum.
    """
    count = TILE // (x.dtype.bitwidth // 8)

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        vector = ir.VectorType(context.get_value_type(x.dtype), count)
        fma = registers.fused(builder, vector)
        data = [
            context.make_array(array)(context, builder, value).data
            for array, value in zip(signature.args, arguments, strict=True)
        ]
        rows = [builder.bitcast(place, vector.as_pointer()) for place in data[1:]]
        index, size = ir.IntType(64), x.dtype.bitwidth // 8
        unset, first = vector(ir.Undefined), ir.VectorType(ir.IntType(32), count)(None)

        def load(k: int, row: Any) -> Any:
            return builder.load(builder.gep(rows[k], [row]), align=size)

        def everywhere(place: Any) -> Any:
            element = builder.insert_element(unset, builder.load(builder.gep(data[0], [place])), index(0))
            return builder.shuffle_vector(element, unset, first)

        def some(mine: range) -> None:
            """Do so for these rows of the block."""
            own_rows, old = [[load(k, index(r)) for r in mine] for k in (1, 2)]

            def step(c: Any, totals: list[Any]) -> list[Any]:
                x_row, out_row, new = load(0, c), load(3, c), []
                for r, own_row, total in zip(mine, own_rows, totals, strict=True):
                    element = everywhere(builder.add(c, index(32 * r)))
                    new.append(builder.call(fma, [element, x_row, total]))
                    out_row = builder.call(fma, [element, own_row, out_row])
                builder.store(out_row, builder.gep(rows[3], [c]), align=size)
                return new

            new = registers.loop(builder, index(32), old, step)
            for r, total in zip(mine, new, strict=True):
                builder.store(total, builder.gep(rows[2], [index(r)]), align=size)

        together = 8 if registers.large(context) else 2  # rows
        for top in range(0, 8, together):
            some(range(top, top + together))
        return context.get_dummy_value()

    return types.void(q, x, own, lanes, out), emit


rank_update: Callable[..., None] = intrinsic(_rank_update)


@kernel
def multiply_tiles(values, first, last, x, out):  # type: ignore[no-untyped-def]
    """Do what `multiply` does for the vectors of every tile: x and out are (tiles, width, 16 or 8).

    A tile has 16 vectors of float32 or 8 of float64 numbers. Panels that begin at the same column, four at
    most, pass over x and out together. Sums are made as `rank_update` says, lanes from 0 and added at the
    end.
    """
    tiles, width, count = x.shape
    q = np.empty(8 * 32, x.dtype)
    lanes = np.empty(tiles * 4 * 8 * count, x.dtype)
    flat, vectors, sums = values.ravel(), x.ravel(), out.ravel()
    base, panel = 0, first
    while panel < last:
        following = min(last, (panel // 4 + 1) * 4)
        begin = 8 * panel // 32 * 32
        each = (width - begin) // 32
        lanes[:] = 0.0
        for b in range(each):
            for p in range(panel, following):
                m = base + (p - panel) * each + b
                v = flat[256 * m : 256 * m + 256]
                for line in range(0, 256, 64 // flat.itemsize):  # 64-byte lines, two blocks ahead
                    prefetch(flat, 256 * (m + 2) + line)
                for k in range(256):
                    q[k] = v[k]
                for t in range(tiles):
                    right = count * (t * width + begin + 32 * b)
                    own, lane = count * (t * width + 8 * p), count * 8 * (4 * t + p - panel)
                    rank_update(
                        q,
                        vectors[right : right + 32 * count],
                        vectors[own : own + 8 * count],
                        lanes[lane : lane + 8 * count],
                        sums[right : right + 32 * count],
                    )
        for t in range(tiles):
            for p in range(panel, following):
                own, lane = count * (t * width + 8 * p), count * 8 * (4 * t + p - panel)
                for k in range(8 * count):
                    sums[own + k] += lanes[lane + k]
        base += (following - panel) * each
        panel = following


@kernel
def separate(tiles, scale, out):  # type: ignore[no-untyped-def]
    """Fill the rows of `out`, (m, n), with scale times the vectors of the tiles."""
    count = tiles.shape[2]
    factor = out.dtype.type(scale)
    for first in range(0, out.shape[0], count):
        some, tile = out[first : first + count], tiles[first // count]
        for i in range(some.shape[1]):
            for m in range(some.shape[0]):
                some[m, i] = factor * tile[i, m]
