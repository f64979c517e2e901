"""Products with a diagonal matrix between randomised Walsh-Hadamard transforms: kernels.

A vector of M = 2^p numbers is laid out as a matrix, so that the transform over its low bits is one of the
rows and that over its high bits one of the columns; both fit into a cache.
"""

import numpy as np

from landscape.jit import kernel

LONGEST_ROW = 4096  # 32 KiB, so that a row is transformed in the first cache


@kernel
def transform(a, step):  # type: ignore[no-untyped-def]
    """Transform `a` (size 2^p) in place over the bits of its index from step = 2^b up, not normalised.

    For every bit, (a, b) -> (a + b, a - b) for the pairs of numbers whose indices differ in it; two bits at
    once, which halves the traffic.
    """
    n = a.size
    while 4 * step <= n:
        for block in range(0, n, 4 * step):
            a0 = a[block : block + step]
            a1 = a[block + step : block + 2 * step]
            a2 = a[block + 2 * step : block + 3 * step]
            a3 = a[block + 3 * step : block + 4 * step]
            for i in range(step):
                sum01 = a0[i] + a1[i]
                sum23 = a2[i] + a3[i]
                difference01 = a0[i] - a1[i]
                difference23 = a2[i] - a3[i]
                a0[i] = sum01 + sum23
                a1[i] = difference01 + difference23
                a2[i] = sum01 - sum23
                a3[i] = difference01 - difference23
        step *= 4
    if 2 * step <= n:
        for block in range(0, n, 2 * step):
            a0 = a[block : block + step]
            a1 = a[block + step : block + 2 * step]
            for i in range(step):
                first = a0[i]
                a0[i] = first + a1[i]
                a1[i] = first - a1[i]


@kernel
def transform_eights(a):  # type: ignore[no-untyped-def]
    """Transform every eight neighbours of `a`, as `transform` would over the three lowest bits."""
    for i in range(0, a.size, 8):
        p0, p1 = a[i] + a[i + 1], a[i] - a[i + 1]
        p2, p3 = a[i + 2] + a[i + 3], a[i + 2] - a[i + 3]
        p4, p5 = a[i + 4] + a[i + 5], a[i + 4] - a[i + 5]
        p6, p7 = a[i + 6] + a[i + 7], a[i + 6] - a[i + 7]
        q0, q1, q2, q3 = p0 + p2, p1 + p3, p0 - p2, p1 - p3
        q4, q5, q6, q7 = p4 + p6, p5 + p7, p4 - p6, p5 - p7
        a[i], a[i + 1], a[i + 2], a[i + 3] = q0 + q4, q1 + q5, q2 + q6, q3 + q7
        a[i + 4], a[i + 5], a[i + 6], a[i + 7] = q0 - q4, q1 - q5, q2 - q6, q3 - q7


@kernel
def transform_row(a):  # type: ignore[no-untyped-def]
    """Transform `a` over all bits of its index."""
    if a.size < 8:
        transform(a, 1)
    else:
        transform_eights(a)
        transform(a, 8)


@kernel
def scale(a, diagonal):  # type: ignore[no-untyped-def]
    """Multiply `a` by signs or eigenvalues."""
    for i in range(a.size):
        a[i] *= diagonal[i]


@kernel
def load(x, signs, work, low, high):  # type: ignore[no-untyped-def]
    """Fill rows low <= r < high of `work` with D x, continued by zeros, and transform them."""
    width = work.shape[1]
    for r in range(low, high):
        row = work[r]
        filled = min(max(x.size - r * width, 0), width)
        row[:filled] = x[r * width : r * width + filled]
        row[filled:] = 0.0
        scale(row[:filled], signs[r])
        transform_row(row)


@kernel
def mix_rows(work, diagonal, low, high):  # type: ignore[no-untyped-def]
    """Transform rows low <= r < high of `work`, multiply by the diagonal, transform again."""
    for r in range(low, high):
        transform_row(work[r])
        scale(work[r], diagonal[r])
        transform_row(work[r])


@kernel
def strip_width(rows):  # type: ignore[no-untyped-def]
    """Return how many columns are transformed together: 8 or more, of 32 KiB in all where that is more."""
    return max(8, LONGEST_ROW // rows)


@kernel
def mix_columns(work, diagonal, low, high):  # type: ignore[no-untyped-def]
    """Transform the columns of strips low <= s < high, multiply by the diagonal, transform again.

    Each strip is gathered first: columns of a power of two apart would fight for the same lines of a cache.
    """
    rows = work.shape[0]
    if rows == 1:
        scale(work[0], diagonal[0])
        return
    width = strip_width(rows)
    strip = np.empty((rows, width))
    flat = strip.ravel()
    for left in range(low * width, high * width, width):
        for r in range(rows):
            strip[r] = work[r, left : left + width]
        transform(flat, width)
        for r in range(rows):
            scale(strip[r], diagonal[r, left : left + width])
        transform(flat, width)
        for r in range(rows):
            work[r, left : left + width] = strip[r]


@kernel
def unload(work, signs, out, low, high):  # type: ignore[no-untyped-def]
    """Transform rows low <= r < high of `work` and write D times them to `out`, as far as it reaches."""
    width = work.shape[1]
    for r in range(low, high):
        transform_row(work[r])
        scale(work[r], signs[r])
        filled = min(max(out.size - r * width, 0), width)
        out[r * width : r * width + filled] = work[r, :filled]


@kernel
def multiply(x, signs, spectrum, work, out):  # type: ignore[no-untyped-def]
    """Write J x to `out`, with `work` of the shape of the spectrum.

    Passes alternate between rows and columns of the vector laid out as a matrix: the transforms of one pass
    that follow each other with only a diagonal in between need the memory once.
    """
    rows, columns = work.shape
    strips = columns // strip_width(rows)
    load(x, signs[0], work, 0, rows)
    mix_columns(work, signs[1], 0, strips)
    mix_rows(work, signs[2], 0, rows)
    mix_columns(work, spectrum, 0, strips)
    mix_rows(work, signs[2], 0, rows)
    mix_columns(work, signs[1], 0, strips)
    unload(work, signs[0], out, 0, rows)
