"""Micro-kernels of products, and of triangular systems: a matrix and tiles of 16 vectors, in registers.

A row of a tile fills a register of 64 bytes, or two of them in float64. The matrix is read eight or twelve
rows at a time; of a Cholesky factor, from the first column to the diagonal.
"""

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]

from landscape import registers
from landscape.jit import intrinsic, kernel, types

TILE = 16  # vectors of a tile
DEPTH = 512  # columns of a matrix of which a tile is at hand in a core's nearest cache


# LLVM written by hand, from here to `gather, scatter`: fused multiplications and additions of 16 numbers at a
# time, for which numba has no word. The kernels below call them and are plain numba.


def _together(count: int, columns: int, *, gathers: bool) -> Callable[..., None]:
    """Return a function (flat, first, stride, steps, x, own) of q_rj = flat[first + r stride + j], r < count.

    A row of x has numbers x_cvl, of 16/columns vectors v in `columns` columns l of q, and own_r likewise. For
    0 <= c < steps, at least 1, of x (steps, 16) and own (count, 16), all flat, it adds, j = columns c + l,

        sum_c q_rj x_cvl to own_rvl if it gathers,    sum_r q_rj own_rvl to x_cvl if not.

    Multiplications and additions are fused, so that both together are rounded once, on every processor, and
    how many sums are made together, in its registers, changes none.
    """

    def typed(_: Any, flat: Any, first: Any, stride: Any, steps: Any, x: Any, own: Any) -> tuple[Any, Any]:
        size, index = x.dtype.bitwidth // 8, ir.IntType(64)

        def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            rows, width = (count, TILE) if registers.large(context) else (count // 2, 64 // size)
            vector, few = (ir.VectorType(context.get_value_type(x.dtype), n) for n in (width, columns))
            fma, (_, start, far, length, *_) = registers.fused(builder, vector), arguments
            q, *tiles = (
                context.make_array(signature.args[k])(context, builder, arguments[k]).data for k in (0, 4, 5)
            )
            repeated = ir.VectorType(ir.IntType(32), width)([k % columns for k in range(width)])
            begins = [builder.add(start, builder.mul(far, index(r))) for r in range(count)]

            def some(side: int, top: int) -> None:
                """Do so for some rows and one side of the tiles, whose sums are made together."""
                x_rows, own_rows = (
                    builder.bitcast(builder.gep(tile, [index(side)]), vector.as_pointer()) for tile in tiles
                )
                places = [builder.gep(own_rows, [index((top + r) * TILE // width)]) for r in range(rows)]
                old = [builder.load(place, align=size) for place in places]

                def step(c: Any, totals: list[Any]) -> list[Any]:
                    place, new = builder.gep(x_rows, [builder.mul(c, index(TILE // width))]), []
                    row, left = builder.load(place, align=size), builder.mul(c, index(columns))
                    for begin, total, mine in zip(begins[top : top + rows], totals, old, strict=True):
                        here = builder.bitcast(builder.gep(q, [builder.add(begin, left)]), few.as_pointer())
                        elements = builder.load(here, align=size)
                        elements = builder.shuffle_vector(elements, few(ir.Undefined), repeated)
                        new.append(builder.call(fma, [elements, row, total]) if gathers else total)
                        row = row if gathers else builder.call(fma, [elements, mine, row])
                    builder.store(row, place, align=size)
                    return new

                for place, total in zip(places, registers.loop(builder, length, old, step), strict=True):
                    builder.store(total, place, align=size)

            for side, top in itertools.product(range(0, TILE, width), range(0, count, rows)):
                some(side, top)
            return context.get_dummy_value()

        return types.void(flat, types.intp, types.intp, types.intp, x, own), emit

    return intrinsic(typed)


gather, scatter = _together(8, 1, gathers=True), _together(8, 1, gathers=False)
gather_four, scatter_four = _together(8, 4, gathers=True), _together(8, 4, gathers=False)
gather_twelve = _together(12, 1, gathers=True)


@kernel
def multiply(flat, stride, x, out, first, last):  # type: ignore[no-untyped-def]
    """Add rows first ... last - 1 of a x to those of `out`, (n, m), n >= 8: a_rc = flat[r stride + c].

    x are tiles (., columns, 16); a has as many columns.
    """
    if x.shape[1] == 0:
        return
    height, count = x.shape[1], x.shape[2]
    vectors, own = x.ravel(), np.empty((8, count), x.dtype)
    for row in range(first, last, 8):
        top = min(row, out.shape[0] - 8)  # the last eight rows may begin before `row`
        for t in range(x.shape[0]):
            own[:] = 0.0
            gather(flat, top * stride, stride, height, vectors[t * height * count :], own.ravel())
            for r in range(row - top, min(8, last - top)):
                for k in range(min(count, out.shape[1] - t * count)):
                    out[top + r, t * count + k] += own[r, k]


@kernel
def multiply_transposed(flat, stride, b, out, first, last):  # type: ignore[no-untyped-def]
    """Add a^T b of rows first ... last - 1 of a and of b, (n, m), n >= 8, to the tiles `out`.

    a_rc = flat[r stride + c]; `out` are tiles (., columns, 16), a has as many columns.
    """
    height, count = out.shape[1], out.shape[2]
    sums, own = out.ravel(), np.zeros((8, count), out.dtype)
    for left in range(0, height, DEPTH):
        depth = min(DEPTH, height - left)
        for row in range(first, last, 8):
            top = min(row, b.shape[0] - 8)
            for t in range(out.shape[0]):
                for r in range(8):
                    for k in range(count):
                        inside = row <= top + r < last and t * count + k < b.shape[1]
                        own[r, k] = b[top + r, t * count + k] if inside else 0.0
                place = (t * height + left) * count
                scatter(flat, top * stride + left, stride, depth, sums[place:], own.ravel())


@kernel
def descend(lower, x, first, last):  # type: ignore[no-untyped-def]
    """Replace rows first ... last - 1 of x by the solution of their own triangle of L."""
    for i in range(first, last):
        for j in range(first, i):
            for k in range(x.shape[1]):
                x[i, k] -= lower[i, j] * x[j, k]
        for k in range(x.shape[1]):
            x[i, k] /= lower[i, i]


@kernel
def ascend(lower, x, first, last):  # type: ignore[no-untyped-def]
    """Replace rows first ... last - 1 of x by the solution of their own triangle of L^T."""
    for i in range(last - 1, first - 1, -1):
        for k in range(x.shape[1]):
            x[i, k] /= lower[i, i]
        for j in range(first, i):
            for k in range(x.shape[1]):
                x[j, k] -= lower[i, j] * x[i, k]


@kernel
def forward(lower, x):  # type: ignore[no-untyped-def]
    """Replace a tile x, (n, 16), by L^-1 x, L the lower half of the first n rows of `lower`."""
    n, count = x.shape
    flat, vectors, own = lower.ravel(), x.ravel(), np.empty((8, count), x.dtype)
    head = n % 8
    descend(lower, x, 0, head)
    for top in range(head, n, 8):
        if top > 0:
            own[:] = 0.0
            gather(flat, top * lower.shape[1], lower.shape[1], top, vectors, own.ravel())
            x[top : top + 8] -= own
        descend(lower, x, top, top + 8)


@kernel
def backward(lower, x):  # type: ignore[no-untyped-def]
    """Replace a tile x, (n, 16), by L^-T x, L the lower half of the first n rows of `lower`."""
    n, count = x.shape
    flat, vectors, own = lower.ravel(), x.ravel(), np.empty((8, count), x.dtype)
    head = n % 8
    for top in range(n - 8, head - 1, -8):
        ascend(lower, x, top, top + 8)
        if top > 0:
            own[:] = -x[top : top + 8]
            scatter(flat, top * lower.shape[1], lower.shape[1], top, vectors, own.ravel())
    ascend(lower, x, 0, head)


@kernel
def update(a, first, last, begin, end, tiles):  # type: ignore[no-untyped-def]
    """Subtract from rows first ... last - 1 of columns begin ... end - 1 of `a` what the columns before say.

    a_ij -= sum_{c < begin} a_ic a_jc; `tiles` hold rows begin ... end - 1 up to column `begin`. begin >= 12.
    """
    height, count, stride = tiles.shape[1], tiles.shape[2], a.shape[1]
    flat, vectors, own = a.ravel(), tiles.ravel(), np.empty((12, count), a.dtype)
    for left in range(0, begin, DEPTH):
        for row in range(first, last, 12):
            top = min(row, last - 12)  # the last twelve rows may begin before `row`
            for t in range(tiles.shape[0]):
                own[:] = 0.0
                depth, place = min(DEPTH, begin - left), (t * height + left) * count
                gather_twelve(flat, top * stride + left, stride, depth, vectors[place:], own.ravel())
                column = begin + t * count
                for r in range(row - top, 12):
                    for k in range(min(count, end - column)):
                        a[top + r, column + k] -= own[r, k]


@kernel
def scale(a, first, last, begin, end, tiles):  # type: ignore[no-untyped-def]
    """Multiply rows first ... last - 1 of columns begin ... end - 1 of `a` by a triangle U.

    `tiles` hold the columns of U, which has nothing below its diagonal: the last ones are made first.
    """
    height, count, stride = tiles.shape[1], tiles.shape[2], a.shape[1]
    flat, vectors, own = a.ravel(), tiles.ravel(), np.empty((8, count), a.dtype)
    for row in range(first, last, 8):
        top = min(row, last - 8)
        for t in range(tiles.shape[0] - 1, -1, -1):
            own[:] = 0.0
            depth = min((t + 1) * count, end - begin)
            gather(flat, top * stride + begin, stride, depth, vectors[t * height * count :], own.ravel())
            column = begin + t * count
            for r in range(row - top, 8):
                for k in range(min(count, end - column)):
                    a[top + r, column + k] = own[r, k]


@kernel
def solve_four(lower, x, own, y):  # type: ignore[no-untyped-def]
    """Replace four vectors x, (quads, 4, 4), by (L L^T)^-1 x, L the lower half of `lower`, of 8 rows or more.

    x_cvl is element 4 c + l of vector v. Room for 8 such rows, `own`, and for 8 elements of each, y (8, 4).
    """
    n = lower.shape[0]
    flat, vectors, mine = lower.ravel(), x.ravel(), own.ravel()
    for top in range(0, n, 8):
        count, skip = min(8, n - top), max(0, top + 8 - n)  # the last eight rows begin before `top`
        own[:] = 0.0
        if top > 0:
            gather_four(flat, (top - skip) * n, n, top // 4, vectors, mine)
        for r in range(count):
            for v in range(4):
                part = own[skip + r, v]
                y[r, v] = x[(top + r) // 4, v, r % 4] - ((part[0] + part[1]) + (part[2] + part[3]))
        descend(lower[top : top + count, top : top + count], y, 0, count)
        for r in range(count):
            for v in range(4):
                x[(top + r) // 4, v, r % 4] = y[r, v]
    for top in range((n - 1) // 8 * 8, -1, -8):
        count, skip = min(8, n - top), max(0, top + 8 - n)
        for r in range(count):
            for v in range(4):
                y[r, v] = x[(top + r) // 4, v, r % 4]
        ascend(lower[top : top + count, top : top + count], y, 0, count)
        own[:] = 0.0
        for r in range(count):
            for v in range(4):
                x[(top + r) // 4, v, r % 4] = y[r, v]
                own[skip + r, v] = -y[r, v]
        if top > 0:
            scatter_four(flat, (top - skip) * n, n, top // 4, vectors, mine)


@kernel
def lanczos(lower, v, t, first, last):  # type: ignore[no-untyped-def]
    """Let a Krylov space of K = (L L^T)^-1 grow from `first` to `last` vectors; return how many it has.

    The rows of v are the vectors and four that come next, begun with by the caller, then zeros, their length
    that of L or up to 3 zeros more; row m of t is filled with v K v_m. first, last and that length are fours.
    Block Lanczos with all vectors made orthogonal twice; it ends where K takes the space into itself.
    """
    n, wide, kind, least = lower.shape[0], v.shape[1], v.dtype, 64.0 * np.finfo(v.dtype).eps
    x, own, y = np.zeros((wide // 4, 4, 4), kind), np.empty((8, 4, 4), kind), np.empty((8, 4), kind)
    flat, vectors, mine = v.ravel(), x.ravel(), own.ravel()
    for m in range(first, last, 4):
        for k in range(4):
            for i in range(n):
                x[i // 4, k, i % 4] = v[m + k, i]
        solve_four(lower, x, own, y)
        for _ in range(2):
            for row in range(0, m + 4, 8):
                own[:] = 0.0
                gather_four(flat, row * wide, wide, wide // 4, vectors, mine)
                for r in range(8):
                    for k in range(4):
                        part = own[r, k]
                        overlap = (part[0] + part[1]) + (part[2] + part[3])
                        t[m + k, row + r] += overlap
                        own[r, k] = -overlap
                scatter_four(flat, row * wide, wide, wide // 4, vectors, mine)
        for k in range(4):
            new = v[m + 4 + k]
            for i in range(n):
                new[i] = x[i // 4, k, i % 4]
            for _ in range(2):
                for b in range(m + 4, m + 4 + k):
                    overlap = np.dot(v[b], new)
                    t[m + k, b] += overlap
                    new -= overlap * v[b]
            size = math.sqrt(np.dot(new, new))
            if not size > least * np.abs(t[m + k]).max():
                return m
            t[m + k, m + 4 + k] = size
            new /= kind.type(size)
    return last
